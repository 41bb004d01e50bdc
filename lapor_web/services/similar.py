""" "Already reported?": published reports that may be about the same thing, nearby and still open.

Only what everybody may read is looked at, so that no answer can hint at a hidden report. The
index names the newest reports that bear a word of the place; what they tell is compared in memory.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, aliased

from lapor_web.models import (
    Agency,
    Area,
    AreaKind,
    Opd,
    Report,
    ReportPoint,
    Status,
    public_words_of_report,
    words_of_report,
)
from lapor_web.models.workflow import HANDLED
from lapor_web.services.access import PUBLISHED, ordinary
from lapor_web.services.alike import alike, place_words
from lapor_web.services.places import COARSE, Point, told_latitude, told_longitude
from lapor_web.services.search import signs_back_from
from lapor_web.services.working_days import wita_date

AT_MOST = 3
COMPARED = 60
"""Candidates, the newest of those at the place; more would keep a citizen waiting."""
BLOCKS_BACK = 4
"""Of `services.search`: the newest 80 thousand reports."""
RECENT = dt.timedelta(days=180)
NEAR = 0.003
"""Degrees, some 330 m around a point."""
ALIKE = 28
"""Of 100; among the demo's stories it finds five of seven pairs, and 2 % of what merely shares a street."""
JOINABLE = HANDLED | {Status.UNVERIFIED, Status.ON_HOLD}
"""Still being worked on; what is finished may have happened again."""


@dataclass(frozen=True, slots=True)
class Similar:
    number: str
    title: str
    place: str
    area: str | None
    status: Status
    office: str | None
    received_on: dt.date
    reporters: int
    """Who sent it, and who joined since."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is about to send."""

    story: str
    place: str
    kecamatan_id: int | None = None
    point: Point | None = None


def find_similar(
    session: Session, agency: Agency, told: Told, *, now: dt.datetime
) -> list[Similar]:
    """At most three, the most alike first."""
    ids = _near(session, agency, told)
    if not ids:
        return []
    since = wita_date(now - RECENT)
    child = aliased(Report)
    joined = (
        select(func.count())
        .where(child.parent_id == Report.id, child.status == Status.MERGED, ordinary(child))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Report.number,
            func.coalesce(Report.title, "").label("title"),
            func.coalesce(Report.public_text, "").label("text"),
            Report.place,
            Area.name.label("area"),
            func.coalesce(Area.parent_id, Area.id).label("parent_area"),
            Area.id.label("area_id"),
            Area.kind.label("area_kind"),
            Report.status,
            Opd.short_name.label("office"),
            Report.received_on,
            joined.label("joined"),
        )
        .outerjoin(Report.area)
        .outerjoin(Report.holder)
        .where(Report.id.in_(ids), Report.received_on >= since)
    ).all()
    ranked = []
    for row in rows:
        whole = row.area_id if row.area_kind == AreaKind.KECAMATAN else row.parent_area
        if row.area_id and told.kecamatan_id and whole != told.kecamatan_id:
            continue
        if (score := alike(told.story, told.place, f"{row.title} {row.text}", row.place)) >= ALIKE:
            ranked.append((score, row))
    ranked.sort(key=lambda one: (one[0], one[1].number), reverse=True)
    return [_shown(row) for _, row in ranked[:AT_MOST]]


def _shown(row: Any) -> Similar:
    return Similar(
        row.number,
        row.title,
        row.place,
        row.area,
        row.status,
        row.office,
        row.received_on,
        row.joined + 1,
    )


def _near(session: Session, agency: Agency, told: Told) -> Sequence[int]:
    within = and_(Report.agency_id == agency.id, PUBLISHED, Report.status.in_(JOINABLE))
    ids = list(_around(session, told.point, within)) if told.point else []
    if words := place_words(told.place):
        ids += newest_named(session, words, within, public=True)
    return ids


def _around(session: Session, point: Point, within: ColumnElement[bool]) -> Iterable[int]:
    return session.scalars(
        select(ReportPoint.report_id)
        .join(Report, Report.id == ReportPoint.report_id)
        .where(
            # By the index, and a little more; then by what is told: see `services.map_points`.
            *near(NEAR + COARSE, ReportPoint.latitude, ReportPoint.longitude, point),
            *near(NEAR, told_latitude(), told_longitude(), point),
            within,
        )
        .order_by(ReportPoint.report_id.desc())
        .limit(COMPARED)
    )


def near(far: float, latitude: Any, longitude: Any, point: Point) -> list[ColumnElement[bool]]:
    return [
        latitude.between(point.latitude - far, point.latitude + far),
        longitude.between(point.longitude - far, point.longitude + far),
    ]


def newest_named(
    session: Session,
    words: list[str],
    within: ColumnElement[bool],
    *,
    public: bool,
    blocks_back: int = BLOCKS_BACK,
) -> Iterable[int]:
    """The newest reports within `within` that bear one of the words: in the copy for the public, or
    in what was written."""
    newest = session.scalar(select(func.max(Report.id)))
    if newest is None:
        return []
    lately = " | ".join(f"'{sign}'" for sign in islice(signs_back_from(newest + 1), blocks_back))
    query = func.websearch_to_tsquery("indonesian", " OR ".join(words))
    vector = public_words_of_report() if public else words_of_report()
    # Apart from its order and its limit, as `services.search` says.
    hits = (
        select(Report.id, within.label("seen"))
        .where(vector.op("@@")(query.op("&&")(cast(lately, TSQUERY))))
        .where(PUBLISHED if public else true())
        .cte("hits")
        .prefix_with("MATERIALIZED")
    )
    return session.scalars(
        select(hits.c.id).where(hits.c.seen).order_by(hits.c.id.desc()).limit(COMPARED)
    )
