"""Officers: who is in, with what rights; invited by a letter, or by a link that is shown once."""

import datetime as dt
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField, SelectChoice
from wtforms.validators import ValidationError

from lapor_web import city, labels
from lapor_web.coordination.configuration.blueprint import begin, bp, save, show, version
from lapor_web.coordination.configuration.fields import line
from lapor_web.extensions import db
from lapor_web.fields import ChosenFrom, VersionedForm
from lapor_web.models import Medium, Opd, Role, Subject, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.models.user import ACCOUNT_ROLES, UNIT_ROLES
from lapor_web.post_office import channels
from lapor_web.services import inspectors, notifications, officers, second_factor
from lapor_web.services.accounts import AccountRefused
from lapor_web.services.channels import Refused
from lapor_web.services.channels.mail import plain_address
from lapor_web.services.configuration import Configuring, NotThisWay, refuse_if_overtaken
from lapor_web.sign_in import signed_in_user

ROLES = [role for role in ACCOUNT_ROLES if role is not Role.NATIONAL_ADMIN]  # reserved for later
REFUSED = {
    "username": ("username", "Pakai huruf kecil, angka, titik, dan tanda hubung"),
    "taken": ("username", "Nama pengguna ini sudah dipakai. Pilih yang lain"),
    "role": ("role", "Pilih peran yang ada di daftar"),
    "opd_missing": ("opd", "Peran ini bekerja di sebuah OPD. Pilih OPD-nya"),
    "opd_unknown": ("opd", "Pilih OPD yang masih aktif"),
    "inactive": ("active", "Akun ini tidak aktif"),
}


class OfficerForm(VersionedForm):
    name = line("Nama lengkap", "Tulis nama yang dibaca rekan dan pelapor")
    role = ChosenFrom("Peran", "Pilih peran", choices=[])
    opd = ChosenFrom("OPD", choices=[])
    active = BooleanField("Boleh masuk")

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        own_only = signed_in_user().role is Role.INSPECTOR
        self.role.choices = [
            SelectChoice("", "Pilih"),
            *(
                SelectChoice(role.value, labels.ROLE[role])
                for role in ROLES
                if role in UNIT_ROLES or not own_only
            ),
        ]
        offices = opd_choices(self.opd.data, kind=INSPECTORATE if own_only else None)
        self.opd.choices = [SelectChoice("", "Tidak di OPD"), *offices]

    @classmethod
    def of(cls, user: User) -> "OfficerForm":
        return cls(
            data={
                "name": user.name,
                "role": user.role.value,
                "opd": user.opd.code if user.opd else "",
                "email": officers.address_of(db.session(), user) or "",
                "active": user.active,
                "versi": version(Subject.USER, user.username),
            }
        )

    def validate_opd(self, field: Any) -> None:
        if self.role.data in UNIT_ROLES and not field.data:
            raise ValidationError(REFUSED["opd_missing"][1])

    @property
    def opd_code(self) -> str | None:
        """Only for roles that mean something in an office."""
        return self.opd.data or None if self.role.data in UNIT_ROLES else None


class InvitedForm(OfficerForm):
    """Of whoever has not come in yet. A mistyped address would keep them out, for afterwards it is
    their own to mend."""

    email = line("Alamat surel", longest=254, render_kw={"type": "email", "autocomplete": "off"})

    def validate_email(self, field: Any) -> None:
        if not field.data:
            return
        try:
            plain_address(field.data)
        except Refused:
            raise ValidationError("Tulis alamat surel lengkap, misalnya nama@contoh.id") from None


class InvitationForm(InvitedForm):
    active = None
    username = line("Nama pengguna", "Tulis nama untuk masuk, misalnya budi.s", longest=40)


def form_for(user: User) -> type[OfficerForm]:
    return OfficerForm if user.password_hash else InvitedForm


def opd_choices(also: str | None = None, *, kind: str | None = None) -> list[SelectChoice]:
    """Those that are at work, all or of a kind, and the one that was chosen already."""
    rows = select(Opd).where(Opd.agency_id == city.current_agency().id).order_by(Opd.name)
    return [
        SelectChoice(opd.code, opd.name)
        for opd in db.session.scalars(rows)
        if (opd.active or opd.code == also) and kind in {None, opd.kind}
    ]


@bp.get("/petugas", endpoint="officers")
def list_officers() -> ResponseReturnValue:
    return list_page(InvitationForm())


@bp.post("/petugas")
def invite() -> ResponseReturnValue:
    form = InvitationForm(request.form)

    def change(act: Configuring) -> str:
        try:
            user = officers.add_officer(
                act,
                username=form.username.data,
                name=form.name.data,
                role=Role(form.role.data),
                opd_code=form.opd_code,
                email=form.email.data or "",
            )
        except AccountRefused as refused:
            raise NotThisWay(*REFUSED[refused.code]) from refused
        return let_in(act, user)

    return save(form, change, to=url_for(".officers"), again=list_page)


@bp.get("/petugas/<username>")
def officer(username: str) -> ResponseReturnValue:
    user = user_or_404(username)
    return officer_page(form_for(user).of(user), user=user)


@bp.post("/petugas/<username>")
def change_officer(username: str) -> ResponseReturnValue:
    form = form_for(user_or_404(username))(request.form)

    def change(act: Configuring) -> str:
        user = user_or_404(username)
        refuse_if_overtaken(act, Subject.USER, username, form.version)
        try:
            officers.change_officer(
                act,
                user,
                name=form.name.data,
                role=Role(form.role.data),
                opd_code=form.opd_code,
                active=form.active.data,
                email=form.email.data or "" if "email" in form else None,
            )
        except AccountRefused as refused:
            raise NotThisWay(*REFUSED[refused.code]) from refused
        return f"Akun {user.username} tersimpan."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return officer_page(form, status, user=user_or_404(username), **more)

    return save(form, change, to=url_for(".officers"), again=again)


@bp.post("/petugas/<username>/undang")
def invite_again(username: str) -> ResponseReturnValue:
    """A new link; the older one is worthless from now on."""
    act, user = begin(), user_or_404(username)
    refuse_others(user)
    if not user.active:
        abort(409)
    said = let_in(act, user)
    db.session.commit()
    flash(said)
    return redirect(url_for(".officer", username=username), 303)


@bp.post("/petugas/<username>/matikan-kode")
def drop_code(username: str) -> ResponseReturnValue:
    """One's own is taken off in one's settings, where the password is asked for."""
    act, user = begin(), user_or_404(username)
    refuse_others(user)
    if act.user is not None and user.id == act.user.id:
        abort(403)
    dropped = officers.drop_code(act, user)
    db.session.commit()
    said = "dimatikan. Semua perangkatnya sudah keluar" if dropped else "memang tidak terpasang"
    flash(f"Kode masuk {user.name} {said}.")
    return redirect(url_for(".officer", username=username), 303)


def let_in(act: Configuring, user: User) -> str:
    """By a letter where we may write one, else by a link that is shown once, to be handed over."""
    if address := where_to_write(user):
        notifications.send_invitation(act.session, act.agency.id, user.username, act.now)
        officers.note_invitation(act, user, address)
        return f"Undangan untuk {user.name} dikirim ke {address}."
    lifetime = dt.timedelta(hours=current_app.config.get("LAPOR_INVITATION_HOURS", 72))
    token = officers.make_link(act, user, lifetime)
    officers.note_invitation(act, user, None)
    flash(url_for("account.take_invitation", token=token, _external=True), "link")
    return f"Tautan untuk {user.name} siap. Berikan langsung kepada yang bersangkutan."


def where_to_write(user: User) -> str | None:
    return officers.address_of(db.session(), user) if Medium.EMAIL in channels() else None


def refuse_others(user: User) -> None:
    """403 where the Inspektorat keeps its own account."""
    if not inspectors.may_keep(db.session(), signed_in_user(), user):
        abort(403)


def user_or_404(username: str) -> User:
    user = officers.find_officer(db.session(), signed_in_user(), username)
    if user is None:
        abort(404)
    return user


def list_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    everybody = officers.list_officers(db.session(), signed_in_user())
    return show("officers", status, form=form, officers=everybody, role_words=labels.ROLE, **more)


def officer_page(
    form: VersionedForm, status: int = 200, *, user: User, **more: Any
) -> ResponseReturnValue:
    address = where_to_write(user)
    has_code = second_factor.is_on(db.session(), user) and user.id != signed_in_user().id
    kept = inspectors.may_keep(db.session(), signed_in_user(), user)
    context = {"form": form, "user": user, "address": address, "has_code": has_code, "kept": kept}
    return show("officer", status, **context, **more)
