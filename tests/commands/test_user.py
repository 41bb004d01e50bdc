import datetime as dt

import pytest
from small_city import SmallCity
from sqlalchemy import select

from lapor_web import clock
from lapor_web.cli import make_parser
from lapor_web.commands import CommandRefused
from lapor_web.models import Invitation, MessageKind, OutboxMessage, Role, User
from lapor_web.services import second_factor
from lapor_web.services.keys import Keys
from lapor_web.services.sessions import hash_of_token


@pytest.fixture
def lapor(app, db, monkeypatch, capsys):
    """Runs `lapor user` in the small city, `add` where nothing else is said; gives what it printed."""
    city = SmallCity(db.session())
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: city.now)
    monkeypatch.setitem(app.config, "LAPOR_BASE_URL", "https://lapor.test/")
    monkeypatch.setitem(app.config, "LAPOR_INVITATION_HOURS", 48)

    def lapor(*arguments: str, command: str = "add") -> list[str]:
        chosen = make_parser().parse_args(["user", command, *arguments])
        assert chosen.command.run(app, chosen) in {None, 0}
        return capsys.readouterr().out.splitlines()

    return lapor


def test_it_prints_a_link_that_opens_once(db, lapor):
    *_, link = lapor("budi", "--role", "liaison", "--opd", "WORKS", "--name", "Budi Santoso")

    db.session.rollback()
    user = db.session.scalars(select(User).where(User.username == "budi")).one()
    assert (user.name, user.role, user.opd.code) == ("Budi Santoso", Role.LIAISON, "WORKS")
    address, token = link.rsplit("/", 1)
    assert address == "https://lapor.test/undangan"
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.token_hash == hash_of_token(token)
    assert invitation.expires_at == clock.now() + dt.timedelta(hours=48)


def test_with_an_address_the_link_is_sent_and_not_printed(app, db, lapor, monkeypatch):
    monkeypatch.setitem(app.extensions, "lapor_mail", object())

    (line,) = lapor("budi", "--role", "leader", "--email", "budi@kota.test")

    assert line.endswith("dikirim ke budi@kota.test.")
    assert db.session.scalars(select(OutboxMessage.kind)).all() == [MessageKind.INVITATION]
    assert db.session.scalars(select(Invitation)).all() == []


def test_an_address_that_nothing_can_be_sent_to_makes_no_account(app, db, lapor, monkeypatch):
    with pytest.raises(CommandRefused, match="LAPOR_MAIL_URL"):
        lapor("budi", "--role", "leader", "--email", "budi@kota.test")
    db.session.rollback()
    monkeypatch.setitem(app.extensions, "lapor_mail", object())
    with pytest.raises(CommandRefused, match="alamat surel"):
        lapor("budi", "--role", "leader", "--email", "budi")
    db.session.rollback()

    assert db.session.scalars(select(User).where(User.username == "budi")).all() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("budi", "--role", "liaison"), "memerlukan OPD"),
        (("budi", "--role", "liaison", "--opd", "NOWHERE"), "NOWHERE"),
        (("works", "--role", "coordinator"), "works sudah ada"),
        (("budi santoso", "--role", "coordinator"), "hanya boleh"),
    ],
)
def test_it_says_what_is_wrong_and_makes_nothing(db, lapor, arguments, sentence):
    before = len(db.session.scalars(select(User)).all())

    with pytest.raises(CommandRefused, match=sentence):
        lapor(*arguments)

    db.session.rollback()
    assert len(db.session.scalars(select(User)).all()) == before


@pytest.mark.parametrize("role", ["reporter", "system", "emperor"])
def test_who_has_no_account_is_given_none(lapor, role, capsys):
    with pytest.raises(SystemExit):
        lapor("budi", "--role", role)


def test_whoever_lost_the_phone_signs_in_by_the_password_again(app, db, lapor):
    user = db.session.scalars(select(User).where(User.username == "works")).one()
    keys = Keys.from_secret(app.config["SECRET_KEY"])
    second_factor.turn_on(db.session(), user, "A" * 32, 0, keys=keys, now=clock.now())

    (line,) = lapor("WORKS", command="drop-code")

    assert "kata sandi saja" in line
    assert not second_factor.is_on(db.session(), user)
    with pytest.raises(CommandRefused, match="tidak ada"):
        lapor("siapa", command="drop-code")
