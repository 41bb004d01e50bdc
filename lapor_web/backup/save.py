"""Makes one backup while everything goes on.

The dump, the counts and the names of attachments come from one snapshot of the database. An attachment never
changes under its name, so it may be copied after: all that the snapshot names were in the storage before.
"""

import datetime as dt
import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from lapor_web.backup import sealed_files
from lapor_web.backup.at_once import at_once
from lapor_web.backup.contents import Table, blob_names, count_tables, schema_revision
from lapor_web.backup.errors import BackupProblem, Damaged, explained
from lapor_web.backup.manifest import Manifest, bound, read_manifest, write_manifest
from lapor_web.backup.programs import dump
from lapor_web.backup.repository import (
    BLOBS,
    DATABASE,
    UNFINISHED,
    Repository,
    clear_unfinished,
    instant_of,
    lasting,
    name_of,
    sync_folder,
    to_keep,
)
from lapor_web.services.storage import NotStored, Storage, StorageAway


@dataclass(frozen=True, slots=True)
class Contents:
    """Of the database, at one snapshot."""

    schema: str | None
    database: str
    tables: Mapping[str, Table]
    blobs: list[str]


def save(
    engine: Engine, storage: Storage, repository: Repository, *, secret: str, now: dt.datetime
) -> Manifest:
    """To be called by who is `alone_in` the folder. Raises BackupProblem; then no backup was added."""
    name = free_name(repository, now)
    unfinished = repository.folder / f"{UNFINISHED}{name}"
    with explained():
        clear_unfinished(repository)
        unfinished.mkdir(mode=0o700)
        try:
            found = save_database(engine, repository, name)
            hashes = save_blobs(storage, repository, found.blobs)
            manifest = Manifest(
                name=name,
                schema=found.schema,
                secret=secret,
                database=found.database,
                tables=found.tables,
                blobs={blob: hash_ for blob, hash_ in hashes.items() if hash_},
                missing=[blob for blob, hash_ in hashes.items() if not hash_],
            )
            write_manifest(manifest, unfinished, repository.key)
            unfinished.rename(repository.folder / name)
            sync_folder(repository.folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def free_name(repository: Repository, now: dt.datetime) -> str:
    """A second later where one of this second is there."""
    name = name_of(now)
    while (repository.folder / name).exists():
        name = name_of(instant_of(name) + dt.timedelta(seconds=1))
    return name


def save_database(engine: Engine, repository: Repository, name: str) -> Contents:
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        hash_ = save_dump(connection, repository, name)
        return Contents(
            schema=schema_revision(connection),
            database=hash_,
            tables=count_tables(connection),
            blobs=sorted(set(blob_names(connection))),
        )


def save_dump(connection: Connection, repository: Repository, name: str) -> str:
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    path = repository.folder / f"{UNFINISHED}{name}" / DATABASE
    with lasting(path) as file:
        return sealed_files.write(
            file,
            dump(connection, str(snapshot)),
            key=repository.key,
            name=bound(name, DATABASE),
        )


# ---- attachments ----


def save_blobs(storage: Storage, repository: Repository, names: list[str]) -> dict[str, str | None]:
    """Of each the hash of its bytes; None where the storage has none. What an earlier backup copied
    stays as it is."""
    known = known_hashes(repository)

    def save_one(name: str) -> str | None:
        if name in known and repository.blob(name).exists():
            return known[name]
        return save_blob(storage, repository, name)

    folders = {repository.blob(name).parent for name in names}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        hashes = dict(zip(names, at_once(save_one, names), strict=True))
    except StorageAway:
        raise BackupProblem(
            "Penyimpanan lampiran tidak dapat dibaca. Periksa LAPOR_STORAGE, lalu ulangi."
        ) from None
    for folder in folders | {folder.parent for folder in folders}:
        sync_folder(folder)
    return hashes


def known_hashes(repository: Repository) -> Mapping[str, str]:
    """By the newest backup that can be read."""
    for name in reversed(repository.backups()):
        try:
            return read_manifest(repository, name).blobs
        except Damaged:
            continue
    return {}


def save_blob(storage: Storage, repository: Repository, name: str) -> str | None:
    try:
        content = storage.get(name)
    except NotStored:
        return None
    path = repository.blob(name)
    unfinished = path.with_name(f"{UNFINISHED}{name}")
    with lasting(unfinished) as file:
        sealed_files.write(file, [content], key=repository.key, name=bound(BLOBS, name))
    unfinished.rename(path)
    return hashlib.sha256(content).hexdigest()


# ---- what is no longer kept ----


def thin_out(repository: Repository, *, now: dt.datetime, days: int) -> int:
    """Removes backups that are not kept (see `to_keep`), and attachments that none of the others
    names; how many backups. So what was erased in the city is gone from here after `days`, too."""
    names = repository.backups()
    old = set(names) - to_keep(names, now=now, days=days)
    if not old:
        return 0
    for name in old:
        unfinished = repository.folder / f"{UNFINISHED}{name}"
        (repository.folder / name).rename(unfinished)
        shutil.rmtree(unfinished)
    if all(now - instant_of(name) <= dt.timedelta(days=days) for name in old):
        return len(old)  # attachments are looked through once a day, when a day's last one goes
    try:
        named = {
            blob for name in repository.backups() for blob in read_manifest(repository, name).blobs
        }
    except Damaged:
        return len(old)  # its attachments are not known: none is removed
    for path in (repository.folder / BLOBS).glob("??/*"):
        if path.name not in named:
            path.unlink()
    return len(old)
