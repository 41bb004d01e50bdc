"""The reports behind a number: every figure of a recap opens to exactly the reports it counts.

A number's name stands in the address (`?angka=selesai`), so it is Indonesian and stays. The public
counts and the leaders' count every report; whoever opens a number sees those of their own scope,
and is told how many are not shown.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from lapor_web.models import Disposition, EndReason, Opd, Report
from lapor_web.services.indicators import is_interval, marks, standing, waits
from lapor_web.services.periods import Period
from lapor_web.services.quality import IS_EMPTY, IS_HANDED_ON, MOST_MOVES
from lapor_web.services.recap import Figures

_IS, _WAS = standing(Report), marks(Report)

ENTERED, ON_TIME, LATE, PACE, WAITING, RETURNED = (
    *("masuk", "tepat-waktu", "terlambat", "laju", "menunggu", "salah-disposisi"),
)
PACE_SO_FAR = "laju-berjalan"
"""Those of PACE and those of WAITING: what the mean with the ages of the open ones is made of."""
WIDE = "diterima-luas"
"""What is received where the total includes what is on hold and archived (`services.usages`)."""
NO_OFFICE = "tanpa"
"""Stands for the line of what no office holds."""

BY_REPORT: dict[str, ColumnElement[bool]] = {
    ENTERED: Report.id.is_not(None),
    "diterima": or_(_IS["finished"], _IS["in_process"], _IS["not_acted_on"]),
    WIDE: or_(
        *(_IS["finished"], _IS["in_process"], _IS["not_acted_on"], _IS["on_hold"], _IS["archived"])
    ),
    "selesai": _IS["finished"],
    "proses": _IS["in_process"],
    "belum": _IS["not_acted_on"],
    "ditindaklanjuti": or_(_IS["finished"], _IS["in_process"]),
    "belum-terverifikasi": _IS["unverified"],
    "ditunda": _IS["on_hold"],
    "diarsipkan": _IS["archived"],
    "bukan-kewenangan": _IS["outside_authority"],
    "digabung": _IS["merged"],
    "terdisposisi": _WAS["disposed"],
    "penyelesaian": Report.completion_days.is_not(None),
    "dikonfirmasi": _WAS["confirmed"],
    "otomatis": _WAS["automatic"],
    "oleh-admin": _WAS["by_admin"],
    "dengan-bukti": _WAS["evidence"],
    "dibuka-kembali": _WAS["reopened"],
    "dinilai": Report.rating.is_not(None),
}
"""Of a report, whoever holds it: for an office, those it holds now."""

OF_CITY: dict[str, Callable[[dt.date], ColumnElement[bool]]] = {
    PACE: lambda today: Report.pace_days.is_not(None),
    WAITING: lambda today: and_(waits(Report), Report.waiting_from.is_not(None)),
    PACE_SO_FAR: lambda today: or_(OF_CITY[PACE](today), OF_CITY[WAITING](today)),
    ON_TIME: lambda today: _WAS["in_time"],
    LATE: lambda today: or_(_WAS["late"], and_(waits(Report), Report.follow_up_due_on < today)),
    RETURNED: lambda today: _WAS["returned"],
}
"""From the first disposition on, whoever held it."""

OF_HOLDER: dict[str, Callable[[dt.date], ColumnElement[bool]]] = {
    PACE: lambda today: Disposition.pace_days.is_not(None),
    WAITING: lambda today: and_(Disposition.waiting, Disposition.waiting_from.is_not(None)),
    PACE_SO_FAR: lambda today: or_(OF_HOLDER[PACE](today), OF_HOLDER[WAITING](today)),
    ON_TIME: lambda today: Disposition.in_time.is_(True),
    LATE: lambda today: or_(
        Disposition.in_time.is_(False),
        and_(Disposition.waiting, Disposition.follow_up_due_on < today),
    ),
    RETURNED: lambda today: and_(
        Disposition.end_reason == EndReason.RETURNED, Disposition.started_sequence > 1
    ),
}
"""Of a holder's own interval. An office that had a report twice has two, and its report is
listed once."""

EMPTY_ANSWER, HANDED_ON = "jawaban-belum-berisi", "berpindah"
OF_ANY_HOLDER = {EMPTY_ANSWER: IS_EMPTY, HANDED_ON: IS_HANDED_ON}
"""Of any holder's own interval, for the city too: what `services.quality` counts."""

MOVED = {"berpindah-satu-kali": 1, "berpindah-dua-kali": 2, "berpindah-lebih-sering": MOST_MOVES}
"""So often handed on, whoever held it; the last one so often or more."""

NUMBERS = (*BY_REPORT, *OF_CITY)
"""What a recap counts."""
ALL_NUMBERS = (*NUMBERS, *OF_ANY_HOLDER, *MOVED)


def behind(
    number: str, period: Period, *, today: dt.date, agency_id: int, office: str | None = None
) -> ColumnElement[bool]:
    """The condition on `Report` of one of ALL_NUMBERS, for the city, or for the line of an office: its
    code, or NO_OFFICE. `today` is the day in WITA. Raises KeyError for any other number. MOVED are of
    the city only."""
    received = and_(
        Report.agency_id == agency_id, Report.received_on.between(period.start, period.end)
    )
    if number in BY_REPORT:
        return and_(received, BY_REPORT[number], _held_by(office, agency_id))
    if office is None and number in OF_CITY:
        return and_(received, OF_CITY[number](today))
    if number in MOVED:
        return and_(received, Report.id.in_(_moved(period, MOVED[number], agency_id)))
    what = OF_ANY_HOLDER[number] if number in OF_ANY_HOLDER else OF_HOLDER[number](today)
    interval = exists().where(Disposition.report_id == Report.id, is_interval(Disposition), what)
    if office is not None:
        interval = interval.where(Disposition.opd_id.in_(_units_of_line(office, agency_id)))
    return and_(received, interval)


def _moved(period: Period, times: int, agency_id: int) -> Select[Any]:
    often = func.count() >= times if times == MOST_MOVES else func.count() == times
    return (
        select(Disposition.report_id)
        .where(
            Disposition.agency_id == agency_id,
            Disposition.received_on.between(period.start, period.end),
            IS_HANDED_ON,
        )
        .group_by(Disposition.report_id)
        .having(often)
    )


def _held_by(office: str | None, agency_id: int) -> ColumnElement[bool]:
    if office is None:
        return Report.id.is_not(None)
    if office == NO_OFFICE:
        return Report.holder_opd_id.is_(None)
    return Report.holder_opd_id.in_(_units_of_line(office, agency_id))


def _units_of_line(code: str, agency_id: int) -> Any:
    """The offices whose reports are counted in the line of that one."""
    line = select(Opd.id).where(Opd.agency_id == agency_id, Opd.code == code).scalar_subquery()
    return select(Opd.id).where(func.coalesce(Opd.reports_as_id, Opd.id) == line)


_COUNT: dict[str, Callable[[Figures], int]] = {
    ENTERED: lambda figures: figures.entered,
    "diterima": lambda figures: figures.received,
    WIDE: lambda figures: figures.received + figures.outside.on_hold + figures.outside.archived,
    "selesai": lambda figures: figures.finished,
    "proses": lambda figures: figures.in_process,
    "belum": lambda figures: figures.not_acted_on,
    "ditindaklanjuti": lambda figures: figures.acted_on,
    "belum-terverifikasi": lambda figures: figures.outside.unverified,
    "ditunda": lambda figures: figures.outside.on_hold,
    "diarsipkan": lambda figures: figures.outside.archived,
    "bukan-kewenangan": lambda figures: figures.outside.outside_authority,
    "digabung": lambda figures: figures.outside.merged,
    "terdisposisi": lambda figures: figures.disposed,
    "penyelesaian": lambda figures: figures.completion.n,
    "dikonfirmasi": lambda figures: figures.quality.confirmed,
    "otomatis": lambda figures: figures.quality.automatic,
    "oleh-admin": lambda figures: figures.quality.by_admin,
    "dengan-bukti": lambda figures: figures.quality.evidence,
    "dibuka-kembali": lambda figures: figures.quality.reopened,
    "dinilai": lambda figures: figures.quality.rating.n,
    PACE: lambda figures: figures.pace.n,
    WAITING: lambda figures: figures.waiting,
    PACE_SO_FAR: lambda figures: figures.pace_including_open.n,
    ON_TIME: lambda figures: figures.in_time,
    LATE: lambda figures: figures.late,
    RETURNED: lambda figures: figures.quality.returned,
}


def count_of(figures: Figures, number: str) -> int:
    """What the recap counted: so many reports are behind the number, some perhaps not shown."""
    return _COUNT[number](figures)
