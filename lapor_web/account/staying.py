"""`/tetap-masuk`: an officer who is about to be signed out says that they are still there."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from lapor_web import clock, resend
from lapor_web.account.blueprint import bp
from lapor_web.extensions import db
from lapor_web.services import sessions
from lapor_web.sign_in import after_sign_in, note_end, signed_in_user, token_of_this_browser


@bp.post("/tetap-masuk")
def stay_signed_in() -> ResponseReturnValue:
    user = signed_in_user()
    until = sessions.prolong(db.session(), token_of_this_browser(), clock.now())
    if until is None:
        abort(resend.offer(resend.SIGNED_OUT))
    db.session.commit()
    note_end(until)
    return after_sign_in(user, request.form.get("lanjut"))
