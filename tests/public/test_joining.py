"""Joining a report of somebody else: found only in what all may read, counted, told, withdrawable."""

import datetime as dt

import pytest
from areas import IN_EAST, IN_WEST, OUTSIDE, load_areas
from browser import page_of
from citizens import check, errors_of, hidden_in, send, typed_into
from small_city import KEYS
from sqlalchemy import select

from lapor_web.models import (
    Action,
    ArchiveReason,
    Area,
    MessageKind,
    OutboxMessage,
    Outcome,
    Report,
    ReportPoint,
    Status,
)
from lapor_web.services import clocks, closing, conversation, follow_up, submission, verification
from lapor_web.services.places import Point
from lapor_web.services.undo import Undo
from lapor_web.services.working_days import WITA

HOLE = "Lubang besar di aspal, motor sering jatuh."
PLACE = "Jalan Antasari depan Gang 7"
OTHERS = {
    "story": "Ada lubang besar di aspal Antasari, tadi motor jatuh lagi.",
    "place": "Jl. Antasari Gang 7",
    "opened": "",  # a program that is as fast as this test would be offered nothing
}


@pytest.fixture
def published(city):
    report = city.send(story=HOLE, place=PLACE)
    city.verify(report, "WORKS", title="Lubang di Antasari", public_text=HOLE)
    return report


def offered(answer) -> list[str]:
    return [one["value"] for one in page_of(answer).select("button[name=ikut]")]


def newest(city) -> Report:
    return city.session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()


def join(browser, number, **typed):
    checked = check(browser, **OTHERS | typed)
    assert number in offered(checked)
    answer = browser.post("/lapor/kirim", {**hidden_in(checked, "/lapor/kirim"), "ikut": number})
    assert answer.status_code == 303
    return browser.get(answer.location)


def told(city, report) -> list[tuple[str, int | None]]:
    rows = select(OutboxMessage).where(OutboxMessage.report_id == report.id)
    rows = rows.where(OutboxMessage.cancelled_at.is_(None)).order_by(OutboxMessage.id)
    return [(one.kind, one.about_id) for one in city.session.scalars(rows)]


# ---- what is offered ----


def test_a_published_report_nearby_about_the_same_is_offered(browser, published):
    page = page_of(check(browser, **OTHERS))

    assert "1 warga melaporkan hal yang mirip" in " ".join(page.h2.text.split())
    assert page.select_one(f"a[href='/laporan/{published.number}']").text == "Lubang di Antasari"
    assert page.select("form button")[-1].text == "Tidak, kirim laporan saya"


def test_at_most_three_are_offered_and_the_most_alike_first(city, browser, published):
    for title in ("Aspal rusak", "Motor jatuh", "Aspal berlubang"):
        report = city.send(place=PLACE)
        city.verify(report, "WORKS", title=title, public_text="Motor jatuh karena aspal rusak.")
    found = offered(check(browser, **OTHERS))

    assert len(found) == 3
    assert found[0] == published.number


@pytest.mark.parametrize(
    "typed",
    [
        {"place": "Jalan Pahlawan"},
        {"story": "Lampu penerangan padam semua, gelap sekali."},
        {"place": "di depan rumah"},
        {"confidential": "y"},
        {"about_conduct": "y"},
        {"about_service": "y"},
        {"website": "http://robot.example"},
        {"kecamatan": "64.72.02"},
    ],
    ids=str,
)
def test_another_matter_another_place_or_a_hidden_report_is_offered_nothing(
    city, browser, published, typed
):
    published.area_id = city.session.scalars(select(Area.id).where(Area.code == "64.72.01")).one()

    assert offered(check(browser, **OTHERS | typed)) == []


@pytest.mark.parametrize(
    "how",
    ["unverified", "confidential", "about_conduct", "about_service", "made rahasia", "finished"],
)
def test_what_the_public_cannot_read_or_join_is_never_offered(city, browser, how):
    flags = {how: True} if how in {"confidential", "about_conduct", "about_service"} else {}
    report = city.send(story=HOLE, place=PLACE, **flags)
    if how not in {"unverified", "about_service"}:
        office = "AUDIT" if how == "about_conduct" else "DISTRICT"
        city.verify(report, office, title="Lubang di Antasari", public_text=HOLE)
    if how == "made rahasia":
        hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
        city.do("coordinator", report, verification.Edit(flags=hide))
    if how == "finished":
        city.do("district", report, follow_up.Propose("Ditambal.", Outcome.EXPLAINED))
        city.do("reporter", report, conversation.Confirm())
    answer = check(browser, **OTHERS)

    assert offered(answer) == []
    assert report.number not in answer.text
    assert "warga melaporkan" not in answer.text


def test_a_point_finds_what_words_do_not(city, browser, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    near = city.send(story=HOLE, place="Simpang empat", point=Point(-0.5501, 117.0501))
    far = city.send(story=HOLE, place="Simpang empat", point=Point(-0.56, 117.06))
    for report in (near, far):
        city.verify(report, "WORKS", title="Lubang", public_text=HOLE)
    where = {"latitude": str(IN_WEST[0]), "longitude": str(IN_WEST[1])}

    assert offered(check(browser, **OTHERS | where | {"place": "di jalan"})) == [near.number]


# ---- joining ----


def test_who_joins_has_a_number_and_a_code_and_the_words_are_kept(city, browser, published):
    page = page_of(join(browser, published.number, phone="0812 3456 7890"))
    own = newest(city)

    assert page.h1.text == "Laporan Anda sudah kami terima"
    assert own.number in page.text
    assert (own.status, own.parent_id, own.story) == (Status.MERGED, published.id, OTHERS["story"])
    assert [one.action for one in own.history] == [Action.SUBMIT, Action.MERGE]
    city.check()


def test_their_page_says_what_becomes_of_the_matter(city, browser, published):
    join(browser, published.number)
    own = newest(city)
    city.do("works", published, follow_up.FollowUp(text="Kami cek."))
    page = page_of(browser.get(f"/lacak/{own.number}"))

    assert page.select_one(".promise b").text == "Sedang ditangani Works"
    assert f"Anda ikut {published.number}" in page.text


def test_they_are_told_like_the_reporter_and_counted(city, browser, published):
    join(browser, published.number)
    own = newest(city)
    assert told(city, own) == [(MessageKind.RECEIVED, None)]

    city.do("works", published, follow_up.FollowUp(text="Kami cek."))

    assert told(city, own)[1:] == [(MessageKind.ANSWERED, published.id)]
    assert "Dilaporkan 2 warga" in browser.get(f"/laporan/{published.number}").text
    assert "2 warga melaporkan" in " ".join(page_of(check(browser, **OTHERS)).text.split())
    # Theirs is no page of the public's.
    assert browser.get(f"/laporan/{own.number}").status_code == 404


def test_what_was_taken_back_is_told_to_nobody(city, browser, published):
    join(browser, published.number)
    city.do("works", published, follow_up.FollowUp(text="Kami cek."))
    city.do("works", published, Undo())

    assert told(city, newest(city)) == [(MessageKind.RECEIVED, None)]


def test_of_a_report_that_was_hidden_since_they_hear_nothing(city, browser, published):
    join(browser, published.number)
    own = newest(city)
    hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    city.do("coordinator", published, verification.Edit(flags=hide))
    city.do("works", published, follow_up.FollowUp(text="Kami cek."))
    page = browser.get(f"/lacak/{own.number}")

    assert told(city, own) == [(MessageKind.RECEIVED, None)]
    assert published.number not in page.text
    assert "Sedang ditangani" not in page.text


def test_they_can_withdraw(city, browser, published):
    join(browser, published.number)
    own = newest(city)
    answer = browser.post(f"/lacak/{own.number}/tarik", {"version": str(own.version), "text": ""})
    city.do("works", published, follow_up.FollowUp(text="Kami cek."))

    assert answer.status_code == 303
    assert (own.status, own.parent_id) == (Status.ARCHIVED, None)
    assert MessageKind.ANSWERED not in dict(told(city, own))
    assert "Dilaporkan" not in browser.get(f"/laporan/{published.number}").text
    city.check()


def test_when_the_first_reporter_withdraws_the_others_are_looked_at(
    city, opens, published, browser
):
    join(browser, published.number)
    own = newest(city)
    first = opens(published)
    answer = first.post(f"/lacak/{published.number}/tarik", {"version": str(published.version)})

    assert answer.status_code == 303
    assert (own.status, own.parent_id) == (Status.UNVERIFIED, None)
    assert (MessageKind.REOPENED, None) in told(city, own)
    city.check()


def test_when_the_first_reporter_stays_silent_the_others_are_looked_at(city, published, browser):
    join(browser, published.number)
    own = newest(city)
    city.do("coordinator", published, verification.PutOnHold(reason="Gang berapa?"))
    over = published.due_on + dt.timedelta(days=1)
    midnight = dt.datetime.combine(over, dt.time(0, 1), WITA)
    clocks.act_on(city.session, clocks.HOLD, published.id, midnight)
    page = page_of(browser.get(f"/lacak/{own.number}"))

    assert published.status is Status.ARCHIVED
    assert (own.status, own.parent_id) == (Status.UNVERIFIED, None)
    assert told(city, own)[1:] == [(MessageKind.REOPENED, None)]
    assert "keterangan pelapornya tidak datang. Laporan Anda diperiksa" in page.text
    city.check()


CLOSING = {
    "archived": closing.Archive(ArchiveReason.IN_COURT, "Sedang disidangkan."),
    "outside": closing.SendOutside("Balai Jalan", "Hubungi balai."),
}


@pytest.mark.parametrize("deed", CLOSING.values(), ids=CLOSING)
def test_whoever_joined_may_object_once_to_the_answer_that_closed_it(
    city, browser, published, deed
):
    join(browser, published.number)
    own = newest(city)
    address = f"/lacak/{own.number}"
    objection = {"version": str(own.version), "reason": "Lubang saya di gang lain."}
    assert page_of(browser.get(address)).select_one("form[action$='/keberatan']") is None
    assert browser.post(f"{address}/keberatan", objection).status_code == 409
    city.do("coordinator", published, deed)
    assert len(told(city, own)) == 2
    assert page_of(browser.get(address)).select_one("form[action$='/keberatan']") is not None
    assert browser.post(f"{address}/keberatan", objection).status_code == 303

    assert (own.status, own.parent_id) == (Status.UNVERIFIED, None)
    assert published.status in {Status.ARCHIVED, Status.OUTSIDE_AUTHORITY}
    city.do("coordinator", own, closing.Merge(parent=published))
    assert page_of(browser.get(address)).select_one("form[action$='/keberatan']") is None
    city.check()


def test_whoever_joined_what_was_hidden_since_may_ask_to_be_looked_at(city, browser, published):
    join(browser, published.number)
    own = newest(city)
    hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    city.do("coordinator", published, verification.Edit(flags=hide))
    page = page_of(browser.get(f"/lacak/{own.number}"))

    assert page.select_one("form[action$='/keberatan']") is not None
    assert published.number not in page.text


def test_the_same_form_twice_joins_once(city, browser, published):
    checked = check(browser, **OTHERS)
    form = {**hidden_in(checked, "/lapor/kirim"), "ikut": published.number}
    first, second = (browser.post("/lapor/kirim", form).location for _ in range(2))

    assert first == second
    assert len(newest(city).history) == 2


@pytest.mark.parametrize("number", ["KTA-260001-0", "x", "%00", "\x00", "' OR 1=1--"])
def test_what_cannot_be_joined_is_sent_as_a_report_of_its_own(city, browser, published, number):
    checked = check(browser, **OTHERS)
    form = {**hidden_in(checked, "/lapor/kirim"), "ikut": number}

    assert browser.post("/lapor/kirim", form).status_code == 303
    assert newest(city).status is Status.UNVERIFIED


def test_no_number_of_a_hidden_report_is_a_way_to_it(city, browser):
    hidden = city.sent_to("WORKS", story=HOLE, place=PLACE, confidential=True)
    form = {**hidden_in(check(browser, **OTHERS), "/lapor/kirim"), "ikut": hidden.number}
    browser.post("/lapor/kirim", form)

    assert (newest(city).status, newest(city).parent_id) == (Status.UNVERIFIED, None)


def test_a_hidden_report_never_hangs_on_one_that_others_read(city, browser, published):
    checked = check(browser, **OTHERS, confidential="y")
    form = {**hidden_in(checked, "/lapor/kirim"), "ikut": published.number}
    browser.post("/lapor/kirim", form)

    assert newest(city).status is Status.UNVERIFIED


# ---- the point ----


def test_a_point_names_its_kelurahan_and_is_kept(city, browser, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    where = {"latitude": str(IN_WEST[0]), "longitude": str(IN_WEST[1]), "accuracy": "18.4"}
    checked = check(browser, **where)
    assert "Dengan titik lokasi dari HP: Rawa Baru, Palaran." in " ".join(
        page_of(checked).text.split()
    )
    send(browser, **where)
    report = newest(city)
    point = city.session.get_one(ReportPoint, report.id)

    assert report.area.name == "Rawa Baru"
    assert (point.latitude, point.longitude, point.accuracy) == (*IN_WEST, 18)
    assert not point.outside


def test_with_the_reporters_data_goes_where_the_phone_was(city, browser):
    send(browser, latitude="-0.55123", longitude="117.05456", accuracy="9")
    own = newest(city)
    browser.post(f"/lacak/{own.number}/hapus-data", {"version": "1"})
    point = city.session.get_one(ReportPoint, own.id)

    assert (point.latitude, point.longitude, point.accuracy) == (-0.551, 117.055, None)


def test_the_chosen_kecamatan_goes_before_another_that_was_measured(city, browser, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    east = {"latitude": str(IN_EAST[0]), "longitude": str(IN_EAST[1])}
    send(browser, kecamatan="64.72.01", **east)
    assert newest(city).area.code == "64.72.01"

    west = {"latitude": str(IN_WEST[0]), "longitude": str(IN_WEST[1])}
    send(browser, kecamatan="64.72.01", **west)
    assert newest(city).area.name == "Rawa Baru"


def test_a_point_outside_the_city_is_marked_and_taken(city, browser, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    send(browser, latitude=str(OUTSIDE[0]), longitude=str(OUTSIDE[1]))
    point = city.session.get_one(ReportPoint, newest(city).id)

    assert point.outside
    assert newest(city).area is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("NaN", "117"), ("1e309", "117"), ("117.1", "-0.5"), ("a", "117.1"), ("-0.5", "")],
)
def test_what_is_no_place_is_refused_and_forgotten(browser, city, latitude, longitude):
    """S-10."""
    answer = check(browser, latitude=latitude, longitude=longitude)

    assert answer.status_code == 422
    assert any("Lokasi dari HP tidak terbaca" in one for one in errors_of(answer))
    # The second try goes through: nobody can mend a hidden field.
    again = {**hidden_in(answer, "/lapor"), **typed_into(browser)}
    assert browser.post("/lapor", again).status_code == 200


def test_without_outlines_nothing_is_asked(browser, city):
    assert page_of(browser.get("/lapor")).select_one("#locate") is None


def test_with_outlines_the_button_waits_for_the_script(browser, city, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    button = page_of(browser.get("/lapor")).select_one("#locate")

    assert button.text == "Pakai lokasi saya"
    assert button.has_attr("hidden")


def test_the_point_is_no_part_of_what_tells_a_repeat(city):
    one = submission.Submission("form-a", "Cerita", "Tempat", point=Point(-0.5, 117.0))
    other = submission.Submission("form-a", "Cerita", "Tempat")

    assert submission.content_hash(one, KEYS) == submission.content_hash(other, KEYS)
