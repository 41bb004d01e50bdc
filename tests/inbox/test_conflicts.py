"""Two officers at one report: each is told of the other, and neither loses a word."""

import pytest
from browser import Browser, page_of

from lapor_web.models import Action, Report, Rung
from lapor_web.services.closing import Merge
from lapor_web.services.follow_up import FollowUp, Note
from lapor_web.services.ladder import Escalate

OURS = "Regu kami datang hari Senin pagi."
THEIRS = "Sudah kami cek, alat dipesan."


def answer_to(browser: Browser, report: Report, version: int, *, htmx: bool):
    fields = {"version": version, "text": OURS}
    return browser.post(f"/kotak-masuk/{report.number}/tindak-lanjut", fields, htmx=htmx)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_two_answers_at_once_are_both_there_in_the_end(city, officer, htmx):
    report = city.sent_to("WORKS")
    read = report.version
    city.do("works2", report, FollowUp(THEIRS))
    # A rung of the ladder comes on top of what was done, and hides none of it.
    city.do("system", report, Escalate(Rung.TODAY))
    works = officer("works")

    second = answer_to(works, report, read, htmx=htmx)

    page = page_of(second)
    told = page.select_one(".conflict").text
    assert second.status_code == 409
    assert "Nama works2 sudah menjawab warga ini pukul 09.00. Jawaban Anda belum terkirim." in told
    assert THEIRS in told
    form = page.select_one("form[data-deed=tindak-lanjut]")
    assert form.textarea.text.strip() == OURS
    assert "Kirim sebagai tambahan" in form.select_one("button").text
    newest = int(form.select_one("[name=version]")["value"])
    assert answer_to(works, report, newest, htmx=False).status_code == 303
    answers = [one.text for one in report.history if one.action is Action.FOLLOW_UP]
    assert answers == [THEIRS, OURS]


def test_another_choice_is_said_to_be_unsaved(city, officer):
    report = city.sent_to("WORKS")
    read = report.version
    city.do("works2", report, Note("Saya dulu."))

    fields = {"version": read, "assignee": city.users["works"].id}
    answer = officer("works").post(f"/kotak-masuk/{report.number}/tugaskan", fields)

    told = page_of(answer).select_one(".conflict")
    assert answer.status_code == 409
    assert "Pilihan Anda belum disimpan." in told.text
    assert page_of(answer).select_one(told.a["href"])


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_an_answer_to_what_was_merged_goes_on_to_where_it_went(city, officer, htmx):
    parent, child = city.sent_to("WORKS"), city.sent_to("WORKS")
    read = child.version
    city.do("coordinator", child, Merge(parent=parent))
    works = officer("works")

    answer = answer_to(works, child, read, htmx=htmx)

    page = page_of(answer)
    assert answer.status_code == 409
    assert f"baru saja digabung ke {parent.number}" in page.select_one(".conflict").text
    form = page.select_one("form[data-deed=tindak-lanjut]")
    assert parent.number in form["action"]
    assert form.textarea.text.strip() == OURS
    version = form.select_one("[name=version]")["value"]
    assert works.post(form["action"], {"version": version, "text": OURS}).status_code == 303
    assert parent.history[-1].text == OURS
