"""One office becomes part of another: first what that moves, then it is done."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice

from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.officers import opd_choices
from lapor_web.coordination.configuration.offices import office_or_404
from lapor_web.extensions import db
from lapor_web.fields import ChosenFrom, VersionedForm
from lapor_web.models import Opd, Subject
from lapor_web.services import office_merge
from lapor_web.services.configuration import Configuring, NotThisWay, refuse_if_overtaken

OWN_LINE, ONE_LINE = "sendiri", "gabung"


class MergeForm(VersionedForm):
    into = ChosenFrom("Menjadi bagian dari", "Pilih OPD tujuan", choices=[])
    line = RadioField(
        "Angka yang lalu dalam rekap",
        choices=[
            SelectChoice(OWN_LINE, "Tetap di baris sendiri"),
            SelectChoice(ONE_LINE, "Dihitung di baris OPD tujuan"),
        ],
        default=OWN_LINE,
        validate_choice=False,
    )

    def __init__(self, *args: Any, old: Opd, **more: Any):
        super().__init__(*args, **more)
        others = [one for one in opd_choices() if one.value != old.code]
        self.into.choices = [SelectChoice("", "Pilih"), *others]


@bp.get("/opd/<code>/gabung")
def merging(code: str) -> ResponseReturnValue:
    """`into` shows first what it would move."""
    old = office_or_404(code)
    form = MergeForm(
        request.args if "into" in request.args else None,
        old=old,
        data={"versi": version(Subject.OPD, code)},
    )
    if "into" in request.args and not (form.validate() and is_fit(form, old)):
        return merge_page(form, 422, old=old)
    return merge_page(form, old=old)


def is_fit(form: MergeForm, old: Opd) -> bool:
    try:
        office_merge.refuse_unfit(db.session(), old, office_or_404(form.into.data))
    except NotThisWay as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return False
    return True


@bp.post("/opd/<code>/gabung")
def merge(code: str) -> ResponseReturnValue:
    old = office_or_404(code)
    form = MergeForm(request.form, old=old)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.OPD, code, form.version)
        old, new = office_or_404(code), office_or_404(form.into.data)
        moved = office_merge.merge_offices(act, old, new, one_line=form.line.data == ONE_LINE)
        if moved.open_reports > office_merge.AT_ONCE:
            return f"{old.name} menjadi bagian dari {new.name}. Laporannya sedang dipindahkan."
        return f"{old.name} menjadi bagian dari {new.name}."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return merge_page(form, status, old=office_or_404(code), **more)

    return save(form, change, to=url_for(".office", code=code), again=again)


def merge_page(
    form: VersionedForm, status: int = 200, *, old: Opd, **more: Any
) -> ResponseReturnValue:
    new = plan = None
    if form["into"].data and not form["into"].errors:
        new = office_or_404(form["into"].data)
        plan = office_merge.plan(db.session(), old, new)
    return show("merge", status, form=form, opd=old, new=new, plan=plan, **more)
