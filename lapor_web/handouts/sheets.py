"""The figures of a period or of a meeting as XLSX, with the reports behind them, and as CSV."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from lapor_web.handouts import definitions, kinds, lists, spreadsheet, tables
from lapor_web.handouts.cells import Table
from lapor_web.handouts.kinds import Format
from lapor_web.handouts.paper import as_of, span
from lapor_web.models import Agency, Meeting, User
from lapor_web.services import handout_reports, rakor
from lapor_web.services.long_jobs import Product
from lapor_web.services.meeting_file import read_file
from lapor_web.services.periods import Period
from lapor_web.services.recap import Recap, recap
from lapor_web.services.working_days import wita_date


def of_period(
    session: Session, agency: Agency, user: User, period: Period, format_: Format, now: dt.datetime
) -> Product:
    name = kinds.recap_name(period)
    this, figures = figures_of(session, agency, period, now)
    if format_ is Format.CSV:
        return as_csv(name, figures)
    if not kinds.sees_reports(user):
        return as_xlsx(name, agency, period, figures, [], now)
    made = handout_reports.commitments_of(session, agency.id, period, today=wita_date(now))
    promises = lists.promises(handout_reports.may_be_named(made))
    waiting = waiting_in(session, agency, this)
    return as_xlsx(name, agency, period, figures, [waiting, promises], now)


def of_meeting(
    session: Session, agency: Agency, meeting: Meeting, format_: Format, now: dt.datetime
) -> Product:
    """Its promises, and those of the meeting before, which it went through."""
    period, name = rakor.period_of(meeting), kinds.meeting_name(meeting)
    this, figures = figures_of(session, agency, period, now)
    if format_ is Format.CSV:
        return as_csv(name, figures)
    file = read_file(session, meeting, now=now)
    made = handout_reports.may_be_named([*file.commitments, *file.previous_commitments])
    waiting = waiting_in(session, agency, this)
    return as_xlsx(name, agency, period, figures, [waiting, lists.promises(made)], now)


def figures_of(
    session: Session, agency: Agency, period: Period, now: dt.datetime
) -> tuple[Recap, list[Table]]:
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    return this, [tables.summary(this, before), tables.offices(this)]


def waiting_in(session: Session, agency: Agency, of: Recap) -> Table:
    counted = of.figures.not_acted_on
    return lists.waiting(
        handout_reports.not_acted_on(
            session, agency.id, of.period, counted=counted, now=of.computed_at
        )
    )


def as_csv(name: str, figures: Sequence[Table]) -> Product:
    """One table, the one of the offices with the city below; the rest has no place in a CSV."""
    content = spreadsheet.as_csv(figures[1])
    return Product(f"{name}.csv", spreadsheet.CSV_TYPE, content)


def as_xlsx(
    name: str,
    agency: Agency,
    period: Period,
    figures: Sequence[Table],
    reports: Sequence[Table],
    now: dt.datetime,
) -> Product:
    content = spreadsheet.as_xlsx(
        [*figures, *reports],
        title=name,
        said_at=now,
        notes=[
            f"{agency.name}, laporan yang diterima {span(period)}. {as_of(now)}.",
            *definitions.FULL,
            *(definitions.OF_REPORTS if reports else ()),
        ],
        foot=as_of(now),
    )
    return Product(f"{name}.xlsx", spreadsheet.XLSX_TYPE, content)
