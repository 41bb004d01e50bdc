"""Passwords: which are good enough, and their hashes, a few at a time (promise 13)."""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TypeVar, cast

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from gevent import monkey

SHORTEST, LONGEST = 10, 200
FEWEST_DIFFERENT = 5

AT_ONCE = 1
"""Hashes in one process: each takes a core for a while, and there is a process a core. With two,
pages wait longer and not one more password is compared."""
IN_LINE = 20
"""Who comes after them is sent away: their wait would be longer than a person's patience."""

Result = TypeVar("Result")

# OWASP's smallest argon2id. What it leaves unmade, the throttle makes good.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _hasher.hash(secrets.token_hex())
_slots = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + IN_LINE)


class TooBusy(Exception):
    """More hashes are asked for than fit in the line; the same request may succeed in a moment."""


def weakness(password: str, names: Iterable[str]) -> str | None:
    """Why it may not be taken ("short", "long", "common", "name"), or None.

    `names` are what a guesser tries first: the user's own and those of the offices. Letters,
    spaces and emoji of any kind are taken as they are, and none is asked for (S-42).
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = letters_of(password)
    if len(set(password)) < FEWEST_DIFFERENT or password in common() or bare in common():
        return "common"
    if bare and bare in {letters_of(name) for name in names}:
        return "name"
    return None


def letters_of(text: str) -> str:
    """`Samarinda2026!` is as easily guessed as `samarinda`."""
    return "".join(letter for letter in text.casefold() if letter.isalpha())


@cache
def common() -> frozenset[str]:
    text = files("lapor_web").joinpath("services", "common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def hash_password(password: str) -> str:
    """Raises TooBusy."""
    return _in_line(lambda: _hasher.hash(password))


def matches(password: str, stored: str | None) -> bool:
    """As slow for an account that does not exist (None) as for a wrong password. Raises TooBusy."""

    def verify() -> bool:
        try:
            return _hasher.verify(stored or _NOBODYS_HASH, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    return _in_line(verify) and stored is not None


def _in_line(work: Callable[[], Result]) -> Result:
    with _place(), _slots:
        if not monkey.is_module_patched("threading"):
            return work()
        # Under gevent a hash in the loop would stop every other request of the process.
        return cast(Result, gevent.get_hub().threadpool.apply(work))


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooBusy
    try:
        yield
    finally:
        _places.release()
