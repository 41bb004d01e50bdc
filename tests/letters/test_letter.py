"""An e-mail as it arrives: text and HTML, its link, its quote, and nobody else's markup in it."""

import pytest
from bs4 import BeautifulSoup
from small_city import KEYS, SmallCity
from sqlalchemy import select

from lapor_web import city as this_city
from lapor_web import clock, letters
from lapor_web.letters.to_officer import in_words
from lapor_web.models import Medium, OutboxMessage
from lapor_web.services import accounts
from lapor_web.services.channels import Letter
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.identity import Identity
from lapor_web.services.passwords import hash_password
from lapor_web.services.sessions import hash_of_token

WHO = Identity(email="rahma@contoh.id", phone="081234567890")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def city(app, db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    monkeypatch.setattr(this_city, "keys", lambda: KEYS)
    monkeypatch.setitem(app.config, "LAPOR_BASE_URL", "https://lapor.test/")
    monkeypatch.setitem(app.config, "LAPOR_MAIL_REPLY_TO", "balas@lapor.test")
    return city


def letter_about_the_last_move(city) -> Letter:
    newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
    message = city.session.scalars(newest).one()
    message.key = "kunci"
    return letters.write_to_reporter(message, WHO, Medium.EMAIL, city.now)


def test_an_answer_is_read_in_full_and_as_text(city):
    report = city.sent_to("WORKS", identity=WHO)
    city.do("works", report, FollowUp(text=f"Sudah kami tambal.\n{SCRIPT}"))

    letter = letter_about_the_last_move(city)

    page = BeautifulSoup(letter.html, "html.parser")
    assert page.select("script") == []
    assert SCRIPT in page.blockquote.text
    assert f"> {SCRIPT}" in letter.text.splitlines()
    button = page.select_one("a.button")
    assert button["href"].startswith("https://lapor.test/l/")
    assert button["href"] in letter.text
    assert len(button["href"].rsplit("/", 1)[1]) == 22
    assert letter.unsubscribe_url == f"{button['href']}/berhenti"
    assert letter.reply_to == "balas@lapor.test"
    assert "Balasan Anda atas surel ini dibaca petugas." in letter.text
    assert letter.subject == f"Works menjawab laporan {report.number}"
    assert "\n\n\n" not in letter.text


def test_where_nobody_reads_answers_none_is_asked_for(app, city, monkeypatch):
    monkeypatch.setitem(app.config, "LAPOR_MAIL_REPLY_TO", "")
    city.send(identity=WHO)

    letter = letter_about_the_last_move(city)

    assert letter.reply_to is None
    assert "Balas" not in letter.text


def test_a_letter_asks_nothing_from_another_server(city):
    """No picture, font or style that tells a third party when a reporter reads."""
    city.send(identity=WHO)

    page = BeautifulSoup(letter_about_the_last_move(city).html, "html.parser")

    assert not page.select("[src], link, [style], [background]")
    assert "url(" not in page.style.text


@pytest.mark.parametrize(
    ("password", "subject", "lifetime"),
    [(None, "Isi kata sandi", "72 jam"), ("lama", "Kata sandi baru", "30 menit")],
)
def test_an_invitation_holds_a_link_that_opens(city, password, subject, lifetime):
    user = city.users["works"]
    user.password_hash = password and hash_password(password)
    message = OutboxMessage(
        agency_id=city.agency.id, user_id=user.id, kind="invitation", not_before=city.now, key="k"
    )

    letter = letters.write_to_officer(message, user, Medium.EMAIL, "works@kota.test", city.now)

    token = letter.text.split("/undangan/")[1].split()[0]
    assert accounts.find_invited(city.session, hash_of_token(token), city.now) is user
    assert letter.subject.startswith(subject)
    assert f"Tautan berlaku {lifetime} dan hanya sekali" in letter.text
    assert letter.unsubscribe_url is None


def test_a_lifetime_in_words(city):
    assert in_words(accounts.RESET_LIFETIME * 3) == "1,5 jam"
