"""What the reporter reads: one sentence, one promise, what happened; and what nobody tells them."""

import datetime as dt

import pytest
from browser import page_of
from small_city import NOW

from lapor_web.models import ArchiveReason, Outcome, Rung
from lapor_web.services import approval, closing, conversation, follow_up, ladder, verification


@pytest.fixture
def read(city, opens):
    def read_it(report):
        answer = opens(report).get(f"/lacak/{report.number}")
        assert answer.status_code == 200, answer.text
        return page_of(answer)

    return read_it


def promise_of(page) -> str:
    box = page.select_one(".promise")
    return " ".join(box.text.split()) if box else ""


def told(page) -> list[str]:
    return [one.b.text for one in page.select(".thread li")]


def answered(city, report):
    city.do("works", report, follow_up.FollowUp(text="Kami sudah ke lokasi."))


def proposed(city, report):
    answered(city, report)
    city.show_evidence(report)
    city.do("works", report, follow_up.Propose("Lampu diganti.", Outcome.FULLY_HANDLED))


def approved(city, report):
    proposed(city, report)
    city.do("works-boss", report, approval.Approve())


def finished(city, report):
    approved(city, report)
    city.do("reporter", report, conversation.Confirm())


# ---- heading and promise, state by state ----


def test_a_new_report_waits_to_be_checked(city, read):
    page = read(city.send())

    assert page.h1.text == "Menunggu diperiksa"
    assert promise_of(page) == "Paling lambat diperiksa Kamis, 12 November 3 hari kerja lagi."
    assert told(page) == [
        "Laporan Anda kami terima",
        "Dinas yang berwenang menjawab",
        "Selesai",
    ]
    assert page.select_one(".current b").text == "Laporan Anda kami terima"


def test_a_disposed_report_says_who_answers_until_when(city, read):
    page = read(city.sent_to("WORKS"))

    assert page.h1.text == "Diteruskan ke Works"
    assert promise_of(page) == "Paling lambat dijawab Senin, 16 November 5 hari kerja lagi."
    assert "Diperiksa dan diteruskan ke Dinas Works" in told(page)
    assert page.select_one(".hint").text == "Lampu mati. Jalan Mawar"


def test_an_answer_is_read_where_it_was_given(city, read):
    report = city.sent_to("WORKS")
    answered(city, report)
    page = read(report)

    assert page.h1.text == "Sedang ditangani Works"
    assert told(page)[2] == "Dinas Works menjawab dan mulai bekerja"
    assert page.select_one(".current .reply").text.strip() == "Kami sudah ke lokasi."
    # 14 working days, one of them off
    assert promise_of(page).startswith("Paling lambat selesai Senin, 30 November")


def test_the_offices_own_date_is_the_promise(city, read, at):
    report = city.sent_to("WORKS")
    city.do("works", report, follow_up.Promise(dt.date(2026, 11, 13)))

    answered(city, report)
    assert promise_of(read(report)) == "Target selesai Jumat, 13 November 4 hari kerja lagi."
    at(NOW + dt.timedelta(days=7))
    assert promise_of(read(report)) == (
        "Target selesai sudah lewat Works menargetkan selesai Jumat, 13 November."
        " Batasnya Senin, 30 November."
    )


def test_a_late_report_says_by_how_much(city, read, at):
    report = city.sent_to("WORKS")
    at(NOW + dt.timedelta(days=14))

    assert promise_of(read(report)) == (
        "Lewat tenggat 4 hari kerja Paling lambat dijawab Senin, 16 November. Belum ada tanggal baru."
    )


def test_a_late_report_says_whom_we_reminded(city, read, at):
    report = city.sent_to("WORKS")
    city.wait(days=8)
    city.do("system", report, ladder.Escalate(Rung.SUPERVISOR))
    at(NOW + dt.timedelta(days=14))
    assert promise_of(read(report)) == (
        "Lewat tenggat 4 hari kerja Paling lambat dijawab Senin, 16 November."
        " Kami mengingatkan Works Selasa, 17 November. Belum ada tanggal baru."
    )
    city.do("coordinator", report, verification.Reassign(city.opds["ROADS"], "Jalan kota."))
    assert "mengingatkan" not in promise_of(read(report))


def test_a_held_report_asks_for_what_is_missing(city, read):
    report = city.send()
    city.do("coordinator", report, verification.PutOnHold(reason="Nama gangnya apa?"))
    page = read(report)

    assert page.h1.text == "Kami butuh keterangan Anda"
    assert "Nama gangnya apa?" in page.select_one(".thread").text
    assert promise_of(page).startswith("Lengkapi paling lambat")
    assert page.select_one("form[action$='/lengkapi']").find_parent("details").has_attr("open")
    assert page.select_one("form[action$='/balas']") is None


def test_a_proposal_is_told_when_the_supervisor_approves(city, read):
    report = city.sent_to("WORKS")
    proposed(city, report)

    waiting = read(report)
    assert waiting.h1.text == "Sedang ditangani Works"
    assert "Lampu diganti" not in waiting.text
    assert "Dinas Works menyatakan selesai" not in told(waiting)

    city.do("works-boss", report, approval.Approve())
    page = read(report)
    assert page.h1.text == "Works menyatakan selesai. Sudah beres?"
    assert told(page)[-2] == "Dinas Works menyatakan selesai"
    assert "Lampu diganti." in page.text
    assert "Selesai otomatis Selasa, 24 November bila tidak ada tanggapan." in promise_of(page)
    assert page.select_one("form[action$='/konfirmasi'] button").text == "Sudah beres"


def test_a_finished_report_says_how_and_can_be_reopened_until_when(city, read, at):
    report = city.sent_to("WORKS")
    finished(city, report)
    page = read(report)

    assert page.h1.text == "Selesai"
    assert promise_of(page) == (
        "Selesai Senin, 9 November Dikonfirmasi pelapor. Belum beres?"
        " Laporan dapat dibuka lagi sampai Rabu, 9 Desember."
    )
    at(NOW + dt.timedelta(days=31))
    later = read(report)
    assert "dibuka lagi" not in later.text
    assert later.select_one("form[action$='/buka-kembali']") is None


def test_a_closed_report_says_why_and_may_be_contested_once(city, read):
    report = city.send()
    city.do("coordinator", report, closing.Archive(ArchiveReason.ABUSIVE, "Kata kasar."))
    page = read(report)

    assert page.h1.text == "Ditutup: SARA, fitnah, atau kata kasar"
    assert promise_of(page) == "Anda dapat mengajukan keberatan satu kali di sini"
    assert page.select_one("form[action$='/keberatan']") is not None

    city.do("reporter", report, conversation.Object("Tidak ada kata kasar."))
    city.do("coordinator", report, closing.Archive(ArchiveReason.UNCLEAR))
    assert read(report).select_one("form[action$='/keberatan']") is None


def test_what_belongs_elsewhere_says_where(city, read):
    report = city.send()
    outside = closing.SendOutside("PLN", text="Telepon 123.")
    city.do("coordinator", report, outside)
    page = read(report)

    assert page.h1.text == "Ini wewenang PLN, bukan Pemkot"
    assert "Telepon 123." in page.text


def test_a_merged_report_names_its_parent_only_while_that_is_published(city, read):
    parent, report = city.sent_to("WORKS"), city.sent_to("WORKS")
    city.do("coordinator", report, closing.Merge(parent=parent))

    assert read(report).h1.text == f"Digabung dengan {parent.number}"
    assert "Ada 1 laporan lain tentang hal yang sama." in " ".join(read(report).text.split())

    parent.confidential = True
    hidden = read(report)
    assert hidden.h1.text == "Digabung dengan laporan lain"
    assert parent.number not in str(hidden)


# ---- what is never told ----


def test_that_a_hidden_report_is_about_the_same_is_told_to_no_reporter(city, read):
    """Whoever is accused could send an ordinary one about it, and watch."""
    parent, hidden = city.sent_to("WORKS"), city.sent_to("WORKS", confidential=True)
    city.do("coordinator", hidden, closing.Merge(parent=parent))
    assert "laporan lain" not in read(parent).text

    city.do("coordinator", city.sent_to("WORKS"), closing.Merge(parent=parent))
    for one, others in ((parent, 1), (hidden, 2)):
        assert f"Ada {others} laporan lain" in " ".join(read(one).text.split())


def test_notes_names_and_what_officers_do_among_themselves_stay_theirs(city, read, db):
    report = city.sent_to("WORKS", story="Lampu jalan mati di sini.")
    city.do("works", report, follow_up.Assign(assignee=city.users["works2"]))
    city.do("works", report, follow_up.Note("Pelapor ini rewel."))
    city.do("works", report, follow_up.AskForTime("Tunggu suku cadang.", dt.date(2026, 11, 20)))
    answered(city, report)
    city.do("works", report, follow_up.Return(reason="Ini urusan Dinas Roads."))
    page = read(report)

    for secret in ("rewel", "suku cadang", "urusan", "Nama works", "Nama coordinator"):
        assert secret not in str(page), secret
    assert told(page)[:4] == [
        "Laporan Anda kami terima",
        "Diperiksa dan diteruskan ke Dinas Works",
        "Dinas Works menjawab dan mulai bekerja",
        "Dikembalikan Dinas Works untuk diteruskan ke dinas lain",
    ]


def test_an_office_keeps_the_name_that_it_had_then(city, read):
    report = city.sent_to("WORKS")
    city.opds["WORKS"].name = "Dinas Baru"

    assert "Diperiksa dan diteruskan ke Dinas Works" in told(read(report))


def test_what_was_taken_back_was_never_told(city, read):
    from lapor_web.services.undo import Undo

    report = city.sent_to("WORKS")
    answered(city, report)
    city.do("works", report, Undo())
    page = read(report)

    assert page.h1.text == "Diteruskan ke Works"
    assert "Kami sudah ke lokasi" not in page.text


def test_a_report_of_others_stays_closed_to_whoever_holds_one(city, opens):
    mine, other = city.send(), city.send()
    browser = opens(mine)

    assert browser.get(f"/lacak/{other.number}").status_code == 404


def test_the_rare_deeds_stand_on_the_other_side(city, opens):
    report = city.send()
    browser = opens(report)
    front, back = (
        page_of(browser.get(f"/lacak/{report.number}{query}")) for query in ("", "?pilihan=lain")
    )

    for slug in ("tarik", "hapus-data", "ubah-kontak"):
        assert front.select_one(f"form[action$='/{slug}']") is None
        assert back.select_one(f"form[action$='/{slug}']") is not None
