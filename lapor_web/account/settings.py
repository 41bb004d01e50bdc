"""An officer's own settings: shortcuts, password, the browsers one is signed in with."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.account.blueprint import bp
from lapor_web.account.forms import ChangePasswordForm, ShortcutsForm
from lapor_web.account.password_check import check_password, too_often, when_to_retry
from lapor_web.extensions import db
from lapor_web.fragments import leave_for, render, render_or_redirect, wants_fragment
from lapor_web.models import User
from lapor_web.services import accounts, passwords, sessions
from lapor_web.services.throttle import ACCOUNT, Gate, TooManyTries
from lapor_web.sign_in import (
    SIGN_IN,
    end_session,
    signed_in_user,
    start_session,
    token_of_this_browser,
)

PAGE, FRAGMENT = "account/settings.html", "account/_settings.html"


@bp.get("/pengaturan")
def settings() -> ResponseReturnValue:
    return render(PAGE, FRAGMENT, **shown(signed_in_user()))


@bp.post("/pengaturan/pintasan")
def change_shortcuts() -> ResponseReturnValue:
    user = signed_in_user()
    user.shortcuts = ShortcutsForm(request.form).shortcuts.data
    db.session.commit()
    return saved("Pintasan dinyalakan." if user.shortcuts else "Pintasan dimatikan.")


@bp.post("/pengaturan/sandi")
def change_password() -> ResponseReturnValue:
    """Every other browser is signed out; this one goes on under a new token."""
    user = signed_in_user()
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


@bp.post("/pengaturan/keluar-semua")
def sign_out_everywhere() -> ResponseReturnValue:
    sessions.close_all_sessions(db.session(), signed_in_user())
    db.session.commit()
    end_session()
    return leave_for(SIGN_IN)


def saved(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return render_or_redirect(FRAGMENT, url_for(".settings"), **shown(signed_in_user()))


def shown(user: User, password_form: ChangePasswordForm | None = None) -> dict[str, Any]:
    return {
        "password_form": password_form or ChangePasswordForm(None, names=[]),
        "shortcuts_form": ShortcutsForm(data={"shortcuts": user.shortcuts}),
        "sessions": sessions.list_sessions(db.session(), user, clock.now()),
        "this_session": sessions.hash_of_token(token_of_this_browser()),
    }
