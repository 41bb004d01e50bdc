"""Reasons for archiving: the city's words for those of the domain, and reasons of its own."""

from collections import Counter
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city
from lapor_web.archive_reasons import BY_ITSELF, Reason
from lapor_web.coordination.configuration.blueprint import bp, save, show
from lapor_web.extensions import db
from lapor_web.fields import VersionedForm
from lapor_web.models import ConfigurationChange, Subject
from lapor_web.services import city_facts
from lapor_web.services.configuration import ChangedMeanwhile, Configuring, list_changes
from lapor_web.text import clean_line

LONGEST = 120
MOST = 30
NEW = "baru"


class ReasonsForm(VersionedForm):
    """A line of words and a box for each, by code; and an empty line for another."""

    def __init__(self, sent: Any = None, **more: Any):
        super().__init__(sent, **more)
        known = city.archive_reasons()
        self.new = ""
        self.rows = list(known.values())
        if sent is not None:
            self.rows = [read(one, sent) for one in known.values()]
            self.new = clean_line(sent.get(f"words-{NEW}"))[:LONGEST]

    def validate(self, extra_validators: Any = None) -> bool:
        words = [one.words for one in self.rows] + ([self.new] if self.new else [])
        twice = [one for one, times in Counter(map(str.casefold, words)).items() if times > 1]
        if "" in words:
            self.form_errors = ["Tulis kalimat setiap alasan"]
        elif twice:
            self.form_errors = [f"Ada dua alasan yang sama: {twice[0]}"]
        elif not any(one.is_offered for one in self.rows):
            self.form_errors = ["Sisakan paling sedikit satu alasan yang dipakai"]
        elif len(words) > MOST:
            self.form_errors = [f"Paling banyak {MOST} alasan"]
        return not self.form_errors

    @property
    def reasons(self) -> list[dict[str, Any]]:
        rows = [{"code": one.code, "words": one.words, "active": one.active} for one in self.rows]
        if self.new:
            code = city_facts.code_for(self.new, [one.code for one in self.rows])
            rows.append({"code": code, "words": self.new, "active": True})
        return rows


def read(one: Reason, sent: Any) -> Reason:
    active = one.code in BY_ITSELF or f"active-{one.code}" in sent
    return Reason(one.code, clean_line(sent.get(f"words-{one.code}"))[:LONGEST], active)


@bp.get("/alasan-arsip", endpoint="reasons")
def list_reasons() -> ResponseReturnValue:
    newest = newest_change()
    return list_page(ReasonsForm(data={"versi": str(newest.id) if newest else "0"}))


@bp.post("/alasan-arsip")
def change_reasons() -> ResponseReturnValue:
    form = ReasonsForm(request.form)

    def change(act: Configuring) -> str:
        newest = newest_change()
        if newest is not None and newest.id != form.version:
            raise ChangedMeanwhile(newest)
        changed = city_facts.change_reasons(act, form.reasons)
        return "Alasan arsip tersimpan." if changed else "Tidak ada yang berubah."

    return save(form, change, to=url_for(".reasons"), again=list_page)


def newest_change() -> ConfigurationChange | None:
    """Of any of them: they are saved together."""
    agency_id = city.current_agency().id
    page = list_changes(db.session(), agency_id, subject=Subject.ARCHIVE_REASON)
    return page.rows[0] if page.rows else None


def list_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    return show("reasons", status, form=form, by_itself=BY_ITSELF, **more)
