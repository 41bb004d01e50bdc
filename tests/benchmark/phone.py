"""`python -m tests.benchmark.phone`: what a cheap phone on a weak network waits for (ux.md 9, B4 to B8).

    .venv/bin/python -m tests.benchmark.phone [--rounds 7] [--url http://localhost:8000]

A Chromium is slowed down as DevTools does it. Other work on the machine makes a figure worse, never
better, so the best round counts. Serves a small city of its own unless it is told of one.
"""

import argparse
import io
import itertools
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from lapor_web import embedded
from tests.benchmark import database
from tests.benchmark.__main__ import SETTINGS
from tests.benchmark.scenarios import STORY, environ_of
from tests.benchmark.serving import served
from tests.journey.conftest import CHROMIUM, OPTIONS

REPORTS = 1000
CPU = 6
"""How many times slower than this machine."""
COLD = 3
"""Round trips before the first byte is asked for: name, connection, TLS 1.3."""
PAGES = ("/", "/lapor", "/lacak", "/laporan", "/statistik")
PLACE = "Jalan Mawar, depan masjid"
PHONE = "081234567890"


@dataclass(frozen=True)
class Link:
    name: str
    kilobits: int
    latency: int
    """In milliseconds, for each request."""
    wanted: float
    """First contentful paint, in seconds."""
    kind: str = "cellular3g"

    def slow_down(self, page: Page) -> None:
        bytes_per_second = self.kilobits * 1000 / 8
        page.context.new_cdp_session(page).send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": self.latency,
                "downloadThroughput": bytes_per_second,
                "uploadThroughput": bytes_per_second,
                "connectionType": self.kind,
            },
        )


EDGE = Link("EDGE", 240, 840, 4.0, "cellular2g")
LINKS = (EDGE, Link("slow 3G", 400, 400, 2.2), Link("slow 4G", 1600, 150, 1.2))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.phone")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--url", help="a city that is served already, `lapor demo` for one")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        url = arguments.url or stack.enter_context(served_city())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for page, link in itertools.product(PAGES, LINKS):
            paints = [first_paint(browser, url + page, link) for _ in range(arguments.rounds)]
            print(
                f"first paint of {page:10} {link.name:8} {min(paints):.2f} s"
                f" (wanted {link.wanted}), slowest round {max(paints):.2f} s",
                flush=True,
            )
        print(reported(browser, url))
        for link in (None, EDGE):
            print(photo_sent(browser, url, link), flush=True)
        browser.close()


@contextmanager
def served_city() -> Iterator[str]:
    secret = secrets.token_urlsafe(48)
    with (
        tempfile.TemporaryDirectory(prefix="lapor-phone-", dir="/var/tmp") as folder,
        embedded.start(database.readable(Path(folder))) as server,
    ):
        environ = environ_of(database.make(server.url, REPORTS, secret), secret)
        environ["LAPOR_STORAGE"] = f"{folder}/lampiran"
        with served("wsgi:app", environ, settings=SETTINGS) as port:
            yield f"http://localhost:{port}"


@contextmanager
def phone(browser: Browser, script: str = "") -> Iterator[Page]:
    """One that knows nothing of us: no cookie, nothing kept."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True, locale="id-ID"
    )
    context.add_init_script(script)
    yield context.new_page()
    context.close()


# ---- B4, B5 ----


def first_paint(browser: Browser, address: str, link: Link) -> float:
    """Seconds from nothing at all: with the round trips that come before the request."""
    with phone(browser) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": CPU})
        link.slow_down(page)
        page.goto(address)
        painted: float = page.evaluate(PAINTED)
        return (painted + COLD * link.latency) / 1000


PAINTED = """new Promise(done => new PerformanceObserver(list =>
    list.getEntriesByName('first-contentful-paint').forEach(one => done(one.startTime))
).observe({ type: 'paint', buffered: true }))"""


# ---- B6, B8 ----


def reported(browser: Browser, url: str) -> str:
    """From the empty form to number and code, with a phone number: what a thumb does, and what travels."""
    with phone(browser, COUNTING) as page:
        page.goto(f"{url}/lapor")
        write(page, "story", STORY)
        write(page, "place", PLACE)
        page.evaluate("counted.keys = 0")
        write(page, "phone", PHONE)
        travelled: list[Request] = []
        page.on("request", lambda one: travelled.append(one))
        screens = 0
        for words, leads_to in (
            ("Periksa laporan", "Sudah benar? Laporan belum terkirim"),
            ("Kirim laporan", "Laporan Anda sudah kami terima"),
        ):
            page.locator(".button:not(.flat)", has_text=words).last.tap()
            page.get_by_role("heading", level=1, name=leads_to).wait_for()
            screens += 1
        taps, keys = page.evaluate("[counted.taps, counted.keys]")
        up = sum(
            sum(one.sizes()[f"request{part}Size"] for part in ("Headers", "Body"))
            for one in travelled
        )
        return (
            f"a report without photo: {up} bytes up (wanted 3,072), {len(travelled)} round trips after typing"
            f" (wanted 3); {taps} taps (wanted 8), {keys} keystrokes beyond story and place (wanted 50),"
            f" {screens} screens after the first (wanted 2)"
        )


COUNTING = """
    window.counted = { taps: 0, keys: 0 }
    addEventListener('pointerdown', () => counted.taps++, true)
    addEventListener('keydown', () => counted.keys++, true)
"""


def write(page: Page, field: str, words: str) -> None:
    page.locator(f"[name={field}]").tap()
    page.keyboard.type(words)


# ---- B7 ----


def photo_sent(browser: Browser, url: str, link: Link | None) -> str:
    with phone(browser) as page:
        if link:
            link.slow_down(page)
        page.goto(f"{url}/lapor")
        page.fill("[name=story]", f"{STORY} {secrets.token_hex(4)}")
        page.fill("[name=place]", PLACE)
        content = a_photo()
        page.set_input_files(
            "[name=photos]", [{"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": content}]
        )
        page.get_by_role("button", name="Periksa laporan").tap()
        sent: list[Request] = []
        page.on("requestfinished", lambda one: sent.append(one))
        page.locator(".button:not(.flat)", has_text="Kirim laporan").last.tap()
        page.get_by_text("foto sudah terkirim").wait_for(timeout=120_000)
        pieces = [int(one.all_headers()["content-length"]) for one in sent if one.method == "PATCH"]
        where, wanted = (link.name, 90) if link else ("a good link", 150)
        return (
            f"a photo of {len(content) / 1024:,.0f} KB on {where}: {sum(pieces) / 1000:.0f} KB sent"
            f" (wanted {wanted}) in {len(pieces)} pieces of at most {max(pieces) / 1024:.0f} KB"
        )


def a_photo() -> bytes:
    """Twelve megapixels that, made small, weigh what real photographs do (ux.md 1)."""
    coarse = Image.effect_noise((200, 150), 45).resize((4000, 3000), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((4000, 3000), 12)
    out = io.BytesIO()
    Image.blend(coarse, fine, 0.3).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


if __name__ == "__main__":
    main()
