"""`/kotak-masuk/pelapor`: reports of one reporter, by the whole number or address that they gave.

What is typed travels in the body only, and what is found is shown in that very answer.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form
from wtforms.validators import ValidationError

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import SEEKS, bp
from lapor_web.inbox.desk import my_desk
from lapor_web.inbox.fields import line, lines
from lapor_web.services.desk import Desk
from lapor_web.services.reporter_search import find_by_contact, normal_contact


class SeekForm(Form):
    contact = line("Nomor HP atau surel pelapor, lengkap", "Tulis nomor HP atau surel pelapor")
    reason = lines("Untuk apa dicari? Dicatat", "Tulis untuk apa pelapor dicari", longest=500)

    def validate_contact(self, field: object) -> None:
        if not normal_contact(self.contact.data):
            raise ValidationError("Tulis nomor HP atau surel lengkap, bukan sebagian")


@bp.get("/pelapor")
def seek_reporter() -> ResponseReturnValue:
    desk = who_may_seek()
    return render_template("inbox/seek_reporter.html", desk=desk, form=SeekForm(), found=None)


@bp.post("/pelapor")
def find_reporter() -> ResponseReturnValue:
    desk, form = who_may_seek(), SeekForm(request.form)
    if not form.validate():
        return render_template("inbox/seek_reporter.html", desk=desk, form=form, found=None), 422
    found = find_by_contact(
        db.session(),
        desk,
        form.contact.data,
        reason=form.reason.data,
        keys=city.keys(),
        now=clock.now(),
    )
    # Drawn before the trace is committed, and sent only after it.
    page = render_template("inbox/seek_reporter.html", desk=desk, form=form, found=found)
    db.session.commit()
    return page


def who_may_seek() -> Desk:
    desk = my_desk()
    if desk.user.role not in SEEKS:
        abort(403)
    return desk
