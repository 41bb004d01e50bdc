"""Many at once: what was done is done, what was not is said, nothing partly in silence."""

import pytest
from browser import Browser, page_of

from lapor_web.models import Report, Status
from lapor_web.services.follow_up import Note


def many(browser: Browser, deed: str, *reports: Report, htmx: bool = False, **fields):
    picked = [f"{report.number}:{report.version}" for report in reports]
    return browser.post(
        "/kotak-masuk/massal", {"deed": deed, "picked": picked, **fields}, htmx=htmx
    )


def result(browser: Browser, answer) -> str:
    """What the list says afterwards."""
    page = page_of(browser.get(answer.location) if answer.status_code == 303 else answer)
    return " ".join(page.select_one(".notice").text.split())


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_an_officer_takes_several(city, officer, htmx):
    reports = [city.sent_to("WORKS") for _ in range(3)]
    works = officer("works")

    answer = many(works, "terima", *reports, htmx=htmx)

    assert result(works, answer) == "3 diterima."
    assert {report.assignee_id for report in reports} == {city.users["works"].id}


def test_a_note_for_several(city, officer):
    reports = [city.sent_to("WORKS") for _ in range(2)]

    many(officer("leader"), "catatan", *reports, text="Bahas di rakor.")

    assert [report.history[-1].text for report in reports] == ["Bahas di rakor."] * 2


def test_the_coordinator_archives_several_for_one_reason(city, officer):
    reports = [city.send() for _ in range(2)]

    many(officer("coordinator"), "arsipkan", *reports, archive_reason="test_or_spam")

    assert {report.status for report in reports} == {Status.ARCHIVED}


def test_what_was_not_done_is_named_with_its_reason(city, officer):
    fine, changed = city.sent_to("WORKS"), city.sent_to("WORKS")
    other = city.sent_to("ROADS")
    picked = [f"{report.number}:{report.version}" for report in (fine, changed, other)]
    city.do("works2", changed, Note("Saya cek dulu."))
    works = officer("works")

    answer = works.post("/kotak-masuk/massal", {"deed": "terima", "picked": picked})

    said = result(works, answer)
    assert "1 diterima." in said
    assert f"1 tidak, sudah diubah Nama works2: {changed.number}" in said
    assert f"1 tidak, tidak ada di kotak masuk Anda: {other.number}" in said
    assert (fine.assignee_id, changed.assignee_id, other.assignee_id) == (
        city.users["works"].id,
        None,
        None,
    )


def test_a_state_that_does_not_allow_it_is_named_too(city, officer):
    open_one, closed = city.send(), city.send()
    coordinator = officer("coordinator")
    many(coordinator, "arsipkan", closed, archive_reason="unclear")

    answer = many(coordinator, "arsipkan", open_one, closed, archive_reason="unclear")

    assert f"1 tidak, statusnya sudah lain: {closed.number}" in result(coordinator, answer)
    assert open_one.status is Status.ARCHIVED


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_what_is_missing_is_asked_for_and_the_choice_is_kept(city, officer, htmx):
    report, _ = city.sent_to("WORKS"), city.sent_to("WORKS")

    answer = many(officer("works"), "catatan", report, htmx=htmx, text="  ")

    page = page_of(answer)
    assert answer.status_code == 422
    assert "Tulis catatannya" in page.select_one(".notice").text
    assert [box["value"].split(":")[0] for box in page.select("[checked]")] == [report.number]
    assert report.version == 2


def test_nothing_picked_is_said(officer):
    works = officer("works")

    assert "Pilih dulu laporannya" in result(works, many(works, "terima"))


@pytest.mark.parametrize(
    ("who", "deed"),
    [
        ("works", "arsipkan"),
        ("works-boss", "terima"),
        ("leader", "terima"),
        ("ombudsman", "catatan"),
        ("works", "hapus"),
        ("works", ""),
    ],
)
def test_a_deed_of_another_role_is_refused(city, officer, who, deed):
    report = city.sent_to("WORKS")

    answer = many(officer(who), deed, report, text="Cek.", archive_reason="unclear")

    assert (answer.status_code, report.version) == (403, 2)


def test_several_go_back_for_one_reason(city, officer):
    reports = [city.sent_to("WORKS") for _ in range(2)]
    works = officer("works")

    missing = many(works, "kembalikan", *reports, return_reason=" ")
    answer = many(works, "kembalikan", *reports, return_reason="Jalan provinsi.")

    assert "Tulis mengapa" in page_of(missing).select_one(".notice").text
    assert result(works, answer) == "2 dikembalikan ke koordinator."
    assert all(report.returned for report in reports)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_several_go_to_a_colleague_who_is_asked_for_then(city, officer, htmx):
    reports = [city.sent_to("WORKS") for _ in range(2)]
    works = officer("works")

    asked = page_of(many(works, "tugaskan", *reports, htmx=htmx))
    people = {one.text: one["value"] for one in asked.select("#bulk-assignee option")}

    assert len(asked.select("[checked]")) == 2
    assert set(people) == {"Nama works", "Nama works2", "Nama works-boss"}
    chosen = {"bulk_assignee": people["Nama works2"]}
    assert result(works, many(works, "tugaskan", *reports, **chosen)) == "2 ditugaskan."
    assert {report.assignee_id for report in reports} == {city.users["works2"].id}
    stranger = {"bulk_assignee": str(city.users["roads"].id)}
    assert "0 ditugaskan" not in result(works, many(works, "tugaskan", *reports, **stranger))
    assert {report.assignee_id for report in reports} == {city.users["works2"].id}


def test_everything_in_a_view_over_all_its_pages(city, officer):
    for _ in range(52):
        city.sent_to("WORKS")
    elsewhere = city.sent_to("ROADS")
    works = officer("works")
    page = page_of(works.get("/kotak-masuk"))
    every = page.find("a", string="Pilih semua 52 di tampilan ini")["href"]

    chosen = page_of(works.get(every)).select_one("form:has(.bulk)")
    city.wait(seconds=5)
    taken = city.sent_to("WORKS")
    hidden = {one["name"]: one["value"] for one in chosen.select("[type=hidden][name=everything]")}
    answer = works.post("/kotak-masuk/massal", {"deed": "terima", **hidden})

    assert len(chosen.select("[checked]")) == 50
    assert result(works, answer) == "52 diterima."
    # What came in after that was not meant.
    assert (taken.assignee_id, elsewhere.assignee_id) == (None, None)


def test_of_everything_what_somebody_changed_since_is_told(city, officer):
    report, other = city.sent_to("WORKS"), city.sent_to("WORKS")
    works = officer("works")
    chosen = page_of(works.get("/kotak-masuk?pilih=semua")).select_one("[name=everything]")
    city.wait(seconds=5)
    city.do("works2", report, Note("Saya dulu."))

    answer = works.post("/kotak-masuk/massal", {"deed": "terima", "everything": chosen["value"]})

    assert result(works, answer) == (
        f"1 diterima. 1 tidak, sudah diubah Nama works2: {report.number}"
    )
    assert other.assignee_id == city.users["works"].id


def test_who_does_nothing_to_many_has_no_bar_for_it(city, officer):
    city.sent_to("WORKS")

    assert page_of(officer("works").get("/kotak-masuk?tampilan=semua")).select_one(".bulk")
    page = page_of(officer("ombudsman").get("/kotak-masuk?tampilan=semua"))
    assert (len(page.select(".row")), page.select_one(".bulk")) == (1, None)
