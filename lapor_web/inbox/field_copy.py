"""/kotak-masuk/<number>/lapangan: on paper for whoever goes there. Nothing of it names the reporter.

Paper gets lost: it has no name and no contact, no photo of the reporter's (its angle can tell who
took it), and of an anonymous or hidden report only about where it is.
"""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import my_desk
from lapor_web.models import Attachment, AttachmentState, Report
from lapor_web.qr import picture_of, whole_address
from lapor_web.services.attachment_rights import IS_PICTURE, for_desk
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_reports import find_report
from lapor_web.services.places import Point, rounded
from lapor_web.services.surroundings import read_surroundings

PHOTOS = 4


@bp.get("/<number>/lapangan")
def show_field_copy(number: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    address = whole_address(url_for("inbox.read_report", number=report.number))
    return render_template(
        "inbox/field_copy.html",
        report=report,
        words=words_of(report),
        point=point_of(desk, report),
        about=is_hidden(report),
        photos=photos_of(desk, report),
        picture=picture_of(address),
        now=clock.now(),
    )


def is_hidden(report: Report) -> bool:
    return report.anonymous or not report.is_ordinary


def words_of(report: Report) -> str:
    """The copy that a coordinator has looked through; of a hidden report no other words."""
    return report.public_text or ("" if is_hidden(report) else report.story)


def point_of(desk: Desk, report: Report) -> Point | None:
    """As near as the officer may know it on the screen, and of a hidden report never nearer than
    a square of 220 m."""
    seen = read_surroundings(db.session(), desk.user, desk.kin, report, now=clock.now()).point
    if seen is None:
        return None
    return rounded(seen.point, coarse=True) if is_hidden(report) else seen.point


def photos_of(desk: Desk, report: Report) -> list[Attachment]:
    """The office's own, of what it saw there before."""
    return list(
        db.session.scalars(
            select(Attachment)
            .join(Report, Report.id == Attachment.report_id)
            .where(
                Attachment.report_id == report.id,
                Attachment.state == AttachmentState.READY,
                IS_PICTURE,
                ~Attachment.by_reporter,
                for_desk(desk.user, desk.scope, desk.units),
            )
            .order_by(Attachment.id.desc())
            .limit(PHOTOS)
        )
    )
