"""A recap that somebody else printed: does it add up, and by whose usage? Nothing of it is kept."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict
from wtforms import FileField, Form, TextAreaField

from lapor_web.coordination.recap_words import PART, VERDICT, sentence
from lapor_web.fragments import render
from lapor_web.models import COORDINATION_ROLES
from lapor_web.services.printed_recaps import Reading, read_file, read_text
from lapor_web.services.recap_check import check_all
from lapor_web.services.sp4n_file import UnreadableExport
from lapor_web.sign_in import admit
from lapor_web.text import clean

bp = Blueprint("foreign_recaps", __name__, url_prefix="/koordinasi/periksa-rekap")
bp.before_request(admit(*COORDINATION_ROLES))

LONGEST = 200_000
NOTHING_READ = (
    "Tidak ada angka rekap yang terbaca. Tulis misalnya: diterima 92, selesai 49, proses 33, "
    "belum ditindaklanjuti 10, penyelesaian 53,26%"
)


class PrintedText(TextAreaField):
    """Of a field that comes twice the first counts; tabs part the cells of a pasted table."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            # The first cell of a table may be empty, and its tab is not to be trimmed.
            self.data = clean(f"|{valuelist[0]}")[1:LONGEST]


class RecapForm(Form):
    text = PrintedText("Tempel rekap")
    file = FileField("Atau pilih berkas", render_kw={"accept": ".csv,.txt,.xlsx"})


@bp.get("")
def ask() -> ResponseReturnValue:
    return show(RecapForm())


@bp.post("")
def check() -> ResponseReturnValue:
    form = RecapForm(CombinedMultiDict([request.files, request.form]))
    try:
        reading = read(form)
    except UnreadableExport as unreadable:
        return refuse(form, str(unreadable))
    if not reading.recaps:
        return refuse(form, NOTHING_READ)
    return show(form, reading=reading, checked=check_all(reading.recaps))


def read(form: RecapForm) -> Reading:
    """The file where one was chosen, else the text. Raises UnreadableExport."""
    if form.file.data:
        return read_file(form.file.data.read())
    return read_text(form.text.data or "")


def refuse(form: RecapForm, problem: str) -> ResponseReturnValue:
    field = form.file if form.file.data else form.text
    field.errors = [problem]
    return show(form, 422)


def show(form: RecapForm, status: int = 200, **found: Any) -> ResponseReturnValue:
    return render(
        "coordination/foreign_recap.html",
        "coordination/_foreign_recap.html",
        status,
        form=form,
        part_words=PART,
        verdict_words=VERDICT,
        sentence=sentence,
        **found,
    )
