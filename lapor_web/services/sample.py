"""Fills a database with plausible reports by COPY, for load tests."""

import csv
import datetime as dt
import itertools
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Json
from sqlalchemy import ColumnElement, FromClause, func, insert, select, text
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Area,
    AreaKind,
    Category,
    Disposition,
    HistoryEntry,
    Hold,
    Kind,
    Opd,
    Report,
    Role,
    User,
)
from lapor_web.services.calendars import newest_calendar, working_days
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import format_number
from lapor_web.services.sample_lives import Life, Lives, Office, Story

TABLES = ("report", "history", "disposition", "hold")
AT_ONCE = 20_000
"""Reports that are in memory at a time."""
PREFIX = "contoh"
KIND_OF = {
    "supervisory": Kind.COMPLAINT,
    "non_supervisory": Kind.COMPLAINT,
    "information_request": Kind.INFORMATION,
    "aspiration": Kind.ASPIRATION,
}


def form_key(number: str) -> str:
    """The form that a sampled report came from, so that a load test knows its receipt code."""
    return f"{PREFIX}-{number}"


def fill(
    session: Session, agency: Agency, count: int, *, keys: Keys, now: dt.datetime, seed: int = 1
) -> None:
    """`count` reports with their histories, in the caller's transaction: all or none.

    Constraints, indexes and triggers of these tables are taken off meanwhile and put back, which
    checks every row; kept counters are the caller's business (`services.figures.recount`).
    """
    lives = people_and_places(session, agency, now, seed)
    put_back = take_off(session)
    calendar_id = newest_calendar(session, agency.id)
    numbers = Numbers(session, agency)
    ids = itertools.count(session.scalar(text("SELECT coalesce(max(id), 0) + 1 FROM report")) or 1)
    made = lives.make(count)
    while batch := list(itertools.islice(made, AT_ONCE)):
        for life in batch:
            number = numbers.next(life.report["received_on"].year)
            key = form_key(number)
            life.report |= {
                "id": next(ids),
                "agency_id": agency.id,
                "calendar_id": calendar_id,
                "number": number,
                "key_hash": keys.hash_of_form(key),
                "receipt_hash": keys.hash_of_receipt(keys.receipt_code(key)),
            }
        copy_all(session, batch)
    numbers.keep()
    session.execute(text("SELECT setval('report_id_seq', (SELECT max(id) FROM report))"))
    for statement in put_back:
        session.execute(text(statement))


def copy_all(session: Session, batch: list[Life]) -> None:
    copy(session, Report.__table__, (life.report for life in batch))
    copy(session, HistoryEntry.__table__, history_rows(batch))
    copy(session, Disposition.__table__, disposition_rows(batch), without="id")
    copy(session, Hold.__table__, hold_rows(batch), without="id")


def history_rows(batch: list[Life]) -> Iterator[dict[str, Any]]:
    nothing = Json({})
    for life in batch:
        for row in life.history:
            details = Json(row["details"]) if row.get("details") else nothing
            yield row | {"report_id": life.report["id"], "details": details}


def disposition_rows(batch: list[Life]) -> Iterator[dict[str, Any]]:
    for life in batch:
        if life.disposition:
            report = life.report
            yield {"agency_id": report["agency_id"], "report_id": report["id"], **life.disposition}


def hold_rows(batch: list[Life]) -> Iterator[dict[str, Any]]:
    for life in batch:
        if started := life.report.get("hold_started_at"):
            yield {"report_id": life.report["id"], "started_at": started, "started_sequence": 2}


def copy(
    session: Session, table: FromClause, rows: Iterator[dict[str, Any]], *, without: str = ""
) -> None:
    """What a row does not say is what the model says of a new one."""
    connection = session.connection().connection.dbapi_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101
    usual = {column.name: usual_value(column) for column in table.columns if column.name != without}
    statement = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(str(table)), SQL(", ").join(map(Identifier, usual))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row([row.get(name, value) for name, value in usual.items()])


def usual_value(column: ColumnElement[Any]) -> Any:
    default = getattr(column, "default", None)
    return default.arg if default is not None and default.is_scalar else None


def take_off(session: Session) -> list[str]:
    """Foreign keys, plain indexes and triggers; the statements that put them back, in order."""
    keys = session.execute(
        text(
            "SELECT conrelid::regclass::text AS tab, quote_ident(conname) AS name,"
            " pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f'"
            " AND conrelid = ANY(CAST(:tables AS regclass[])) ORDER BY oid"
        ),
        {"tables": list(TABLES)},
    ).all()
    indexes = session.execute(
        text(
            "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition"
            " FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid"
            " WHERE i.indrelid = ANY(CAST(:tables AS regclass[])) AND c.oid IS NULL"
        ),
        {"tables": list(TABLES)},
    ).all()
    for key in keys:
        session.execute(text(f"ALTER TABLE {key.tab} DROP CONSTRAINT {key.name}"))
    for index in indexes:
        session.execute(text(f"DROP INDEX {index.name}"))
    for table in TABLES:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    return [
        *(index.definition for index in indexes),
        *(f"ALTER TABLE {key.tab} ADD CONSTRAINT {key.name} {key.definition}" for key in keys),
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES),
    ]


class Numbers:
    """Public numbers as the sequences would give them, without asking for each."""

    def __init__(self, session: Session, agency: Agency):
        self.session, self.agency = session, agency
        self.last: dict[int, int] = {}

    def next(self, year: int) -> str:
        if year not in self.last:
            first = self.session.scalar(select(func.next_report_sequence(self.agency.id, year)))
            self.last[year] = (first or 1) - 1
        self.last[year] += 1
        return format_number(self.agency.number_prefix, year, self.last[year])

    def keep(self) -> None:
        for year, last in self.last.items():
            name = f"report_number_{self.agency.id}_{year}"
            self.session.execute(select(func.setval(name, last)))


def people_and_places(session: Session, agency: Agency, now: dt.datetime, seed: int) -> Lives:
    opds = session.scalars(
        select(Opd).where(Opd.agency_id == agency.id, Opd.active).order_by(Opd.id)
    ).all()
    officers = make_officers(session, agency, opds)
    offices = [
        Office(
            opd.id,
            opd.name,
            *officers[opd.id],
            needs_approval=opd.needs_approval,
            slowness=1 + opd.id % 7,
        )
        for opd in opds
    ]
    areas = session.scalars(
        select(Area.id).where(Area.agency_id == agency.id, Area.kind != AreaKind.CITY)
    ).all()
    categories = session.scalars(select(Category.id).where(Category.agency_id == agency.id)).all()
    return Lives(
        days=working_days(session, newest_calendar(session, agency.id)),
        offices=offices,
        coordinator=Office(None, "", *officers[None], needs_approval=False, slowness=1),
        stories=read_stories(),
        answers=[row["text"] for row in read_corpus("answers") if not row["opd_code"]],
        area_ids=areas,
        category_ids=categories,
        now=now,
        seed=seed,
    )


def make_officers(session: Session, agency: Agency, opds: Any) -> dict[int | None, tuple[int, str]]:
    """One for each office and a coordinator, none of whom can sign in."""
    wanted: dict[str, tuple[Role, int | None]] = {f"{PREFIX}-koordinator": (Role.COORDINATOR, None)}
    wanted |= {f"{PREFIX}-{opd.code.lower()}": (Role.LIAISON, opd.id) for opd in opds}
    there = dict(
        iter(session.execute(select(User.username, User.id).where(User.username.in_(wanted))))
    )
    for username, (role, opd_id) in wanted.items():
        if username not in there:
            there[username] = session.execute(
                insert(User)
                .values(
                    agency_id=agency.id,
                    username=username,
                    name=f"Petugas {username}",
                    role=role,
                    opd_id=opd_id,
                    active=False,
                )
                .returning(User.id)
            ).scalar_one()
    return {
        opd_id: (there[username], f"Petugas {username}") for username, (_, opd_id) in wanted.items()
    }


def read_stories() -> list[Story]:
    return [
        Story(
            row["title"],
            row["story"],
            row["place"],
            row["classification"],
            KIND_OF[row["classification"]].value,
        )
        for row in read_corpus("stories")
    ]


def read_corpus(name: str) -> Iterator[dict[str, str]]:
    with files("lapor_web").joinpath("seed", "demo", f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
