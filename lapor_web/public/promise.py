"""The box on a report's page: one promise, with a date (ux.md 4.2)."""

import datetime as dt
from dataclasses import dataclass

from lapor_web.dates import day
from lapor_web.models import Report, Status
from lapor_web.public.words import HOW_FINISHED, office, public_sentence
from lapor_web.services.conversation import REOPEN_WITHIN, may_contest, may_reopen
from lapor_web.services.working_days import WorkingDays, wita_date


@dataclass(frozen=True, slots=True)
class Promise:
    words: str
    """In bold."""
    detail: str = ""


def promise(
    report: Report, days: WorkingDays, now: dt.datetime, *, reminded: dt.datetime | None = None
) -> Promise | None:
    """None where there is no date to promise and nothing to add to the heading. `reminded`: when
    the office and its supervisor last were."""
    today = wita_date(now)
    match report.status:
        case Status.UNVERIFIED:
            return _by("Paling lambat diperiksa", report.due_on, days, today)
        case Status.ON_HOLD:
            return _completed_by(report.due_on, today)
        case Status.FORWARDED:
            return _late(report, reminded, _by("Paling lambat dijawab", report.due_on, days, today))
        case Status.IN_PROCESS | Status.AWAITING_APPROVAL:
            return _late(report, reminded, _finished_by(report, days, today))
        case Status.AWAITING_REPORTER:
            return _confirmed_by(report, today)
        case Status.FINISHED:
            return _finished(report, now)
        case Status.MERGED if report.parent and report.parent.is_published:
            return Promise(
                public_sentence(report.parent),
                f"Itu laporan {report.parent.number}. Kabarnya kami kirim juga ke Anda.",
            )
        case Status.ARCHIVED | Status.OUTSIDE_AUTHORITY if may_contest(report):
            return Promise("Anda dapat mengajukan keberatan satu kali di sini")
        case _:
            return None


NO_NEW_DATE = "Belum ada tanggal baru."


def _late(report: Report, reminded: dt.datetime | None, said: Promise | None) -> Promise | None:
    """What was done about it stands before what is still missing."""
    if said is None or reminded is None or not said.detail.endswith(NO_NEW_DATE):
        return said
    done = f"Kami mengingatkan {office(report)} {day(reminded)}."
    return Promise(said.words, f"{said.detail.removesuffix(NO_NEW_DATE)}{done} {NO_NEW_DATE}")


def _by(what: str, due: dt.date | None, days: WorkingDays, today: dt.date) -> Promise | None:
    if due is None:
        return None
    if due >= today:
        return Promise(f"{what} {day(due)}", _left(days.between(today, due)))
    late = days.between(due, today)
    if not late:  # a weekend is no working day late
        return Promise(f"{what} {day(due)}", "Hari kerja berikutnya sudah lewat tenggat.")
    return Promise(
        f"Lewat tenggat {late} hari kerja",
        f"{what} {day(due)}. {NO_NEW_DATE}",
    )


def _finished_by(report: Report, days: WorkingDays, today: dt.date) -> Promise | None:
    """The office's own date goes before the limit, as long as it lies ahead."""
    promised = report.promised_on
    if promised and promised >= today:
        return Promise(f"Target selesai {day(promised)}", _left(days.between(today, promised)))
    if promised is None:
        return _by("Paling lambat selesai", report.due_on, days, today)
    passed = f"{office(report)} menargetkan selesai {day(promised)}."
    if report.due_on and report.due_on >= today:
        return Promise("Target selesai sudah lewat", f"{passed} Batasnya {day(report.due_on)}.")
    return Promise("Target selesai sudah lewat", f"{passed} {NO_NEW_DATE}")


def _completed_by(due: dt.date | None, today: dt.date) -> Promise | None:
    if due is None:
        return None
    if due < today:
        return Promise(f"Batas melengkapi {day(due)} sudah lewat", "Laporan segera ditutup.")
    return Promise(f"Lengkapi paling lambat {day(due)}", "Sesudah itu laporan ditutup.")


def _confirmed_by(report: Report, today: dt.date) -> Promise | None:
    since = (
        f"{office(report)} menyatakan selesai {day(report.answered_at)}"
        if (report.answered_at)
        else ""
    )
    if report.due_on is None or report.due_on < today:
        return Promise(since) if since else None
    silent = f"Selesai otomatis {day(report.due_on)} bila tidak ada tanggapan."
    return Promise(since, silent) if since else Promise(silent)


def _finished(report: Report, now: dt.datetime) -> Promise | None:
    if report.finished_at is None or report.finish_mode is None:
        return None
    words = HOW_FINISHED[report.finish_mode]
    if may_reopen(report.reopened_count, report.finished_at, now):
        until = wita_date(report.finished_at + REOPEN_WITHIN)
        words += f" Belum beres? Laporan dapat dibuka lagi sampai {day(until)}."
    return Promise(f"Selesai {day(report.finished_at)}", words)


def _left(days: int) -> str:
    return f"{days} hari kerja lagi." if days else "Hari ini."


def next_steps(report: Report) -> list[Promise]:
    """What is still to come, for the end of the thread."""
    answer = Promise("Dinas yang berwenang menjawab")
    end = Promise("Selesai", "Anda yang menilai apakah sudah beres")
    match report.status:
        case Status.UNVERIFIED | Status.ON_HOLD:
            return [answer, end]
        case Status.FORWARDED:
            return [Promise(f"{office(report)} menjawab"), end]
        case Status.IN_PROCESS | Status.AWAITING_APPROVAL | Status.AWAITING_REPORTER:
            return [end]
        case _:
            return []
