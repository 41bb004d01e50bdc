"""A message to an officer: of one report, of the morning, or a link to set a password."""

import datetime as dt

from flask import current_app

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.letters import words
from lapor_web.letters.page import Page, address, short_date
from lapor_web.letters.words import Words
from lapor_web.models import Medium, MessageKind, NoticeSettings, OutboxMessage, Report, Role, User
from lapor_web.services import accounts, digest
from lapor_web.services.channels import Letter, Refused
from lapor_web.services.digest import Count
from lapor_web.services.news import News, NobodyToTell, read_news
from lapor_web.services.officer_messages import may_see
from lapor_web.services.working_days import wita_date

WHY = "Surel ini dikirim kepada petugas. Atur di halaman Pengaturan."
COUNTED = {
    Count.OVERDUE: "{n} laporan lewat tenggat",
    Count.DUE_TODAY: "{n} jatuh tempo hari ini",
    Count.TO_VERIFY: "{n} menunggu diperiksa",
    Count.TO_APPROVE: "{n} menunggu persetujuan Anda",
    Count.MINE: "{n} tugas Anda",
    Count.PARKED: "{n} pesan tertahan",
}


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
    report = db.session.get_one(Report, message.report_id)
    if not may_see(db.session(), report, user):
        raise NobodyToTell("not_theirs")
    news = read_news(db.session(), message, now)
    return Page(
        words=choose_words(news),
        values={
            "number": news.number,
            "office": news.office or "verifikasi",
            "due": short_date(news.due_on) if news.due_on else "",
            "doer": news.doer or "Rekan Anda",
        },
        link=address(f"/kotak-masuk/{news.number}"),
        why=WHY,
        stop_url=address("/pengaturan"),
        template=news.kind.value,
    )


def choose_words(news: News) -> Words:
    if news.hidden:
        return words.TO_OFFICER_NEUTRAL
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
    counts = digest.count(db.session(), user, city.current_agency(), today)
    if not counts:
        raise NobodyToTell("nothing")
    lines = [(COUNTED[what].format(n=n), address(where(what))) for what, n in counts.items()]
    first = next(iter(counts))
    only_there = address("/koordinasi") if user.role is Role.EVALUATOR else address(where(first))
    return Page(
        words=words.DIGEST,
        values={"words": ", ".join(line for line, _ in lines)},
        link=only_there,
        lines=tuple(lines),
        why=WHY,
        stop_url=address("/pengaturan"),
    )


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
