"""What the worker does, each thing in the application and committed when it returns, and how often.

Every job may run twice and be cut off anywhere.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from lapor_web import city, clock, postman
from lapor_web.by_the_clock import act_by_the_clock, clock_is_right, erase_what_is_old
from lapor_web.extensions import db
from lapor_web.inbound_work import (
    empty_mailbox,
    forget_talks,
    look_after_talks,
    mark_senders,
    read_event,
    send_answer,
)
from lapor_web.models import Opd, User
from lapor_web.services import (
    attachment_work,
    calendar_versions,
    figures,
    long_jobs,
    lost_code,
    notifications,
    office_merge,
    outbox,
    report_links,
    throttle,
    uploads,
)
from lapor_web.services.jobs import Job

logger = logging.getLogger(__name__)

_one_picture = threading.Lock()


def prepare_attachment(attachment_id: int) -> None:
    with _one_picture:  # and so the memory of one
        attachment_work.prepare(
            db.session(), attachment_id, keys=city.keys(), storage=city.storage()
        )


def clean_attachments() -> None:
    now, session, storage = clock.now(), db.session(), city.storage()
    attachment_work.ask_again(session, now=now)
    orphans = attachment_work.remove_orphans(session, storage=storage, now=now)
    erased = attachment_work.remove_erased(session, storage=storage)
    uploads.remove_expired(session, now)
    logger.info("attachments removed: %d never sent, %d erased", orphans, erased)


def remove_strays() -> None:
    strays = attachment_work.remove_strays(db.session(), storage=city.storage(), now=clock.now())
    logger.info("stray files removed: %d", strays)


def send_link(proofs: lost_code.Proofs) -> None:
    lost_code.send_link(db.session(), proofs, keys=city.keys(), now=clock.now())


def move_reports(opd_id: int, user_id: int) -> None:
    """Of an office that was merged, for the coordinator who did it."""
    old, user = db.session.get_one(Opd, opd_id), db.session.get_one(User, user_id)
    if old.merged_into_id is not None:
        office_merge.move_some(db.session(), old, user, now=clock.now())


def count_anew(agency_id: int, after: int) -> None:
    calendar_versions.count_anew(db.session(), agency_id, after=after)


def fold_figures() -> None:
    figures.fold(db.session())


def send_messages() -> None:
    if clock_is_right():
        postman.deliver_due()


def queue_digests() -> None:
    if clock_is_right():
        notifications.queue_digests(db.session(), city.current_agency().id, clock.now())


def forget_messages() -> None:
    outbox.cancel_what_is_too_old(db.session(), clock.now())
    report_links.forget_old(db.session(), clock.now())


def forget_tries() -> None:
    throttle.forget_old(db.session(), clock.now())


def fail_abandoned() -> None:
    long_jobs.fail_abandoned(db.session(), now=clock.now())


def forget_long_jobs() -> None:
    long_jobs.forget_old(db.session(), storage=city.storage(), now=clock.now())


@dataclass(frozen=True, slots=True)
class Periodic:
    """By the clock, in UTC."""

    cron: str
    work: Callable[[], None]


ASKED_FOR: dict[Job, Callable[..., None]] = {
    Job.PREPARE_ATTACHMENT: prepare_attachment,
    Job.SEND_MESSAGES: send_messages,
    Job.SEND_LINK: send_link,
    Job.READ_EVENT: read_event,
    Job.SEND_ANSWER: send_answer,
    Job.MOVE_REPORTS: move_reports,
    Job.COUNT_ANEW: count_anew,
}
"""What `services.jobs.defer` puts into the queue."""

BY_THE_CLOCK = (
    Periodic("* * * * *", fold_figures),
    Periodic("* * * * *", fail_abandoned),
    Periodic("* * * * *", act_by_the_clock),
    Periodic("* * * * *", send_messages),
    Periodic("*/10 0-8 * * *", queue_digests),  # from 08.00 in Samarinda; see its hours
    Periodic("*/2 * * * *", empty_mailbox),
    Periodic("*/5 * * * *", look_after_talks),
    Periodic("17 * * * *", clean_attachments),
    Periodic("37 * * * *", forget_long_jobs),
    Periodic("41 18 * * *", remove_strays),  # 02.41 in Samarinda
    Periodic("11 19 * * *", forget_tries),
    Periodic("13 19 * * *", forget_messages),
    Periodic("7 * * * *", forget_talks),
    Periodic("53 19 * * *", mark_senders),
    Periodic("31 19 * * *", erase_what_is_old),
)
