"""Two offices become one: no report is lost, no figure of the city changes, nobody accused reads."""

import pytest
from browser import Browser, page_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_city import SmallCity
from sqlalchemy import func, select

from lapor_web import clock
from lapor_web.models import (
    Action,
    ArchiveReason,
    ConfigurationChange,
    Opd,
    Outcome,
    Report,
)
from lapor_web.services import office_merge
from lapor_web.services.access import visible_to
from lapor_web.services.approval import Approve
from lapor_web.services.closing import Archive, ReopenByCoordinator
from lapor_web.services.configuration import configure
from lapor_web.services.conversation import Confirm, FinishBySilence
from lapor_web.services.follow_up import FollowUp, Promise, Propose
from lapor_web.services.offices import OPEN
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Edit, Flags, PutOnHold

HERE = "/koordinasi/pengaturan/opd/WORKS/gabung"
YEAR = Period.of_year(2026)
DAYS = "dari=2026-01-01&sampai=2026-12-31"


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


@pytest.fixture
def coordinator(app, city) -> Browser:
    return Browser(app).sign_in(city.users["coordinator"])


def merge(city, old="WORKS", new="ROADS", *, one_line=False):
    session = city.session
    act = configure(session, city.agency.id, user=city.users["coordinator"], now=city.now)
    moved = office_merge.merge_offices(act, city.opds[old], city.opds[new], one_line=one_line)
    while office_merge.move_some(session, city.opds[old], act.user, now=city.now):
        pass
    city.check()
    return moved


# ---- reports in every state ----


def forwarded(city, opd):
    return city.sent_to(opd)


def in_process(city, opd):
    report = city.sent_to(opd)
    city.do(opd.lower(), report, FollowUp(text="Kami periksa besok."))
    city.do(opd.lower(), report, Promise(promised_on=city.now.date()))
    return report


def awaiting_approval(city, opd):
    report = city.sent_to(opd)
    city.show_evidence(report)
    city.do(opd.lower(), report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    return report


def awaiting_reporter(city, opd):
    report = awaiting_approval(city, opd)
    city.do(f"{opd.lower()}-boss", report, Approve())
    return report


def finished(city, opd):
    report = awaiting_reporter(city, opd)
    city.do("reporter", report, Confirm())
    return report


def held(city, opd):
    report = city.sent_to(opd)
    city.do("coordinator", report, PutOnHold(reason="Di mana?"))
    return report


def archived(city, opd):
    report = city.sent_to(opd)
    city.do("coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR))
    return report


def accusing_the_other(city, opd):
    report = in_process(city, opd)
    other = city.opds["ROADS" if opd == "WORKS" else "WORKS"]
    city.do("coordinator", report, Edit(flags=Flags(False, False, False, accused=other)))
    return report


STATES = (
    *(forwarded, in_process, awaiting_approval, awaiting_reporter, finished, held, archived),
    accusing_the_other,
)


def test_first_what_it_would_move_and_then_it_does(city, coordinator):
    reports = [in_process(city, "WORKS"), held(city, "WORKS")]
    accusing = accusing_the_other(city, "WORKS")
    looked = page_of(coordinator.get(f"{HERE}?into=ROADS"))
    said = looked.select_one("#configuration").get_text(" ", strip=True)
    assert "3 laporan terbuka pindah" in said
    assert "1 laporan dialihkan ke Inspektorat" in said
    assert "3 akun pindah" in said
    version = looked.select_one("#versi")["value"]

    answer = coordinator.post(HERE, {"into": "ROADS", "line": "sendiri", "versi": version})

    assert answer.status_code == 303
    assert [report.holder.code for report in reports] == ["ROADS", "ROADS"]
    assert accusing.holder.code == "AUDIT"
    note = city.session.scalars(select(ConfigurationChange)).one()
    assert note.after["merged_into"] == "Dinas Roads"
    assert coordinator.post(HERE, {"into": "ROADS", "line": "sendiri"}).status_code in {409, 422}


def test_what_cannot_be_merged_is_said_before_its_consequences(city, coordinator):
    refused = coordinator.get(f"{HERE}?into=AUDIT")

    assert refused.status_code == 422
    assert "Inspektorat tidak digabung" in page_of(refused).select_one("#problem").get_text()
    assert "tidak dapat diurungkan" not in refused.text


def test_the_work_goes_on_where_it_stood(app, city):
    report = in_process(city, "WORKS")
    promised, due = report.promised_on, report.due_on
    merge(city)

    assert (report.status, report.promised_on, report.due_on) == ("in_process", promised, due)
    last = report.history[-1]
    assert (last.action, last.opd_name) == (Action.TRANSFER, "Dinas Roads")
    told = Browser(app).get(f"/laporan/{report.number}").text
    assert "Selanjutnya ditangani Dinas Roads" in told
    assert "Dinas Works menjawab" in told  # what was said then, is said by who was there then
    # Its people came along, and their sessions ended.
    city.do("works", report, FollowUp(text="Kami mulai hari ini."))
    assert city.users["works"].opd.code == "ROADS"


def test_who_is_accused_reads_nothing_of_it_afterwards(city):
    """Held by the one, accusing the other; and long finished, accusing the one that is gone."""
    one, other = accusing_the_other(city, "WORKS"), accusing_the_other(city, "ROADS")
    past = finished(city, "WORKS")
    past.accused = city.opds["DISTRICT"]
    third = city.sent_to("DISTRICT")
    city.do(
        "coordinator", third, Edit(flags=Flags(False, False, False, accused=city.opds["WORKS"]))
    )
    merge(city)

    for name in ("works", "roads", "works-boss", "roads-boss"):
        seen = set(
            city.session.scalars(
                select(Report.id).where(visible_to(city.session, city.users[name]))
            )
        )
        assert not seen & {one.id, other.id, third.id}
        assert past.id in seen  # the successor answers for the past
    assert {one.holder.code, other.holder.code} == {"AUDIT"}


@pytest.mark.parametrize(
    ("one_line", "where"),
    [(False, "dihitung di barisnya sendiri"), (True, "dihitung di baris Roads")],
)
def test_a_recap_says_who_became_part_of_whom(city, coordinator, one_line, where):
    finished(city, "WORKS")
    merge(city, one_line=one_line)

    for address in ("/koordinasi?tahun=2026", f"/koordinasi/rekap/cetak?{DAYS}"):
        page = " ".join(page_of(coordinator.get(address)).main.get_text(" ").split())
        assert "Works menjadi bagian dari Roads sejak 9 November 2026" in page
        assert where in page
    assert "menjadi bagian dari" not in coordinator.get("/koordinasi?tahun=2027").text


def test_what_is_opened_again_goes_to_the_successor(city):
    report, silent = finished(city, "WORKS"), awaiting_reporter(city, "WORKS")
    city.do("system", silent, FinishBySilence())
    merge(city)

    city.do("coordinator", report, ReopenByCoordinator(reason="Perlu."))
    city.do("coordinator", silent, Undo())

    assert [report.holder.code, silent.holder.code] == ["ROADS", "ROADS"]
    assert [report.status, silent.status] == ["in_process", "awaiting_reporter"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("AUDIT", "ROADS"), ("WORKS", "AUDIT"), ("DISTRICT", "VILLAGE"), ("WORKS", "WORKS")],
)
def test_what_cannot_be_merged(city, old, new):
    with pytest.raises(office_merge.NotThisWay):
        merge(city, old, new)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lives=st.lists(
        st.tuples(st.sampled_from(STATES), st.sampled_from(["WORKS", "ROADS"])),
        min_size=1,
        max_size=6,
    ),
    one_line=st.booleans(),
)
def test_a_merge_loses_no_report_and_changes_no_figure_of_the_city(db, lives, one_line):
    savepoint = db.session.begin_nested()
    city = SmallCity(db.session())
    reports = [life(city, opd) for life, opd in lives]
    before = recap(city.session, city.agency, YEAR, now=city.now).figures
    states = [report.status for report in reports]

    merge(city, one_line=one_line)

    assert [report.status for report in reports] == states
    after = recap(city.session, city.agency, YEAR, now=city.now)
    assert after.figures == before
    assert sum(office.figures.entered for office in after.per_opd) == len(reports)
    for report in reports:
        if report.status in OPEN:
            assert report.holder.active
            assert report.holder.code == ("AUDIT" if report.accused_opd_id else "ROADS")
            now = [one for one in report.dispositions if one.is_responsible_now]
            assert [one.opd_id for one in now] == [report.holder_opd_id]
    assert city.session.scalar(select(func.count()).select_from(Opd).where(~Opd.active)) == 1
    savepoint.rollback()
    city.session.expire_all()
