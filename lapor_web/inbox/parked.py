"""/kotak-masuk/pesan-tertahan: messages that never arrived, where an officer mends the address; and
those that came in and could not be read, whose words are shown nowhere."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from lapor_web import city, clock, labels
from lapor_web.extensions import db
from lapor_web.fields import is_email, is_phone, national_number
from lapor_web.inbox.blueprint import MENDS, bp
from lapor_web.inbox.parked_words import ABOUT, HOW, reason_in_words, why_unread
from lapor_web.inbox.told import overtaken_by
from lapor_web.models import Medium, NotAllowedForRole, Report
from lapor_web.services import notifications, outbox, parked, unread
from lapor_web.services.deeds import DeedRefused, Doer, Overtaken, perform
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.parked import Parked, Settled, SettleMessage, settle_officers_message
from lapor_web.services.permitted import rights
from lapor_web.services.reveal import read_identity
from lapor_web.sign_in import signed_in_user
from lapor_web.text import clean_line


class SettleForm(Form):
    how = RadioField("Apa yang Anda lakukan?", choices=[])
    phone = StringField(
        "Nomor HP yang benar",
        [is_phone],
        filters=[national_number],
        render_kw={"inputmode": "tel"},
    )
    email = StringField(
        "Alamat surel yang benar",
        [is_email],
        filters=[clean_line],
        render_kw={"inputmode": "email"},
    )

    def __init__(self, sent: object, one: Parked):
        super().__init__(sent)
        ways = [how for how in Settled if one.officer is None or how is not Settled.MENDED]
        self.how.choices = [SelectChoice(how.value, HOW[how]) for how in ways]
        for field in self:
            field.id = f"pesan-{one.message.id}-{field.name}"
        if not sent:
            self.how.data = ways[0].value

    def validate_how(self, field: RadioField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Pilih salah satu")

    def validate_phone(self, field: StringField) -> None:
        if self.how.data == Settled.MENDED.value and not (field.data or self.email.data):
            raise ValidationError("Tulis nomor HP atau alamat surel yang benar")


@bp.get("/pesan-tertahan")
def list_parked() -> ResponseReturnValue:
    only_who_mends()
    return show()


@bp.post("/pesan-tertahan/<int:message_id>")
def settle(message_id: int) -> ResponseReturnValue:
    only_who_mends()
    one = parked.find_parked(db.session(), signed_in_user(), message_id)
    if one is None:
        abort(404)
    form = SettleForm(request.form, one)
    if not form.validate():
        return show(form, message_id, 422)
    how = Settled(form.how.data)
    try:
        settle_it(one, how, form)
    except NotAllowedForRole:
        abort(403)
    except Overtaken as faster:
        return refuse(overtaken_by(faster.by), form, message_id, 409)
    except DeedRefused as refused:
        sentence = labels.REFUSAL[refused.code]
        return refuse(sentence, form, message_id, 422, getattr(form, refused.field, None))
    db.session.commit()
    flash("Pesan dilepas." if how is Settled.DROPPED else "Pesan dikirim lagi.")
    return redirect(url_for(".list_parked"), 303)


@bp.post("/pesan-tertahan/masuk/<int:event_id>")
def settle_unread(event_id: int) -> ResponseReturnValue:
    only_who_mends()
    row = unread.find_unread(db.session(), signed_in_user(), event_id)
    if row is None:
        abort(404)
    match request.form.get("how"):
        case "baca-lagi":
            unread.read_again(db.session(), row, keys=city.keys(), now=clock.now())
            flash("Pesan dibaca lagi. Bila berhasil, isinya muncul di antrean.")
        case "lepas":
            unread.let_go(row)
            flash("Pesan dilepas, isinya dihapus.")
        case _:
            abort(400)
    db.session.commit()
    return redirect(url_for(".list_parked"), 303)


def settle_it(one: Parked, how: Settled, form: SettleForm) -> None:
    """In the history of its report, where it is to a reporter. Raises as `perform`."""
    session, now = db.session(), clock.now()
    if one.officer is not None or one.report is None:
        settle_officers_message(one.message, how, now)
    else:
        deed = SettleMessage(
            one.message.id, how, city.keys(), phone=form.phone.data, email=form.email.data
        )
        doer, version = Doer.officer(signed_in_user()), one.report.version
        perform(session, one.report.id, deed, doer=doer, version=version, now=now)
    if how is not Settled.DROPPED:
        notifications.wake(session, now)


def refuse(
    sentence: str, form: SettleForm, message_id: int, status: int, field: StringField | None = None
) -> ResponseReturnValue:
    db.session.rollback()
    if field is None:
        form.form_errors = [sentence]
    else:
        field.errors = [sentence]
    return show(form, message_id, status)


def show(
    form: SettleForm | None = None, message_id: int | None = None, status: int = 200
) -> ResponseReturnValue:
    user = signed_in_user()
    found = parked.list_parked(db.session(), user)
    page = render_template(
        "inbox/parked.html",
        parked=[
            (one, form if form and one.message.id == message_id else SettleForm(None, one))
            for one in found
        ],
        tried=form,
        contacts={one.message.id: contact_of(one) for one in found},
        rests=outbox.list_rests(db.session()),
        unread=unread.list_unread(db.session(), user),
        why_unread=why_unread,
        about_words=ABOUT,
        reason_in_words=reason_in_words,
        medium_words={Medium.EMAIL: "Surel", Medium.PHONE: "SMS atau WhatsApp"},
    )
    return page, status


def contact_of(one: Parked) -> Identity | None:
    """For whoever may know the reporter without opening an identity; nobody else sees a letter."""
    if one.report is None or one.officer is not None:
        return None
    if not rights(db.session(), signed_in_user(), one.report).knows_reporter:
        return None
    return identity_of(one.report)


def identity_of(report: Report) -> Identity | None:
    try:
        return read_identity(db.session(), report, keys=city.keys())
    except Unreadable:
        return None


def only_who_mends() -> None:
    if signed_in_user().role not in MENDS:
        abort(403)
