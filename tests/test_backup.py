"""Promise 17: what was backed up comes back equal, or not at all; and without its key it is noise."""

import datetime as dt
import shutil
from pathlib import Path

import flask_migrate
import picture_files
import pytest
from flask import Flask
from small_city import SmallCity
from sqlalchemy import func, select, text

from lapor_web import city as this_city
from lapor_web import create_app
from lapor_web.backup import BackupProblem
from lapor_web.backup.contents import count_relations, count_tables
from lapor_web.backup.repository import (
    DATABASE,
    MANIFEST,
    alone_in,
    create_or_open,
    name_of,
    open_existing,
    read_key,
    to_keep,
)
from lapor_web.backup.restore import choose, restore
from lapor_web.backup.save import save, thin_out
from lapor_web.extensions import db
from lapor_web.models import Attachment, LoginSession, Report, ReporterIdentity
from lapor_web.services import attachment_work, identity, sessions
from lapor_web.services.attachments import Copy, Owner, Upload, accept, read
from lapor_web.services.identity import Unreadable
from lapor_web.services.keys import Keys
from lapor_web.services.storage import Folder

NAME, PHONE = "Wulandari Sejati", "081234567890"
NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def full(app, empty_database, tmp_path_factory) -> Flask:
    """A city with reports, somebody's name, a photo, and an officer who is signed in."""
    full = another(app, empty_database("backed_up"), tmp_path_factory.mktemp("full"))
    with full.app_context():
        flask_migrate.upgrade()
        session, tools = db.session(), {"keys": this_city.keys(), "storage": this_city.storage()}
        city = SmallCity(session)
        for _ in range(3):
            report = city.send()
        row = session.scalar(
            select(ReporterIdentity).where(ReporterIdentity.report_id == report.id)
        )
        if row is not None:
            session.delete(row)
            session.flush()
        someone = identity.Identity(name=NAME, phone=PHONE)
        session.add(identity.seal(report.id, someone, keys=this_city.keys()))
        photo = accept(
            session,
            city.agency,
            Upload("lubang.jpg", picture_files.talkative_jpeg()),
            Owner(report.id, by_reporter=True),
            now=city.now,
            **tools,
        )
        attachment_work.prepare(session, photo.id, **tools)
        sessions.open_session(session, city.users["works"], city.now)
        session.commit()
        db.session.remove()
    yield full
    with full.app_context():
        db.engine.dispose()


def another(app: Flask, url: str, storage: Path) -> Flask:
    return create_app(app.config | {"SQLALCHEMY_DATABASE_URI": url, "LAPOR_STORAGE": str(storage)})


@pytest.fixture
def bare(app, server, request, tmp_path):
    """A database that somebody has just made, and a folder that is not there yet."""
    name = f"bare_{abs(hash(request.node.nodeid)) % 10**9}"
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"CREATE DATABASE {name}"))
        url = db.engine.url.set(database=name).render_as_string(hide_password=False)
    bare = another(app, url, tmp_path / "storage")
    yield bare
    with bare.app_context():
        db.engine.dispose()
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"DROP DATABASE {name}"))


@pytest.fixture
def key(tmp_path) -> bytes:
    (tmp_path / "key").write_text("sungai mahakam pasang surut\n")
    return read_key(tmp_path / "key")


def back_up(app: Flask, folder: Path, key: bytes | None = None, now: dt.datetime = NOW):
    with app.app_context():
        repository = create_or_open(folder, key)
        return save(db.engine, this_city.storage(), repository, secret="mark", now=now)


def bring_back(app: Flask, folder: Path, key: bytes | None = None, wanted=None, schemas=None):
    with app.app_context():
        repository = open_existing(folder, key)
        manifest = choose(repository, wanted)
        known = schemas or {manifest.schema}
        restore(db.engine, this_city.storage(), repository, manifest, known_schemas=known)


def tables_of(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        return count_tables(connection)


def untouched(app: Flask) -> bool:
    """Neither a table nor a file."""
    with app.app_context(), db.engine.connect() as connection:
        empty = count_relations(connection) == 0
    files = [path for path in Path(app.config["LAPOR_STORAGE"]).rglob("*") if path.is_file()]
    return empty and files == []


@pytest.mark.parametrize("encrypted", [False, True])
def test_everything_comes_back_equal(full, bare, tmp_path, key, encrypted):
    key = key if encrypted else None
    made = back_up(full, tmp_path / "backups", key)
    bring_back(bare, tmp_path / "backups", key)

    assert tables_of(bare) == tables_of(full) == made.tables
    assert made.tables["report"].rows == 3
    assert (len(made.blobs), made.missing) == (3, [])
    with full.app_context():
        photo = db.session.scalars(select(Attachment)).one()
        before = [
            read(photo, copy, keys=this_city.keys(), storage=this_city.storage()) for copy in Copy
        ]
    with bare.app_context():
        photo = db.session.scalars(select(Attachment)).one()
        after = [
            read(photo, copy, keys=this_city.keys(), storage=this_city.storage()) for copy in Copy
        ]
        # Whoever signed out since must not be signed in again by this.
        signed_in = db.session.scalar(select(func.count()).select_from(LoginSession))
    assert before == after
    assert signed_in == 0


def test_a_name_is_readable_with_the_secret_and_unreadable_without(full, bare, tmp_path):
    back_up(full, tmp_path / "backups")
    bring_back(bare, tmp_path / "backups")
    with bare.app_context():
        row = db.session.scalars(
            select(ReporterIdentity).where(ReporterIdentity.sealed.is_not(None))
        ).all()[-1]
        found = identity.open_sealed(row, keys=this_city.keys())
        with pytest.raises(Unreadable):
            identity.open_sealed(row, keys=Keys.from_secret("another secret " * 4))

    assert (found.name, found.phone) == (NAME, PHONE)


def test_encrypted_nothing_of_it_can_be_read(full, tmp_path, key):
    made = back_up(full, tmp_path / "plain")
    back_up(full, tmp_path / "sealed", key)
    with full.app_context():
        number = db.session.scalars(select(Report.number)).first()
    words = [number.encode(), b"PGDMP", b"report", *(blob.encode() for blob in made.blobs)]
    content = b"".join(
        path.read_bytes() for path in (tmp_path / "sealed").rglob("*") if path.is_file()
    )

    assert [word for word in words if word in content] == []
    assert b"PGDMP" in (tmp_path / "plain" / made.name / DATABASE).read_bytes()


def test_a_database_that_is_not_empty_is_left_alone(full, tmp_path):
    before = tables_of(full)
    back_up(full, tmp_path / "backups")

    with pytest.raises(BackupProblem, match="tidak kosong"):
        bring_back(full, tmp_path / "backups")
    assert tables_of(full) == before


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


SPOILT = {
    "a dump that was cut off": (DATABASE, cut),
    "a dump with a wrong bit": (DATABASE, flip),
    "a list of contents that was cut off": (MANIFEST, cut),
    "a list of contents with a wrong bit": (MANIFEST, flip),
    "an attachment that was cut off": ("lampiran", cut),
    "an attachment with a wrong bit": ("lampiran", flip),
    "an attachment that is gone": ("lampiran", Path.unlink),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("encrypted", [False, True])
def test_what_is_damaged_is_named_and_nothing_is_left(full, bare, tmp_path, key, how, encrypted):
    key = key if encrypted else None
    made = back_up(full, tmp_path / "backups", key)
    what, spoil = SPOILT[how]
    if what == "lampiran":
        spoil(
            sorted(path for path in (tmp_path / "backups" / what).rglob("*") if path.is_file())[-1]
        )
    else:
        spoil(tmp_path / "backups" / made.name / what)

    with pytest.raises(BackupProblem, match="rusak"):
        bring_back(bare, tmp_path / "backups", key)
    assert untouched(bare)


def test_a_dump_that_restores_to_something_else_is_taken_back(full, bare, tmp_path, monkeypatch):
    back_up(full, tmp_path / "backups")
    monkeypatch.setattr("lapor_web.backup.restore.count_tables", lambda _connection: {})

    with pytest.raises(BackupProblem, match="tabel"):
        bring_back(bare, tmp_path / "backups")
    assert untouched(bare)


def test_a_wrong_key_is_told_from_damage(full, bare, tmp_path, key):
    back_up(full, tmp_path / "backups", key)

    with pytest.raises(BackupProblem, match="Kunci tidak cocok"):
        bring_back(bare, tmp_path / "backups", b"some other password")
    with pytest.raises(BackupProblem, match="terenkripsi"):
        bring_back(bare, tmp_path / "backups")
    with pytest.raises(BackupProblem, match="Kunci tidak cocok"):
        back_up(full, tmp_path / "backups", b"some other password")
    assert untouched(bare)


def test_a_newer_schema_is_refused(full, bare, tmp_path):
    back_up(full, tmp_path / "backups")

    with pytest.raises(BackupProblem, match="lebih baru"):
        bring_back(bare, tmp_path / "backups", schemas={"0001"})
    assert untouched(bare)


def test_a_folder_that_holds_something_else_is_left_alone(full, bare, tmp_path):
    (tmp_path / "foto.jpg").touch()

    with pytest.raises(BackupProblem, match="berkas lain"):
        back_up(full, tmp_path)
    with pytest.raises(BackupProblem, match="Tidak ada cadangan"):
        bring_back(bare, tmp_path / "nowhere")


def test_two_at_once_do_not_clear_each_other_away(tmp_path):
    with (
        alone_in(tmp_path),
        pytest.raises(BackupProblem, match="sedang ditulis"),
        alone_in(tmp_path),
    ):
        pass


def test_attachments_are_copied_once_and_those_that_are_gone_are_named(full, tmp_path):
    first = back_up(full, tmp_path / "backups")
    copies = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "backups").rglob("lampiran/*/*")
    }
    again = back_up(full, tmp_path / "backups")
    copied_again = [path for path, at in copies.items() if path.stat().st_mtime_ns != at]
    with full.app_context():
        storage = this_city.storage()
        lost = sorted(first.blobs)[0]
        kept = storage.get(lost)
        storage.delete(lost)
    try:
        second = back_up(full, tmp_path / "backups")
        shutil.rmtree(tmp_path / "backups")
        third = back_up(full, tmp_path / "backups")
    finally:
        storage.put(lost, kept)

    assert (len(copies), copied_again) == (3, [])
    assert first.blobs == again.blobs == second.blobs
    assert first.name < again.name < second.name
    assert third.missing == [lost]


def test_what_was_cut_off_is_no_backup_and_is_cleared_away(full, tmp_path, monkeypatch):
    def dies(*_args, **_kwargs):
        raise KeyboardInterrupt

    back_up(full, tmp_path / "backups")
    left = tmp_path / "backups" / ".20200101T000000Z"
    left.mkdir()
    monkeypatch.setattr("lapor_web.backup.save.write_manifest", dies)
    with pytest.raises(KeyboardInterrupt):
        back_up(full, tmp_path / "backups", now=NOW + dt.timedelta(hours=1))
    names = [path.name for path in (tmp_path / "backups").iterdir()]

    assert sorted(names) == ["20261124T160000Z", "cadangan.json", "lampiran"]


def test_old_ones_go_and_their_attachments_with_them(full, tmp_path):
    folder = tmp_path / "backups"
    made = back_up(full, folder, now=NOW - dt.timedelta(days=40))
    stray = folder / "lampiran" / "ab" / ("ab" + "0" * 30)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"of an erased report")
    newest = back_up(full, folder, now=NOW)
    with full.app_context():
        removed = thin_out(create_or_open(folder, None), now=NOW, days=30)

    assert removed == 1
    assert not (folder / made.name).exists()
    assert not stray.exists()
    assert len(list(folder.glob("lampiran/*/*"))) == len(newest.blobs)


def test_all_of_a_day_are_kept_and_then_one_a_day():
    every_quarter = [name_of(NOW - dt.timedelta(minutes=15 * n)) for n in range(4 * 24 * 40)]
    kept = to_keep(sorted(every_quarter), now=NOW, days=30)

    assert len([name for name in kept if name > name_of(NOW - dt.timedelta(days=1))]) == 96
    assert 96 + 29 <= len(kept) <= 96 + 32
    assert to_keep(["20200101T000000Z"], now=NOW, days=30) == {"20200101T000000Z"}


def test_a_bucket_that_outlived_its_database_is_not_written_again(
    full, bare, tmp_path, monkeypatch
):
    made = back_up(full, tmp_path / "backups")
    with full.app_context():
        kept = this_city.storage()
    with bare.app_context():
        own = this_city.storage()
        for name in made.blobs:
            own.put(name, kept.get(name))
    monkeypatch.setattr(Folder, "put", lambda *_: pytest.fail("written again"))
    bring_back(bare, tmp_path / "backups")

    assert tables_of(bare) == made.tables


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("short")
    with pytest.raises(BackupProblem, match="kurang dari"):
        read_key(tmp_path / "key")
    with pytest.raises(BackupProblem, match="tidak dapat dibaca"):
        read_key(tmp_path / "nowhere")
