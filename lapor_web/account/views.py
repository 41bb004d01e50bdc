"""Signing in and out."""

import datetime as dt
import logging

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lapor_web import city, clock
from lapor_web.account import devices, half_session
from lapor_web.account.blueprint import bp
from lapor_web.account.forms import ForgottenForm, SignInForm
from lapor_web.account.password_check import check_password, too_often, when_to_retry
from lapor_web.extensions import db
from lapor_web.models import Medium
from lapor_web.post_office import channels
from lapor_web.services import second_factor, sessions, throttle
from lapor_web.services.accounts import normal_username
from lapor_web.services.notifications import send_invitation
from lapor_web.services.passwords import TooBusy
from lapor_web.services.throttle import ADDRESS, TooManyTries
from lapor_web.sign_in import after_sign_in, end_session, start_session, token_of_this_browser

logger = logging.getLogger(__name__)

ONE_LINK = throttle.Limit(tries=1, window=dt.timedelta(minutes=5), first_delay=dt.timedelta(0))
"""Per account: whoever asks for somebody else's, over and over, spoils no link under their hands."""

NO_MATCH = "Nama pengguna atau kata sandi tidak cocok"
"""One sentence for a wrong password, an account that is not there, and one that is closed."""


@bp.get("/masuk")
def sign_in() -> ResponseReturnValue:
    form = SignInForm(data={"lanjut": request.args.get("lanjut", "")})
    if current_user.is_authenticated:
        return after_sign_in(current_user, form.lanjut.data)
    return render_template("account/sign_in.html", form=form)


@bp.post("/masuk")
def open_session() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    username = form.username.data
    try:
        user = check_password(username, form.password.data, devices.gates_for(username))
    except (TooManyTries, TooBusy) as refusal:
        # Whose account it was stays out of the log.
        logger.warning("sign-in refused: %s", type(refusal).__name__)
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        return too_often(render_template("account/sign_in.html", form=form), seconds)
    if user is None:
        form.form_errors = [NO_MATCH]
        return render_template("account/sign_in.html", form=form), 422
    if second_factor.is_on(db.session(), user) or half_session.must_have_codes(user):
        db.session.commit()
        half_session.begin(user, form.lanjut.data)
        return redirect(url_for(".ask_for_code"), 303)
    token = sessions.open_session(db.session(), user, clock.now())
    response = make_response(after_sign_in(user, form.lanjut.data))
    db.session.commit()
    start_session(token)
    devices.remember(response, username)
    return response


@bp.post("/keluar")
def sign_out() -> ResponseReturnValue:
    """Where nobody is signed in any more, that is what was wanted."""
    if token := token_of_this_browser():
        sessions.close_session(db.session(), token)
        db.session.commit()
    end_session()
    return redirect("/masuk", 303)


@bp.get("/lupa-sandi")
def forgotten_password() -> ResponseReturnValue:
    return show_forgotten(ForgottenForm(None))


@bp.post("/lupa-sandi")
def ask_for_new_password() -> ResponseReturnValue:
    """The same answer, by the same work, whether there is such an account or not (S-33)."""
    form = ForgottenForm(request.form)
    if not can_mail():
        abort(404)
    if not form.validate():
        return show_forgotten(form), 422
    session, keys, now = db.session(), city.keys(), clock.now()
    username = normal_username(form.username.data)
    sender = throttle.Gate(keys.hash_of_subject("forgot-from", request.remote_addr or ""), ADDRESS)
    owner = throttle.Gate(keys.hash_of_subject("forgot", username), ONE_LINK)
    try:
        throttle.reserve(session, [sender], now)
    except TooManyTries as refusal:
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        return too_often(show_forgotten(form), seconds)
    try:
        throttle.reserve(session, [owner], now)
        send_invitation(session, city.current_agency().id, username, now)
    except TooManyTries:
        # One was asked for a moment ago. Another would make that one worthless.
        pass
    session.commit()
    return show_forgotten(form, asked=True)


def show_forgotten(form: ForgottenForm, *, asked: bool = False) -> str:
    template = "account/forgotten_password.html"
    return render_template(template, form=form, asked=asked, can_mail=can_mail())


def can_mail() -> bool:
    return Medium.EMAIL in channels()
