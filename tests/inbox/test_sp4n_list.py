"""What the national system does not have yet: the list, and Tracking IDs that come back."""

import pytest
from browser import page_of

from lapor_web.models import ArchiveReason, HistoryEntry
from lapor_web.services.closing import Archive
from lapor_web.services.follow_up import FollowUp

PAGE = "/kotak-masuk/belum-disalin"


def note(browser, *, needless=(), **ids):
    data = {f"id-{number}": typed for number, typed in ids.items()}
    return browser.post(PAGE, {**data, "needless": list(needless)})


def listed(browser) -> set[str]:
    return {row.a.text for row in page_of(browser.get(PAGE)).select("tbody tr")}


def test_only_what_was_verified_and_is_still_ours_waits_to_be_copied(city, officer):
    waiting, copied, closed = (city.sent_to("WORKS") for _ in range(3))
    city.send()
    copied.tracking_id = "77"
    city.do("coordinator", closed, Archive(archive_reason=ArchiveReason.UNCLEAR))
    city.sent_to("ROADS").imported = True

    assert listed(officer("coordinator")) == {waiting.number}


def test_a_tracking_id_is_noted_and_told_in_the_history(city, officer):
    first, second = city.sent_to("WORKS"), city.sent_to("ROADS")
    browser = officer("coordinator")

    answer = note(browser, **{first.number: "#916 5816", second.number: ""})

    assert answer.status_code == 303
    assert (first.tracking_id, second.tracking_id) == ("9165816", None)
    assert listed(browser) == {second.number}
    assert (
        "Disalin ke SP4N-LAPOR! sebagai #9165816"
        in browser.get(f"/kotak-masuk/{first.number}").text
    )


def test_what_need_not_be_copied_leaves_the_list(city, officer):
    report = city.sent_to("WORKS")
    browser = officer("coordinator")

    note(browser, needless=[report.number], **{report.number: ""})

    assert listed(browser) == set()
    assert "Tidak perlu disalin" in browser.get(f"/kotak-masuk/{report.number}").text


def test_whoever_is_writing_meanwhile_is_not_overtaken(city, officer):
    report = city.sent_to("WORKS")
    read = report.version
    note(officer("coordinator"), **{report.number: "9165816"})

    city.do("works", report, FollowUp(text="Sudah kami periksa."), version=read)

    assert city.session.get_one(HistoryEntry, (report.id, report.version)).action == "follow_up"


@pytest.mark.parametrize("hidden", [False, True])
def test_one_that_another_report_has_is_refused_and_tells_of_no_hidden_report(
    city, officer, hidden
):
    bearer, report, fine = city.sent_to("AUDIT"), city.sent_to("WORKS"), city.sent_to("WORKS")
    bearer.tracking_id = "9165816"
    bearer.about_service = hidden  # out of a coordinator's sight
    city.session.flush()

    answer = note(
        officer("coordinator"), **{report.number: "9165816", fine.number: "12", "KTA-0": "13"}
    )

    problem = page_of(answer).select_one("#problem").text
    assert answer.status_code == 422
    assert (bearer.number in answer.text) == (not hidden)
    assert "tidak dapat dipakai" in problem if hidden else "sudah ada di" in problem
    assert page_of(answer).select_one(f"#id-{report.number}")["value"] == "9165816"
    assert (report.tracking_id, fine.tracking_id) == (None, "12")
    assert "KTA-0: Laporan ini sudah tidak ada di daftar" in problem


def test_it_is_the_coordinators(city, officer):
    report = city.sent_to("WORKS")
    for who in ("works", "works-boss", "inspector", "leader", "intake"):
        assert officer(who).get(PAGE).status_code == 403
        assert note(officer(who), **{report.number: "1"}).status_code == 403
