import pytest
from browser import Browser
from small_city import SmallCity

from lapor_web import city as lapor_city
from lapor_web import clock
from lapor_web.services.storage import Storage, open_storage


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


@pytest.fixture
def officer(app, city):
    """A browser that this officer of the small city has signed in with."""

    def sign_in(username: str) -> Browser:
        return Browser(app).sign_in(city.users[username])

    return sign_in


@pytest.fixture
def storage(monkeypatch, tmp_path) -> Storage:
    storage = open_storage(str(tmp_path))
    monkeypatch.setattr(lapor_city, "storage", lambda: storage)
    return storage
