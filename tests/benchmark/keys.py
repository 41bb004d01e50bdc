"""`python -m tests.benchmark.keys`: from a key of an officer to the frame in which the next report stands.

A real Chromium before gunicorn as it is served, with the busiest office's own list: some reports are
gone through (J), some accepted (V), each as soon as the last one stands there and a moment was taken
to look. Of each it prints what the server took of it, too (B12 of `ux.md`).

    .venv/bin/python -m tests.benchmark.keys [--reports 100000] [--keys 40] [--database URL]
"""

import argparse
import secrets
import shutil
import statistics
from contextlib import ExitStack

from playwright.sync_api import Page, sync_playwright

from lapor_web import create_app
from lapor_web.config import read_config
from lapor_web.extensions import db
from lapor_web.models import User, utc_now
from lapor_web.services import sessions
from lapor_web.sign_in import TOKEN
from tests.benchmark import database
from tests.benchmark.__main__ import SETTINGS
from tests.benchmark.officers import busiest_offices, make_officer
from tests.benchmark.scenarios import HOST, cookie_of, environ_of
from tests.benchmark.serving import served

WIDE = {"width": 1366, "height": 768}
A_LOOK = 700
"""Milliseconds between two keys: nobody decides faster."""
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAINTED = """key => new Promise(done => {
    const pane = document.getElementById('pane')
    const number = () => pane.querySelector('[data-number]')?.dataset.number
    const [was, before] = [number(), performance.now()]
    performance.clearResourceTimings()
    new MutationObserver((_, seen) => {
        if (number() === was) return
        seen.disconnect()
        requestAnimationFrame(() => setTimeout(() => {
            const painted = performance.now() - before
            const asked = performance.getEntriesByType('resource').filter(one =>
                one.startTime >= before && one.startTime <= before + painted && one.responseEnd)
            const server = asked.map(one => one.responseStart - one.requestStart)
            done([painted, Math.max(0, ...server)])
        }))
    }).observe(pane, { childList: true, subtree: true })
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
})"""
"""Milliseconds to the paint, and those of the server that lie before it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.keys")
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--database", help="one that `lapor sample` filled already")
    arguments = parser.parse_args()
    secret = secrets.token_urlsafe(48)
    with ExitStack() as stack:
        url = arguments.database or database.made(stack, arguments.reports, secret)
        environ = environ_of(url, secret)
        name, _, value = signed_in(environ).partition("=")
        port = stack.enter_context(served("wsgi:app", environ, settings=SETTINGS))
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=OPTIONS
        )
        address = f"http://{HOST}:{port}"
        context = chromium.new_context(base_url=address, viewport=WIDE)
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        for words, key in (("to the next one (J)", "j"), ("accept (V)", "v")):
            page.goto("/kotak-masuk")
            print_measured(words, [pressed(page, key) for _ in range(arguments.keys)])
        chromium.close()


def pressed(page: Page, key: str) -> tuple[float, float]:
    page.wait_for_timeout(A_LOOK)
    if not page.locator("#pane [data-number]").count():
        page.keyboard.press("j")
        page.locator("#pane [data-number]").wait_for()
        page.wait_for_timeout(A_LOOK)
    painted, server = page.evaluate(PAINTED, key)
    return painted, server


def print_measured(name: str, seen: list[tuple[float, float]]) -> None:
    painted, server = ([one[n] for one in seen] for n in (0, 1))
    print(
        f"{name} (wanted 100 ms, of the server p95 80 ms)\n"
        f"  key to paint p50 {statistics.median(painted):.0f} ms  p95 {p95(painted):.0f} ms,"
        f" the server before it p50 {statistics.median(server):.0f} ms  p95 {p95(server):.0f} ms",
        flush=True,
    )


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def signed_in(environ: dict[str, str]) -> str:
    """The cookie of a new liaison of the busiest office."""
    app = create_app(read_config(environ))
    with app.app_context():
        officer: User = make_officer(*busiest_offices(1)[0])
        token = sessions.open_session(db.session(), officer, utc_now())
        db.session.commit()
        return cookie_of(app, {TOKEN: token})


if __name__ == "__main__":
    main()
