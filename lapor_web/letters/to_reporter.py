"""A message to whoever sent a report: which words, which address, which link."""

import datetime as dt

from flask import current_app

from lapor_web import city, labels
from lapor_web.extensions import db
from lapor_web.letters import words
from lapor_web.letters.page import Page, address, short_date
from lapor_web.letters.words import Words
from lapor_web.models import FinishMode, Medium, MessageKind, OutboxMessage, Report
from lapor_web.services import report_links
from lapor_web.services.channels import Letter, Refused
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.news import News, NobodyToTell, read_contact, read_news

WHY = "Surel ini dikirim karena Anda menulis alamat ini waktu melapor."
PROPOSED_REPLY = "Balas surel ini dengan 1 bila beres, 2 bila belum."
REPLY = "Balasan Anda atas surel ini dibaca petugas."


def choose_medium(message: OutboxMessage, who: Identity, has: set[Medium]) -> Medium:
    """The phone first, where messages to phones are sent at all; what once was refused there goes
    by e-mail. Raises Refused where no address is left, NobodyToTell where none ever was."""
    given = [
        medium
        for medium, value in ((Medium.PHONE, who.phone), (Medium.EMAIL, who.email))
        if value and medium in has
    ]
    if message.medium is Medium.EMAIL and Medium.EMAIL not in given and message.reason:
        raise Refused(message.reason)  # given up by phone, and there is no other address
    if message.medium in given:
        return message.medium
    if not given:
        raise NobodyToTell("no_channel" if who.phone or who.email else "nobody")
    return given[0]


def contact_of(message: OutboxMessage) -> Identity:
    """Raises NobodyToTell; Refused where it cannot be read with our key."""
    assert message.report_id is not None  # noqa: S101  it is for a reporter
    try:
        asked_for = message.kind is MessageKind.LINK
        return read_contact(db.session(), message.report_id, keys=city.keys(), asked_for=asked_for)
    except Unreadable:
        raise Refused("unreadable") from None


def write_to_reporter(
    message: OutboxMessage, who: Identity, medium: Medium, now: dt.datetime
) -> Letter:
    """Makes the link too; the caller commits before it sends. Whoever is told twice has two. Raises
    NobodyToTell where it is over what it would warn of."""
    session = db.session()
    news = read_news(session, message, now)
    characters = (
        report_links.CHARACTERS_FOR_PHONES if medium is Medium.PHONE else report_links.CHARACTERS
    )
    report = session.get_one(Report, message.report_id)
    token = report_links.make_link(session, report, now, keys=city.keys(), characters=characters)
    link = address(f"/l/{token}")
    chosen = choose_words(news)
    page = Page(
        words=chosen,
        values=values_of(news),
        link=link,
        quote=news.words if shows_words(news, chosen) else "",
        may_reply=reply_of(news, chosen),
        why=WHY,
        stop_url=f"{link}/berhenti",
        one_click=True,
        template=news.kind.value,
    )
    assert message.key is not None  # noqa: S101  it was taken
    return page.letter(message.key, medium, who.phone if medium is Medium.PHONE else who.email)


def choose_words(news: News) -> Words:
    if news.kind is MessageKind.LINK:
        return words.TO_REPORTER[news.kind]
    if news.hidden:
        return words.NEUTRAL
    if news.followed and news.kind in words.FOLLOWED:
        return words.FOLLOWED[news.kind]
    match news:
        case News(kind=MessageKind.RECEIVED, due_on=None):
            return words.RECEIVED_LATER
        case News(kind=MessageKind.FORWARDED, due_on=None):
            return words.FORWARDED_LATER
        case News(kind=MessageKind.FINISHED, finish_mode=FinishMode.AUTOMATIC):
            return words.FINISHED_BY_SILENCE
        case News(kind=MessageKind.ARCHIVED, withdrawn=True):
            return words.WITHDRAWN
        case News(kind=MessageKind.MERGED, parent=""):
            return words.MERGED_WITH_HIDDEN
    return words.TO_REPORTER[news.kind]


def words_of(code: str | None) -> str:
    known = {reason.value: words for reason, words in labels.ARCHIVE_REASON.items()}
    return known.get(code or "", "")


def values_of(news: News) -> dict[str, str]:
    reason = news.reason or words_of(news.archive_reason) or "selesai"
    return {
        "number": news.number,
        "office": news.office or "petugas",
        "due": short_date(news.due_on) if news.due_on else "",
        "words": news.words.rstrip(" ?.!"),
        "belongs_to": news.belongs_to or "instansi lain",
        "parent": news.parent,
        "reason": reason[0].lower() + reason[1:],
        "days": str(news.silence_days or 10),
    }


def shows_words(news: News, chosen: Words) -> bool:
    return news.kind in words.READ_IN_FULL and chosen is not words.NEUTRAL


def reply_of(news: News, chosen: Words) -> str:
    """What an answer by e-mail does, where somebody reads them and it is theirs to answer."""
    if not current_app.config.get("LAPOR_MAIL_REPLY_TO") or news.followed:
        return ""
    asks = news.kind is MessageKind.COMPLETION_PROPOSED and chosen is not words.NEUTRAL
    return PROPOSED_REPLY if asks else REPLY
