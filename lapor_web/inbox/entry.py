"""An officer types a report in for somebody, and prints the receipt."""

from typing import Any

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import CombinedMultiDict

from lapor_web import city, clock
from lapor_web.body_size import takes_files
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import ENTERS, bp, note_that_none_was_sought
from lapor_web.inbox.choices import known_areas, load_areas
from lapor_web.inbox.desk import my_desk
from lapor_web.inbox.entry_form import EntryForm, new_key
from lapor_web.inbox.evidence import REFUSED, keep_scans
from lapor_web.inbox.taken import taken
from lapor_web.qr import picture_of, whole_address
from lapor_web.services.attachments import AttachmentRefused
from lapor_web.services.submission import KeyUsedForAnotherText, submit
from lapor_web.sign_in import signed_in_user


@bp.get("/baru")
def new_report() -> ResponseReturnValue:
    only_who_enters()
    return show(make_form())


@bp.post("/baru")
@takes_files
def enter_report() -> ResponseReturnValue:
    only_who_enters()
    form = make_form()
    if not form.validate():
        return show(form, 422)
    submission = form.submission(signed_in_user())
    try:
        receipt = submit(
            db.session(), city.current_agency(), submission, keys=city.keys(), now=clock.now()
        )
        if not receipt.repeated:
            keep_scans(form.photos.data, receipt.report_id)
        db.session.commit()
    except AttachmentRefused as refused:
        db.session.rollback()
        form.photos.errors = [REFUSED[refused.code].format(name=refused.name)]
        return show(form, 422)
    except KeyUsedForAnotherText:
        db.session.rollback()
        return show_used(form)
    except IntegrityError:
        # The one other thing that is unique in it.
        db.session.rollback()
        form.tracking_id.errors = [taken(my_desk(), form.tracking_id.data)]
        return show(form, 422)
    # For its maker, once: the code is stored nowhere and the reporter gets it on paper.
    session["receipt"] = {"number": receipt.number, "code": receipt.code}
    session["entry_channel"] = form.channel.data
    return redirect(url_for("inbox.show_receipt", number=receipt.number), 303)


@bp.get("/baru/<number>")
def show_receipt(number: str) -> ResponseReturnValue:
    only_who_enters()
    receipt = session.get("receipt")
    if not receipt or receipt["number"] != number:
        note_that_none_was_sought()
        abort(404)
    session.pop("receipt")
    # The picture leads to the page that asks for the code, and holds none: it may be photographed.
    address = whole_address(f"/lacak?number={number}")
    return render_template(
        "inbox/receipt.html",
        receipt=receipt,
        address=address,
        picture=picture_of(address),
        now=clock.now(),
    )


def only_who_enters() -> None:
    if signed_in_user().role not in ENTERS:
        abort(403)


def make_form() -> EntryForm:
    areas = load_areas(db.session(), my_desk().agency.id)
    # Whoever sits at the counter stays there: the channel is the one of a moment ago.
    return EntryForm(sent(), areas, known_areas(areas), session.get("entry_channel", ""))


def sent() -> CombinedMultiDict[str, Any] | None:
    if request.method != "POST":
        return None
    return CombinedMultiDict([request.files, request.form])


def show(form: EntryForm, status: int = 200) -> ResponseReturnValue:
    return render_template("inbox/entry.html", form=form), status


def show_used(form: EntryForm) -> ResponseReturnValue:
    """The page was gone back to and its text changed: that makes another report, by a new form."""
    form.key.data = new_key()
    form.form_errors.append(
        "Formulir ini sudah menjadi laporan. Tekan Catat laporan bila ini laporan lain"
    )
    return show(form, 409)
