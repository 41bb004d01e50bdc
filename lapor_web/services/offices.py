"""Offices (OPD) as the coordinator keeps them: added, renamed, placed, closed; never deleted.

A name that changes changes no past: history rows hold the one that was used then.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Opd, Report, Role, Status, Subject, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.models.workflow import HANDLED
from lapor_web.services import holding
from lapor_web.services.access import units_under
from lapor_web.services.configuration import Configuring, NotThisWay

OPEN = HANDLED | {Status.ON_HOLD}
"""An office works on it, or will again."""
CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said of an office; references by code."""

    name: str
    short_name: str
    kind: str
    parent: str | None
    reports_as: str | None
    needs_approval: bool
    keywords: str
    active: bool = True


def find_office(session: Session, agency_id: int, code: str) -> Opd | None:
    return session.scalar(select(Opd).where(Opd.agency_id == agency_id, Opd.code == code))


def in_order(session: Session, agency_id: int) -> list[tuple[int, Opd]]:
    """Each under the one it belongs to, with how deep it stands."""
    rows = session.scalars(
        select(Opd).where(Opd.agency_id == agency_id).order_by(Opd.active.desc(), Opd.name)
    ).all()
    return list(_branch(rows, None, 0))


def _branch(rows: Sequence[Opd], parent_id: int | None, depth: int) -> Iterator[tuple[int, Opd]]:
    for opd in rows:
        if opd.parent_id == parent_id:
            yield depth, opd
            yield from _branch(rows, opd.id, depth + 1)


def open_reports(opd_id: int) -> ColumnElement[bool]:
    return and_(Report.holder_opd_id == opd_id, Report.status.in_(OPEN))


def count_open(session: Session, opd_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Report).where(open_reports(opd_id))) or 0


def add_office(act: Configuring, code: str, facts: Facts) -> Opd:
    """Raises NotThisWay."""
    code = code.upper()
    if not CODE.fullmatch(code):
        raise NotThisWay("code", "Pakai huruf besar, angka, dan tanda hubung, misalnya DISHUB")
    if find_office(act.session, act.agency.id, code) is not None:
        raise NotThisWay("code", "Kode ini sudah dipakai OPD lain")
    if facts.kind == INSPECTORATE:
        _refuse_a_second(act)
    opd = Opd(agency_id=act.agency.id, code=code, kind=facts.kind)
    _put_on(act, opd, facts)
    act.session.add(opd)
    act.session.flush()
    act.note(Subject.OPD, opd.code, opd.name, {}, facts_of(act.session, opd))
    return opd


def change_office(act: Configuring, opd: Opd, facts: Facts) -> None:
    """Raises NotThisWay."""
    before = facts_of(act.session, opd)
    if facts.needs_approval and not opd.needs_approval:
        _refuse_without_supervisor(act, opd)
    leaves = (facts.kind, facts.active) != (opd.kind, opd.active)
    if opd.kind == INSPECTORATE and opd.active and leaves:
        raise NotThisWay("kind", "Inspektorat menerima laporan tentang petugas, jadi tetap ada")
    if (
        facts.kind == INSPECTORATE
        and facts.active
        and not (opd.kind == INSPECTORATE and opd.active)
    ):
        _refuse_a_second(act)
    if opd.active and not facts.active:
        _refuse_to_close(act, opd)
    if facts.active and opd.merged_into_id is not None:
        raise NotThisWay("active", "OPD ini sudah digabung. Buat OPD baru")
    _put_on(act, opd, facts)
    act.session.flush()
    act.note(Subject.OPD, opd.code, opd.name, before, facts_of(act.session, opd))


def _put_on(act: Configuring, opd: Opd, facts: Facts) -> None:
    opd.name, opd.short_name, opd.kind = facts.name, facts.short_name, facts.kind
    opd.needs_approval, opd.keywords = facts.needs_approval, facts.keywords
    opd.active = facts.active
    opd.parent_id = _parent(act, opd, facts.parent)
    opd.reports_as_id = _line(act, opd, facts.reports_as)


def _parent(act: Configuring, opd: Opd, code: str | None) -> int | None:
    if not code:
        return None
    # Whoever is above a unit reads what it holds.
    if opd.kind == INSPECTORATE:
        raise NotThisWay("parent", "Inspektorat tidak berada di bawah OPD lain. Pilih Tidak ada")
    parent = find_office(act.session, act.agency.id, code)
    if parent is None:
        raise NotThisWay("parent", "Pilih OPD yang ada di daftar")
    if opd.id is not None and parent.id in units_under(act.session, opd.id):
        raise NotThisWay("parent", "Pilih OPD yang tidak berada di bawah OPD ini")
    return parent.id


def _refuse_a_second(act: Configuring) -> None:
    """What is hidden from all others would go to whoever opened it."""
    if holding.find_inspectorate(act.session, act.agency.id) is not None:
        raise NotThisWay("kind", "Kota ini sudah punya Inspektorat. Pilih jenis lain")


def _line(act: Configuring, opd: Opd, code: str | None) -> int | None:
    """One step only: a recap looks no further."""
    if not code or code == opd.code:
        return None
    line = find_office(act.session, act.agency.id, code)
    if line is None:
        raise NotThisWay("reports_as", "Pilih OPD yang ada di daftar")
    counted_here = select(Opd.id).where(Opd.reports_as_id == opd.id).limit(1)
    if line.reports_as_id or (opd.id and act.session.scalar(counted_here)):
        raise NotThisWay("reports_as", "Pilih OPD yang punya baris sendiri dalam rekap")
    return line.id


def _refuse_without_supervisor(act: Configuring, opd: Opd) -> None:
    """What was proposed would wait for ever."""
    supervisor = select(User.id).where(
        User.opd_id == opd.id, User.role == Role.SUPERVISOR, User.active
    )
    if act.session.scalar(supervisor.limit(1)) is None:
        raise NotThisWay("needs_approval", "OPD ini belum punya akun Atasan OPD. Undang dulu")


def _refuse_to_close(act: Configuring, opd: Opd) -> None:
    if held := count_open(act.session, opd.id):
        raise NotThisWay(
            "active", f"Masih memegang {held} laporan terbuka. Gabungkan OPD ini, atau alihkan dulu"
        )
    people = select(func.count()).where(User.opd_id == opd.id, User.active)
    if officers := act.session.scalar(people):
        raise NotThisWay("active", f"Masih ada {officers} akun aktif di OPD ini. Pindahkan dulu")
    below = select(Opd.id).where(or_(Opd.parent_id == opd.id, Opd.reports_as_id == opd.id))
    if act.session.scalar(below.where(Opd.active).limit(1)) is not None:
        raise NotThisWay("active", "Masih ada unit di bawah OPD ini. Pindahkan dulu")


def facts_of(session: Session, opd: Opd) -> dict[str, Any]:
    def called(opd_id: int | None) -> str | None:
        return session.get_one(Opd, opd_id).short_name if opd_id else None

    return {
        "name": opd.name,
        "short_name": opd.short_name,
        "kind": opd.kind,
        "parent": called(opd.parent_id),
        "reports_as": called(opd.reports_as_id),
        "needs_approval": opd.needs_approval,
        "keywords": opd.keywords.split("|") if opd.keywords else [],
        "active": opd.active,
    }
