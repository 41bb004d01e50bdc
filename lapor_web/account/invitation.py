"""The link that sets a password, once. Its token leaves the address bar at once."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.account.blueprint import bp
from lapor_web.account.forms import NewPasswordForm
from lapor_web.account.password_check import BUSY, BUSY_SECONDS, too_often
from lapor_web.extensions import db
from lapor_web.models import Medium, User
from lapor_web.post_office import channels
from lapor_web.services import accounts, passwords
from lapor_web.services.sessions import hash_of_token

HELD = "invitation"
"""In the browser's session: the hash of the link's token, which opens nothing elsewhere."""


@bp.get("/undangan/<token>")
def take_invitation(token: str) -> ResponseReturnValue:
    """Looks nothing up and uses nothing up: programs that preview links open them too."""
    session[HELD] = hash_of_token(token).hex()
    return redirect(url_for(".invitation"), 303)


@bp.get("/undangan")
def invitation() -> ResponseReturnValue:
    user = invited()
    if user is None:
        return worthless()
    return render_template(
        "account/invitation.html", form=NewPasswordForm(None, names=[]), user=user
    )


@bp.post("/undangan")
def accept_invitation() -> ResponseReturnValue:
    user = invited()
    if user is None:
        return worthless()
    form = NewPasswordForm(request.form, names=accounts.guessable_names(db.session(), user))
    if not form.validate():
        return render_template("account/invitation.html", form=form, user=user), 422
    # Neither the row nor a connection waits for the hash.
    db.session.rollback()
    try:
        hashed = passwords.hash_password(form.password.data)
    except passwords.TooBusy:
        form.form_errors = [BUSY]
        page = render_template("account/invitation.html", form=form, user=invited())
        return too_often(page, BUSY_SECONDS)
    user = invited()
    if user is None:
        return worthless()
    accounts.set_password(db.session(), user, hashed)
    db.session.commit()
    session.pop(HELD)
    flash("Kata sandi tersimpan. Masuk dengan kata sandi itu.")
    return redirect(url_for(".sign_in"), 303)


def invited() -> User | None:
    held = session.get(HELD)
    return held and accounts.find_invited(db.session(), bytes.fromhex(held), clock.now())


def worthless() -> ResponseReturnValue:
    """The same for a link that never was, was used, is too old, or has been replaced."""
    can_mail = Medium.EMAIL in channels()
    return render_template("account/no_invitation.html", can_mail=can_mail), 404
