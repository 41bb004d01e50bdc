"""The receipt code is lost: a new link to the contact that was given at first.

One answer, whether number and contact belong together or not (`services.lost_code`).
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.public.blueprint import bp
from lapor_web.public.too_often import too_often
from lapor_web.public.track_form import LostCodeForm
from lapor_web.services import lost_code, throttle
from lapor_web.services.numbers import candidates

ASKED = throttle.Limit(tries=3)
"""Per number and contact: no more letters than that to somebody who did not ask. Not per number,
or a stranger could keep its reporter out."""


@bp.get("/lacak/lupa-kode")
def ask_for_link() -> ResponseReturnValue:
    form = LostCodeForm(None, number=request.args.get("number", ""))
    return render_template("public/lost_code.html", form=form, asked="terkirim" in request.args)


@bp.post("/lacak/lupa-kode")
def send_link() -> ResponseReturnValue:
    form = LostCodeForm(request.form)
    if not form.validate():
        return render_template("public/lost_code.html", form=form), 422
    numbers = candidates(city.current_agency().prefixes, form.number.data or "")
    contact = form.contact.data or ""
    try:
        throttle.reserve(db.session(), gates(numbers, contact), clock.now())
    except throttle.TooManyTries as refused:
        return too_often("public/lost_code.html", form, "diminta", refused.wait)
    lost_code.ask(db.session(), numbers, contact, keys=city.keys())
    db.session.commit()
    return redirect(url_for(".ask_for_link", terkirim=1), 303)


def gates(numbers: list[str], contact: str) -> list[throttle.Gate]:
    keys, normal = city.keys(), lost_code.normal_contact(contact)
    subject = keys.hash_of_subject("lost-code", f"{numbers[0]}:{normal}")
    sender = keys.hash_of_subject("lost-code-from", request.remote_addr or "")
    return [throttle.Gate(subject, ASKED), throttle.Gate(sender, throttle.ADDRESS)]
