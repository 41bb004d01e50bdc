"""Brings a city's reference data into the database; doing it twice changes nothing."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Area,
    AreaKind,
    CalendarVersion,
    Category,
    Classification,
    Holiday,
    HolidayKind,
    Limit,
    Opd,
    Step,
)
from lapor_web.services.seed_files import read_holidays, read_rows

CITY = "samarinda"
"""The folder of `lapor_web/seed` that this installation serves."""


def seed(session: Session, city: str) -> Agency:
    """Everything of `seed/<city>`. What an officer edited since is left as it is."""
    agency = seed_agency(session, city)
    seed_areas(session, agency, city)
    seed_opds(session, agency, city)
    seed_categories(session, agency, city)
    seed_calendar(session, agency, city)
    seed_limits(session, agency, city)
    return agency


def seed_agency(session: Session, city: str) -> Agency:
    text = files("lapor_web").joinpath("seed", city, "agency.toml").read_text(encoding="utf-8")
    facts = tomllib.loads(text)
    agency = session.scalar(select(Agency).where(Agency.code == facts["code"]))
    if agency is None:
        names = ("code", "name", "service_name", "number_prefix", "timezone", "sp4n_id")
        agency = Agency(
            **{name: facts[name] for name in names},
            city_name=facts["city"]["full_name"],
            archive_reasons=[
                {"code": row["code"], "words": row["label"], "active": True}
                for row in read_rows(city, "archive_reasons")
            ],
        )
        session.add(agency)
        session.flush()
    return agency


def seed_areas(session: Session, agency: Agency, city: str) -> None:
    rows = list(read_rows(city, "areas"))
    areas, new = add_missing(
        session,
        agency,
        Area,
        {
            row["code"]: {
                "name": row["name"],
                "kind": AreaKind(row["kind"]),
                "latitude": float(row["latitude"]),
                "longitude": float(row["longitude"]),
            }
            for row in rows
        },
    )
    link(new, rows, "parent_id", "parent_code", areas)


def seed_opds(session: Session, agency: Agency, city: str) -> None:
    rows = list(read_rows(city, "opds"))
    opds, new = add_missing(
        session,
        agency,
        Opd,
        {
            row["code"]: {
                "name": row["name"],
                "short_name": row["short_name"],
                "kind": row["kind"],
                "sp4n_id": int(row["sp4n_id"]) if row["sp4n_id"] else None,
                "sp4n_name": row["sp4n_name"] or None,
                "keywords": row["keywords"],
                "needs_approval": row["supervisor"] == "1",
            }
            for row in rows
        },
    )
    areas = by_code(session, agency, Area)
    link(new, rows, "parent_id", "parent_code", opds)
    link(new, rows, "area_id", "area_code", areas)
    link(
        new,
        [row for row in rows if row["reports_as"] != row["code"]],
        "reports_as_id",
        "reports_as",
        opds,
    )


def seed_categories(session: Session, agency: Agency, city: str) -> None:
    rows = list(read_rows(city, "categories"))
    categories, new = add_missing(
        session,
        agency,
        Category,
        {
            row["code"]: {
                "name": row["name"],
                "sp4n_id": int(row["sp4n_id"]) if row["sp4n_id"] else None,
            }
            for row in rows
        },
    )
    link(new, rows, "parent_id", "parent_code", categories)
    link(new, rows, "opd_id", "opd_code", by_code(session, agency, Opd))


def seed_calendar(session: Session, agency: Agency, city: str) -> None:
    """The first version only: later ones are the city's own."""
    if session.scalar(select(CalendarVersion.id).where(CalendarVersion.agency_id == agency.id)):
        return
    session.add(
        CalendarVersion(
            agency_id=agency.id,
            note="Kalender awal",
            holidays=[
                Holiday(date=row.date, name=row.name, kind=HolidayKind(row.kind))
                for row in read_holidays(city)
            ],
        )
    )
    session.flush()


def seed_limits(session: Session, agency: Agency, city: str) -> None:
    if session.scalar(select(Limit.id).where(Limit.agency_id == agency.id)):
        return
    session.add_all(
        Limit(
            agency_id=agency.id,
            step=Step(row["step"]),
            classification=Classification(row["classification"]) if row["classification"] else None,
            days=int(row["working_days"]),
            amber_days=int(row["amber_days"]) if row["amber_days"] else None,
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            source=row["source"],
        )
        for row in read_rows(city, "limits")
    )
    session.flush()


def add_missing(
    session: Session, agency: Agency, table: type[Any], wanted: dict[str, dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows by code, those included that were there; and the new ones, which are still to be linked.
    What was there is as somebody left it on screen, an empty place too."""
    there = by_code(session, agency, table)
    new = {
        code: table(agency_id=agency.id, code=code, **fields)
        for code, fields in wanted.items()
        if code not in there
    }
    session.add_all(new.values())
    session.flush()
    return there | new, new


def by_code(session: Session, agency: Agency, table: type[Any]) -> dict[str, Any]:
    rows = session.scalars(select(table).where(table.agency_id == agency.id))
    return {row.code: row for row in rows}


def link(
    rows: dict[str, Any],
    files_rows: Iterable[dict[str, str]],
    column: str,
    named: str,
    others: dict[str, Any],
) -> None:
    """Set a reference that the file gives by code."""
    for file_row in files_rows:
        row, code = rows.get(file_row["code"]), file_row[named]
        if row is not None and code:
            setattr(row, column, others[code].id)
