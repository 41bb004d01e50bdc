"""The second step of signing in: a code of the telephone, or setting one up where it has to be."""

import logging

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.account import devices, half_session
from lapor_web.account.blueprint import bp
from lapor_web.account.forms import CodeForm
from lapor_web.account.half_session import HalfSession
from lapor_web.account.password_check import too_often, when_to_retry
from lapor_web.extensions import db
from lapor_web.models import User
from lapor_web.qr import picture_of
from lapor_web.services import second_factor, sessions, throttle
from lapor_web.services.throttle import Gate, TooManyTries
from lapor_web.sign_in import SIGN_IN, after_sign_in, start_session

logger = logging.getLogger(__name__)

NEW_SECRET = "new_secret"  # noqa: S105  a name; the secret is shown to whoever holds the cookie
WRONG_CODE = "Kode tidak cocok. Tunggu kode berikutnya di HP, lalu tulis kode itu"


@bp.get("/masuk/kode")
def ask_for_code() -> ResponseReturnValue:
    half = half_session.find()
    if half is None:
        return redirect(SIGN_IN, 303)
    return show(half, CodeForm(None))


@bp.post("/masuk/kode")
def check_code() -> ResponseReturnValue:
    half = half_session.find()
    if half is None:
        return redirect(SIGN_IN, 303)
    form = CodeForm(request.form)
    if not form.validate():
        return show(half, form), 422
    try:
        count_try(half.user)
    except TooManyTries as refusal:
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        return too_often(show(half, form), seconds)
    if second_factor.is_on(db.session(), half.user):
        return enter_by_code(half, form)
    return set_up_and_enter(half, form)


def enter_by_code(half: HalfSession, form: CodeForm) -> ResponseReturnValue:
    now = clock.now()
    if not second_factor.opens(db.session(), half.user, form.code.data, keys=city.keys(), now=now):
        db.session.commit()
        form.code.errors = [WRONG_CODE]
        return show(half, form), 422
    return enter(half, make_response(after_sign_in(half.user, half.wanted)))


def set_up_and_enter(half: HalfSession, form: CodeForm) -> ResponseReturnValue:
    """Only where it has to be: whoever may choose does so at /pengaturan."""
    codes = turn_on(half.user, form)
    if codes is None:
        return show(half, form), 422
    onward = after_sign_in(half.user, half.wanted).headers["Location"]
    page = render_template("account/recovery_codes.html", codes=codes, onward=onward)
    return enter(half, make_response(page))


def enter(half: HalfSession, response: Response) -> Response:
    """The try is given back, all at once with the session."""
    token = sessions.open_session(db.session(), half.user, clock.now())
    forget_tries(half.user)
    db.session.commit()
    start_session(token)
    devices.remember(response, half.user.username)
    return response


def show(half: HalfSession, form: CodeForm) -> str:
    if second_factor.is_on(db.session(), half.user):
        return render_template("account/code.html", form=form)
    return render_template(
        "account/set_up_code.html",
        form=form,
        **what_to_scan(half.user),
        action=url_for(".check_code"),
    )


# ---- shared with the settings ----


def what_to_scan(user: User) -> dict[str, str]:
    """The secret stays the same until it is proved or the browser leaves, so that a page drawn
    twice does not spoil what was scanned."""
    secret: str = session.setdefault(NEW_SECRET, second_factor.new_secret())
    issuer = city.current_agency().service_name
    address = second_factor.address_of(secret, user.username, issuer)
    spelled = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": picture_of(address), "secret": spelled}


def turn_on(user: User, form: CodeForm) -> list[str] | None:
    """The recovery codes, or None with the error at its field."""
    now = clock.now()
    secret: str = session.get(NEW_SECRET, "")
    step = second_factor.step_of(secret, form.code.data, now)
    if step is None:
        db.session.commit()
        form.code.errors = [WRONG_CODE]
        return None
    session.pop(NEW_SECRET)
    return second_factor.turn_on(db.session(), user, secret, step, keys=city.keys(), now=now)


def count_try(user: User) -> None:
    """Raises TooManyTries. Counted for good before the code is looked at."""
    gate = Gate(subject_of(user), second_factor.TRIES)
    try:
        throttle.reserve(db.session(), [gate], clock.now())
    except TooManyTries:
        logger.warning("second factor codes are being guessed")
        raise
    db.session.commit()


def forget_tries(user: User) -> None:
    throttle.forget(db.session(), subject_of(user))


def subject_of(user: User) -> bytes:
    return city.keys().hash_of_subject("code", str(user.id))
