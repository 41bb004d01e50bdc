"""An officer's own settings: shortcuts, password, the browsers one is signed in with."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.account.blueprint import bp
from lapor_web.account.forms import ChangePasswordForm, NoticesForm, ShortcutsForm
from lapor_web.account.password_check import check_password, too_often, when_to_retry
from lapor_web.extensions import db
from lapor_web.fragments import leave_for, render, render_or_redirect, wants_fragment
from lapor_web.models import User
from lapor_web.services import accounts, notifications, passwords, second_factor, sessions
from lapor_web.services.throttle import ACCOUNT, Gate, TooManyTries
from lapor_web.sign_in import (
    SIGN_IN,
    end_session,
    own_account,
    start_session,
    token_of_this_browser,
)

PAGE, FRAGMENT = "account/settings.html", "account/_settings.html"


@bp.get("/pengaturan")
def settings() -> ResponseReturnValue:
    return render(PAGE, FRAGMENT, **shown(own_account()))


@bp.post("/pengaturan/pintasan")
def change_shortcuts() -> ResponseReturnValue:
    user = own_account()
    user.shortcuts = ShortcutsForm(request.form).shortcuts.data
    db.session.commit()
    return saved("Pintasan dinyalakan." if user.shortcuts else "Pintasan dimatikan.")


@bp.post("/pengaturan/sandi")
def change_password() -> ResponseReturnValue:
    """Every other browser is signed out; this one goes on under a new token."""
    user = own_account()
    form = ChangePasswordForm(request.form, names=accounts.guessable_names(db.session(), user))
    if not form.validate():
        return render(PAGE, FRAGMENT, 422, **shown(user, password_form=form))
    # Apart from signing in: whoever guesses there must not keep the owner from changing it here.
    username = user.username
    gate = Gate(city.keys().hash_of_subject("change", username), ACCOUNT)
    # No connection waits for the hash.
    db.session.rollback()
    try:
        hashed = passwords.hash_password(form.password.data)
        owner = check_password(username, form.present.data, [gate])
    except (TooManyTries, passwords.TooBusy) as refusal:
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        page = FRAGMENT if wants_fragment() else PAGE
        return too_often(render_template(page, **shown(user, password_form=form)), seconds)
    if owner is None:
        form.present.errors = ["Kata sandi sekarang tidak cocok"]
        return render(PAGE, FRAGMENT, 422, **shown(user, password_form=form))
    accounts.set_password(db.session(), owner, hashed)
    token = sessions.open_session(db.session(), owner, clock.now())
    db.session.commit()
    start_session(token)
    return saved("Kata sandi diganti. Peramban lain sudah dikeluarkan.")


@bp.post("/pengaturan/kabar")
def change_notices() -> ResponseReturnValue:
    """Another address asks for the password: links for a forgotten one go there."""
    user = own_account()
    form = NoticesForm(request.form)
    if not form.validate():
        return render(PAGE, FRAGMENT, 422, **shown(user, notices_form=form))
    now_known = notifications.settings_of(db.session(), user.id).email or ""
    if form.email.data != now_known:
        if not form.own_password.data:
            form.own_password.errors = ["Tulis kata sandi Anda untuk mengganti alamat surel"]
            return render(PAGE, FRAGMENT, 422, **shown(user, notices_form=form))
        gate = Gate(city.keys().hash_of_subject("change", user.username), ACCOUNT)
        try:
            owner = check_password(user.username, form.own_password.data, [gate])
        except (TooManyTries, passwords.TooBusy) as refusal:
            sentence, seconds = when_to_retry(refusal)
            form.form_errors = [sentence]
            page = FRAGMENT if wants_fragment() else PAGE
            return too_often(render_template(page, **shown(user, notices_form=form)), seconds)
        if owner is None:
            form.own_password.errors = ["Kata sandi sekarang tidak cocok"]
            return render(PAGE, FRAGMENT, 422, **shown(user, notices_form=form))
    save_notices(user, form)
    db.session.commit()
    return saved("Kabar untuk Anda tersimpan.")


def save_notices(user: User, form: NoticesForm) -> None:
    settings = notifications.settings_of(db.session(), user.id)
    settings.email, settings.phone = form.email.data or None, form.phone.data or None
    settings.digest, settings.personal = form.digest.data, form.personal.data
    settings.dispositions = form.dispositions.data
    settings.quiet_from, settings.quiet_until = form.quiet_from.data, form.quiet_until.data
    db.session.add(settings)


@bp.post("/pengaturan/keluar-semua")
def sign_out_everywhere() -> ResponseReturnValue:
    sessions.close_all_sessions(db.session(), own_account())
    db.session.commit()
    end_session()
    return leave_for(SIGN_IN)


def saved(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return render_or_redirect(FRAGMENT, url_for(".settings"), **shown(own_account()))


def shown(
    user: User,
    password_form: ChangePasswordForm | None = None,
    notices_form: NoticesForm | None = None,
) -> dict[str, Any]:
    settings = notifications.settings_of(db.session(), user.id)
    return {
        "notices_form": notices_form or NoticesForm(obj=settings),
        "password_form": password_form or ChangePasswordForm(None, names=[]),
        "shortcuts_form": ShortcutsForm(data={"shortcuts": user.shortcuts}),
        "codes_on": second_factor.is_on(db.session(), user),
        "sessions": sessions.list_sessions(db.session(), user, clock.now()),
        "this_session": sessions.hash_of_token(token_of_this_browser()),
    }
