"""What leaves the house on paper: the receipt of a reporter, and the copy for the field."""

import pytest
import segno
from browser import page_of

from lapor_web import city as this_city
from lapor_web.models import Attachment, AttachmentState
from lapor_web.services.closing import Merge
from lapor_web.services.identity import Identity, seal
from lapor_web.services.places import Point

POINT = Point(-0.55123, 117.05456, 18)
TRUE, TOLD = "-0.55123, 117.05456", "-0.55100, 117.05500"


def a_picture(city, report, *, by_reporter: bool) -> int:
    row = Attachment(
        agency_id=report.agency_id,
        report_id=report.id,
        by_reporter=by_reporter,
        history_sequence=None if by_reporter else 1,
        media_type="image/jpeg",
        original_name="foto.jpg",
        size=1,
        state=AttachmentState.READY,
    )
    city.session.add(row)
    city.session.flush()
    return row.id


@pytest.mark.parametrize(
    ("who", "flags", "point"),
    [
        ("works", {}, TRUE),
        ("works", {"anonymous": True}, TOLD),
        ("coordinator", {"anonymous": True}, TOLD),
        ("coordinator", {"confidential": True}, TOLD),
    ],
)
def test_a_field_copy_names_nobody_and_shows_no_photo_of_theirs(
    app, city, officer, who, flags, point
):
    report = city.sent_to("WORKS", point=POINT, story="Lampu mati di depan rumah saya.", **flags)
    with app.app_context():
        keys = this_city.keys()
    city.session.add(seal(report.id, Identity("Siti Rahma", "081255500001", ""), keys=keys))
    theirs, ours = (a_picture(city, report, by_reporter=by) for by in (True, False))
    report.public_text = "Lampu mati."

    page = officer(who).get(f"/kotak-masuk/{report.number}/lapangan").text

    assert "Siti Rahma" in officer("works").get(f"/kotak-masuk/{report.number}").text or flags
    assert point in page
    assert (TRUE in page) == (point == TRUE)
    assert "Lampu mati." in page
    for secret in ("Siti", "0812", "rumah saya", f"/lampiran/{theirs}"):
        assert secret not in page
    assert f"/lampiran/{ours}" in page


def test_of_a_hidden_report_nothing_is_printed_that_nobody_looked_through(city, officer):
    hidden = city.sent_to("WORKS", confidential=True, story="Saya Siti, tetangganya Pak RT.")
    hidden.public_text = None

    page = officer("works").get(f"/kotak-masuk/{hidden.number}/lapangan").text

    assert "Siti" not in page
    assert "Isi tidak dicetak" in page
    # Paper is read in other years too.
    assert "dicetak Senin, 9 November 2026, 09.00 WITA" in page


def test_the_picture_on_a_receipt_leads_to_the_page_and_holds_no_code(
    app, city, officer, monkeypatch
):
    seen, drawn = [], segno.make("drawn")
    draws = "lapor_web.qr.segno.make"
    monkeypatch.setattr(draws, lambda text, **_: seen.append(text) or drawn)
    intake = officer("intake")
    key = page_of(intake.get("/kotak-masuk/baru")).select_one("[name=key]")["value"]
    form = {"key": key, "channel": "letter", "received_at": "2026-11-06T14:30"}
    address = intake.post(
        "/kotak-masuk/baru",
        {**form, "story": "Lampu jalan mati sejak Sabtu.", "place": "Jalan Mawar"},
    ).location

    page = page_of(intake.get(address))

    code = page.select_one("dd .code").text
    number = address.rsplit("/", 1)[-1]
    assert seen == [f"http://localhost/lacak?number={number}"]
    assert code not in seen[0]
    assert (
        page_of(intake.get("/kotak-masuk/baru")).select_one("option[selected]")["value"] == "letter"
    )


def test_the_number_of_a_parent_that_was_hidden_since_is_told_to_nobody_who_may_not_see_it(
    city, officer
):
    parent, child = city.sent_to("ROADS"), city.sent_to("WORKS")
    city.do("coordinator", child, Merge(parent=parent))
    address = f"/kotak-masuk/{child.number}"
    assert parent.number not in officer("works").get(address).text
    assert parent.number in officer("coordinator").get(address).text

    for htmx in (False, True):
        page = officer("works").get(address, htmx=htmx).text
        assert parent.number not in page
        assert "Digabung ke laporan lain" in page
