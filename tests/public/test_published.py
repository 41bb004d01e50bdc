"""What everybody reads; what is hidden is as absent as what never was (S-49, S-67)."""

import datetime as dt

import pytest
from browser import page_of
from sqlalchemy import select

from lapor_web.models import Area, Attachment, AttachmentState, Outcome
from lapor_web.services import approval, closing, conversation, follow_up, verification
from lapor_web.services.identity import Identity
from lapor_web.services.numbers import check_digit

SECRET = "Zulkarnain"
"""A word that only the reporter wrote."""


@pytest.fixture
def published(city):
    report = city.send(
        story=f"Saya {SECRET}, lampu mati.", identity=Identity(SECRET, "081234567890")
    )
    city.verify(report, "WORKS", title="Lampu mati", public_text="Lampu mati sejak Senin.")
    return report


def test_a_report_is_listed_once_it_is_verified(city, browser):
    report = city.send()
    assert report.number not in browser.get("/laporan").text

    city.verify(report)
    page = page_of(browser.get("/laporan"))
    line = page.select_one(".reports li")

    assert line.a["href"] == f"/laporan/{report.number}"
    assert line.a.text == "Lampu mati"
    assert "Belum ditindaklanjuti · Works" in line.text
    assert "Senin, 9 November" in line.text


def test_the_page_shows_the_copy_and_the_answers_and_no_word_of_the_reporter(
    city, browser, published
):
    city.do("reporter", published, conversation.Reply(f"Ini {SECRET} lagi."))
    city.do("works", published, follow_up.FollowUp(text="Kami sudah ke lokasi."))
    city.do("works", published, follow_up.Note(f"Telepon {SECRET}."))
    city.show_evidence(published)
    city.do("works", published, follow_up.Propose("Lampu diganti.", Outcome.FULLY_HANDLED))
    city.do("works-boss", published, approval.Approve())
    city.do("reporter", published, conversation.Object(f"{SECRET} belum puas."))
    answer = browser.get(f"/laporan/{published.number}")
    page = page_of(answer)

    assert page.h1.text == "Lampu mati"
    assert "Lampu mati sejak Senin." in page.text
    assert [one.b.text for one in page.select(".thread li")] == [
        "Laporan kami terima",
        "Diperiksa dan diteruskan ke Dinas Works",
        "Dinas Works menjawab dan mulai bekerja",
        "Dinas Works menyatakan selesai",
        "Pelapor menyatakan belum beres",
    ]
    assert "Kami sudah ke lokasi." in page.text
    for hidden in (SECRET, "0812", "Nama works"):
        assert hidden not in answer.text


def test_the_public_sees_the_photos_of_the_office_and_none_of_the_reporter(
    city, browser, published, db
):
    city.do("works", published, follow_up.FollowUp(text="Kami sudah ke lokasi."))
    for name, by_reporter in (("dari pelapor", True), ("Sesudah: lampu menyala", False)):
        photo = Attachment(
            agency_id=city.agency.id,
            report_id=published.id,
            history_sequence=published.version,
            by_reporter=by_reporter,
            media_type="image/jpeg",
            original_name=name,
            alt_text=name,
            size=1,
            state=AttachmentState.READY,
        )
        db.session.add(photo)
    page = page_of(browser.get(f"/laporan/{published.number}"))

    assert [one.text.strip() for one in page.select(".thread a")] == ["Sesudah: lampu menyala"]


def test_before_there_is_a_copy_title_and_place_are_all(city, browser):
    report = city.sent_to("WORKS", story=f"{SECRET} menulis ini semua.")
    page = page_of(browser.get(f"/laporan/{report.number}"))

    assert page.h1.text == "Lampu mati"
    assert "Jalan Mawar" in page.text
    assert SECRET not in str(page)


@pytest.mark.parametrize("flag", ["confidential", "about_conduct", "about_service"])
def test_what_is_hidden_is_as_absent_as_what_never_was(city, browser, flag):
    hidden = city.send(**{flag: True})
    if not hidden.about_service:
        city.verify(hidden, "AUDIT")
    unverified = city.send()
    absent = "KTA-260999-" + str(check_digit("260999"))
    answers = [
        browser.get(f"/laporan/{number}")
        for number in (hidden.number, unverified.number, absent, "x", "%00", "' OR 1=1--")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({len(answer.data) for answer in answers}) == 1
    for address in ("/laporan", f"/laporan?cari={hidden.number}", "/laporan?cari=lampu", "/"):
        assert f"/laporan/{hidden.number}" not in browser.get(address).text


def test_made_confidential_it_is_gone_at_once(city, browser, published):
    address = f"/laporan/{published.number}"
    assert browser.get(address).status_code == 200

    flags = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    city.do("coordinator", published, verification.Edit(flags=flags))

    assert browser.get(address).status_code == 404


def test_search_finds_words_of_the_copy_and_never_redacted_ones(browser, published):
    assert published.number in browser.get("/laporan?cari=senin").text
    assert published.number in browser.get(f"/laporan?cari={published.number.lower()}").text
    assert published.number not in browser.get(f"/laporan?cari={SECRET}").text


def test_search_that_finds_nothing_says_so(browser, published):
    page = page_of(browser.get("/laporan?cari=sirng"))

    assert "Tidak ada laporan yang memuat “sirng”" in page.select_one(".empty").text
    assert page.select_one("#cari")["value"] == "sirng"


@pytest.mark.parametrize(
    "query",
    [
        "cari=%00",
        "cari=%27%3B+DROP+TABLE+report%3B--",
        "cari=" + "%25____%25" * 200,
        "cari=%22%3E%3Cimg+src%3Dx%3E",
        "cari=%28%28%26%7C%21",
        "halaman=0",
        "halaman=-1",
        "halaman=99999999999999999999",
        "halaman=a",
        "kecamatan=%27",
        "status=x&kecamatan=64.72.01",
    ],
)
def test_any_address_of_the_list_is_answered(browser, published, query):
    answer = browser.get(f"/laporan?{query}")

    assert answer.status_code == 200
    assert page_of(answer).img is None


def test_the_list_goes_by_kecamatan_and_by_stage(city, browser):
    area = city.session.scalars(select(Area).where(Area.code == "64.72.01")).one()
    here, there = city.sent_to("WORKS", area_id=area.id), city.sent_to("WORKS")
    city.do("works", there, follow_up.FollowUp(text="Kami cek."))

    def numbers(query):
        links = page_of(browser.get(f"/laporan?{query}")).select(".reports a")
        return [link["href"].removeprefix("/laporan/") for link in links]

    assert numbers("") == [there.number, here.number]
    assert numbers("kecamatan=64.72.01") == [here.number]
    assert numbers("status=proses") == [there.number]
    assert numbers("status=belum&kecamatan=64.72.01") == [here.number]
    assert numbers("status=selesai") == []


def test_twenty_stand_on_a_page_and_the_rest_on_the_next(city, browser):
    for _ in range(21):
        city.sent_to("WORKS")
    first, second = (page_of(browser.get(f"/laporan?halaman={n}")) for n in (1, 2))

    assert [len(page.select(".reports li")) for page in (first, second)] == [20, 1]
    assert first.select_one("[rel=next]")["href"] == "/laporan?halaman=2"
    assert second.select_one("[rel=prev]")["href"] == "/laporan?halaman=1"
    assert second.select_one("[rel=next]") is None


def test_a_merged_report_points_to_its_parent(city, browser):
    parent, child = city.sent_to("WORKS"), city.sent_to("WORKS")
    city.do("coordinator", child, closing.Merge(parent=parent))
    link = page_of(browser.get(f"/laporan/{child.number}")).select_one(".foot a")

    assert link["href"] == f"/laporan/{parent.number}"


def test_the_year_is_said_where_it_is_another(city, browser, at):
    report = city.sent_to("WORKS")
    at(dt.datetime(2027, 1, 5, 1, 0, tzinfo=dt.UTC))

    assert "Senin, 9 November 2026" in browser.get(f"/laporan/{report.number}").text
