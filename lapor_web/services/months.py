"""How the figures went from month to month, and the same months a year before."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web.models import Agency
from lapor_web.services.figure_rows import by_month
from lapor_web.services.periods import Period
from lapor_web.services.recap import Spread
from lapor_web.services.traits import Tally
from lapor_web.services.usages import Usage


@dataclass(frozen=True, slots=True)
class MonthLine:
    period: Period
    """The whole month."""
    tally: Tally
    pace: Spread
    earlier: Period
    """The same month a year earlier."""
    before: Tally


def monthly(session: Session, agency: Agency, period: Period, usage: Usage) -> list[MonthLine]:
    """A line for each month that the period touches; each is counted whole."""
    months = period.months()
    earlier = [month.a_year_earlier() for month in months]
    found = by_month(session, agency, sorted({one.start for one in (*months, *earlier)}))
    return [
        MonthLine(
            month,
            Tally.of(found[month.start].counts, usage),
            Spread.of(found[month.start].pace),
            before,
            Tally.of(found[before.start].counts, usage),
        )
        for month, before in zip(months, earlier, strict=True)
    ]


def tallest(lines: list[MonthLine]) -> int:
    """What the height of a chart stands for."""
    return max((max(line.tally.received, line.before.received) for line in lines), default=0)
