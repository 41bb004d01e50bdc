"""What ux.md 8 and 9 ask of every screen of a citizen: axe, reflow, large letters, Opera Mini."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from citizen_tour import Prepared, prepare, walk
from opera_mini import as_opera_mini
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()


@pytest.fixture(scope="module")
def reports(city_app) -> dict[str, Prepared]:
    return prepare(city_app)


@pytest.fixture
def open_phone(chromium: Browser, address) -> Iterator[Callable[..., Page]]:
    """A page of 360 × 640 CSS pixels, unless said otherwise."""
    contexts = []

    def open_phone(width: int = 360, **settings: object) -> Page:
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 640}, **settings
        )
        contexts.append(context)
        return context.new_page()

    yield open_phone
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def address(city_app, serve) -> str:
    return serve(city_app)


def faults(page: Page) -> list[str]:
    found = AXE.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(open_phone, reports, theme):
    page = open_phone(color_scheme=theme)
    found = {name: faults(page) for name in walk(page, reports)}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(("width", "letters"), [(320, 16), (360, 32)])
def test_no_screen_is_wider_than_the_phone(open_phone, reports, width, letters):
    """B16 and WCAG 1.4.4, 1.4.10: 320 px, and letters of twice the size."""
    page = open_phone(width)
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": letters, "fixed": letters}}
    )
    wide = {
        name: page.evaluate(WIDER)
        for name in walk(page, reports)
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    }

    assert wide == {}


WIDER = """[...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 100))"""


# ---- Opera Mini ----


def test_opera_mini_draws_every_screen(open_phone, reports):
    page = open_phone()
    page.route("**/*", as_opera_mini)
    found = {}
    for name in walk(page, reports):
        assert "border-radius" not in page.content()
        hidden = [one for one in faults(page) if one.startswith("color-contrast")]
        found[name] = hidden + page.evaluate(OVERLAPPING)

    assert {name: what for name, what in found.items() if what} == {}


OVERLAPPING = """(() => {
    const lines = []
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode
        if (!node.data.trim() || !node.parentElement.checkVisibility()) continue
        if (node.parentElement.closest('.visually-hidden,option,textarea')) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        for (const box of range.getClientRects())
            if (box.width > 1 && box.height > 1) lines.push([node.data.trim().slice(0, 40), box, node])
    }
    const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1
        || a.bottom <= b.top + a.height / 5 || b.bottom <= a.top + b.height / 5  // air above letters
    const found = []
    lines.forEach(([words, box, node], at) => lines.slice(at + 1).forEach(([other, beside, its]) => {
        if (node !== its && !apart(box, beside)) found.push(words + ' / ' + other)
    }))
    return found
})()"""
