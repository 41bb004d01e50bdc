from sqlalchemy import func, select

from lapor_web.models import Agency, Area, AreaKind, CalendarVersion, Category, Holiday, Limit, Opd
from lapor_web.services.seed import seed

TABLES = (Area, Opd, Category, CalendarVersion, Holiday, Limit)


def counts(session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def test_the_city_is_whole(db):
    seed(db.session, "samarinda")
    db.session.flush()

    kinds = dict(db.session.execute(select(Area.kind, func.count()).group_by(Area.kind)).all())
    sidodadi = db.session.scalars(select(Opd).where(Opd.code == "KEL-SIDODADI")).one()
    assert kinds == {AreaKind.CITY: 1, AreaKind.KECAMATAN: 10, AreaKind.KELURAHAN: 59}
    assert sidodadi.parent.code == "KEC-SAMARINDA-ULU"
    assert sidodadi.area_id is not None


def test_a_puskesmas_counts_under_dinkes(db):
    seed(db.session, "samarinda")
    db.session.flush()

    dinkes = db.session.scalars(select(Opd).where(Opd.code == "DINKES")).one()
    puskesmas = db.session.scalars(select(Opd).where(Opd.kind == "puskesmas")).all()
    assert puskesmas
    assert {opd.reports_as_id for opd in puskesmas} == {dinkes.id}


def test_twice_changes_nothing_and_an_edit_survives(db):
    seed(db.session, "samarinda")
    db.session.flush()
    before = counts(db.session)
    office = db.session.scalars(select(Opd).where(Opd.code == "DPUPR")).one()
    office.short_name = "PUPR Samarinda"
    moved = db.session.scalars(select(Opd).where(Opd.code == "KEL-SIDODADI")).one()
    moved.parent_id = None  # on screen: it belongs to nobody now
    agency = db.session.scalars(select(Agency)).one()
    agency.service_name, agency.archive_reasons = "Lapor Kita", agency.archive_reasons[:1]

    seed(db.session, "samarinda")
    db.session.flush()
    db.session.refresh(office)

    assert counts(db.session) == before
    assert office.short_name == "PUPR Samarinda"
    assert moved.parent_id is None
    assert (agency.service_name, len(agency.archive_reasons)) == ("Lapor Kita", 1)
