"""An officer is invited by a letter: what it says, and that its link is nowhere else."""

import re

import pytest
from browser import Browser, page_of
from factories import PASSWORD
from sqlalchemy import select, text

from lapor_web import postman
from lapor_web.models import Base, ConfigurationChange, Medium, OutboxMessage, User
from lapor_web.services.channels import Letter, Refused, Sent

HERE = "/koordinasi/pengaturan/petugas"
RINA = {
    "username": "rina",
    "name": "Rina Wati",
    "role": "liaison",
    "opd": "ROADS",
    "email": "rina@kota.test",
}


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.unknown: set[str] = set()

    def send(self, letter: Letter) -> Sent:
        if letter.to in self.unknown:
            raise Refused("no such mailbox")
        self.letters.append(letter)
        return Sent("provider")


@pytest.fixture
def mailbox(app, monkeypatch) -> Mailbox:
    mailbox = Mailbox()
    monkeypatch.setitem(app.extensions, "lapor_mail", mailbox)
    monkeypatch.setitem(app.config, "LAPOR_BASE_URL", "https://lapor.test")
    return mailbox


@pytest.fixture
def deliver(city, mailbox):
    def deliver() -> None:
        city.session.commit()
        while postman.deliver_one({Medium.EMAIL: mailbox}):
            pass

    return deliver


def link_in(letter: Letter) -> str:
    [token] = set(re.findall(r"https://lapor.test/undangan/(\S+)", letter.text))
    return token


def test_the_letter_has_the_link_and_nothing_else_has_it(app, city, coordinator, mailbox, deliver):
    answer = coordinator.post(HERE, RINA)
    page = page_of(coordinator.get(answer.location))
    assert "Undangan untuk Rina Wati dikirim ke rina@kota.test" in page.get_text()
    assert page.select_one("#link") is None
    deliver()

    [letter] = mailbox.letters
    assert letter.to == "rina@kota.test"
    assert "rina" in letter.text
    assert "72 jam" in letter.text
    token = link_in(letter)
    for table in [*Base.metadata.tables, "procrastinate_jobs"]:
        holds = text(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE :word')  # noqa: S608
        assert city.session.scalar(holds, {"word": f"%{token}%"}) == 0, table
    browser = Browser(app)
    browser.get(f"/undangan/{token}")
    assert browser.post("/undangan", {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert browser.post("/masuk", {"username": "rina", "password": PASSWORD}).status_code == 303
    notes = [one.after for one in city.session.scalars(select(ConfigurationChange))]
    assert "surel ke rina@kota.test" in [note.get("invited") for note in notes]


def test_a_mistyped_address_is_mended_until_they_have_come_in(city, coordinator, mailbox, deliver):
    mailbox.unknown.add("rina@kota.tset")
    coordinator.post(HERE, RINA | {"email": "rina@kota.tset"})
    deliver()
    assert city.session.scalar(select(OutboxMessage.parked_at)) is not None
    form = page_of(coordinator.get(f"{HERE}/rina")).select_one("form.narrow")
    assert form.select_one("#email")["value"] == "rina@kota.tset"
    usual = {"name": "Rina Wati", "role": "liaison", "opd": "ROADS", "active": "y"}
    sent = usual | {"versi": form.select_one("#versi")["value"]}

    assert coordinator.post(f"{HERE}/rina", sent | {"email": "rina"}).status_code == 422
    assert coordinator.post(f"{HERE}/rina", sent | {"email": "rina@kota.test"}).status_code == 303
    assert coordinator.post(f"{HERE}/rina/undang").status_code == 303
    deliver()

    assert [letter.to for letter in mailbox.letters] == ["rina@kota.test"]
    history = page_of(coordinator.get("/koordinasi/pengaturan/riwayat?bagian=user&kunci=rina"))
    assert "rina@kota.tset menjadi rina@kota.test" in history.get_text(" ", strip=True)


def test_the_address_of_whoever_came_in_is_their_own(city, coordinator, mailbox, deliver):
    coordinator.post(HERE, RINA)
    rina = city.session.scalars(select(User).where(User.username == "rina")).one()
    rina.password_hash = "set"
    page = page_of(coordinator.get(f"{HERE}/rina"))
    assert page.select_one("#email") is None
    thief = {
        "name": "Rina Wati",
        "role": "liaison",
        "opd": "ROADS",
        "active": "y",
        "versi": page.select_one("#versi")["value"],
        "email": "koordinator@kota.test",
    }

    assert coordinator.post(f"{HERE}/rina", thief).status_code == 303
    coordinator.post(f"{HERE}/rina/undang")
    deliver()

    assert {letter.to for letter in mailbox.letters} == {"rina@kota.test"}


def test_without_mail_nobody_is_told_that_a_letter_leaves(city, coordinator):
    coordinator.post(HERE, RINA)
    page = page_of(coordinator.get(f"{HERE}/rina"))

    assert page.select_one("#email")["value"] == "rina@kota.test"
    assert "Tautan dikirim" not in page.main.text
    assert "ditampilkan satu kali di sini" in page.main.text
