"""/pengaturan/kode: codes at sign-in switched on and off by whoever may choose, recovery codes."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.account.blueprint import bp
from lapor_web.account.codes import count_try, forget_tries, turn_on, what_to_scan
from lapor_web.account.forms import CodeForm, OwnPasswordForm
from lapor_web.account.half_session import must_have_codes
from lapor_web.account.password_check import check_password, too_often, when_to_retry
from lapor_web.extensions import db
from lapor_web.models import User
from lapor_web.services import second_factor, sessions
from lapor_web.services.passwords import TooBusy
from lapor_web.services.throttle import ACCOUNT, Gate, TooManyTries
from lapor_web.sign_in import SIGN_IN, end_session, own_account, start_session


@bp.get("/pengaturan/kode")
def show_codes() -> ResponseReturnValue:
    return page(own_account())


@bp.post("/pengaturan/kode")
def turn_codes_on() -> ResponseReturnValue:
    """Every other browser is signed out; this one goes on under a new token."""
    user = own_account()
    form = CodeForm(request.form)
    if second_factor.is_on(db.session(), user):
        return redirect(url_for(".show_codes"), 303)
    if not form.validate():
        return page(user, form), 422
    try:
        count_try(user)
    except TooManyTries as refusal:
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        return too_often(page(user, form), seconds)
    codes = turn_on(user, form)
    if codes is None:
        return page(user, form), 422
    forget_tries(user)
    return go_on_with(user, codes)


@bp.post("/pengaturan/kode/pemulihan")
def renew_recovery_codes() -> ResponseReturnValue:
    form = OwnPasswordForm(request.form)
    user = prove(form)
    if not isinstance(user, User):
        return user
    if not second_factor.is_on(db.session(), user):
        return redirect(url_for(".show_codes"), 303)
    codes = second_factor.new_recovery_codes(db.session(), user, keys=city.keys())
    db.session.commit()
    return show_once(codes)


@bp.post("/pengaturan/kode/lepas")
def turn_codes_off() -> ResponseReturnValue:
    form = OwnPasswordForm(request.form)
    user = prove(form)
    if not isinstance(user, User):
        return user
    second_factor.turn_off(db.session(), user)
    if must_have_codes(user):
        # Another telephone is set up on the way in, before anything else is shown.
        db.session.commit()
        end_session()
        return redirect(SIGN_IN, 303)
    token = sessions.open_session(db.session(), user, clock.now())
    db.session.commit()
    start_session(token)
    flash("Kode saat masuk dimatikan. Peramban lain sudah dikeluarkan.")
    return redirect(url_for(".settings"), 303)


def prove(form: OwnPasswordForm) -> User | ResponseReturnValue:
    """Who borrows a signed-in browser changes nothing of this without the password."""
    user = own_account()
    if not form.validate():
        return page(user, password_form=form), 422
    gate = Gate(city.keys().hash_of_subject("change", user.username), ACCOUNT)
    try:
        owner = check_password(user.username, form.own_password.data, [gate])
    except (TooManyTries, TooBusy) as refusal:
        sentence, seconds = when_to_retry(refusal)
        form.form_errors = [sentence]
        return too_often(page(user, password_form=form), seconds)
    if owner is None:
        form.own_password.errors = ["Kata sandi tidak cocok"]
        return page(user, password_form=form), 422
    return owner


def go_on_with(user: User, codes: list[str]) -> ResponseReturnValue:
    token = sessions.open_session(db.session(), user, clock.now())
    db.session.commit()
    start_session(token)
    return show_once(codes)


def show_once(codes: list[str]) -> ResponseReturnValue:
    onward = url_for(".settings")
    return make_response(render_template("account/recovery_codes.html", codes=codes, onward=onward))


def page(
    user: User, form: CodeForm | None = None, *, password_form: OwnPasswordForm | None = None
) -> str:
    on = second_factor.is_on(db.session(), user)
    return render_template(
        "account/second_factor.html",
        on=on,
        required=must_have_codes(user),
        left=second_factor.count_recovery_codes(db.session(), user) if on else 0,
        form=form or CodeForm(None),
        password_form=password_form or OwnPasswordForm(None),
        action=url_for(".turn_codes_on"),
        **({} if on else what_to_scan(user)),
    )
