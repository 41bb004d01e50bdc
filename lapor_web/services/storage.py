"""Where the bytes of attachments lie: a folder of one machine, or a bucket that hosts share.

Whoever writes here has sealed the bytes before; names are made by us and say nothing.
"""

import datetime as dt
import logging
import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import gevent
from gevent import monkey

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_NAME = re.compile(r"[a-z0-9]{32}(\.[a-z]+)?")
_UNFINISHED = ".part"


class StorageAway(Exception):
    """It cannot be reached, or is full (503)."""


class NotStored(Exception):
    """No bytes under this name."""


class Storage(Protocol):
    """All raise StorageAway."""

    def put(self, name: str, content: bytes) -> None:
        """All of it or nothing, and lasting, once this returns. The same name is written anew."""

    def get(self, name: str) -> bytes:
        """Raises NotStored."""

    def delete(self, name: str) -> None:
        """Not being there is fine."""

    def names_before(self, instant: dt.datetime) -> Iterator[str]:
        """All that was last written before it."""


def new_name() -> str:
    return secrets.token_hex(16)


def open_storage(address: str) -> Storage:
    """`s3://bucket[/prefix]`, with the credentials of AWS_… in the environment; else a folder."""
    return Bucket(address) if address.startswith("s3://") else Folder(Path(address))


class Folder:
    def __init__(self, root: Path):
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        _outside_the_loop(lambda: self._put(self._path(name), content))

    def _put(self, path: Path, content: bytes) -> None:
        unfinished = path.with_name(f"{path.name}-{secrets.token_hex(4)}{_UNFINISHED}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
            # The names too: the file's in its folder, and the folder's in the root.
            for folder in (path.parent, self.root):
                _sync_folder(folder)
        except OSError as error:
            raise _away(error) from None

    def get(self, name: str) -> bytes:
        def read() -> bytes:
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                raise NotStored(name) from None
            except OSError as error:
                raise _away(error) from None

        return _outside_the_loop(read)

    def delete(self, name: str) -> None:
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise _away(error) from None

    def names_before(self, instant: dt.datetime) -> Iterator[str]:
        """What a crash left unfinished is removed on the way."""
        for path in self.root.glob("??/*"):
            if path.stat().st_mtime >= instant.timestamp():
                continue
            if path.name.endswith(_UNFINISHED):
                path.unlink(missing_ok=True)
            elif _NAME.fullmatch(path.name):
                yield path.name

    def _path(self, name: str) -> Path:
        return self.root / _checked(name)[:2] / name


class Bucket:
    def __init__(self, address: str, **options: Any):
        # Only here: a folder needs none of it.
        import obstore
        from obstore.store import S3Store

        self._obstore = obstore
        self._store = S3Store.from_url(address, **options)

    def put(self, name: str, content: bytes) -> None:
        self._ask(lambda: self._obstore.put(self._store, _checked(name), content))

    def get(self, name: str) -> bytes:
        try:
            return self._ask(lambda: bytes(self._obstore.get(self._store, _checked(name)).bytes()))
        except FileNotFoundError:
            raise NotStored(name) from None

    def delete(self, name: str) -> None:
        try:
            self._ask(lambda: self._obstore.delete(self._store, _checked(name)))
        except FileNotFoundError:
            return

    def names_before(self, instant: dt.datetime) -> Iterator[str]:
        for chunk in self._obstore.list(self._store):
            for one in chunk:
                if one["last_modified"] < instant and _NAME.fullmatch(one["path"]):
                    yield one["path"]

    def _ask(self, work: Callable[[], Result]) -> Result:
        try:
            return _outside_the_loop(work)
        except FileNotFoundError:
            raise
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise _away(error) from None


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _away(error: Exception) -> StorageAway:
    logger.error("storage is away: %s", type(error).__name__)
    return StorageAway(type(error).__name__)


def _outside_the_loop(work: Callable[[], Result]) -> Result:
    """Disks and buckets would stop every other request of a process that runs on gevent."""
    if not monkey.is_module_patched("threading"):
        return work()

    def outcome() -> tuple[Result | None, Exception | None]:
        # Carried by hand: gevent prints what a thread of its pool raises.
        try:
            return work(), None
        except Exception as problem:
            return None, problem

    result, problem = gevent.get_hub().threadpool.apply(outcome)
    if problem is not None:
        raise problem
    return cast(Result, result)
