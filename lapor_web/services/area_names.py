"""Areas as the coordinator keeps them: their names, and the outlines that a file brings."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import Area, AreaKind, AreaShape, Subject
from lapor_web.services.area_file import Shape
from lapor_web.services.area_shapes import store_shapes
from lapor_web.services.configuration import Configuring

OUTLINES = "outlines"


def list_areas(session: Session, agency_id: int) -> Sequence[Area]:
    """By code: each kelurahan follows its kecamatan."""
    return session.scalars(
        select(Area).where(Area.agency_id == agency_id).order_by(Area.code)
    ).all()


def drawn(session: Session, agency_id: int) -> set[int]:
    """The ids of those whose outline is known."""
    rows = select(AreaShape.area_id).join(Area).where(Area.agency_id == agency_id)
    return set(session.scalars(rows))


def find_area(session: Session, agency_id: int, code: str) -> Area | None:
    return session.scalar(select(Area).where(Area.agency_id == agency_id, Area.code == code))


def rename_area(act: Configuring, area: Area, name: str) -> None:
    before = {"name": area.name}
    area.name = name
    act.session.flush()
    act.note(Subject.AREA, area.code, name, before, {"name": name})


def load_outlines(act: Configuring, shapes: Sequence[Shape]) -> int:
    """Raises UnusableAreas."""
    before = len(drawn(act.session, act.agency.id))
    count = store_shapes(act.session, act.agency, shapes)
    act.session.flush()
    there = act.session.scalar(
        select(func.count())
        .select_from(AreaShape)
        .join(Area)
        .where(Area.agency_id == act.agency.id, Area.kind != AreaKind.CITY)
    )
    # Said each time: the same number of outlines may be other outlines.
    loaded = {OUTLINES: f"{count} dimuat {act.now:%Y-%m-%d %H:%M} UTC, {there} dikenal"}
    act.note(Subject.AREA, OUTLINES, "Batas wilayah", {OUTLINES: f"{before} dikenal"}, loaded)
    return count
