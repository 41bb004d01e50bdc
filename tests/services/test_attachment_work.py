import datetime as dt
import os

import picture_files
import pytest
from small_city import KEYS, NOW, SmallCity
from sqlalchemy import select, text

from lapor_web.models import Attachment, AttachmentState
from lapor_web.services import attachment_work
from lapor_web.services.attachment_work import (
    ask_again,
    prepare,
    remove_erased,
    remove_orphans,
    remove_strays,
)
from lapor_web.services.attachments import (
    Copy,
    Owner,
    Upload,
    accept,
    erase_of_reporter,
    read,
)
from lapor_web.services.pictures import Interrupted
from lapor_web.services.storage import Folder, StorageAway, new_name

PHOTO = picture_files.talkative_jpeg()
LONG_AFTER = NOW + dt.timedelta(days=3)


@pytest.fixture
def storage(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def take(city, storage):
    def take(name="lubang.jpg", data=PHOTO, *, owner=None, form="form-1") -> Attachment:
        owner = owner or Owner(key_hash=KEYS.hash_of_form(form))
        upload = Upload(name, data)
        return accept(city.session, city.agency, upload, owner, keys=KEYS, storage=storage, now=NOW)

    return take


@pytest.fixture
def make_ready(city, storage):
    def make_ready(row: Attachment) -> None:
        prepare(city.session, row.id, keys=KEYS, storage=storage)
        city.session.flush()

    return make_ready


def files_in(storage: Folder) -> list[str]:
    return sorted(path.name for path in storage.root.rglob("*") if path.is_file())


def forget_jobs(city) -> None:
    city.session.execute(text("DELETE FROM procrastinate_jobs"))


def jobs_in(city) -> list[int]:
    rows = city.session.scalars(text("SELECT args FROM procrastinate_jobs ORDER BY id"))
    return [row["attachment_id"] for row in rows]


# ---- making ready ----


def test_a_picture_is_redrawn_and_sealed(take, make_ready, storage):
    photo = take()
    make_ready(photo)
    clean = read(photo, Copy.CLEAN, keys=KEYS, storage=storage)
    small = read(photo, Copy.THUMBNAIL, keys=KEYS, storage=storage)

    assert photo.state is AttachmentState.READY
    assert (photo.width, photo.height) == (64, 48)
    for copy in (clean, small):
        assert copy.startswith(b"\xff\xd8\xff")
        assert picture_files.SECRET.encode() not in copy
        assert copy not in [storage.get(name) for name in files_in(storage)]


def test_the_second_time_changes_nothing(take, make_ready, storage):
    photo = take()
    make_ready(photo)
    before = files_in(storage)
    make_ready(photo)

    assert photo.state is AttachmentState.READY
    assert files_in(storage) == before


def test_a_try_that_was_cut_off_is_written_over(city, take, make_ready, storage):
    photo = take()
    make_ready(photo)
    before = files_in(storage)
    # As after a rollback: the files are there, and the row knows nothing of them.
    photo.state, photo.clean_blob, photo.thumbnail_blob = AttachmentState.RECEIVED, None, None
    city.session.flush()
    make_ready(photo)

    assert files_in(storage) == before
    assert read(photo, Copy.CLEAN, keys=KEYS, storage=storage)


def test_what_only_looks_like_a_picture_is_refused_and_stays_so(take, make_ready, storage):
    photo = take(
        data=b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\1\x11\0\xff\xda"
        + os.urandom(99)
        + b"\xff\xd9"
    )
    make_ready(photo)

    assert photo.state is AttachmentState.REFUSED
    assert photo.clean_blob is None
    assert len(files_in(storage)) == 1


def test_what_was_interrupted_waits_for_another_try(take, make_ready, monkeypatch):
    def interrupted(content: bytes) -> None:
        raise Interrupted

    photo = take()
    monkeypatch.setattr(attachment_work, "draw_anew", interrupted)
    with pytest.raises(Interrupted):
        make_ready(photo)

    assert photo.state is AttachmentState.RECEIVED


@pytest.mark.parametrize("data", [PHOTO, picture_files.pdf()])
def test_a_file_that_came_while_its_report_was_sent_finds_it(city, take, storage, data):
    report = city.send(key="form-1")
    late = take(form="form-1", data=data)
    for attachment_id in jobs_in(city):
        prepare(city.session, attachment_id, keys=KEYS, storage=storage)

    assert late.report_id == report.id


def test_a_row_that_is_gone_is_no_error(city, storage):
    prepare(city.session, 2**40, keys=KEYS, storage=storage)


# ---- cleaning up ----


def test_a_picture_whose_job_was_lost_is_asked_for_again(city, take, make_ready):
    lost, ready = take("satu.jpg"), take("dua.jpg")
    make_ready(ready)
    city.show_evidence(city.send())  # a row without a file
    forget_jobs(city)
    ask_again(city.session, now=NOW + dt.timedelta(minutes=59))
    early = jobs_in(city)
    ask_again(city.session, now=NOW + dt.timedelta(hours=2))
    asked = jobs_in(city)
    forget_jobs(city)
    ask_again(city.session, now=LONG_AFTER)

    assert early == []
    assert asked == [lost.id]
    assert jobs_in(city) == []


def test_files_of_a_form_that_was_never_sent_go(city, take, make_ready, storage):
    left = take(form="never sent")
    make_ready(left)
    kept = take(owner=Owner(report_id=city.send().id))
    one_day, three_days = (
        remove_orphans(city.session, storage=storage, now=NOW + dt.timedelta(days=days))
        for days in (1, 3)
    )

    assert (one_day, three_days) == (0, 1)
    assert city.session.scalars(select(Attachment.id)).all() == [kept.id]
    assert files_in(storage) == [kept.original_blob]


def test_files_whose_report_was_sent_after_all_stay(city, take, storage):
    report = city.send(key="form-1")
    photo = take(form="form-1")  # which was on its way at that very moment

    assert remove_orphans(city.session, storage=storage, now=LONG_AFTER) == 0
    assert photo.report_id == report.id


def test_bytes_whose_key_was_destroyed_go(city, take, make_ready, storage):
    report = city.send()
    photo = take(owner=Owner(report_id=report.id))
    make_ready(photo)
    erase_of_reporter(city.session, report.id)
    city.session.expire_all()
    removed = remove_erased(city.session, storage=storage)

    assert removed == 1
    assert files_in(storage) == []
    assert (photo.original_blob, photo.clean_blob, photo.thumbnail_blob) == (None, None, None)
    assert remove_erased(city.session, storage=storage) == 0


def test_bytes_that_no_row_knows_go_when_they_are_old(city, take, make_ready, storage):
    photo = take()
    make_ready(photo)
    known = files_in(storage)
    storage.put(new_name(), b"of a transaction that was rolled back")
    now = dt.datetime.now(dt.UTC)

    assert remove_strays(city.session, storage=storage, now=now) == 0
    assert remove_strays(city.session, storage=storage, now=now + dt.timedelta(days=3)) == 1
    assert files_in(storage) == known


def test_a_storage_that_is_away_removes_no_row(city, take, storage, monkeypatch):
    def away(name: str) -> None:
        raise StorageAway

    take()
    monkeypatch.setattr(storage, "delete", away)
    with pytest.raises(StorageAway):
        remove_orphans(city.session, storage=storage, now=LONG_AFTER)
    city.session.rollback()
