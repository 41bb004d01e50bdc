"""What comes of a message: a deed of the reporter on their report, or a report in the queue."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Channel,
    Handled,
    InboundEvent,
    Report,
    Status,
)
from lapor_web.models.workflow import OPEN
from lapor_web.services import addresses, attachments, deeds, outbox
from lapor_web.services import inbound_texts as texts
from lapor_web.services.attachments import FILES_AT_MOST, AttachmentRefused, Owner, Upload
from lapor_web.services.channels import TryAgain
from lapor_web.services.channels.phone import MediaGone
from lapor_web.services.conversation import Confirm, Object, Reply
from lapor_web.services.deeds import REPORTER, Deed
from lapor_web.services.dialogues import Draft
from lapor_web.services.identity import Identity
from lapor_web.services.inbound_texts import Kept
from lapor_web.services.inbound_words import verdict_of
from lapor_web.services.keys import Keys
from lapor_web.services.storage import Storage
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Complete

PLACE_UNKNOWN = "Belum disebutkan"
ONLY_PHOTOS = "Foto dari pelapor"
NOT_DONE = "Belum beres"
REPORTS_A_DAY = 5
"""Of one sender. What comes beyond waits in the queue like all others, marked for a human eye."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote, from whichever channel."""

    channel: Channel
    sender: str
    """In the form of `services.addresses`: a phone, or of a mail its address."""
    key: str
    """In place of a form's key: one event makes one report."""
    text: str = ""
    media: tuple[str, ...] = ()
    """To be fetched; what came with the message itself is in `uploads`."""
    uploads: tuple[Upload, ...] = ()
    place: str = ""
    quotes: str = ""
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Handled
    answer: str = ""
    """Nothing is sent where it is empty."""
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    session: Session
    agency: Agency
    keys: Keys
    storage: Storage
    now: dt.datetime
    base_url: str
    fetch: Callable[[str], bytes]
    """A file of a message, by the gateway's name for it; raises MediaGone or TryAgain."""
    patient: bool = True
    """Whether there will be another try: at the last one, words are taken without their files."""


@dataclass(slots=True)
class Files:
    uploads: list[Upload] = field(default_factory=list)
    lost: int = 0

    @property
    def remark(self) -> str:
        return f" {texts.lost_files(self.lost)}" if self.lost else ""


def fetch_files(tools: Tools, message: Message | Draft) -> Files:
    """Before anything is changed, for the gateway may be away. Raises TryAgain."""
    files = Files(list(message.uploads) if isinstance(message, Message) else [])
    for number, media in enumerate(message.media[: FILES_AT_MOST * 2], 1):
        try:
            files.uploads.append(Upload(f"foto-{number}", tools.fetch(media)))
        except MediaGone:
            files.lost += 1
        except TryAgain:
            if tools.patient:
                raise
            files.lost += 1
    return files


def keep_files(tools: Tools, files: Files, owner: Owner) -> None:
    """As a form's would be; what is no picture or paper is counted, and the sender told."""
    for upload in files.uploads:
        try:
            attachments.accept(
                tools.session,
                tools.agency,
                upload,
                owner,
                keys=tools.keys,
                storage=tools.storage,
                now=tools.now,
            )
        except AttachmentRefused:
            files.lost += 1


# ---- on a report ----


def add_to(tools: Tools, report: Report, message: Message) -> Result:
    """The deed that the message is, on a report whose reporter wrote it."""
    files = fetch_files(tools, message)
    report = deeds.lock(tools.session, report.id)
    if report.status not in OPEN:
        return Result(Handled.ANSWERED, texts.closed(report, tools.base_url), report.id)
    deed, kept = deed_of(message, report)
    entry = deeds.perform(
        tools.session, report.id, deed, doer=REPORTER, version=report.version, now=tools.now
    )
    keep_files(tools, files, Owner(report_id=report.id, history_sequence=entry.sequence))
    return Result(Handled.REPLY, answer_to(message, report, kept, files), report.id)


def answer_to(message: Message, report: Report, kept: Kept, files: Files) -> str:
    """Who sends a mail sees that it was sent: there only what they may not expect is said."""
    answer = texts.kept(report, kept)
    if kept == "reply" and report.status is Status.AWAITING_REPORTER:
        answer = texts.ask_verdict(report)
    elif kept == "reply" and message.channel is Channel.EMAIL:
        answer = ""
    return (answer + files.remark).strip()


def deed_of(message: Message, report: Report) -> tuple[Deed, Kept]:
    """ "1" and "2" answer the question whether it is done, and are text at any other time."""
    text = message.text or ONLY_PHOTOS
    if report.status is Status.AWAITING_REPORTER:
        match verdict_of(message.text):
            case True:
                return Confirm(), "confirmed"
            case False:
                return Object(NOT_DONE), "objected"
    if report.status is Status.ON_HOLD:
        return Complete(text), "completed"
    return Reply(text), "reply"


# ---- a new one ----


def make_report(tools: Tools, draft: Draft) -> Result:
    """Into the verification queue; the answer holds number and receipt code."""
    return submit_message(
        tools,
        Message(draft.channel, draft.sender, draft.key, media=draft.media),
        Submission(
            key=draft.key,
            channel=draft.channel,
            story=draft.text,
            place=draft.place or PLACE_UNKNOWN,
            anonymous=draft.anonymous,
            confidential=draft.confidential,
            identity=Identity(phone=addresses.national_phone(draft.sender)),
            quarantined=wrote_too_much(tools, draft.sender),
        ),
    )


def submit_message(tools: Tools, message: Message, submission: Submission) -> Result:
    files = fetch_files(tools, message)
    receipt = submit(tools.session, tools.agency, submission, keys=tools.keys, now=tools.now)
    if not receipt.repeated:
        keep_files(tools, files, Owner(report_id=receipt.report_id))
        outbox.leave_to_answer(tools.session, receipt.report_id, tools.now)
    answer = texts.received(tools.agency, receipt.number, receipt.code, tools.base_url)
    return Result(Handled.NEW_REPORT, answer + files.remark, receipt.report_id)


def wrote_too_much(tools: Tools, sender: str) -> bool:
    reports = tools.session.scalar(
        select(func.count())
        .select_from(InboundEvent)
        .where(
            InboundEvent.sender_hash == tools.keys.hash_of_address(sender),
            InboundEvent.outcome == Handled.NEW_REPORT,
            InboundEvent.sent_at > tools.now - dt.timedelta(days=1),
        )
    )
    return (reports or 0) >= REPORTS_A_DAY
