"""The recap for everybody: nobody can work out from it where a hidden report lies.

Published reports can be counted by whoever reads the list, so the hidden part of any figure is
known by subtraction, however large the figure is. It stands with its office only where it is none
or at least five in each cell; the rest stands together in one line without an office, so that
the columns still add up. Where even the whole city has too few, they are left out of the totals.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Opd, Report
from lapor_web.services import indicators
from lapor_web.services.access import ORDINARY
from lapor_web.services.figure_rows import LINE
from lapor_web.services.open_measures import (
    NOT_MEASURED,
    Measures,
    measure_city,
    measure_offices,
)
from lapor_web.services.periods import Period
from lapor_web.services.recap import Figures, OfficeFigures, Outside, Recap, percent
from lapor_web.services.working_days import wita_date

FEWEST = 5
"""Hidden reports in a cell that point at none of them."""


@dataclass(frozen=True, slots=True)
class Cells:
    """S, P and B."""

    finished: int = 0
    in_process: int = 0
    not_acted_on: int = 0

    @property
    def received(self) -> int:
        return self.finished + self.in_process + self.not_acted_on

    @property
    def finished_percent(self) -> Decimal | None:
        return percent(self.finished, self.received)

    @property
    def points_at_one(self) -> bool:
        return any(0 < cell < FEWEST for cell in self._all())

    def __add__(self, other: "Cells") -> "Cells":
        return Cells(*(a + b for a, b in zip(self._all(), other._all(), strict=True)))

    def __sub__(self, other: "Cells") -> "Cells":
        return Cells(*(a - b for a, b in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, int, int]:
        return (self.finished, self.in_process, self.not_acted_on)


NONE = Cells()


@dataclass(frozen=True, slots=True)
class OpenLine:
    name: str | None
    """None for what no office holds."""
    short_name: str | None
    cells: Cells
    pace: Decimal | None
    on_time_percent: Decimal | None
    """Of the same reports as the cells."""


@dataclass(frozen=True, slots=True)
class OpenRecap:
    period: Period
    computed_at: dt.datetime
    cells: Cells
    pace: Decimal | None
    on_time_percent: Decimal | None
    outside: Outside
    lines: list[OpenLine]
    without_office: Cells = field(default=NONE)
    """Hidden reports whose office is not told."""


def open_recap(session: Session, agency: Agency, recap: Recap) -> OpenRecap:
    """Of the same instant's recap, if it is asked in the same transaction."""
    hidden = _hidden(session, agency, recap.period)
    moved = to_be_moved(hidden)
    together = _sum(hidden[opd_id] for opd_id in moved)
    left_out = together.points_at_one
    today = wita_date(recap.computed_at)
    measured = measure_offices(session, agency, recap.period, today, moved) if moved else {}
    lines = [
        _line(one, hidden[one.opd_id], measured.get(one.opd_id, NOT_MEASURED))
        if one.opd_id in moved
        else _whole_line(one)
        for one in recap.per_opd
    ]
    whole, pace_and_punctuality = _cells(recap.figures), _measures_of(recap.figures)
    if left_out:
        pace_and_punctuality = measure_city(session, agency, recap.period, today)
    return OpenRecap(
        recap.period,
        recap.computed_at,
        whole - together if left_out else whole,
        *pace_and_punctuality,
        recap.figures.outside,
        # Of an office without a figure nobody is told whether it has something to hide.
        [one for one in lines if one.cells.received],
        NONE if left_out else together,
    )


def to_be_moved(hidden: Mapping[int | None, Cells]) -> set[int | None]:
    """The offices whose hidden reports stand without their office. Those with few; and, where those
    of all such offices are still too few, the offices with the next fewest."""
    by_size = sorted(
        (opd_id for opd_id, cells in hidden.items() if cells.received),
        key=lambda opd_id: (hidden[opd_id].received, opd_id or 0),
    )
    moved = {opd_id for opd_id in by_size if hidden[opd_id].points_at_one}
    for opd_id in by_size:
        if not _sum(hidden[one] for one in moved).points_at_one:
            break
        moved.add(opd_id)
    return moved


def _sum(cells: Iterable[Cells]) -> Cells:
    return sum(cells, start=NONE)


def _cells(figures: Figures) -> Cells:
    return Cells(figures.finished, figures.in_process, figures.not_acted_on)


def _whole_line(office: OfficeFigures) -> OpenLine:
    return _line(office, NONE, _measures_of(office.figures))


def _line(office: OfficeFigures, moved: Cells, measures: Measures) -> OpenLine:
    cells = _cells(office.figures) - moved
    return OpenLine(office.name, office.short_name, cells, *measures)


def _measures_of(figures: Figures) -> Measures:
    return figures.pace.mean, figures.on_time_percent


def _hidden(session: Session, agency: Agency, period: Period) -> dict[int | None, Cells]:
    """By the office in whose line of the recap they are counted."""
    standing, count = indicators.standing(Report), func.count()
    rows = session.execute(
        select(
            LINE.label("line"),
            count.filter(standing["finished"]),
            count.filter(standing["in_process"]),
            count.filter(standing["not_acted_on"]),
        )
        .select_from(Report)
        .outerjoin(Opd, Opd.id == Report.holder_opd_id)
        .where(
            Report.agency_id == agency.id,
            ~ORDINARY,
            Report.received_on.between(period.start, period.end),
        )
        .group_by(LINE)
    )
    return {line: Cells(*counts) for line, *counts in rows}
