"""Verification: which office is suggested and why, what was told twice, and who looked behind a name."""

import pytest
from browser import page_of

from lapor_web.inbox.suggested import in_words
from lapor_web.models import Area, AreaKind
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.places import Point
from lapor_web.services.reveal import RevealIdentity
from lapor_web.services.suggestion import Suggestion
from lapor_web.services.verification import Edit, Flags

HOLE = "Ada lubang besar di jalan, motor sering jatuh kalau hujan karena lubangnya tergenang air."


def form_of(officer, report):
    page = page_of(officer("coordinator").get(f"/kotak-masuk/{report.number}?formulir=verifikasi"))
    return page.select_one("form[data-deed=verifikasi]")


def suggested(form):
    return [one["value"] for one in form.select("optgroup[label=Disarankan] option")]


# ---- which office ----


def test_a_keyword_of_an_office_speaks_for_it(city, officer):
    city.opds["ROADS"].keywords = "jalan berlubang|lubang besar"
    city.opds["WORKS"].keywords = "lampu jalan"

    form = form_of(officer, city.send(story=HOLE))

    assert suggested(form) == ["ROADS"]
    assert "Saran: Roads (memuat “lubang besar”)" in form.text
    # By itself it is no reason to choose beforehand.
    assert not form.select_one("#verify-opd option[selected]")


def test_so_do_reports_that_were_alike_and_that_it_answered(city, officer):
    past = city.sent_to("ROADS", story=HOLE, place="Jalan Merak")
    city.do("roads", past, FollowUp("Kami tambal."))
    city.sent_to("WORKS", story=HOLE)  # nobody said yet that it was right there

    form = form_of(officer, city.send(story=HOLE, place="Jalan Merpati"))

    assert suggested(form) == ["ROADS"]
    assert "menjawab 1 laporan serupa" in form.text


def test_about_conduct_only_the_inspectorate_is_suggested(city, officer):
    city.opds["ROADS"].keywords = "lubang besar"

    form = form_of(officer, city.send(story=HOLE, about_conduct=True))

    assert suggested(form) == ["AUDIT"]


def test_the_accused_is_never_suggested(city, officer):
    city.opds["ROADS"].keywords = "lubang besar"
    report = city.send(story=HOLE)
    accusing = Flags(False, False, about_conduct=False, accused=city.opds["ROADS"])
    city.do("coordinator", report, Edit(flags=accusing))

    assert suggested(form_of(officer, report)) == []


@pytest.mark.parametrize(
    ("story", "title"),
    [
        ("Lampu Jl. Merpati mati. Sudah seminggu gelap.", "Lampu Jl. Merpati mati"),
        (
            "Selamat pagi, izin melapor.\nParit di Jalan Kenari mampet.",
            "Parit di Jalan Kenari mampet",
        ),
        ("Selamat pagi. Tolong!", ""),
        ("Air " + "keruh " * 40, "Air " + "keruh " * 11 + "keruh"),
    ],
)
def test_a_title_to_begin_with_is_what_was_said_first(city, officer, story, title):
    report, hidden = city.send(story=story), city.send(story=story, confidential=True)

    offered = [form_of(officer, one).select_one("[name=title]") for one in (report, hidden)]
    assert [field.get("value", "") for field in offered] == [title, ""]


def test_an_office_that_is_suggested_is_suggested_for_something(city):
    faint = Suggestion(city.opds["ROADS"], score=0.1)

    assert "agak mirip" in in_words([faint])


def test_what_was_chosen_stays_and_so_does_what_is_suggested(city, officer):
    city.opds["ROADS"].keywords = "lubang besar"
    report = city.send(story=HOLE)
    fields = {"version": report.version, "opd": "WORKS", "title": ""}

    answer = officer("coordinator").post(f"/kotak-masuk/{report.number}/verifikasi", fields)

    assert answer.status_code == 422
    form = page_of(answer).select_one("form[data-deed=verifikasi]")
    assert form.select_one("#verify-opd option[selected]")["value"] == "WORKS"
    assert suggested(form) == ["ROADS"]
    assert "memuat “lubang besar”" in form.text


def test_where_it_should_have_gone_is_suggested_too(city, officer):
    for code in ("ROADS", "WORKS"):
        city.opds[code].keywords = "lubang besar"
    report = city.sent_to("WORKS", story=HOLE)

    answer = officer("coordinator").get(f"/kotak-masuk/{report.number}?formulir=alihkan")

    form = page_of(answer).select_one("form[data-deed=alihkan]")
    assert suggested(form) == ["ROADS"]
    assert form.select_one("option[selected]") is None


CROSSING = "Saya guru. Anak menyeberang di antara truk, mohon zebra cross dan lampu penyeberangan."


@pytest.mark.parametrize(
    ("past", "sure"),
    [
        ("Guru sering tidak masuk, jam pelajaran kosong sampai siang.", False),
        ("Truk melaju kencang waktu anak menyeberang, tidak ada lampu penyeberangan.", True),
    ],
)
def test_the_same_word_again_is_no_second_reason(city, officer, past, sure):
    city.opds["WORKS"].keywords = "guru"
    answered = city.sent_to("WORKS", story=past)
    city.do("works", answered, FollowUp("Kami periksa."))

    form = form_of(officer, city.send(story=CROSSING))

    assert suggested(form) == ["WORKS"]
    assert "memuat “guru”, menjawab 1 laporan serupa" in form.text
    assert bool(form.select_one("#verify-opd option[selected]")) is sure


def test_the_office_of_the_area_is_a_second_reason(city, officer):
    area = Area(agency_id=city.agency.id, code="64.72.09", name="Utara", kind=AreaKind.KECAMATAN)
    city.session.add(area)
    city.session.flush()
    city.opds["DISTRICT"].area_id, city.opds["DISTRICT"].keywords = area.id, "lubang besar"

    form = form_of(officer, city.send(story=HOLE, area_id=area.id))

    assert "memuat “lubang besar”, mengurus wilayah ini" in form.text
    assert form.select_one("#verify-opd option[selected]")["value"] == "DISTRICT"


def test_what_is_sure_is_sent_by_one_key(city, officer):
    city.opds["ROADS"].keywords = "jalan berlubang|lubang besar"
    city.do("roads", city.sent_to("ROADS", story=HOLE), FollowUp("Kami tambal."))
    for _ in range(2):
        city.sent_to("DISTRICT")
    report = city.send(story=HOLE)

    form = form_of(officer, report)
    buttons = form.select("button[name=ready]")
    assert [(one["value"], one["data-key"]) for one in buttons] == [
        ("ROADS", "1"),
        ("DISTRICT", "2"),  # where this coordinator hands most
    ]
    assert buttons[0].has_attr("autofocus")
    # Enter in the title must send what is chosen below, not the first of the keys.
    assert form.select_one("button[type=submit]").get("name") is None
    fields = {one["name"]: one.get("value", "") for one in form.select("input[type=text]")}
    chosen = form.select_one("#verify-classification option[selected]")["value"]
    assert HOLE.startswith(fields["title"])
    assert chosen == "non_supervisory"
    sent = {"version": report.version, "classification": chosen, **fields}

    answer = officer("coordinator").post(
        f"/kotak-masuk/{report.number}/verifikasi", {**sent, "ready": "DISTRICT", "opd": "ROADS"}
    )

    assert answer.status_code == 303
    assert report.holder.code == "DISTRICT"


def test_what_is_not_sure_waits_for_a_choice(city, officer):
    for code in ("ROADS", "WORKS"):
        city.opds[code].keywords = "lubang besar"
    doubtful, untitled = city.send(story=HOLE), city.send(story="Tolong!")
    city.opds["VILLAGE"].active = False

    form = form_of(officer, doubtful)
    assert form.select_one("[role=group][autofocus]")
    assert form.select_one("button[autofocus]") is None
    assert form_of(officer, untitled).select_one("[autofocus]") is None
    fields = {"version": 1, "title": "Lubang", "classification": "non_supervisory"}
    address = f"/kotak-masuk/{doubtful.number}/verifikasi"
    closed = officer("coordinator").post(address, {**fields, "ready": "VILLAGE"})
    assert (closed.status_code, doubtful.holder) == (422, None)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [({}, "non_supervisory"), ({"about_conduct": True}, "supervisory")],
)
def test_a_class_to_begin_with(city, officer, flags, wanted):
    form = form_of(officer, city.send(story=HOLE, **flags))

    assert form.select_one("#verify-classification option[selected]")["value"] == wanted
    assert "Ubah bila bukan" in form.text


# ---- told twice ----


def found_for(officer, report, who="coordinator"):
    page = page_of(officer(who).get(f"/kotak-masuk/{report.number}/serupa", htmx=True))
    return [button.text.removeprefix("Gabungkan ke ") for button in page.select("form button")]


def test_the_same_matter_at_the_same_place_is_offered_and_merged(city, officer):
    first = city.sent_to("ROADS", story=HOLE, place="Jalan Merpati dekat pasar")
    city.sent_to("ROADS", story="Sampah menumpuk berhari-hari.", place="Jalan Merpati")
    city.sent_to("ROADS", story=HOLE, place="Jalan Kenari")
    again = city.send(story="Lubang besar, motor jatuh waktu hujan.", place="Jl. Merpati")

    assert found_for(officer, again) == [first.number]
    fields = {"version": again.version, "parent": first.number}
    answer = officer("coordinator").post(f"/kotak-masuk/{again.number}/gabungkan", fields)
    assert answer.status_code == 303
    assert (again.status, again.parent_id) == ("merged", first.id)


def test_a_point_nearby_will_do_for_a_place(city, officer):
    here, there = Point(-0.49, 117.14), Point(-0.491, 117.141)
    first = city.send(story=HOLE, place="depan rumah", point=here)
    again = city.send(story=HOLE, place="samping warung", point=there)

    assert found_for(officer, again) == [first.number]
    answer = officer("coordinator").get(f"/kotak-masuk/{again.number}/serupa")
    said = page_of(answer).select_one("summary").text
    assert "titiknya berdekatan" in said
    # One that nobody has named yet is known by what was said.
    assert "Ada lubang besar di jalan" in said
    assert said.count(first.number) == 1


def test_nothing_is_offered_that_it_must_not_be_merged_with(city, officer):
    city.sent_to("ROADS", story=HOLE, place="Jalan Merpati", confidential=True)
    accusing = city.send(story=HOLE, place="Jalan Merpati")
    flags = Flags(False, False, about_conduct=False, accused=city.opds["ROADS"])
    city.do("coordinator", accusing, Edit(flags=flags))
    again = city.send(story=HOLE, place="Jalan Merpati")

    assert found_for(officer, again) == []


def test_whoever_may_not_merge_is_only_shown_what_they_may_read(city, officer):
    mine = city.sent_to("WORKS", story=HOLE, place="Jalan Merpati")
    city.sent_to("ROADS", story=HOLE, place="Jalan Merpati")
    again = city.sent_to("WORKS", story=HOLE, place="Jalan Merpati")

    page = officer("works").get(f"/kotak-masuk/{again.number}/serupa")

    assert page.text.count("<summary>") == 1
    assert mine.number in page.text
    assert found_for(officer, again, "works") == []


# ---- who looked behind a name ----


@pytest.mark.parametrize("who", ["coordinator", "works", "leader"])
def test_only_auditors_read_who_looked_behind_a_name(officer, who):
    assert officer(who).get("/kotak-masuk/pembukaan-identitas").status_code == 403


def test_auditors_read_who_and_why_but_nothing_about_themselves(city, officer):
    report, about_me = city.sent_to("WORKS", anonymous=True), city.send(anonymous=True)
    flags = Flags(True, False, about_conduct=False, accused_user=city.users["inspector"])
    city.do("coordinator", about_me, Edit(flags=flags))
    for one in (report, about_me):
        city.do("coordinator", one, RevealIdentity("Dipanggil sebagai saksi."))

    page = page_of(officer("inspector").get("/kotak-masuk/pembukaan-identitas"))

    [row] = page.select("tbody tr")
    assert "Nama coordinator" in row.text
    assert "Dipanggil sebagai saksi." in row.text
    assert report.number in row.text
    assert row.find("a") is None  # it is not in the inspector's scope
