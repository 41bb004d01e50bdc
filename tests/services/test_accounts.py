import datetime as dt

import pytest
from small_city import SmallCity
from sqlalchemy import select, text

from lapor_web.models import Invitation, LoginSession, Role
from lapor_web.services import accounts, sessions
from lapor_web.services.accounts import AccountRefused
from lapor_web.services.sessions import hash_of_token

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def user(city):
    user = city.users["works"]
    user.password_hash = "as it was"
    city.session.flush()
    return user


def create(city, **fields):
    usual = {"username": "baru", "name": "Baru", "role": Role.LIAISON, "opd_code": "ROADS"}
    return accounts.create_user(city.session, city.agency, now=NOW, **usual | fields)


def test_an_account_begins_without_a_password(city):
    user = create(city, username=" Baru.Sekali ", opd_code="roads")

    assert (user.username, user.opd.code, user.password_hash) == ("baru.sekali", "ROADS", None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "works"}, "taken"),
        ({"username": "dua kata"}, "username"),
        ({"username": "x\n2026 LOGIN OK"}, "username"),
        ({"username": ""}, "username"),
        ({"opd_code": "NOWHERE"}, "opd_unknown"),
        ({"opd_code": None}, "opd_missing"),
        ({"role": Role.SYSTEM, "opd_code": None}, "role"),
    ],
)
def test_what_cannot_be_an_account_is_refused(city, fields, code):
    with pytest.raises(AccountRefused) as refusal:
        create(city, **fields)

    assert refusal.value.code == code


CHANGES = {
    "role": lambda city, user: accounts.change_role(city.session, user, Role.SUPERVISOR, "WORKS"),
    "opd": lambda city, user: accounts.change_role(city.session, user, Role.LIAISON, "ROADS"),
    "disabled": lambda city, user: accounts.disable(city.session, user),
    "password": lambda city, user: accounts.set_password(city.session, user, "another"),
    "all out": lambda city, user: sessions.close_all_sessions(city.session, user),
    "by hand": lambda city, user: city.session.execute(
        text("UPDATE \"user\" SET role = 'supervisor' WHERE id = :id"), {"id": user.id}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_session_ends_with_what_it_was_opened_for(city, user, change):
    tokens = [sessions.open_session(city.session, user, NOW) for _ in range(3)]
    others = sessions.open_session(city.session, city.users["roads"], NOW)

    CHANGES[change](city, user)

    assert [sessions.find_user(city.session, token, NOW) for token in tokens] == [None] * 3
    assert sessions.find_user(city.session, others, NOW) is city.users["roads"]


def test_a_change_of_name_or_taste_ends_none(city, user):
    token = sessions.open_session(city.session, user, NOW)
    user.name, user.shortcuts = "Nama Baru", False
    city.session.flush()

    assert sessions.find_user(city.session, token, NOW) is user


def test_signing_in_sweeps_up_ones_own_old_sessions(city, user):
    sessions.open_session(city.session, user, NOW - DAY)
    sessions.open_session(city.session, user, NOW)

    assert city.session.scalars(select(LoginSession.created_at)).all() == [NOW]


def test_a_first_link_lives_as_long_as_is_set_and_a_later_one_half_an_hour(city, user):
    new = city.users["roads"]
    accounts.invite(city.session, new, lifetime=3 * DAY, now=NOW)
    accounts.invite(city.session, user, lifetime=3 * DAY, now=NOW)

    lives = {row.user_id: row.expires_at - NOW for row in city.session.scalars(select(Invitation))}
    assert lives == {new.id: 3 * DAY, user.id: dt.timedelta(minutes=30)}


def found(city, token, now=NOW):
    return accounts.find_invited(city.session, hash_of_token(token), now)


def test_a_link_opens_until_it_is_old(city, user):
    token = accounts.invite(city.session, user, lifetime=DAY, now=NOW)

    assert found(city, token, NOW + dt.timedelta(minutes=29)) is user
    assert found(city, token, NOW + dt.timedelta(minutes=31)) is None


def test_a_newer_link_makes_the_older_worthless(city, user):
    older = accounts.invite(city.session, user, lifetime=DAY, now=NOW)
    newer = accounts.invite(city.session, user, lifetime=DAY, now=NOW)

    assert found(city, older) is None
    assert found(city, newer) is user


def test_a_password_or_a_closed_account_uses_up_the_link(city, user):
    token = accounts.invite(city.session, user, lifetime=DAY, now=NOW)
    accounts.set_password(city.session, user, "new")
    assert found(city, token) is None

    token = accounts.invite(city.session, user, lifetime=DAY, now=NOW)
    accounts.disable(city.session, user)
    accounts.enable(city.session, user)
    assert found(city, token) is None


def test_a_password_changed_while_another_was_compared_does_not_open(city, user):
    credentials = accounts.find_credentials(city.session, "WORKS")
    accounts.set_password(city.session, user, "changed meanwhile")

    assert accounts.confirm(city.session, credentials) is None


def test_nobodys_credentials_are_confirmed_by_nobody(city, user):
    user.password_hash = None
    city.session.flush()

    for username in ("works", "nobody"):
        assert (
            accounts.confirm(city.session, accounts.find_credentials(city.session, username))
            is None
        )
