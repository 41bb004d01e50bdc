import datetime as dt

import pytest
from browser import Browser
from factories import PASSWORD
from small_city import SmallCity

from lapor_web import clock
from lapor_web.services.passwords import hash_password


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


@pytest.fixture
def officer(city, password_hash):
    """Of the works office, with the password of these tests."""
    user = city.users["works"]
    user.password_hash = password_hash
    city.session.flush()
    return user


@pytest.fixture
def sign_in(app):
    """Gives a browser in which somebody typed name and password at /masuk."""

    def sign_in(user, password=PASSWORD) -> Browser:
        browser = Browser(app)
        answer = browser.post("/masuk", {"username": user.username, "password": password})
        assert answer.status_code == 303
        return browser

    return sign_in


@pytest.fixture
def later(city):
    def later(**by: int) -> dt.datetime:
        city.wait(**by)
        return city.now

    return later
