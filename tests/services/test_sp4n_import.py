import datetime as dt

import pytest
from small_city import SmallCity
from sp4n_exports import ARCHIVED, FINISHED, ON_HOLD, USUAL, cells
from sqlalchemy import func, select, text

from lapor_web.models import (
    Action,
    Agency,
    ArchiveReason,
    Channel,
    Classification,
    Disposition,
    EndReason,
    FinishMode,
    HistoryEntry,
    Report,
    ReporterIdentity,
    Role,
    Status,
)
from lapor_web.services import sp4n_file as file
from lapor_web.services.identity import Identity, open_sealed
from lapor_web.services.keys import Keys
from lapor_web.services.seed import seed
from lapor_web.services.sp4n_copies import NoteTrackingId
from lapor_web.services.sp4n_file import FileRow
from lapor_web.services.sp4n_import import apply
from lapor_web.services.sp4n_plan import Plan, plan

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=7)
KEYS = Keys.from_secret("a secret for tests only, long enough")


@pytest.fixture
def agency(db) -> Agency:
    return seed(db.session(), "samarinda")


@pytest.fixture
def read_in(db, agency):
    def read_in(*rows: dict[str, str], now: dt.datetime = NOW) -> Plan:
        file_rows = [
            FileRow(line, dict(zip(file.COLUMNS, cells(row), strict=True)))
            for line, row in enumerate(rows, start=2)
        ]
        planned = plan(db.session(), agency, file_rows, now=now)
        apply(db.session(), agency, planned, keys=KEYS, now=now)
        # What a commit would check, without one; and nothing half-known in the session.
        db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        db.session.expire_all()
        return planned

    return read_in


def counts(planned: Plan) -> dict[str, int]:
    """Those that are not 0."""
    names = ("new", "changed", "same", "conflicts", "refused")
    return {name: len(getattr(planned, name)) for name in names if getattr(planned, name)}


def find(db, tracking_id: str = USUAL[file.TRACKING_ID]) -> Report:
    return db.session.scalars(select(Report).where(Report.tracking_id == tracking_id)).one()


def rows_of_history(db) -> int:
    return db.session.scalar(select(func.count()).select_from(HistoryEntry))


def test_a_report_is_as_the_export_says(db, read_in):
    planned = read_in(
        FINISHED | {file.FLAGS: "Anonim|Rahasia", file.CATEGORY: "Agama", file.KECAMATAN: "PALARAN"}
    )

    report = find(db)
    assert counts(planned) == {"new": 1}
    assert report.imported
    assert (report.status, report.finish_mode) == (Status.FINISHED, FinishMode.AUTOMATIC)
    assert (report.channel, report.classification) == (Channel.WEB, Classification.NON_SUPERVISORY)
    assert (report.anonymous, report.confidential) == (True, True)
    assert (report.title, report.story) == (USUAL[file.TITLE], USUAL[file.FIRST_TEXT])
    assert report.public_text == USUAL[file.LAST_TEXT]
    assert report.holder.code == "DLH"
    assert report.category.code == "AGAMA"
    assert (report.place, report.area.code) == ("Kecamatan Palaran, Kota Samarinda", "64.72.01")
    assert report.received_at == dt.datetime.fromisoformat("2025-03-04T08:15:30+08:00")
    assert report.received_on == dt.date(2025, 3, 4)
    assert report.number.startswith("SMR-26")


def test_what_the_export_does_not_tell_stays_unknown(db, read_in):
    read_in(FINISHED)

    report = find(db)
    assert report.disposed_at is not None
    assert (report.pace_days, report.completion_days, report.first_follow_up_at) == (None,) * 3
    assert [one.pace_days for one in report.dispositions] == [None]
    assert (report.due_on, report.verified_at, report.is_published) == (None, None, False)


def test_its_history_tells_what_was_said_and_not_by_whom(db, read_in):
    read_in(ARCHIVED | {file.FIRST_TEXT: "Saluran tersumbat."})

    (entry,) = find(db, "7000002").history
    stored = db.session.execute(text("SELECT history::text FROM history")).scalar_one()
    assert (entry.action, entry.role, entry.to_status) == (
        Action.IMPORT,
        Role.SYSTEM,
        Status.ARCHIVED,
    )
    assert entry.details["reason"] == "Laporan ini duplikat."
    assert "Wati" not in stored
    assert "Saluran" not in stored


def test_the_name_is_sealed(db, read_in):
    read_in(FINISHED, ON_HOLD | {file.NAME: ""})

    (row,) = db.session.scalars(select(ReporterIdentity))
    assert row.report_id == find(db).id
    assert open_sealed(row, keys=KEYS) == Identity(name="Wati Rahayu")


def test_archived_and_held(db, read_in):
    planned = read_in(ARCHIVED, ON_HOLD)

    archived, held = find(db, "7000002"), find(db, "7000003")
    assert (archived.archive_reason, archived.holder.code) == (ArchiveReason.DUPLICATE, "DLH")
    assert (held.status_before_hold, held.holder) == (Status.UNVERIFIED, None)
    assert held.current_hold is not None
    assert planned.by_status() == {Status.ARCHIVED: 1, Status.ON_HOLD: 1}
    assert planned.disposed() == 1


@pytest.mark.parametrize(
    ("sp4n_id", "name", "code"),
    [
        ("131433", "Nama lain sama sekali", "DLH"),
        ("", "DINAS  LINGKUNGAN HIDUP", "DLH"),
        ("", "Dinas Lingkungan Hidup Kota Samarinda", "DLH"),
        ("999", "Kelurahan Sidodadi", "KEL-SIDODADI"),
    ],
)
def test_an_office_is_known_by_its_id_or_by_its_name(db, read_in, sp4n_id, name, code):
    read_in(FINISHED | {file.OFFICE_ID: sp4n_id, file.OFFICE: name})

    assert find(db).holder.code == code


@pytest.mark.parametrize(
    ("sp4n_id", "name"), [("12610", "Pemkot"), ("", "Pemerintah Kota Samarinda")]
)
def test_the_agency_itself_is_no_office_but_counts_as_disposed(db, read_in, sp4n_id, name):
    planned = read_in(ARCHIVED | {file.OFFICE_ID: sp4n_id, file.OFFICE: name})

    report = find(db, "7000002")
    assert (report.holder, report.dispositions) == (None, [])
    assert report.disposed_at is not None
    assert planned.disposed() == 1


def test_an_unknown_office_refuses_its_row_by_name_and_the_others_go_in(db, read_in):
    planned = read_in(FINISHED, ON_HOLD | {file.OFFICE_ID: "5", file.OFFICE: "Dinas Angin"})

    assert counts(planned) == {"new": 1, "refused": 1}
    assert planned.refused[0].line == 3
    assert "Dinas Angin (ID 5)" in planned.refused[0].text
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


@pytest.mark.parametrize(
    ("city", "kecamatan", "kelurahan", "code"),
    [
        ("Kota Samarinda", "SAMARINDA SEBERANG", "Harapan Baru", "64.72.10.1004"),
        ("Kota Samarinda", "SUNGAI KUNJANG", "", "64.72.06"),
        ("Kota Samarinda", "SUNGAI KUNJANG", "Entah", "64.72.06"),
        ("", "", "Sidodadi", "64.72.03.1005"),
        ("Kutai Kartanegara", "LOA JANAN", "", None),
        ("Kota Balikpapan", "", "Sidodadi", None),
        ("", "", "", None),
    ],
)
def test_areas_old_and_foreign(db, read_in, city, kecamatan, kelurahan, code):
    read_in(FINISHED | {file.CITY: city, file.KECAMATAN: kecamatan, file.KELURAHAN: kelurahan})

    report = find(db)
    assert (report.area.code if report.area else None) == code
    assert report.place


def test_an_office_that_has_not_verified_it_has_not_acted_on_it(db, read_in):
    read_in(FINISHED | {file.STATUS: "Belum Terverifikasi"})

    assert (find(db).status, find(db).holder.code) == (Status.FORWARDED, "DLH")


def test_the_same_again_changes_nothing(db, read_in):
    read_in(FINISHED, ARCHIVED, ON_HOLD)
    before = db.session.execute(text("SELECT report::text FROM report ORDER BY id")).all()

    planned = read_in(FINISHED, ARCHIVED, ON_HOLD, now=LATER)

    assert counts(planned) == {"same": 3}
    assert rows_of_history(db) == 3
    after = db.session.execute(text("SELECT report::text FROM report ORDER BY id")).all()
    assert before == after


def test_a_newer_export_updates_what_nobody_touched_here(db, read_in):
    read_in(ON_HOLD)

    planned = read_in(FINISHED | {file.TRACKING_ID: "7000003"}, now=LATER)

    report = find(db, "7000003")
    assert counts(planned) == {"changed": 1}
    assert (report.status, report.finished_at) == (Status.FINISHED, LATER)
    assert (report.holder.code, report.current_hold) == ("DLH", None)
    assert report.status_before_hold is None
    assert [entry.to_status for entry in report.history] == [Status.ON_HOLD, Status.FINISHED]
    assert report.version == 2


def test_a_newer_export_may_move_it_to_another_office(db, read_in):
    read_in(FINISHED)

    read_in(FINISHED | {file.OFFICE_ID: "13293"}, now=LATER)

    old, new = db.session.scalars(select(Disposition).order_by(Disposition.id)).all()
    assert (old.end_reason, old.ended_at) == (EndReason.REASSIGNED, LATER)
    assert (new.opd.code, new.ended_at) == ("DISHUB", None)
    assert (find(db).holder.code, find(db).finished_at) == ("DISHUB", NOW)


def test_what_was_acted_on_here_is_left_alone_and_named(db, read_in):
    read_in(FINISHED, ARCHIVED)
    report = find(db)
    act_on(db, report)
    newer = {file.STATUS: "Ditutup oleh Admin", file.TITLE: "Judul baru"}

    planned = read_in(FINISHED | newer, ARCHIVED, now=LATER)

    assert counts(planned) == {"same": 1, "conflicts": 1}
    assert planned.conflicts[0].line == 2
    assert report.number in planned.conflicts[0].text
    assert (report.title, report.version) == (USUAL[file.TITLE], 2)


def test_the_same_file_is_no_conflict_with_what_was_done_here(db, read_in):
    read_in(FINISHED)
    act_on(db, find(db))

    assert counts(read_in(FINISHED, now=LATER)) == {"same": 1}


def act_on(db, report: Report) -> None:
    db.session.add(
        HistoryEntry(
            report_id=report.id,
            sequence=2,
            previous=1,
            action=Action.RATE,
            to_status=report.status,
            role=Role.REPORTER,
        )
    )
    report.version = 2
    db.session.flush()


def test_a_tracking_id_twice_in_one_file(read_in):
    planned = read_in(FINISHED, FINISHED, FINISHED | {file.TITLE: "Lain"})

    assert counts(planned) == {"new": 1, "refused": 1}
    assert planned.twins == 1
    assert (planned.refused[0].line, "baris 2" in planned.refused[0].text) == (4, True)


def test_without_tracking_ids_equal_rows_are_told_apart_by_their_order(db, read_in):
    nameless = FINISHED | {file.TRACKING_ID: ""}

    first = read_in(nameless, nameless, nameless | {file.TIME: "09:00:00"})
    again = read_in(nameless, nameless, nameless | {file.TIME: "09:00:00"}, now=LATER)
    newer = read_in(nameless, nameless | {file.STATUS: "Ditutup oleh Admin"}, now=LATER)

    assert (counts(first), counts(again)) == ({"new": 3}, {"same": 3})
    assert counts(newer) == {"same": 1, "changed": 1}
    assert db.session.scalar(select(func.count()).select_from(Report)) == 3


def test_a_report_that_an_officer_typed_in_is_never_overwritten(db, agency, read_in):
    read_in(FINISHED)
    report = find(db)
    report.imported, report.content_hash = False, None
    act_on(db, report)

    assert counts(read_in(FINISHED)) == {"conflicts": 1}


def test_what_was_copied_by_hand_is_known_by_its_number_and_left_alone(db, agency, read_in):
    ours = SmallCity(db.session(), agency=agency)
    report = ours.sent_to("WORKS")
    deed = NoteTrackingId(tracking_id=USUAL[file.TRACKING_ID])
    ours.do("coordinator", report, deed)

    planned = read_in(FINISHED)

    assert counts(planned) == {"conflicts": 1}
    assert report.number in planned.conflicts[0].text
    assert find(db).id == report.id
    assert find(db).status is Status.FORWARDED
