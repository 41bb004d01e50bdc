"""Who reported is searched for by those who may read it, by the whole address, with a trace."""

import pytest
from browser import Browser, page_of
from small_city import KEYS
from sqlalchemy import select

from lapor_web import city as lapor_city
from lapor_web.models import IdentityReveal
from lapor_web.services.identity import Identity

SITI = Identity("Siti Rahma", "081255500001", "siti@contoh.id")
WHY = "Ia bertanya lewat telepon."


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setattr(lapor_city, "keys", lambda: KEYS)


def seek(browser: Browser, contact: str, reason: str = WHY):
    return browser.post("/kotak-masuk/pelapor", {"contact": contact, "reason": reason})


def found(answer) -> set[str]:
    links = page_of(answer).select("main ul a")
    return {link["href"].rsplit("/", 1)[1] for link in links}


@pytest.mark.parametrize("contact", ["+62 812-5550-0001", "SITI@contoh.id"])
def test_each_finds_what_they_may_know_and_it_is_written_down(city, officer, db, contact):
    own, other = city.sent_to("WORKS", identity=SITI), city.sent_to("ROADS", identity=SITI)
    city.sent_to("WORKS", identity=SITI, anonymous=True)
    city.sent_to("WORKS", identity=Identity("Budi", "081255500002", "budi@contoh.id"))
    city.send(identity=SITI, about_conduct=True)

    assert found(seek(officer("works"), contact)) == {own.number}
    assert found(seek(officer("coordinator"), contact)) == {own.number, other.number}
    traces = db.session.execute(
        select(IdentityReveal.report_id, IdentityReveal.user_id, IdentityReveal.reason)
    )
    works, coordinator = city.users["works"].id, city.users["coordinator"].id
    assert sorted(map(tuple, traces)) == sorted(
        [(own.id, works, WHY), (own.id, coordinator, WHY), (other.id, coordinator, WHY)]
    )


@pytest.mark.parametrize(
    ("contact", "reason"), [("0812555", WHY), ("Siti Rahma", WHY), ("081255500001", " ")]
)
def test_a_part_of_it_or_no_reason_finds_nothing(city, officer, db, contact, reason):
    city.sent_to("WORKS", identity=SITI)

    answer = seek(officer("coordinator"), contact, reason)

    assert found(answer) == set()
    assert db.session.scalar(select(IdentityReveal.id)) is None


@pytest.mark.parametrize("who", ["works-boss", "leader", "ombudsman", "intake"])
def test_nobody_else_seeks(city, officer, who):
    city.sent_to("WORKS", identity=SITI)

    assert seek(officer(who), "081255500001").status_code == 403
    assert officer(who).get("/kotak-masuk/pelapor").status_code == 403
