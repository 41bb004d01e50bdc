"""Who is signed in is read as columns, and is the object all the same that the session would load."""

import pytest
from small_city import SmallCity
from sqlalchemy import inspect

from lapor_web.models import User
from lapor_web.services import sessions


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def token(city) -> str:
    token = sessions.open_session(city.session, city.users["works"], city.now)
    city.session.expunge_all()
    return token


def test_it_has_every_column_and_nothing_to_be_written(city, token):
    found = sessions.find_user(city.session, token, city.now)

    known = {column.key: getattr(found, column.key) for column in User.__table__.columns}
    assert not city.session.is_modified(found)
    assert (inspect(found).persistent, found.office_name) == (True, found.opd.short_name)
    city.session.refresh(found)
    assert known == {column: getattr(found, column) for column in known}


def test_it_is_the_one_that_the_session_knows(city, token):
    found = sessions.find_user(city.session, token, city.now)

    assert found is city.session.get_one(User, found.id)
    assert sessions.find_user(city.session, token, city.now) is found


def test_what_changes_it_is_written(city, token):
    sessions.find_user(city.session, token, city.now).shortcuts = False
    city.session.flush()
    city.session.expunge_all()

    assert sessions.find_user(city.session, token, city.now).shortcuts is False


def test_an_office_is_named_without_being_loaded(city, token):
    works = sessions.find_user(city.session, token, city.now)

    assert (works.office_name, "opd" in inspect(works).unloaded) == ("Works", True)


def test_who_is_of_no_office_has_none_to_name(city):
    token = sessions.open_session(city.session, city.users["coordinator"], city.now)
    city.session.expunge_all()

    assert sessions.find_user(city.session, token, city.now).office_name == ""


def test_who_moves_to_another_office_is_named_by_it(city, token):
    found = sessions.find_user(city.session, token, city.now)
    found.opd_id = city.opds["ROADS"].id
    city.session.flush()

    assert found.office_name == city.opds["ROADS"].short_name
