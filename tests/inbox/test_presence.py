"""Who else has a report open, and what an officer did last."""

import pytest
from browser import Browser, page_of
from sqlalchemy import func, select

from lapor_web.inbox.presence_words import pills_of
from lapor_web.models import Presence, Report
from lapor_web.services.follow_up import FollowUp, Note
from lapor_web.services.presence import Present, State

ASKS_FOR_EVENTS = {"Accept": "text/event-stream"}


def tell(browser: Browser, report: Report, state: str = "viewing", **more: str):
    return browser.post(f"/kotak-masuk/{report.number}/hadir", {"state": state, **more}, htmx=True)


def said(browser: Browser, report: Report) -> str:
    page = page_of(browser.get(f"/kotak-masuk/{report.number}"))
    return " ".join(page.select_one("#presence").text.split())


def pill(browser: Browser, report: Report) -> str | None:
    page = page_of(browser.get("/kotak-masuk?tampilan=semua"))
    found = page.select_one(f"#row-{report.number} .pill")
    return found and found.text


@pytest.mark.parametrize(
    ("name", "called"),
    [("Dra. Hj. Rina, M.Si.", "Rina"), ("Budi S.", "Budi"), ("A. B.", "A. B.")],
)
def test_a_pill_calls_people_by_their_name_and_not_by_their_title(city, name, called):
    present = Present("SMR-1", name, None, State.VIEWING, city.now, 0)

    assert pills_of([present]) == {"SMR-1": f"{called} membuka"}


@pytest.mark.parametrize(
    ("state", "minutes", "sentence", "row"),
    [
        ("viewing", 0, "Sedang dibuka oleh Nama works2 (Works) sejak 09.00", "Nama membuka"),
        ("writing", 0, "Nama works2 sedang menulis jawaban", "Nama menulis"),
        ("idle", 12, "Nama works2 membukanya 12 menit lalu", None),
    ],
)
def test_three_states_in_the_pane_and_in_the_row(city, officer, state, minutes, sentence, row):
    report = city.sent_to("WORKS")
    works, colleague = officer("works"), officer("works2")
    tell(colleague, report)
    for _ in range(minutes * 2):
        city.wait(seconds=30)
        tell(colleague, report, "idle")
    tell(colleague, report, state)

    assert (said(works, report), pill(works, report)) == (sentence, row)
    assert (said(colleague, report), pill(colleague, report)) == ("", None)


def test_who_is_not_heard_of_is_gone_and_who_leaves_is_gone_at_once(city, officer):
    report, other = city.sent_to("WORKS"), city.sent_to("WORKS")
    works, colleague = officer("works"), officer("works2")
    tell(colleague, report)
    city.wait(seconds=44)
    assert said(works, report)
    city.wait(seconds=1)
    assert said(works, report) == ""

    tell(colleague, report)
    tell(colleague, other, left=report.number)
    assert (said(works, report), bool(said(works, other))) == ("", True)
    tell(colleague, other, "left")
    assert said(works, other) == ""


def test_presence_is_only_for_those_who_read_the_report(city, officer):
    report = city.sent_to("WORKS")
    elsewhere = city.sent_to("ROADS")
    tell(officer("works"), report)

    assert tell(officer("roads"), report).status_code == 404
    assert "Nama works" not in officer("roads").get("/kotak-masuk?tampilan=semua").text
    assert pill(officer("coordinator"), report) == "Nama membuka"
    assert pill(officer("coordinator"), elsewhere) is None


def test_a_report_that_was_loaded_ahead_is_read_when_it_is_shown(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")
    works.open(f"/kotak-masuk/{report.number}", headers={"Purpose": "prefetch"})
    tell(officer("coordinator"), report)
    tell(works, report, "idle")
    assert (
        "Belum dibuka pemegang" in officer("coordinator").get(f"/kotak-masuk/{report.number}").text
    )

    tell(works, report)

    assert "09.00, Nama works" in officer("coordinator").get(f"/kotak-masuk/{report.number}").text


def test_a_beat_changes_one_row_of_one_table(city, officer, db):
    report = city.sent_to("WORKS")
    works = officer("works")
    for _ in range(3):
        tell(works, report)
        city.wait(seconds=20)

    assert db.session.scalar(select(func.count()).select_from(Presence)) == 1
    assert report.version == 2


def test_who_reads_is_told_that_somebody_acted_meanwhile(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")
    read = str(report.version)
    assert "conflict" not in tell(works, report, version=read).text

    city.do("works2", report, FollowUp("Sudah kami cek."))
    answer = page_of(tell(works, report, "writing", version=read))

    told = answer.select_one(".conflict")
    assert "Nama works2 mengubah laporan ini pukul 09.00: dijawab Dinas Works." in told.text
    assert told.a["hx-target"] == "#pane"
    assert "conflict" not in tell(officer("works2"), report, version=read).text


# ---- what one did last ----


def test_the_last_deeds_are_listed_and_the_newest_can_be_taken_back(city, officer):
    first, second = city.sent_to("WORKS"), city.sent_to("WORKS")
    city.do("works", first, Note("Lama."))
    city.wait(minutes=5)
    works = officer("works")
    works.post(
        f"/kotak-masuk/{second.number}/kembalikan",
        {"version": second.version, "reason": "not_ours", "text": "Milik provinsi."},
    )

    page = page_of(works.get("/kotak-masuk/riwayat"))

    rows = page.select(".thread li")
    assert [row.b.text for row in rows][-1] == "Catatan"
    assert first.number in rows[-1].text
    assert rows[-1].form is None


def test_an_undo_from_the_list_of_last_deeds(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")
    works.post(f"/kotak-masuk/{report.number}/catatan", {"version": report.version, "text": "Cek."})

    form = page_of(works.get("/kotak-masuk/riwayat")).select_one(".thread form")
    answer = works.post(form["action"], {"version": form.select_one("[name=version]")["value"]})

    assert answer.status_code == 303
    assert report.history[-1].undoes == report.history[-2].sequence
    city.wait(seconds=61)
    assert page_of(works.get("/kotak-masuk/riwayat")).select(".thread form") == []


# ---- the stream ----


def first_frame(browser: Browser, query: str = "") -> str:
    """As far as the first look."""
    answer = browser.client.open(
        f"/kotak-masuk/arus{query}", headers=ASKS_FOR_EVENTS, buffered=False
    )
    assert answer.status_code == 200
    chunks = iter(answer.response)
    next(chunks)
    frame = next(chunks).decode()
    answer.close()
    return "\n".join(line.removeprefix("data: ") for line in frame.splitlines()[1:])


def test_a_stream_carries_counts_rows_and_who_is_where(city, officer, db):
    report, hidden = city.sent_to("WORKS"), city.sent_to("ROADS")
    number, elsewhere = report.number, hidden.number  # a stream keeps no session, and so no report
    works = officer("works")
    tell(officer("works2"), report)
    db.session.flush()

    frame = first_frame(works)

    assert f'data-numbers="{number}"' in frame
    assert "Nama membuka" in frame
    assert "Perlu ditindak" in frame
    assert elsewhere not in frame
