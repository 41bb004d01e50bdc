"""B11 of the inbox, in bytes as they travel: what comes at first, and what a deed answers."""

import random
import sys

import pytest
from browser import OWN, Browser, page_of

LIKE_A_BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
WORDS = [
    "jalan",
    "lampu",
    "got",
    "meluap",
    "berlubang",
    "depan",
    "sekolah",
    "masjid",
    "gang",
    "pasar",
    "hujan",
    "malam",
    "warga",
]


@pytest.fixture
def works(city, officer) -> Browser:
    """With a full page of reports that are as different as people write."""
    chance = random.Random(7)
    for _ in range(50):
        report = city.send(story=" ".join(chance.choices(WORDS, k=60)))
        city.verify(report, title=" ".join(chance.choices(WORDS, k=7)).capitalize())
    return officer("works")


def travelled(browser: Browser, address: str, **arguments) -> int:
    headers = LIKE_A_BROWSER | arguments.pop("headers", {})
    answer = browser.open(address, headers=headers, **arguments)
    assert answer.status_code == 200
    assert answer.content_encoding == "br"
    return len(answer.data)


def test_what_comes_at_first(works):
    page = page_of(works.get("/kotak-masuk"))
    scripts = [one["src"] for one in page.select("script[src]")]
    sheet = page.select_one("link[rel=stylesheet]")["href"]

    html = travelled(works, "/kotak-masuk")
    vendored = sum(travelled(works, one) for one in scripts if "/vendor/" in one)
    own = sum(travelled(works, one) for one in scripts if "/vendor/" not in one)
    css = travelled(works, sheet)

    sizes = f"page {html}, stylesheet {css}, htmx {vendored}, own scripts {own} bytes"
    sys.stdout.write(f"\nfirst load of the inbox: {sizes}\n")
    assert (own <= 5 * 1024, html <= 8 * 1024) == (True, True), (own, html)
    assert html + css + vendored + own <= 40 * 1024


def test_what_a_deed_answers(works, city):
    first = page_of(works.get("/kotak-masuk")).select_one(".row")["data-number"]
    form = page_of(works.get(f"/kotak-masuk/{first}")).select_one("form[action*=tugaskan]")
    fields = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}

    answered = travelled(
        works,
        form["action"],
        method="POST",
        data=fields | {"csrf_token": works.token()},
        headers=OWN | {"HX-Request": "true"},
    )

    sys.stdout.write(f"\nanswer to a deed: {answered} bytes\n")
    assert answered <= 6 * 1024
