"""Requests to a gateway: never longer than half a minute, never larger than allowed, never elsewhere."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from lapor_web.services.channels import Away

SECONDS_TO_CONNECT = 5.0
SECONDS_IN_ALL = 25.0
BYTES_AT_MOST = 256 * 1024
"""Of an answer that is no file."""

_pool = urllib3.PoolManager(
    maxsize=4,
    retries=False,  # the outbox does that, and knows how often
    timeout=urllib3.Timeout(connect=SECONDS_TO_CONNECT, read=SECONDS_IN_ALL),
)


class TooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    data: bytes

    def json(self) -> dict[str, Any]:
        """Empty where it is none, or no object."""
        try:
            found = json.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most: int = BYTES_AT_MOST,
) -> Reply:
    """Follows no redirect: the next address would be whatever the answer says, an inner one too.

    Raises Away, or TooLarge. Addresses and bodies name reporters, so neither is in any error.
    """
    until = time.monotonic() + SECONDS_IN_ALL
    try:
        answer = _pool.request(
            method,
            url,
            body=body,
            headers=dict(headers or {}),
            redirect=False,
            preload_content=False,
        )
        try:
            return Reply(answer.status, _read(answer, most, until))
        finally:
            answer.release_conn()
    except HTTPError as error:
        raise Away(_reason(error)) from None


def _read(answer: urllib3.BaseHTTPResponse, most: int, until: float) -> bytes:
    """Piece by piece, for one that drips must not hold the worker."""
    pieces, size = [], 0
    while piece := answer.read1(
        64 * 1024, decode_content=True
    ):  # what is there, waiting for no more
        size += len(piece)
        if size > most:
            answer.close()
            raise TooLarge
        if time.monotonic() > until:
            answer.close()
            raise Away("slow")
        pieces.append(piece)
    return b"".join(pieces)


def _reason(error: HTTPError) -> str:
    # Urllib3 counts a refused connection among those that took too long.
    refused = isinstance(error, urllib3.exceptions.NewConnectionError)
    slow = isinstance(error, urllib3.exceptions.TimeoutError) and not refused
    return "slow" if slow else "no_connection"
