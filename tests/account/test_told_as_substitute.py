"""What is said to whoever stands in (Plt.): of the absent one's work, in words that are true of it."""

import datetime as dt

import pytest
from browser import Browser, page_of
from small_city import KEYS

from lapor_web import city as this_city
from lapor_web import postman
from lapor_web.models import (
    Classification,
    Medium,
    NoticeSettings,
    Outcome,
    Substitution,
)
from lapor_web.services import clocks, notifications
from lapor_web.services.channels import Letter, Sent
from lapor_web.services.follow_up import Assign, Note, Propose
from lapor_web.services.ladder import Ladder


class Mail:
    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> Sent:
        self.letters.append(letter)
        return Sent()


@pytest.fixture
def told(app, city, monkeypatch):
    """All letters that leave within minutes, by who gets them."""
    monkeypatch.setattr(this_city, "keys", lambda: KEYS)
    monkeypatch.setitem(app.config, "LAPOR_BASE_URL", "https://lapor.test")
    mail = Mail()

    def told(username: str) -> list[Letter]:
        city.session.commit()
        city.wait(minutes=2)
        while postman.deliver_one({Medium.EMAIL: mail}):
            pass
        return [one for one in mail.letters if one.to == f"{username}@kota.test"]

    return told


@pytest.fixture
def stands_in(city):
    """From the ninth to the twentieth, without what it would say of the way into the settings."""

    def stands_in(substitute: str, absent: str) -> None:
        for username in (substitute, absent):
            user_id = city.users[username].id
            city.session.add(NoticeSettings(user_id=user_id, email=f"{username}@kota.test"))
        city.session.add(
            Substitution(
                agency_id=city.agency.id,
                absent_id=city.users[absent].id,
                substitute_id=city.users[substitute].id,
                starts_on=dt.date(2026, 11, 9),
                ends_on=dt.date(2026, 11, 20),
                set_by_id=city.users["coordinator"].id,
            )
        )
        city.session.flush()

    return stands_in


def test_of_another_office_they_hear_all_that_its_officer_would(city, told, stands_in):
    """By a coordinator's word anybody of the kind may stand in, from any office."""
    stands_in("roads", "works")
    report = city.sent_to("WORKS")
    city.do("works-boss", report, Assign(assignee=city.users["works"]))
    city.do("works2", report, Note(text="Tanya @works dulu."))

    subjects = [one.subject for one in told("roads")]

    assert subjects == [
        f"Laporan {report.number} diteruskan ke Works",
        f"Laporan {report.number} ditugaskan kepada Nama works, yang Anda gantikan",
        f"Nama works disebut dalam catatan laporan {report.number}",
    ]
    assert "Anda menggantikan Nama works (Plt.)." in told("roads")[1].text
    assert f"Laporan {report.number} ditugaskan kepada Anda" in [
        one.subject for one in told("works")
    ]


def test_nobody_hears_of_it_before_and_after(city, told, stands_in):
    stands_in("roads", "works")
    city.wait(days=14)
    city.sent_to("WORKS")

    assert told("roads") == []


def test_they_are_reminded_of_what_waits_for_the_absent_one(city, told, stands_in):
    stands_in("works2", "works")
    report = city.sent_to("WORKS")
    city.do("works-boss", report, Assign(assignee=city.users["works"]))
    told("works2")
    city.now = dt.datetime(2026, 11, 15, 16, 1, tzinfo=dt.UTC)  # the first minute of its last day
    clocks.act_on(city.session, Ladder().round(), report.id, city.now)
    city.wait(hours=8)

    assert told("works2")[-1].subject == f"Laporan {report.number} jatuh tempo hari ini"


def digest_of(city, told, username: str) -> Letter:
    notifications.queue_digests(city.session, city.agency.id, city.now)
    return next(one for one in told(username) if one.subject.startswith("Pagi ini"))


def test_the_morning_counts_what_a_colleague_of_the_office_left(city, told, stands_in):
    stands_in("works2", "works")
    report = city.sent_to("WORKS")
    city.do("works", report, Assign(assignee=city.users["works"]))

    assert digest_of(city, told, "works2").subject == "Pagi ini: 1 tugas Anda"


def test_the_morning_tells_another_desk_apart(city, told, stands_in):
    stands_in("works2", "works-boss")
    late = city.verify(city.send(), classification=Classification.INFORMATION_REQUEST).report
    asked = city.sent_to("WORKS")
    city.do("works", asked, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    city.wait(days=8)

    letter = digest_of(city, told, "works2")

    assert late.number not in letter.text
    assert letter.subject.startswith("Pagi ini: ")
    assert "meja Nama works-boss (Plt.): " in letter.subject
    assert "1 menunggu persetujuan Anda" in letter.text


def test_a_link_to_what_lies_on_another_desk_leads_there(app, city, stands_in):
    stands_in("roads", "works")
    report = city.sent_to("WORKS")
    elsewhere = city.sent_to("DISTRICT")
    browser = Browser(app).sign_in(city.users["roads"])

    page = browser.get(f"/kotak-masuk/{report.number}")
    form = page_of(page).find("form", action="/pengaturan/meja")
    typed = {one["name"]: one["value"] for one in form.select("[name]")}
    opened = browser.post(form["action"], typed)

    assert page.status_code == 404
    assert "meja Nama works (Plt.)" in page_of(page).h1.text
    assert (opened.status_code, opened.location) == (303, f"/kotak-masuk/{report.number}")
    assert browser.get(opened.location).status_code == 200
    assert browser.get(f"/kotak-masuk/{elsewhere.number}").status_code == 404
    assert elsewhere.number not in browser.get(f"/kotak-masuk/{elsewhere.number}").text
