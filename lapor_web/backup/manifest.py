"""What is in one backup, and the proof of it."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from lapor_web.backup import sealed_files
from lapor_web.backup.contents import Table
from lapor_web.backup.errors import Damaged
from lapor_web.backup.repository import MANIFEST, Repository, lasting, sync_folder


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    schema: str | None
    """The revision of the migrations."""
    secret: str
    """Tells SECRET_KEY from another, and nothing else of it."""
    database: str
    """SHA-256 of the file."""
    tables: Mapping[str, Table]
    blobs: Mapping[str, str]
    """Of each attachment's bytes the SHA-256, as they lie in the storage: sealed."""
    missing: list[str]
    """Named by the database, and not in the storage."""

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def write_manifest(manifest: Manifest, folder: Path, key: bytes | None) -> None:
    content = gzip.compress(json.dumps(asdict(manifest)).encode(), compresslevel=6)
    with lasting(folder / MANIFEST) as file:
        sealed_files.write(file, [content], key=key, name=bound(manifest.name, MANIFEST))
    sync_folder(folder)


def read_manifest(repository: Repository, name: str) -> Manifest:
    """Raises Damaged."""
    path = repository.folder / name / MANIFEST
    try:
        content = b"".join(sealed_files.read(path, key=repository.key, name=bound(name, MANIFEST)))
        values = json.loads(gzip.decompress(content))
        values["tables"] = {table: Table(**found) for table, found in values["tables"].items()}
        return Manifest(**values)
    except (ValueError, TypeError, KeyError, EOFError, OSError, zlib.error):
        raise Damaged(f"daftar isi {name}") from None


def bound(backup: str, file: str) -> str:
    """The name that a file is sealed under, so that none stands in for another."""
    return f"{backup}/{file}"
