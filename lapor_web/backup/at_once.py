"""Attachments, several at a time: what takes time is waiting for the disk or the bucket."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 8
PLANNED = 2000
"""A plan for a million would fill the memory."""


def at_once(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """In the order of the items; the first error ends it."""
    waiting = iter(items)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while planned := list(islice(waiting, PLANNED)):
            yield from pool.map(work, planned)
