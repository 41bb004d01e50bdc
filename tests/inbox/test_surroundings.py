"""Around a report: its point, what was merged with it, and what stood there before."""

import pytest
from browser import Browser, page_of

from lapor_web.services import closing, verification
from lapor_web.services.places import Point

TRUE, TOLD = "-0.55123, 117.05456", "-0.55100, 117.05500"
POINT = Point(-0.55123, 117.05456, 18)


@pytest.fixture
def reads(app, city):
    def read(who: str, report, part: str = ""):
        return Browser(app).sign_in(city.users[who]).get(f"/kotak-masuk/{report.number}{part}")

    return read


@pytest.mark.parametrize(
    ("who", "flags", "seen"),
    [
        ("works", {}, TRUE),
        ("coordinator", {}, TRUE),
        ("leader", {}, TOLD),
        ("works", {"anonymous": True}, TOLD),
        ("coordinator", {"anonymous": True}, TRUE),
        ("works", {"confidential": True}, TOLD),
        ("ombudsman", {"anonymous": True}, TOLD),
    ],
)
def test_a_point_is_told_as_near_as_one_may_know(city, reads, who, flags, seen):
    page = reads(who, city.sent_to("WORKS", point=POINT, **flags)).text

    assert seen in page
    assert (TRUE in page) is (seen == TRUE)
    assert ("akurasi 18 meter" in page) is (seen == TRUE)


def test_a_point_outside_the_city_is_marked(city, reads):
    report = city.send(point=POINT, outside=True)

    assert "Di luar kota" in reads("coordinator", report).text


def test_what_was_merged_is_read_by_whoever_reads_the_report(city, reads):
    parent = city.sent_to("WORKS")
    for fields in (
        {"story": "Lampu mati juga di sini."},
        {"story": "Ini rahasia saya.", "confidential": True},
    ):
        child = city.send(**fields)
        city.do("coordinator", child, closing.Merge(parent=parent))

    assert "2 laporan lain digabung ke sini" in reads("works", parent).text
    assert "· 2 laporan serupa" in reads("works", parent).text
    office, coordinator = (reads(who, parent, "/gabungan").text for who in ("works", "coordinator"))
    assert "Lampu mati juga di sini." in office
    assert "Ini rahasia saya." not in office
    assert "Ini rahasia saya." in coordinator
    line = "1 laporan tidak ditampilkan"
    assert (line in office, line in coordinator) == (True, False)
    assert reads("roads", parent, "/gabungan").status_code == 404


def test_a_row_does_not_count_what_accuses_somebody(city, reads):
    parent = city.sent_to("AUDIT", about_conduct=True)
    for accused in (None, city.opds["ROADS"]):
        child = city.send(about_conduct=True)
        city.do("coordinator", child, closing.Merge(parent=parent))
        child.accused = accused
    city.session.flush()

    assert "· 1 laporan serupa" in reads("inspector", parent).text


def test_what_everybody_has_read_changes_only_with_a_reason(app, city, reads):
    report = city.send()
    city.verify(report, public_text="Pak Zulkarnain merusak lampu.")
    browser = Browser(app).sign_in(city.users["coordinator"])
    form = {
        "version": str(report.version),
        "title": report.title,
        "place": report.place,
        "public_text": "Seseorang merusak lampu.",
        "classification": "non_supervisory",
    }
    address = f"/kotak-masuk/{report.number}/ubah"
    refused = browser.post(address, form)

    assert refused.status_code == 422
    assert "Tulis mengapa isi yang sudah tampil ke umum diubah" in refused.text
    assert report.public_text == "Pak Zulkarnain merusak lampu."

    assert browser.post(address, {**form, "note": "Ada nama orang."}).status_code == 303
    assert report.public_text == "Seseorang merusak lampu."
    # Who, when, why, and what it was: for officers, and for no one else.
    page = page_of(reads("works", report))
    row = next(one for one in page.select(".thread li") if "tampil ke umum diubah" in one.b.text)
    assert "Nama coordinator" in row.time.text
    assert "Ada nama orang." in row.text
    assert "Pak Zulkarnain merusak lampu." in row.details.text
    public = Browser(app).get(f"/laporan/{report.number}").text
    assert "Zulkarnain" not in public
    assert "Ada nama orang." not in public


def test_before_it_is_read_by_anybody_no_reason_is_asked(city):
    hidden = city.sent_to("WORKS", confidential=True)
    city.do("coordinator", hidden, verification.Edit(public_text="Salinan."))
    city.do("coordinator", hidden, verification.Edit(public_text="Salinan lain."))
    named = city.sent_to("WORKS")
    city.do("coordinator", named, verification.Edit(public_text="Salinan."))

    assert (hidden.public_text, named.public_text) == ("Salinan lain.", "Salinan.")
