"""What tests of the coordination view share: a small city, and one in which something happened."""

import pytest
from browser import Browser
from small_city import SmallCity

from lapor_web import clock
from lapor_web.models import Outcome
from lapor_web.services.conversation import Confirm
from lapor_web.services.follow_up import FollowUp, Propose


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


@pytest.fixture
def coordinator(app, city) -> Browser:
    return Browser(app).sign_in(city.users["coordinator"])


@pytest.fixture
def named():
    """A report that an office got under that title."""

    def send(city, opd, title, **fields):
        report = city.send(**fields)
        city.verify(report, opd, title=title)
        return report

    return send


@pytest.fixture
def busy_city(city) -> SmallCity:
    """One of each: unverified, not acted on, in process, finished, and one nobody may read."""
    city.send()
    city.sent_to("WORKS")
    followed = city.sent_to("WORKS")
    done = city.sent_to("DISTRICT")
    hidden = city.sent_to("ROADS", confidential=True)
    city.wait(days=2)
    city.do("works", followed, FollowUp("Kami periksa."))
    city.do("roads", hidden, FollowUp("Kami periksa."))
    city.do("district", done, Propose(text="Dijadwalkan.", outcome=Outcome.EXPLAINED))
    city.do("reporter", done, Confirm())
    return city
