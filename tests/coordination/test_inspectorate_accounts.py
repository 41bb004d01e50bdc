"""Who may hand out what the Inspektorat alone reads: the Inspektorat, once one of them can come in."""

import pytest
from browser import Browser, page_of
from small_city import DAY_OFF
from sqlalchemy import select

from lapor_web.models import Invitation, NoticeSettings, Role, Substitution, User
from lapor_web.services import absence

HERE = "/koordinasi/pengaturan/petugas"
AUDITOR = {"username": "ani", "name": "Ani", "role": "inspector", "opd": "AUDIT"}
PASSWORD = "kuda laut biru besar"
THEIRS = "oleh Inspektorat sendiri"


@pytest.fixture
def inspector(app, city) -> Browser:
    city.users["inspector"].password_hash = "set"
    return Browser(app).sign_in(city.users["inspector"])


@pytest.fixture
def clerk(city) -> User:
    """Of the Inspektorat, and no inspector: reads what it holds all the same."""
    return city.add_user("clerk", Role.LIAISON, "AUDIT")


def given(browser, username, **fields) -> dict[str, str]:
    """What the form of that account says, changed."""
    form = page_of(browser.get(f"{HERE}/{username}")).select_one("form.narrow")
    sent = {"versi": form.select_one("#versi")["value"], "name": form.select_one("#name")["value"]}
    for name in ("role", "opd"):
        sent[name] = form.select_one(f"#{name} option[selected]")["value"]
    return {key: value for key, value in (sent | {"active": "y"} | fields).items() if value}


def link_for(browser, username) -> str:
    browser.post(f"{HERE}/{username}/undang")
    return page_of(browser.get(f"{HERE}/{username}")).select("#link")[-1]["value"]


def take(app, link) -> int:
    """Sets the password by it."""
    browser = Browser(app)
    browser.get(link)
    return browser.post("/undangan", {"password": PASSWORD, "again": PASSWORD}).status_code


def named(city, username) -> User | None:
    return city.session.scalar(select(User).where(User.username == username))


def test_until_one_can_come_in_a_coordinator_invites(city, coordinator):
    assert coordinator.post(HERE, AUDITOR).status_code == 303
    assert coordinator.post(f"{HERE}/ani/undang").status_code == 303


@pytest.mark.parametrize("role", ["inspector", "liaison", "supervisor"])
def test_then_no_coordinator_gives_themselves_a_way_in(city, coordinator, inspector, role):
    refused = coordinator.post(HERE, AUDITOR | {"role": role})
    assert refused.status_code == 422
    assert THEIRS in page_of(refused).select_one("#problem").get_text()

    moved = given(coordinator, "works", role=role, opd="AUDIT")
    assert THEIRS in coordinator.post(f"{HERE}/works", moved).text

    city.session.expire_all()
    assert named(city, "ani") is None
    assert named(city, "works").opd.code == "WORKS"


@pytest.mark.parametrize("username", ["inspector", "clerk"])
def test_nor_takes_an_account_over(city, coordinator, inspector, clerk, username):
    page = page_of(coordinator.get(f"{HERE}/{username}"))
    assert THEIRS in page.main.get_text(" ", strip=True)
    assert page.main.select("form") == []

    closed = {"versi": "0", "name": "X", "role": "leader"}
    assert coordinator.post(f"{HERE}/{username}", closed).status_code == 422
    assert coordinator.post(f"{HERE}/{username}/undang").status_code == 403
    assert coordinator.post(f"{HERE}/{username}/matikan-kode").status_code == 403
    city.session.expire_all()
    assert named(city, username).active
    assert city.session.scalars(select(Invitation)).all() == []


def test_what_lay_ready_is_worthless_once_the_first_came_in(app, city, coordinator):
    """Links, and addresses to which another could be asked for."""
    assert coordinator.post(HERE, AUDITOR | {"email": "k@contoh.id"}).status_code == 303
    ways_in = {who: link_for(coordinator, who) for who in ("ani", "inspector", "works")}

    assert [take(app, ways_in[who]) for who in ("inspector", "ani", "works")] == [303, 404, 303]

    assert city.session.scalars(select(NoticeSettings)).all() == []


def test_no_address_is_put_on_a_closed_account_of_theirs(city, coordinator, inspector, clerk):
    inspector.post(f"{HERE}/clerk", given(inspector, "clerk", active=""))
    address = {"active": "", "email": "k@contoh.id"}

    here = coordinator.post(f"{HERE}/clerk", given(coordinator, "clerk", **address))
    moved = given(coordinator, "clerk", opd="ROADS", **address)

    assert (here.status_code, THEIRS in here.text) == (422, True)
    assert city.session.scalars(select(NoticeSettings.email)).all() == [None]
    assert coordinator.post(f"{HERE}/clerk", moved).status_code == 303


def test_an_inspector_keeps_those_of_the_inspektorat_and_no_other(city, inspector, clerk):
    listed = page_of(inspector.get(HERE)).select("tbody th a")
    assert {link["href"].rsplit("/", 1)[1] for link in listed} == {"inspector", "clerk"}
    assert inspector.get(f"{HERE}/works").status_code == 404
    assert inspector.post(f"{HERE}/works/undang").status_code == 404

    assert inspector.post(HERE, AUDITOR).status_code == 303
    assert inspector.post(f"{HERE}/ani/undang").status_code == 303
    for role, opd in (("coordinator", ""), ("liaison", "WORKS"), ("inspector", "WORKS")):
        elsewhere = {"username": "eko", "name": "Eko", "role": role, "opd": opd}
        assert inspector.post(HERE, elsewhere).status_code == 422
    assert inspector.post(f"{HERE}/clerk", given(inspector, "clerk", active="")).status_code == 303
    assert not clerk.active


def test_who_left_the_inspektorat_is_given_other_work(city, coordinator, inspector, clerk):
    inspector.post(f"{HERE}/clerk", given(inspector, "clerk", active=""))

    back = coordinator.post(f"{HERE}/clerk", given(coordinator, "clerk"))
    moved = coordinator.post(f"{HERE}/clerk", given(coordinator, "clerk", opd="ROADS"))

    assert (back.status_code, moved.status_code) == (422, 303)
    assert (clerk.active, clerk.opd.code) == (True, "ROADS")


def test_who_was_an_inspector_is_not_the_last_one(city, coordinator):
    former = city.users["inspector"]
    former.password_hash, former.active = "set", False

    moved = given(coordinator, "inspector", role="liaison", opd="ROADS", active="")

    assert coordinator.post(f"{HERE}/inspector", moved).status_code == 303
    assert former.role is Role.LIAISON


def test_the_last_inspector_stays(app, city, inspector):
    second = city.add_user("ani", Role.INSPECTOR, "AUDIT")
    other = Browser(app).sign_in(second)

    refused = other.post(f"{HERE}/inspector", given(other, "inspector", active=""))

    assert "terakhir" in page_of(refused).select_one("#problem").get_text()
    second.password_hash = "set"
    other.sign_in(second)
    sent = given(other, "inspector", active="")
    assert other.post(f"{HERE}/inspector", sent).status_code == 303


@pytest.mark.parametrize(
    ("address", "fields", "says"),
    [
        ("opd/AUDIT", {"parent": "WORKS", "kind": "inspectorate"}, "tidak berada di bawah"),
        ("opd/WORKS", {"kind": "inspectorate"}, "sudah punya Inspektorat"),
        ("opd", {"code": "AUDIT2", "kind": "inspectorate"}, "sudah punya Inspektorat"),
    ],
)
def test_no_office_is_put_where_it_reads_for_the_inspektorat(
    city, coordinator, address, fields, says
):
    usual = {"versi": "0", "name": "Baru", "short_name": "Baru", "active": "y"}

    refused = coordinator.post(f"/koordinasi/pengaturan/{address}", usual | fields)

    assert refused.status_code == 422
    assert says in page_of(refused).select_one("#problem").get_text()


def test_nobody_from_elsewhere_stands_in_there(city, coordinator, clerk):
    city.add_opd("UNIT", "bidang", "AUDIT", False)
    below, peer = (
        city.add_user(who, Role.LIAISON, at) for who, at in (("u", "UNIT"), ("p", "AUDIT"))
    )
    days = {"starts_on": DAY_OFF.isoformat(), "ends_on": DAY_OFF.isoformat()}

    for elsewhere in (city.users["works"], below):
        wanted = {"absent": clerk.id, "substitute": elsewhere.id, **days}
        assert coordinator.post("/pengaturan/pengganti", wanted).status_code == 422

    assert city.session.scalars(select(Substitution)).all() == []
    fit = absence.candidates(city.session, city.users["coordinator"], clerk)
    assert fit == [peer]


def test_who_leaves_it_keeps_no_desk_there(city, coordinator, inspector, clerk):
    city.add_user("p", Role.LIAISON, "AUDIT")
    days = {"starts_on": city.now.date().isoformat(), "ends_on": DAY_OFF.isoformat()}
    wanted = {"absent": city.users["p"].id, "substitute": clerk.id, **days}
    assert coordinator.post("/pengaturan/pengganti", wanted).status_code == 303

    inspector.post(f"{HERE}/clerk", given(inspector, "clerk", active=""))
    moved = given(coordinator, "clerk", opd="ROADS")
    assert coordinator.post(f"{HERE}/clerk", moved).status_code == 303

    city.session.expire_all()
    assert city.session.scalars(select(Substitution)).one().ended_at == city.now
