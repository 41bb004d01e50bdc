import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import picture_files
import pytest
from factories import make_agency
from small_city import KEYS, NOW, SmallCity
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Attachment, AttachmentState
from lapor_web.services.attachments import (
    BYTES_AT_MOST,
    FILES_AT_MOST,
    AttachmentRefused,
    Copy,
    NotReadable,
    Owner,
    Upload,
    accept,
    bind,
    count_of,
    erase_of_reporter,
    read,
    waiting_for,
)
from lapor_web.services.keys import Keys
from lapor_web.services.storage import Folder

FORM = KEYS.hash_of_form("form-1")
PHOTO = picture_files.talkative_jpeg()


@pytest.fixture
def storage(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def take(city, storage):
    def take(name="lubang.jpg", data=PHOTO, owner=None) -> Attachment:
        return accept(
            city.session,
            city.agency,
            Upload(name, data),
            owner or Owner(key_hash=FORM),
            keys=KEYS,
            storage=storage,
            now=NOW,
        )

    return take


def queued(session) -> list[dict]:
    return list(session.scalars(text("SELECT args FROM procrastinate_jobs ORDER BY id")))


def files_in(storage: Folder) -> list[bytes]:
    return [path.read_bytes() for path in storage.root.rglob("*") if path.is_file()]


# ---- taking in ----


def test_a_photo_waits_for_the_worker_and_for_its_report(city, take):
    photo = take()

    assert (photo.state, photo.media_type) == (AttachmentState.RECEIVED, "image/jpeg")
    assert photo.report_id is None
    assert queued(city.session) == [{"attachment_id": photo.id}]


@pytest.mark.parametrize("content", [picture_files.pdf(), picture_files.mp4()])
def test_papers_and_videos_are_taken_as_they_are(city, take, content):
    paper = take("surat", content, Owner(report_id=city.send().id))

    assert paper.state is AttachmentState.READY
    assert queued(city.session) == []


def test_what_is_stored_tells_nothing(take, storage):
    photo = take("KTP Budi.jpg")
    (stored,) = files_in(storage)
    (path,) = [path for path in storage.root.rglob("*") if path.is_file()]

    assert picture_files.SECRET.encode() not in stored
    assert not stored.startswith(b"\xff\xd8")
    assert "Budi" not in str(path)
    assert read(photo, Copy.ORIGINAL, keys=KEYS, storage=storage) == PHOTO


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"tulisan", "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_picture"),
        (b"MZ" + b"X5O!P%@AP", "not_a_picture"),
        (PHOTO[: len(PHOTO) // 2], "broken"),
        (PHOTO + bytes(BYTES_AT_MOST), "too_large"),
        (picture_files.png_that_claims(20_000, 20_000), "too_many_pixels"),
    ],
)
def test_a_file_that_will_not_do_is_named_and_leaves_nothing(city, take, storage, data, code):
    with pytest.raises(AttachmentRefused) as refused:
        take("foto.jpg", data)

    assert (refused.value.code, refused.value.name) == (code, "foto.jpg")
    assert files_in(storage) == []
    assert city.session.scalar(select(func.count()).select_from(Attachment)) == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Foto\\lubang.jpg", "lubang.jpg"),
        ("a.jpg\0.php", "a.jpg.php"),
        ("lubang\u202egpj.exe", "lubanggpj.exe"),
        ("baris\r\nSet-Cookie: x", "baris Set-Cookie: x"),
        ('"><script>', '"><script>'),
        ("=cmd()", "=cmd()"),
        ("x" * 300, "x" * 200),
        ("", "Berkas"),
        ("foto/", "Berkas"),
    ],
)
def test_a_name_is_kept_as_text_only(take, given, kept):
    assert take(given).original_name == kept


def test_the_same_file_once_more_is_the_one_that_is_there(take, storage):
    first = take()

    assert take().id == first.id
    assert take("lain.jpg").id != first.id
    assert take(owner=Owner(key_hash=b"another form")).id != first.id
    assert len(files_in(storage)) == 3


def test_a_form_brings_so_many_and_no_more(city, take):
    for n in range(FILES_AT_MOST):
        take(f"{n}.jpg")
    with pytest.raises(AttachmentRefused, match="too_many"):
        take("lagi.jpg")

    take(owner=Owner(report_id=city.send(key="form-2").id))  # another owner has room of its own


def test_equal_posts_at_once_bring_no_more_than_one_of_them(engine, storage):
    with Session(engine) as session:
        agency = make_agency()
        session.add(agency)
        session.commit()
        agency_id = agency.id
    start = Barrier(4)

    def post(_: int) -> list[int]:
        with Session(engine) as session:
            agency = session.get_one(Agency, agency_id)
            start.wait()
            taken = [
                accept(
                    session,
                    agency,
                    Upload(f"{n}.jpg", PHOTO),
                    Owner(key_hash=FORM),
                    keys=KEYS,
                    storage=storage,
                    now=NOW,
                ).id
                for n in range(FILES_AT_MOST)
            ]
            session.commit()
            return taken

    with ThreadPoolExecutor(4) as phones:
        answers = list(phones.map(post, range(4)))
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE procrastinate_jobs CASCADE"))

    assert len({tuple(answer) for answer in answers}) == 1
    assert len(files_in(storage)) == FILES_AT_MOST


# ---- binding ----


def test_what_waits_goes_with_the_report_of_its_form(city, take):
    mine, other = take(), take(owner=Owner(key_hash=b"another form"))
    waiting = waiting_for(city.session, FORM)
    report = city.send(key="form-1")
    bind(city.session, FORM, report.id)  # a repeat changes nothing
    city.session.refresh(mine)
    city.session.refresh(other)

    assert waiting == [mine]
    assert (mine.report_id, other.report_id) == (report.id, None)
    assert waiting_for(city.session, FORM) == []
    assert count_of(city.session, report.id) == 1


def test_a_form_that_was_used_binds_to_no_second_report(city, take):
    photo = take()
    first, second = city.send(), city.send()
    bind(city.session, FORM, first.id)
    bind(city.session, FORM, second.id)
    city.session.refresh(photo)

    assert photo.report_id == first.id


# ---- opening ----


def test_neither_key_nor_bytes_open_in_anothers_place(city, take, storage):
    one, other = take("satu.jpg"), take("dua.jpg")
    other.original_blob = one.original_blob
    with pytest.raises(NotReadable):
        read(other, Copy.ORIGINAL, keys=KEYS, storage=storage)
    other.wrapped_key = one.wrapped_key
    with pytest.raises(NotReadable):
        read(other, Copy.ORIGINAL, keys=KEYS, storage=storage)
    one.clean_blob = one.original_blob  # nor an original as the clean copy
    with pytest.raises(NotReadable):
        read(one, Copy.CLEAN, keys=KEYS, storage=storage)


def test_another_secret_opens_nothing(take, storage):
    with pytest.raises(NotReadable):
        read(take(), Copy.ORIGINAL, keys=Keys.from_secret("x" * 40), storage=storage)


def test_erasing_leaves_noise_and_what_the_office_showed(city, take, storage):
    report = city.send()
    own = take("KTP Budi.jpg", owner=Owner(report_id=report.id))
    shown = take(owner=Owner(report_id=report.id, by_reporter=False))
    erase_of_reporter(city.session, report.id)
    city.session.expire_all()

    assert (own.state, own.original_name) == (AttachmentState.REFUSED, "")
    with pytest.raises(NotReadable):
        read(own, Copy.ORIGINAL, keys=KEYS, storage=storage)
    assert read(shown, Copy.ORIGINAL, keys=KEYS, storage=storage) == PHOTO


def test_a_file_of_just_the_largest_size_is_taken(take):
    padded = io.BytesIO(PHOTO).getvalue()
    padded += bytes(BYTES_AT_MOST - len(padded))

    assert take(data=padded).size == BYTES_AT_MOST
