"""What a citizen does in a browser, step by step, without a script."""

import io
from typing import Any

from browser import Browser, page_of
from bs4 import Tag
from PIL import Image
from werkzeug.test import TestResponse

STORY = "Lubang besar di depan Gang 7, sudah sebulan."
PLACE = "Jalan Antasari"


def hidden_in(answer: TestResponse, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts there, but for the token."""
    form = page_of(answer).select_one(f"form[action='{action}']")
    assert isinstance(form, Tag), answer.text
    hidden = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    hidden.pop("csrf_token", None)
    return hidden


def typed_into(browser: Browser, **typed: Any) -> dict[str, Any]:
    """What is sent by whoever opened the form and typed into it."""
    return {**hidden_in(browser.get("/lapor"), "/lapor"), "story": STORY, "place": PLACE, **typed}


def check(browser: Browser, **typed: Any) -> TestResponse:
    return browser.post("/lapor", typed_into(browser, **typed))


def send(browser: Browser, **typed: Any) -> TestResponse:
    """All the way; the page with number and code."""
    checked = check(browser, **typed)
    assert checked.status_code == 200, checked.text
    sent = browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim"))
    assert sent.status_code == 303, sent.text
    return browser.get(sent.location)


def errors_of(answer: TestResponse) -> list[str]:
    """What the summary says."""
    return [one.text for one in page_of(answer).select(".problem a, .problem p")]


def png(name: str = "lubang.png") -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "maroon").save(file, "PNG")
    file.seek(0)
    return file, name
