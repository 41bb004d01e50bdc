"""The recap (rekap): the figures of domain.md, "Indicators", for a period by date received.

What is counted comes from `figure_rows`; here it becomes percentages, means and medians. Unknown
is None, never 0: no D, no percentage; no known pace, no mean.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Opd
from lapor_web.services.calendars import calendar_of
from lapor_web.services.figure_rows import Counts, Histogram, OfficeRows, by_office
from lapor_web.services.merged_lines import MergedLine, merged_lines
from lapor_web.services.periods import Period
from lapor_web.services.working_days import WorkingDays, wita_date

__all__ = ["Figures", "OfficeFigures", "Outside", "Period", "Quality", "Recap", "Spread", "recap"]

_EPOCH = dt.date(1970, 1, 1)
_HUNDREDTH, _TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean (1 decimal), median, and of how many."""

    mean: Decimal | None
    median: Decimal | None
    n: int

    @classmethod
    def of(cls, values: Histogram) -> "Spread":
        n = values.total()
        if n == 0:
            return cls(None, None, 0)
        total = sum(value * count for value, count in values.items())
        return cls(_rounded(Decimal(total) / n, _TENTH), _median(values, n), n)

    def to_json(self) -> dict[str, Any]:
        return {"mean": _number(self.mean), "median": _number(self.median), "n": self.n}


@dataclass(frozen=True, slots=True)
class Outside:
    """Stands beside D, never in it."""

    unverified: int
    on_hold: int
    archived: int
    outside_authority: int
    merged: int

    def to_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Quality:
    """How well it was done. What happened to an import elsewhere is unknown, and not counted."""

    returned_percent: Decimal | None
    """Salah disposisi: of the disposed reports, those that were ever returned; for an office, of
    all that was disposed to it, what it returned."""
    reopened_percent: Decimal | None
    """Of the reports that were ever finished, those that were ever reopened."""
    automatic_percent: Decimal | None
    confirmed_percent: Decimal | None
    by_admin_percent: Decimal | None
    evidence_percent: Decimal | None
    rating: Spread
    returned: int
    reopened: int
    automatic: int
    confirmed: int
    by_admin: int
    evidence: int

    @property
    def known_returned(self) -> int | None:
        """None where nothing is known of what was disposed, as of imports alone."""
        return None if self.returned_percent is None else self.returned

    def to_json(self) -> dict[str, Any]:
        percents = ("returned", "reopened", "automatic", "confirmed", "by_admin", "evidence")
        json: dict[str, Any] = {
            f"{name}_percent": _number(getattr(self, f"{name}_percent")) for name in percents
        }
        return json | {"rating": {"mean": _number(self.rating.mean), "n": self.rating.n}}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the city, or of one office. `received` is D = S + P + B."""

    entered: int
    received: int
    finished: int
    in_process: int
    not_acted_on: int
    disposed: int
    outside: Outside
    finished_percent: Decimal | None
    acted_on_percent: Decimal | None
    pace: Spread
    """Working days from the disposition to the first follow-up."""
    pace_including_open: Spread
    """With those still waiting, at the age they have today."""
    waiting: int
    """How many of `pace_including_open` still wait."""
    on_time_percent: Decimal | None
    in_time: int
    late: int
    """First follow-ups past the limit, and those overdue without one."""
    completion: Spread
    """Working days from received to finished."""
    quality: Quality

    @property
    def acted_on(self) -> int:
        return self.finished + self.in_process

    def to_json(self) -> dict[str, Any]:
        return {
            "entered": self.entered,
            "received": self.received,
            "finished": self.finished,
            "in_process": self.in_process,
            "not_acted_on": self.not_acted_on,
            "outside": self.outside.to_json(),
            "disposed": self.disposed,
            "finished_percent": _number(self.finished_percent),
            "acted_on_percent": _number(self.acted_on_percent),
            "pace_working_days": self.pace.to_json(),
            "pace_including_open": self.pace_including_open.to_json(),
            "on_time_percent": _number(self.on_time_percent),
            "completion_working_days": self.completion.to_json(),
            "quality": self.quality.to_json(),
        }


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """The line of an office; `opd_id`, code and names are None for what no office holds."""

    opd_id: int | None
    code: str | None
    name: str | None
    short_name: str | None
    kind: str | None
    figures: Figures

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "name": self.name, **self.figures.to_json()}


@dataclass(frozen=True, slots=True)
class Recap:
    period: Period
    computed_at: dt.datetime
    figures: Figures
    per_opd: list[OfficeFigures]
    """In the order of the offices, not of their figures: this is no ranking. Last, what none holds."""
    merged: list[MergedLine] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "year": self.period.year,
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "computed_at": self.computed_at.isoformat(),
            **self.figures.to_json(),
            "per_opd": [office.to_json() for office in self.per_opd],
            "merged_opds": [one.to_json() for one in self.merged],
        }


def recap(session: Session, agency: Agency, period: Period, *, now: dt.datetime) -> Recap:
    """Everything about the reports received in the period, as it stands at this moment."""
    offices = by_office(session, agency, period)
    ages = _Ages(calendar_of(session, agency.id), wita_date(now))
    nobodys = offices.pop(None, OfficeRows())
    opds = session.execute(_OFFICES.where(Opd.agency_id == agency.id)).all()
    lines = [
        OfficeFigures(
            opd.id, opd.code, opd.name, opd.short_name, opd.kind, _of_office(offices[opd.id], ages)
        )
        for opd in opds
        if opd.id in offices and _says_something(offices[opd.id])
    ]
    lines.append(OfficeFigures(None, None, None, None, None, _of_office(nobodys, ages)))
    was_merged = any(opd.merged_into_id is not None for opd in opds)
    return Recap(
        period,
        now,
        _of_city([nobodys, *offices.values()], nobodys.values, ages),
        lines,
        merged_lines(session, agency.id, period) if was_merged else [],
    )


_OFFICES = select(
    Opd.id, Opd.code, Opd.name, Opd.short_name, Opd.kind, Opd.merged_into_id
).order_by(Opd.id)


@dataclass(frozen=True, slots=True)
class _Ages:
    """What depends on today: how old the open ones are, and which are overdue."""

    days: WorkingDays
    today: dt.date
    _known: dict[int, int] = field(default_factory=dict)
    """By the day: a hundred offices wait since the same few hundred."""

    def of(self, waiting_from: Histogram) -> Histogram:
        ages: Histogram = Counter()
        for day, count in waiting_from.items():
            ages[self._since(day)] += count
        return ages

    def overdue(self, due: Histogram) -> int:
        today = (self.today - _EPOCH).days
        return sum(count for day, count in due.items() if day < today)

    def _since(self, day: int) -> int:
        if day not in self._known:
            began = _EPOCH + dt.timedelta(days=day)
            self._known[day] = max(self.days.between(began, self.today), 0)
        return self._known[day]


def _of_city(rows: list[OfficeRows], city: dict[str, Histogram], ages: _Ages) -> Figures:
    """The city's clock runs from the first disposition, whoever held the report since."""
    counts = _sum(one.counts for one in rows)
    return _figures(
        counts,
        pace=city.get("pace", Counter()),
        open_ages=ages.of(city.get("waiting", Counter())),
        in_time=counts["in_time"],
        late=counts["late"] + ages.overdue(city.get("due", Counter())),
        returned=(counts["returned"], counts["disposed_here"]),
        completion=_sum(one.values.get("completion", Counter()) for one in rows),
        rating=_sum(one.values.get("rating", Counter()) for one in rows),
    )


def _of_office(office: OfficeRows, ages: _Ages) -> Figures:
    """Counts by the one responsible now; paces and returns by each holder's own interval."""

    def values(measure: str) -> Histogram:
        return office.values.get(measure, Counter())

    in_time, returned = values("holder_in_time"), values("holder_returned")
    return _figures(
        office.counts,
        pace=values("holder_pace"),
        open_ages=ages.of(values("holder_waiting")),
        in_time=in_time[1],
        late=in_time[0] + ages.overdue(values("holder_due")),
        returned=(returned[1], returned.total()),
        completion=values("completion"),
        rating=values("rating"),
    )


def _figures(
    counts: Counts,
    *,
    pace: Histogram,
    open_ages: Histogram,
    in_time: int,
    late: int,
    returned: tuple[int, int],
    completion: Histogram,
    rating: Histogram,
) -> Figures:
    finished = counts["finished"]
    acted_on = finished + counts["in_process"]
    received = acted_on + counts["not_acted_on"]
    return Figures(
        entered=counts["entered"],
        received=received,
        finished=finished,
        in_process=counts["in_process"],
        not_acted_on=counts["not_acted_on"],
        disposed=counts["disposed"],
        outside=Outside(*(counts[name] for name in Outside.__slots__)),
        finished_percent=percent(finished, received),
        acted_on_percent=percent(acted_on, received),
        pace=Spread.of(pace),
        pace_including_open=Spread.of(pace + open_ages),
        waiting=open_ages.total(),
        on_time_percent=percent(in_time, in_time + late),
        in_time=in_time,
        late=late,
        completion=Spread.of(completion),
        quality=Quality(
            returned_percent=percent(*returned),
            reopened_percent=percent(counts["reopened"], counts["once_finished_here"]),
            automatic_percent=percent(counts["automatic"], finished),
            confirmed_percent=percent(counts["confirmed"], finished),
            by_admin_percent=percent(counts["by_admin"], finished),
            evidence_percent=percent(counts["evidence"], counts["finished_here"]),
            rating=Spread.of(rating),
            returned=returned[0],
            reopened=counts["reopened"],
            automatic=counts["automatic"],
            confirmed=counts["confirmed"],
            by_admin=counts["by_admin"],
            evidence=counts["evidence"],
        ),
    )


def percent(part: int, whole: int) -> Decimal | None:
    """2 decimals, half up; None where there is nothing to be a part of."""
    return _rounded(Decimal(100 * part) / whole, _HUNDREDTH) if whole else None


def _median(values: Histogram, n: int) -> Decimal:
    """The middle one, or half-way between the two middle ones."""
    seen = 0
    lower: int | None = None
    for value in sorted(values):
        seen += values[value]
        if lower is None and 2 * seen >= n:
            lower = value
        if 2 * seen > n:
            break
    assert lower is not None  # noqa: S101  n > 0, so half of them are seen at some value
    return Decimal(lower + value) / 2


def _sum(counters: Iterable[Counter[Any]]) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for one in counters:
        total.update(one)
    return total


def _says_something(office: OfficeRows) -> bool:
    return office.counts["entered"] > 0 or bool(office.values)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
