"""Phones with a bad line: they send a report and try again with the same key until they hear its number."""

import http.client
import http.cookiejar
import io
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from PIL import Image

SECONDS_BETWEEN_TRIES = 0.3
SECONDS_TO_GIVE_UP = 120.0


@dataclass(frozen=True)
class Answer:
    """Status 0: none came."""

    status: int
    headers: Any = None
    body: bytes = b""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Client:
    """One browser, without a script. What breaks on the way is an answer of status 0."""

    def __init__(self, address: str, timeout: float = 15.0, *, place: str = "") -> None:
        self.address, self.timeout = address, timeout
        self.place = place
        self.cookies = http.cookiejar.CookieJar()
        keeping = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(keeping, NoRedirect)

    def ask(self, path: str, data: bytes | None = None, media_type: str = "") -> Answer:
        headers = {"X-Forwarded-For": self.place} if self.place else {}
        if data is not None:
            headers |= {"Origin": self.address, "Content-Type": media_type}
        request = urllib.request.Request(self.address + path, data, headers)  # noqa: S310
        try:
            try:
                with self.opener.open(request, timeout=self.timeout) as answer:
                    return Answer(answer.status, answer.headers, answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    return Answer(error.code, error.headers, error.read())
        except (OSError, http.client.HTTPException):
            return Answer(0)

    def send(self, path: str, fields: dict[str, str]) -> Answer:
        data = urllib.parse.urlencode(fields).encode()
        return self.ask(path, data, "application/x-www-form-urlencoded")

    def send_with_photo(self, path: str, fields: dict[str, str], photo: bytes) -> Answer:
        line = f"--{(boundary := secrets.token_hex(8))}\r\nContent-Disposition: form-data; name="
        parts = [f'{line}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
        file = f'{line}"photos"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = "".join([*parts, file]).encode() + photo + f"\r\n--{boundary}--\r\n".encode()
        return self.ask(path, body, f"multipart/form-data; boundary={boundary}")


@dataclass(frozen=True)
class Sent:
    """A report whose number its sender has seen."""

    number: str
    story: str
    has_photo: bool


@dataclass
class Crowd:
    """Phones that go on until `stop`; each finishes the report that it has begun."""

    address: str
    phones: int = 8
    sent: list[Sent] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    longest: float = 0.0
    """Seconds from a phone's first try to its number."""

    def __post_init__(self) -> None:
        self._stopping, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._live) for _ in range(self.phones)]

    def start(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _live(self) -> None:
        while not self._stopping.is_set():
            self._report(Client(self.address, place=somewhere()))

    def _report(self, client: Client) -> None:
        began = time.monotonic()
        story, photo = (
            f"Lubang di jalan {secrets.token_hex(8)}, sudah sebulan.",
            secrets.randbelow(3),
        )
        number = None
        while number is None:
            if time.monotonic() - began > SECONDS_TO_GIVE_UP:
                with self._lock:
                    self.given_up.append(story)
                return
            number = self._try(client, story, jpeg() if photo == 0 else None)
        with self._lock:
            self.sent.append(Sent(number, story, photo == 0))
            self.longest = max(self.longest, time.monotonic() - began)

    def _try(self, client: Client, story: str, photo: bytes | None) -> str | None:
        """Up to the check page, and then the same post again and again."""
        form = self._note(client.ask("/lapor"))
        if form.status != 200:
            return None
        typed = hidden_in(form.body, "/lapor")
        typed |= {"story": story, "place": "Jalan Antasari", "phone": "081234567890"}
        checked = self._note(
            client.send("/lapor", typed)
            if photo is None
            else client.send_with_photo("/lapor", typed, photo)
        )
        if checked.status != 200:
            return None
        decided, began = hidden_in(checked.body, "/lapor/kirim"), time.monotonic()
        while time.monotonic() - began < SECONDS_TO_GIVE_UP:
            answer = self._note(client.send("/lapor/kirim", decided))
            if answer.status == 303:
                return str(answer.headers["Location"]).rpartition("/")[2]
        return None

    def _note(self, answer: Answer) -> Answer:
        with self._lock:
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status not in {200, 303}:
            time.sleep(SECONDS_BETWEEN_TRIES)
        return answer


def somewhere() -> str:
    """An address of its own for a phone: from one alone, hundreds at once would be slowed."""
    return ".".join(["10", *(str(byte) for byte in secrets.token_bytes(3))])


def hidden_in(page: bytes, action: str) -> dict[str, str]:
    form = BeautifulSoup(page, "html.parser").select_one(f"form[action='{action}']")
    return {one["name"]: one["value"] for one in form.select("input[type=hidden]")} if form else {}


def jpeg() -> bytes:
    """Another each time: the same file is not taken twice."""
    out = io.BytesIO()
    colour = (secrets.randbelow(256), secrets.randbelow(256), secrets.randbelow(256))
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()
