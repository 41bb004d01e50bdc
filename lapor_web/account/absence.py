"""/pengaturan/pengganti: who stands in for whom, and whose desk is open in this browser."""

import re
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, SelectChoice, SelectField
from wtforms.validators import ValidationError

from lapor_web import clock, labels
from lapor_web.account.blueprint import bp
from lapor_web.extensions import db
from lapor_web.fields import Day, asked
from lapor_web.fragments import leave_for
from lapor_web.models import User
from lapor_web.services import absence
from lapor_web.services.absence import AbsenceRefused, Wanted
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import own_account, signed_in_user, token_of_this_browser

LARGEST_ID = 2**63 - 1
REPORT = re.compile(r"[A-Z0-9-]{1,40}")
"""A number, to go on to; whether there is such a report, its own page says."""
REFUSED = {
    "not_yours": "Pilih petugas yang ada di daftar",
    "not_fit": "Petugas ini tidak dapat menggantikan. Pilih yang perannya sejenis, dari unit yang sama",
    "over": "Hari terakhir sudah lewat. Pilih hari ini atau sesudahnya",
    "too_long": "Paling lama satu tahun. Pilih hari terakhir yang lebih dekat",
    "overlaps": "Petugas ini sudah punya pengganti pada hari itu. Akhiri dulu yang lama",
}


class AbsenceForm(Form):
    absent = SelectField("Yang tidak masuk", coerce=int, validate_choice=False)
    substitute = SelectField("Pengganti (Plt.)", coerce=int, validate_choice=False)
    starts_on = Day("Dari", [asked("Pilih hari pertama")])
    ends_on = Day("Sampai dengan", [asked("Pilih hari terakhir")])

    def __init__(self, formdata: Any, user: User):
        today = wita_date(clock.now())
        super().__init__(formdata, data={"absent": user.id, "starts_on": today, "ends_on": today})
        session = db.session()
        self.settable = {one.id: one for one in absence.may_be_set_absent(session, user)}
        self.fit = {
            one.id: one
            for absent in self._most_different()
            for one in absence.candidates(session, user, absent)
        }
        self.absent.choices = [choice(one) for one in self.settable.values()]
        self.substitute.choices = [
            SelectChoice(0, "Pilih"),
            *(choice(one) for one in sorted(self.fit.values(), key=lambda one: one.name)),
        ]

    def _most_different(self) -> list[User]:
        """One of each kind and office: their candidates are the same. Two, since nobody is a
        candidate for themselves."""
        kinds: dict[tuple[object, ...], list[User]] = {}
        for one in self.settable.values():
            kinds.setdefault((absence.STANDS_IN[one.role], one.opd_id), []).append(one)
        return [one for same in kinds.values() for one in same[:2]]

    def validate_substitute(self, field: Any) -> None:
        if field.data not in self.fit:
            raise ValidationError("Pilih penggantinya")

    def wanted(self) -> Wanted:
        """Raises AbsenceRefused."""
        absent = self.settable.get(self.absent.data)
        if absent is None:
            raise AbsenceRefused("absent", "not_yours")
        return Wanted(
            absent, self.fit[self.substitute.data], self.starts_on.data, self.ends_on.data
        )


def choice(user: User) -> SelectChoice:
    unit = f", {user.opd.short_name}" if user.opd else ""
    return SelectChoice(user.id, f"{user.name} ({labels.ROLE[user.role]}{unit})")


@bp.get("/pengaturan/pengganti")
def show_substitutes() -> ResponseReturnValue:
    user = own_account()
    return page(user, AbsenceForm(None, user))


@bp.post("/pengaturan/pengganti")
def set_substitute() -> ResponseReturnValue:
    user = own_account()
    form = AbsenceForm(request.form, user)
    if not form.settable:
        abort(403)
    if not form.validate():
        return page(user, form), 422
    now = clock.now()
    try:
        row = absence.set_substitute(
            db.session(), user, form.wanted(), today=wita_date(now), now=now
        )
    except AbsenceRefused as refused:
        db.session.rollback()
        form[refused.field].errors = [REFUSED[refused.code]]
        return page(own_account(), form), 422
    flash(f"{row.substitute.name} menggantikan {row.absent.name}.")
    db.session.commit()
    return redirect(url_for(".show_substitutes"), 303)


@bp.post(f"/pengaturan/pengganti/<int(max={LARGEST_ID}):substitution_id>/akhiri")
def end_substitute(substitution_id: int) -> ResponseReturnValue:
    if not absence.end(db.session(), own_account(), substitution_id, now=clock.now()):
        abort(404)
    db.session.commit()
    flash("Penggantian diakhiri.")
    return redirect(url_for(".show_substitutes"), 303)


@bp.post("/pengaturan/meja")
def open_desk() -> ResponseReturnValue:
    """In this browser alone, until it is closed again, the days are over or one signs out."""
    wanted = request.form.get("pengganti", type=int)
    opened = absence.open_desk(
        db.session(), token_of_this_browser(), signed_in_user(), wanted or None
    )
    if not opened:
        abort(404)
    db.session.commit()
    number = request.form.get("laporan", "")
    return leave_for(f"/kotak-masuk/{number}" if REPORT.fullmatch(number) else "/kotak-masuk")


def page(user: User, form: AbsenceForm) -> str:
    today = wita_date(clock.now())
    return render_template(
        "account/absence.html",
        form=form,
        today=today,
        substitutions=absence.list_substitutions(db.session(), user, today),
    )
