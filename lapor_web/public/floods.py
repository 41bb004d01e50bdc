"""What looks like a program, and how much of it is too much (promise 18), without a puzzle for people.

An address says little: behind one of a mobile network stands a whole neighbourhood. So nothing is
refused for its address alone, and whatever is doubted is taken in and waits for a human eye. Counts
stand in this process's memory: no table ever knows who sent what from where.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, request, session

from lapor_web import city, clock
from lapor_web.public.report_form import ReportForm
from lapor_web.services.working_days import WITA, wita_date

REPORTS_A_DAY = 5
"""Of one browser (ux.md 4.1)."""
OF_AN_ADDRESS = 300
"""Reports in ten minutes, beyond which they are looked at: a neighbourhood after a flood sends fewer."""
PROGRAMS_OF_AN_ADDRESS = 100
"""Posts in ten minutes that look like a program's, beyond which no more of them are taken in."""
SAME_WORDS = 10
"""A day: a text that is handed round, or a program's."""
MOST_REMEMBERED = 20_000
"""Subjects; beyond it the counting begins anew, rather than fill the memory."""
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
TEN_MINUTES, DAY = dt.timedelta(minutes=10), dt.timedelta(days=1)


class TooMany(Exception):
    """Of what a browser, or a program, may send; says until when."""

    def __init__(self, words: str, wait: dt.timedelta):
        super().__init__(words)
        self.words, self.wait = words, wait


@dataclass
class Recent:
    """How often each subject did something within `window`, and at most twice as long ago."""

    window: dt.timedelta
    began: dt.datetime = LONG_AGO
    now: dict[bytes, int] = field(default_factory=dict)
    before: dict[bytes, int] = field(default_factory=dict)

    def note(self, subject: bytes, at: dt.datetime) -> int:
        """Counts one more; how many there are with it."""
        age = at - self.began
        if age >= self.window or len(self.now) >= MOST_REMEMBERED:
            self.before = self.now if age < 2 * self.window else {}
            self.now, self.began = {}, at
        self.now[subject] = self.now.get(subject, 0) + 1
        return self.now[subject] + self.before.get(subject, 0)


@dataclass
class Counts:
    addresses: Recent = field(default_factory=lambda: Recent(TEN_MINUTES))
    programs: Recent = field(default_factory=lambda: Recent(TEN_MINUTES))
    sessions: Recent = field(default_factory=lambda: Recent(DAY))
    contacts: Recent = field(default_factory=lambda: Recent(DAY))
    words: Recent = field(default_factory=lambda: Recent(DAY))


def counts() -> Counts:
    kept = current_app.extensions
    if "lapor_floods" not in kept:
        kept["lapor_floods"] = Counts()
    return cast(Counts, kept["lapor_floods"])


def is_doubtful(form: ReportForm) -> bool:
    """Counts this sending. Raises TooMany, and then nothing is taken in."""
    refuse_more_than_a_day_brings(form)
    now, keys, seen = clock.now(), city.keys(), counts()
    address = keys.hash_of_subject("report-from", request.remote_addr or "")
    if form.looks_like_a_bot:
        if seen.programs.note(address, now) > PROGRAMS_OF_AN_ADDRESS:
            raise TooMany(
                "Terlalu banyak kiriman dari jaringan ini. Tunggu 10 menit, lalu kirim lagi.",
                TEN_MINUTES,
            )
        return True
    doubts = [
        seen.addresses.note(address, now) > OF_AN_ADDRESS,
        # A browser is told at its fifth; what goes on keeps no cookies, and is none.
        seen.sessions.note(keys.hash_of_subject("session", session["csrf"]), now) > REPORTS_A_DAY,
        # Anybody can type somebody's number: its owner is not refused for that.
        seen.words.note(keys.hash_of_content(form.story.data or ""), now) > SAME_WORDS,
        *(seen.contacts.note(who, now) > REPORTS_A_DAY for who in contacts_of(form)),
    ]
    return any(doubts)


def contacts_of(form: ReportForm) -> list[bytes]:
    typed = (form.phone.data or "", (form.email.data or "").lower())
    return [city.keys().hash_of_subject("contact", one) for one in typed if one]


def refuse_more_than_a_day_brings(form: ReportForm) -> None:
    """By this browser's own count. Sending once more what was sent is no new report."""
    if sent_today() < REPORTS_A_DAY or was_sent(form):
        return
    now = clock.now()
    midnight = dt.datetime.combine(wita_date(now) + dt.timedelta(days=1), dt.time(), WITA)
    raise TooMany(
        f"Anda sudah mengirim {REPORTS_A_DAY} laporan hari ini. Lanjutkan besok, atau telepon 112 bila mendesak.",
        midnight - now,
    )


def was_sent(form: ReportForm) -> bool:
    return form.key.data in {key for key, _ in session.get("sent", {}).values()}


def sent_today() -> int:
    day, count = session.get("sent_today", ("", 0))
    return int(count) if day == wita_date(clock.now()).isoformat() else 0


def count_in_browser() -> None:
    session["sent_today"] = (wita_date(clock.now()).isoformat(), sent_today() + 1)
