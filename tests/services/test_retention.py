"""Identity and attachments go when their time is up; the report and every figure stay (promise 24)."""

import datetime as dt

import pytest
from small_city import KEYS, SmallCity
from sqlalchemy import select

from lapor_web.models import (
    ArchiveReason,
    Attachment,
    Erased,
    Erasure,
    Outcome,
    ReporterIdentity,
)
from lapor_web.services import attachment_work, clocks, identity
from lapor_web.services.attachments import Owner, Upload, accept
from lapor_web.services.closing import Archive, Merge, ReopenByCoordinator
from lapor_web.services.conversation import Confirm
from lapor_web.services.figures import fold, recount
from lapor_web.services.follow_up import Propose
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.recap import Period, recap
from lapor_web.services.retention import Retention
from lapor_web.services.storage import open_storage

SITI = Identity("Siti", "08123456789", "siti@contoh.id")
YEARS = dt.timedelta(days=731)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def city(db):
    return SmallCity(db.session())


@pytest.fixture
def storage(tmp_path):
    return open_storage(str(tmp_path))


def erase(city, retention=None):
    one = (retention or Retention()).round()
    for report_id in clocks.find_due(city.session, one, city.now):
        clocks.act_on(city.session, one, report_id, city.now)
    city.check()
    assert clocks.find_due(city.session, one, city.now) == []


def finish(city, report):
    city.do("district", report, Propose(text="Dijelaskan.", outcome=Outcome.EXPLAINED))
    city.do("reporter", report, Confirm())
    return report


def with_paper(city, storage, report, *, by_reporter=True):
    row = accept(
        city.session,
        city.agency,
        Upload("KTP Siti.pdf", PDF + report.number.encode() + bytes([by_reporter])),
        Owner(key_hash=b"form"),
        keys=KEYS,
        storage=storage,
        now=city.now,
    )
    row.report_id, row.by_reporter = report.id, by_reporter
    city.session.flush()
    return row


def name_of(city, report):
    row = city.session.get(ReporterIdentity, report.id)
    city.session.refresh(row)
    return identity.open_sealed(row, keys=KEYS).name


def log(city, report):
    rows = select(Erasure).where(Erasure.report_id == report.id).order_by(Erasure.id)
    return [(row.what, row.files, row.closed_at, row.at) for row in city.session.scalars(rows)]


def everything(city):
    whole = Period(dt.date(2026, 1, 1), dt.date(2029, 12, 31))
    return recap(city.session, city.agency, whole, now=city.now).figures


def test_after_two_years_nobody_can_read_who_it_was(city, storage):
    report = finish(city, city.sent_to("DISTRICT", identity=SITI))
    mine = with_paper(city, storage, report)
    offices = with_paper(city, storage, report, by_reporter=False)
    closed_at, version, said = city.now, report.version, report.story
    city.now += YEARS
    before = everything(city)
    erase(city)
    row = city.session.get(ReporterIdentity, report.id)

    with pytest.raises(Unreadable):
        name_of(city, report)
    assert (row.wrapped_key, row.sealed, row.phone_mark, row.email_mark) == (None,) * 4
    assert row.erased_at == city.now
    for file in (mine, offices):
        city.session.refresh(file)
        assert (file.wrapped_key, file.original_name, file.content_hash) == (None, "", None)
    assert log(city, report) == [
        (Erased.IDENTITY, 0, closed_at, city.now),
        (Erased.ATTACHMENTS, 2, closed_at, city.now),
    ]
    # The skeleton stays, and with it what is counted.
    assert (report.version, report.story) == (version, said)
    assert everything(city) == before
    fold(city.session)
    assert recount(city.session).differences == []


def test_the_bytes_go_with_the_next_cleaning_up(city, storage):
    report = finish(city, city.sent_to("DISTRICT", identity=SITI))
    blob = with_paper(city, storage, report).original_blob
    city.now += YEARS
    erase(city)

    assert attachment_work.remove_erased(city.session, storage=storage) == 1
    assert blob not in set(storage.names_before(dt.datetime.now(dt.UTC) + YEARS))


def test_not_a_day_early_nor_while_it_is_worked_on(city):
    done, open_one = (city.sent_to("DISTRICT", identity=SITI) for _ in range(2))
    finish(city, done)
    city.now += dt.timedelta(days=730)
    erase(city)

    assert name_of(city, done) == "Siti"
    city.wait(seconds=1)
    erase(city)
    with pytest.raises(Unreadable):
        name_of(city, done)
    assert name_of(city, open_one) == "Siti"


def test_what_was_opened_again_counts_from_its_second_end(city):
    report = finish(city, city.sent_to("DISTRICT", identity=SITI))
    city.wait(days=700)
    city.do("coordinator", report, ReopenByCoordinator(reason="Belum beres."))
    finish(city, report)
    city.wait(days=100)
    erase(city)

    assert name_of(city, report) == "Siti"


def test_however_it_was_closed(city):
    report = city.send(identity=SITI)
    city.do("coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR))
    city.now += YEARS
    erase(city)

    assert [what for what, *_ in log(city, report)] == [Erased.IDENTITY]


def test_who_follows_a_merged_report_is_known_as_long_as_its_parent_is_open(city):
    parent, child = city.sent_to("DISTRICT"), city.send(identity=SITI)
    city.do("coordinator", child, Merge(parent=parent))
    city.now += YEARS
    erase(city)
    while_open = name_of(city, child)
    finish(city, parent)
    erase(city)

    assert while_open == "Siti"
    with pytest.raises(Unreadable):
        name_of(city, child)


def test_the_account_they_wrote_from_goes_too_and_an_import_stays_what_it_was(city):
    report = finish(city, city.sent_to("DISTRICT"))
    report.imported, report.source_account = True, "0811-222"
    city.session.flush()
    before = (report.status, report.version, report.finished_at)
    city.now += YEARS
    erase(city)

    assert report.source_account is None
    assert (report.status, report.version, report.finished_at) == before


def test_each_has_its_own_time(city, storage):
    report = finish(city, city.sent_to("DISTRICT", identity=SITI))
    with_paper(city, storage, report)
    city.now += dt.timedelta(days=100)
    erase(city, Retention(identity=730, attachments=90))
    later = [what for what, *_ in log(city, report)]
    city.now += YEARS
    erase(city, Retention(identity=730, attachments=90))

    assert later == [Erased.ATTACHMENTS]
    assert [what for what, *_ in log(city, report)] == [Erased.ATTACHMENTS, Erased.IDENTITY]
    assert city.session.scalar(select(Attachment.wrapped_key)) is None
