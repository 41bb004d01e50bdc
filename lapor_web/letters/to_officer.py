"""A message to an officer: of one report, of the morning, or a link to set a password."""

import datetime as dt
from collections.abc import Mapping

from flask import current_app

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.letters import words
from lapor_web.letters.page import Page, address, short_date
from lapor_web.letters.words import Words
from lapor_web.models import (
    HistoryEntry,
    Medium,
    MessageKind,
    NoticeSettings,
    OutboxMessage,
    Report,
    User,
)
from lapor_web.services import accounts, digest, sessions
from lapor_web.services.channels import Letter, Refused
from lapor_web.services.digest import Count, Waiting
from lapor_web.services.news import News, NobodyToTell, read_news
from lapor_web.services.officer_messages import may_see, officers_named
from lapor_web.services.working_days import wita_date

WHY = "Surel ini dikirim kepada petugas. Atur di halaman Pengaturan."
COUNTED = {
    Count.OVERDUE: "{n} lewat tenggat",
    Count.DUE_TODAY: "{n} jatuh tempo hari ini",
    Count.TO_VERIFY: "{n} menunggu diperiksa",
    Count.TO_APPROVE: "{n} menunggu persetujuan Anda",
    Count.MINE: "{n} tugas Anda",
    Count.PARKED: "{n} pesan tertahan",
}
NAME_THEMSELVES = frozenset({Count.MINE, Count.PARKED})
"""Of the others the first one counted says that reports are meant."""


def address_of(settings: NoticeSettings, kind: MessageKind, has: set[Medium]) -> tuple[Medium, str]:
    """E-mail first: it is read at the desk. Raises NobodyToTell."""
    if settings.email and Medium.EMAIL in has:
        return Medium.EMAIL, settings.email
    if settings.phone and Medium.PHONE in has and kind is not MessageKind.INVITATION:
        return Medium.PHONE, settings.phone
    raise NobodyToTell("no_channel" if settings.email or settings.phone else "nobody")


def write_to_officer(
    message: OutboxMessage, user: User, medium: Medium, to: str, now: dt.datetime
) -> Letter:
    """Raises NobodyToTell where the account is closed, the report is none of theirs any more, it is
    over what it would warn of, or the morning has nothing to say."""
    if not user.active:
        raise NobodyToTell("closed")
    match message.kind:
        case MessageKind.DIGEST:
            page = digest_page(message, user, now)
        case MessageKind.INVITATION:
            page = invitation_page(user, now)
        case _:
            page = report_page(message, user, now)
    assert message.key is not None  # noqa: S101  it was taken
    return page.letter(message.key, medium, to)


def report_page(message: OutboxMessage, user: User, now: dt.datetime) -> Page:
    """At their own desk, or at that of whom they stand in for."""
    session = db.session()
    report = session.get_one(Report, message.report_id)
    desks = sessions.desks_of(session, user.id, now)
    at = next((desk for desk in desks if may_see(session, report, desk)), None)
    if at is None:
        raise NobodyToTell("not_theirs")
    news = read_news(session, message, now)
    absent = meant_instead(message, report, at)
    return Page(
        words=choose_words(news, instead=bool(absent)),
        values={
            "number": news.number,
            "office": news.office or "verifikasi",
            "due": short_date(news.due_on) if news.due_on else "",
            "doer": news.doer or "Rekan Anda",
            "absent": absent,
        },
        link=address(f"/kotak-masuk/{news.number}"),
        why=f"Anda menggantikan {at.acts_for.name} (Plt.). {WHY}" if at.acts_for else WHY,
        stop_url=address("/pengaturan"),
        template=news.kind.value,
    )


def meant_instead(message: OutboxMessage, report: Report, user: User) -> str:
    """Who was meant, where it is told to the officer because they stand in; else nothing."""
    if message.kind is MessageKind.ASSIGNED:
        meant = {report.assignee_id}
    elif message.kind is MessageKind.MENTIONED:
        entry = db.session.get_one(HistoryEntry, (report.id, message.sequence))
        named = officers_named(db.session(), report.agency_id, entry.text)
        meant = {one.id for one in named}
    else:
        return ""
    if user.id in meant:
        return ""
    return next((one.name for one in user.stands_in_for if one.absent_id in meant), "")


def choose_words(news: News, *, instead: bool) -> Words:
    if news.hidden:
        return words.TO_OFFICER_NEUTRAL
    if instead:
        return words.TO_SUBSTITUTE[news.kind]
    if news.kind is MessageKind.DISPOSED and news.due_on is None:
        return words.DISPOSED_LATER
    if news.kind not in words.TO_OFFICER:
        raise Refused("no_words")
    return words.TO_OFFICER[news.kind]


def digest_page(message: OutboxMessage, user: User, now: dt.datetime) -> Page:
    """Counted now: what was mended since eight is not held against anybody. One that could not
    leave on its day gives way to the next."""
    today = wita_date(now)
    if message.about_on != today:
        raise NobodyToTell("over")
    desks = digest.count_desks(db.session(), user.id, city.current_agency(), now)
    if not desks:
        raise NobodyToTell("nothing")
    lines = [line for one in desks for line in lines_of(one)]
    return Page(
        words=words.DIGEST,
        values={"words": ", ".join(line for line, _ in lines)},
        link=lines[0][1],
        lines=tuple(lines),
        why=WHY,
        stop_url=address("/pengaturan"),
    )


def lines_of(waiting: Waiting) -> list[tuple[str, str]]:
    """Each with its list; of another's desk one line, for it has to be opened first."""
    counted = [(in_few_words(what, n, waiting.counts), what) for what, n in waiting.counts.items()]
    absent = waiting.at.acts_for
    if absent is None:
        return [(line, address(where(what))) for line, what in counted]
    told = ", ".join(line for line, _ in counted)
    return [(f"meja {absent.name} (Plt.): {told}", address("/kotak-masuk"))]


def in_few_words(what: Count, n: int, counts: Mapping[Count, int]) -> str:
    says_reports = what is next(iter(counts)) and what not in NAME_THEMSELVES
    return COUNTED[what].format(n=f"{n} laporan" if says_reports else n)


def where(what: Count) -> str:
    if what is Count.PARKED:
        return "/kotak-masuk/pesan-tertahan"
    return f"/kotak-masuk?tampilan={digest.VIEW_OF[what].value}"


def invitation_page(user: User, now: dt.datetime) -> Page:
    """The token is made with the letter, and kept nowhere but in it."""
    again = user.password_hash is not None
    hours = dt.timedelta(hours=current_app.config.get("LAPOR_INVITATION_HOURS", 72))
    token = accounts.invite(db.session(), user, lifetime=hours, now=now)
    lifetime = accounts.RESET_LIFETIME if again else hours
    return Page(
        words=words.NEW_PASSWORD if again else words.INVITATION,
        values={"username": user.username, "lifetime": in_words(lifetime)},
        link=address(f"/undangan/{token}"),
    )


def in_words(lifetime: dt.timedelta) -> str:
    minutes = round(lifetime.total_seconds() / 60)
    return f"{minutes} menit" if minutes < 60 else f"{minutes / 60:g} jam".replace(".", ",")
