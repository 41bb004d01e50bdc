"""Brings one backup into an empty database and its storage: all of it, or nothing."""

import contextlib
import hashlib
from collections.abc import Callable, Container, Iterator

from sqlalchemy import Engine

from lapor_web.backup import programs, sealed_files
from lapor_web.backup.at_once import at_once
from lapor_web.backup.contents import count_relations, count_tables
from lapor_web.backup.errors import BackupProblem, Damaged, explained
from lapor_web.backup.manifest import Manifest, bound, read_manifest
from lapor_web.backup.repository import BLOBS, DATABASE, Repository
from lapor_web.services.storage import NotStored, Storage, StorageAway


def choose(repository: Repository, wanted: str | None) -> Manifest:
    """The newest, unless one is named."""
    names = repository.backups()
    if not names:
        raise BackupProblem(f"Belum ada cadangan utuh di {repository.folder}.")
    if wanted is not None and wanted not in names:
        raise BackupProblem(
            f"Cadangan {wanted} tidak ada. Yang terbaru: {', '.join(names[:-6:-1])}."
        )
    return read_manifest(repository, wanted or names[-1])


def restore(
    engine: Engine,
    storage: Storage,
    repository: Repository,
    manifest: Manifest,
    *,
    known_schemas: Container[str | None],
) -> None:
    """Raises BackupProblem; then everything is as it was before."""
    refuse_full(engine)
    if manifest.schema not in known_schemas:
        raise BackupProblem(
            f"Cadangan memakai skema {manifest.schema} yang lebih baru daripada aplikasi ini. "
            "Pasang versi aplikasi yang membuatnya, lalu ulangi."
        )
    with explained():
        refuse_damaged(repository, manifest)
        with blobs_taken_back(storage) as note:
            bring_blobs(storage, repository, manifest, note)
            with database_taken_back(engine):
                bring_database(engine, repository, manifest)
                refuse_different(engine, manifest)


def refuse_full(engine: Engine) -> None:
    with engine.connect() as connection:
        found = count_relations(connection)
    if found:
        raise BackupProblem(
            f"Basis data tidak kosong (ada {found} tabel dan sejenisnya). Pulihkan ke basis data baru: "
            "ganti DATABASE_URL, atau isi LAPOR_DATA_DIR dengan folder baru."
        )


def refuse_damaged(repository: Repository, manifest: Manifest) -> None:
    """What can be seen before anything is written: the dump whole, the attachments there."""
    dump = repository.folder / manifest.name / DATABASE
    if not dump.exists() or sealed_files.hash_of(dump) != manifest.database:
        raise Damaged(f"basis data {manifest.name}")
    for name in manifest.blobs:
        if not repository.blob(name).exists():
            raise Damaged(f"lampiran {name}")


# ---- attachments ----


@contextlib.contextmanager
def blobs_taken_back(storage: Storage) -> Iterator[Callable[[str], None]]:
    """Yields what is called with the name of each that is written; an error removes them again."""
    written: list[str] = []
    try:
        yield written.append
    except BaseException:
        with contextlib.suppress(StorageAway):
            for name in written:
                storage.delete(name)
        raise


def bring_blobs(
    storage: Storage, repository: Repository, manifest: Manifest, note: Callable[[str], None]
) -> None:
    """What the storage still has is not written anew: a bucket may outlive its database."""

    def bring(item: tuple[str, str]) -> None:
        name, wanted = item
        if in_storage(storage, name) == wanted:
            return
        content = read_blob(repository, name)
        if hash_of(content) != wanted:
            raise Damaged(f"lampiran {name}")
        note(name)
        storage.put(name, content)

    try:
        for _ in at_once(bring, manifest.blobs.items()):
            pass
    except StorageAway:
        raise BackupProblem(
            "Penyimpanan lampiran tidak dapat ditulis atau penuh. Periksa LAPOR_STORAGE, lalu ulangi."
        ) from None


def in_storage(storage: Storage, name: str) -> str | None:
    try:
        return hash_of(storage.get(name))
    except NotStored:
        return None


def read_blob(repository: Repository, name: str) -> bytes:
    pieces = sealed_files.read(repository.blob(name), key=repository.key, name=bound(BLOBS, name))
    return b"".join(pieces)


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ---- database ----


@contextlib.contextmanager
def database_taken_back(engine: Engine) -> Iterator[None]:
    """It was empty, so taking back is emptying."""
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        raise


def bring_database(engine: Engine, repository: Repository, manifest: Manifest) -> None:
    path = repository.folder / manifest.name / DATABASE
    pieces = sealed_files.read(path, key=repository.key, name=bound(manifest.name, DATABASE))
    with engine.connect() as connection:
        programs.restore(connection, pieces)
    # What a loaded database lacks, and without which its lists are slow.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")


def refuse_different(engine: Engine, manifest: Manifest) -> None:
    """The proof: rows and hash of each table as they were when the backup was made."""
    with engine.connect() as connection:
        found = count_tables(connection)
    for table, wanted in manifest.tables.items():
        if found.get(table) != wanted:
            raise Damaged(f"tabel {table}")
