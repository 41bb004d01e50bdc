"""Mails by IMAP and by a pipe: safe with us first, gone there afterwards, whatever breaks between."""

import io
import os
import subprocess
import sys

import fake_mailbox
import pytest
from mails import mail
from small_city import NOW, SmallCity
from sqlalchemy import select

from lapor_web import city as this_city
from lapor_web import cli, clock, inbound_work
from lapor_web.commands import receive_mail
from lapor_web.models import Channel, Report
from lapor_web.services import unread
from lapor_web.services.channels import Away, mailbox
from lapor_web.services.channels.mailbox import Mailbox
from lapor_web.services.channels.urls import WrongUrl

STORY = "Zamrud: lampu jalan di depan SD mati sejak Senin."


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    city = SmallCity(db.session())
    db.session.commit()  # or whoever rolls back takes the city along
    return city


@pytest.fixture
def box():
    with fake_mailbox.serving() as box:
        yield box


@pytest.fixture
def visit(app, box, city, monkeypatch):
    url = f"imap://lapor:sandi@127.0.0.1:{box.port}/INBOX"
    monkeypatch.setitem(app.config, "LAPOR_INBOUND_MAIL_URL", url)
    return inbound_work.empty_mailbox


def numbered(number: int) -> bytes:
    return mail(f"{STORY} {number}", Message_ID=f"<{number}@x.id>").as_bytes()


def stories(db) -> list[str]:
    return [one[-1] for one in db.session.scalars(select(Report.story).order_by(Report.id))]


def test_a_mailbox_is_emptied(db, box, visit):
    for number in range(3):
        box.put(numbered(number))
    visit()
    visit()

    assert stories(db) == ["0", "1", "2"]
    assert box.mails == {}


@pytest.mark.parametrize("cut", ["UID STORE", "EXPUNGE"])
def test_cut_off_before_it_is_deleted_it_comes_again_and_makes_no_second(db, box, visit, cut):
    box.put(numbered(1))
    box.cut_before = cut
    visit()
    assert box.mails
    box.cut_before = ""
    visit()

    assert stories(db) == ["1"]
    assert cut == "EXPUNGE" or box.mails == {}


@pytest.fixture
def poison(monkeypatch):
    """Mails that hold the word cannot be read, until it is taken out of the set."""
    words = {b"racun"}

    def poisoned(raw, tools):
        if any(word in raw for word in words):
            raise RuntimeError(raw)
        return receive(raw, tools)

    receive = inbound_work.inbound_mail.receive
    monkeypatch.setattr(inbound_work.inbound_mail, "receive", poisoned)
    return words


def test_one_that_cannot_be_read_stays_and_holds_up_no_other(db, box, visit, poison, caplog):
    box.put(mail("racun").as_bytes())
    box.put(numbered(1))
    visit()

    assert stories(db) == ["1"]
    assert list(box.mails) == [1]
    assert "racun" not in caplog.text


def test_after_eight_visits_it_is_sealed_with_us_and_can_be_read_once_more(
    db, city, box, visit, poison
):
    box.put(mail(f"racun. {STORY}").as_bytes())
    for _ in range(8):
        assert box.mails
        visit()

    assert box.mails == {}
    (row,) = unread.list_unread(db.session(), city.users["coordinator"])
    assert (row.channel, row.reason, row.tries) == (Channel.EMAIL, "RuntimeError", 8)
    assert b"Zamrud" not in row.sealed
    poison.clear()
    unread.read_again(db.session(), row, keys=this_city.keys(), now=NOW)
    db.session.commit()
    inbound_work.read_event(row.id)
    db.session.commit()

    (story,) = db.session.scalars(select(Report.story))
    assert STORY in story
    assert unread.count_unread(db.session(), city.users["coordinator"]) == 0


def test_one_too_large_is_left_for_a_human_eye(db, box, visit, monkeypatch):
    monkeypatch.setattr(mailbox, "LARGEST", 2000)
    box.put(numbered(1) + b"x" * 2000)
    visit()

    assert stories(db) == []
    assert box.flags[1] == {"\\Flagged"}


def test_a_mailbox_that_is_away_is_logged_without_its_password(box, visit, caplog):
    box.cut_before = "LOGIN"
    visit()
    wrong = Mailbox("127.0.0.1", box.port, "lapor", "rahasia", plain=True)
    box.cut_before = ""
    with pytest.raises(Away):
        wrong.empty_into(lambda raw: True)

    assert "away" in caplog.text
    assert "sandi" not in caplog.text
    assert "rahasia" not in repr(wrong)


@pytest.mark.parametrize(
    "url", ["imap://a:b@mail.contoh.id/INBOX", "pop3://a:b@host", "imaps://host", "imaps://a@h:x"]
)
def test_an_address_that_would_not_do(url):
    with pytest.raises(WrongUrl):
        Mailbox.from_url(url)


# ---- the pipe ----


@pytest.fixture
def pipe(app, city, monkeypatch):
    """`lapor receive-mail` on this test's database; the exit code."""

    def pipe(raw: bytes, run=None) -> int:
        stdin = io.TextIOWrapper(io.BytesIO(raw))
        monkeypatch.setattr(sys, "stdin", stdin)
        on_this = run or (lambda command, chosen: command.run(app, chosen))
        monkeypatch.setattr(cli, "on_city_database", on_this)
        return cli.main(["receive-mail"])

    return pipe


def test_a_mail_from_a_pipe_is_a_report(db, pipe):
    assert [pipe(numbered(1)), pipe(numbered(1)), pipe(b"")] == [0, 0, 0]
    assert stories(db) == ["1"]


def test_whatever_goes_wrong_the_mail_server_keeps_the_mail(pipe, capsys, app, monkeypatch):
    def broken(command, chosen):
        raise RuntimeError(chosen.raw)

    assert pipe(numbered(1), broken) == receive_mail.TRY_LATER
    monkeypatch.setitem(app.config, "SECRET_KEY_LASTS", False)
    assert pipe(numbered(1)) == receive_mail.TRY_LATER
    assert "Zamrud" not in capsys.readouterr().err


def test_one_too_large_goes_back(pipe, monkeypatch):
    monkeypatch.setattr(receive_mail, "LARGEST", 100)

    assert pipe(numbered(1)) == receive_mail.TOO_LARGE


def test_without_a_database_it_says_try_later():
    environment = {**os.environ, "DATABASE_URL": "postgresql://localhost:1/none"}
    environment |= {"SECRET_KEY": "x" * 40, "LAPOR_STORAGE": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "lapor_web", "receive-mail"],
        input=numbered(1),
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == receive_mail.TRY_LATER
    assert b"Zamrud" not in done.stderr
    assert b"Traceback" not in done.stderr
