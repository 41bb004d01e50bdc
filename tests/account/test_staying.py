"""An officer who says that they are still there stays signed in, for a day at most."""

import datetime as dt

from browser import Browser
from small_city import SmallCity
from sqlalchemy import select

from lapor_web import clock
from lapor_web.models import LoginSession


def test_whoever_asks_stays_for_a_day_at_most(app, db, monkeypatch):
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    works = Browser(app).sign_in(city.users["works"])
    begun = city.now

    def lasts() -> dt.timedelta:
        return db.session.scalar(select(LoginSession.expires_at)) - begun

    for hours, until in ((11, 23), (20, 24)):
        city.now = begun + dt.timedelta(hours=hours)
        answer = works.post("/tetap-masuk", {"lanjut": "/kotak-masuk?tampilan=semua"})
        assert answer.location == "/kotak-masuk?tampilan=semua"
        assert lasts() == dt.timedelta(hours=until)
        assert works.kept()["until"] == (begun + lasts()).timestamp()
    city.now = begun + dt.timedelta(hours=24)
    assert works.post("/tetap-masuk").status_code == 401
