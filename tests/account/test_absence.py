"""Standing in (Plt.): who may be set, what the substitute sees and does, and when it is over."""

import datetime as dt

import pytest
from browser import Browser, page_of
from sqlalchemy import event, select

from lapor_web.models import (
    HistoryEntry,
    MessageKind,
    NoticeSettings,
    OutboxMessage,
    Outcome,
    Status,
    Substitution,
)
from lapor_web.services.follow_up import Assign, Note, Propose

PAGE = "/pengaturan/pengganti"


@pytest.fixture
def at(app, city):
    def sign_in(username: str) -> Browser:
        return Browser(app).sign_in(city.users[username])

    return sign_in


def set_absent(browser, city, absent, substitute, days=3):
    today = dt.date(2026, 11, 9)
    return browser.post(
        PAGE,
        {
            "absent": city.users[absent].id,
            "substitute": city.users[substitute].id,
            "starts_on": today.isoformat(),
            "ends_on": (today + dt.timedelta(days=days)).isoformat(),
        },
    )


def open_desk(browser, city):
    row = city.session.scalars(select(Substitution)).one()
    return browser.post("/pengaturan/meja", {"pengganti": row.id})


@pytest.mark.parametrize(
    ("setter", "absent", "substitute", "status"),
    [
        ("works", "works", "works2", 303),
        ("works-boss", "works-boss", "works", 303),
        ("works-boss", "works", "works2", 303),
        ("coordinator", "works", "roads", 303),
        # Not of one's own office, of another kind, for somebody else, oneself.
        ("works", "works", "roads", 422),
        ("works", "works", "coordinator", 422),
        ("works", "works-boss", "works2", 422),
        ("works-boss", "roads", "works", 422),
        ("coordinator", "inspector", "works", 422),
        ("coordinator", "coordinator", "works", 422),
        ("works", "works", "works", 422),
        ("leader", "leader", "works", 403),
        ("intake", "works", "works2", 403),
    ],
)
def test_who_may_be_set_by_whom(city, at, setter, absent, substitute, status):
    assert set_absent(at(setter), city, absent, substitute).status_code == status
    assert len(city.session.scalars(select(Substitution)).all()) == (status == 303)


def test_two_at_once_and_days_that_are_over_are_refused(city, at, later):
    works = at("works")
    assert set_absent(works, city, "works", "works2").status_code == 303

    twice = set_absent(works, city, "works", "works-boss")
    later(days=20)
    over = set_absent(at("works"), city, "works", "works2")

    assert "sudah punya pengganti" in twice.text
    assert "sudah lewat" in over.text


def test_what_waits_on_a_colleague_waits_with_the_substitute(city, at):
    report = city.sent_to("WORKS")
    city.do("works", report, Assign(assignee=city.users["works"]))
    mine = "/kotak-masuk?tampilan=tugas-saya"
    assert report.number not in at("works2").get(mine).text

    set_absent(at("works"), city, "works", "works2")

    assert report.number in at("works2").get(mine).text
    assert report.number not in at("roads").get(mine).text


def test_a_substitute_acts_with_the_absent_ones_role_under_the_own_name(city, at):
    report = city.sent_to("WORKS")
    city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    set_absent(at("works-boss"), city, "works-boss", "works2")
    browser = at("works2")
    approve = f"/kotak-masuk/{report.number}/setujui"
    assert browser.post(approve, {"version": report.version}).status_code == 403

    assert "Buka meja Nama works-boss" in browser.get("/kotak-masuk").text
    assert open_desk(browser, city).status_code == 303
    assert "Anda bertindak sebagai Plt." in browser.get("/kotak-masuk").text
    assert browser.post(approve, {"version": report.version}).status_code == 303

    entry = city.session.get_one(HistoryEntry, (report.id, report.version))
    assert report.status is Status.AWAITING_REPORTER
    assert entry.user_id == city.users["works2"].id
    assert entry.doer_name == "Nama works2 (Plt. Nama works-boss)"


def test_nobody_approves_their_own_work_by_it(city, at):
    report = city.sent_to("WORKS")
    city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    set_absent(at("works-boss"), city, "works-boss", "works")
    browser = at("works")
    open_desk(browser, city)

    answer = browser.post(f"/kotak-masuk/{report.number}/setujui", {"version": report.version})

    assert answer.status_code == 403
    assert "setujui" not in {
        form.get("action", "").rsplit("/", 1)[-1]
        for form in page_of(browser.get(f"/kotak-masuk/{report.number}")).select("form")
    }


def test_what_accuses_the_substitutes_own_office_stays_out_of_sight(city, at):
    ordinary, accusing = city.sent_to("WORKS"), city.sent_to("WORKS")
    accusing.accused_opd_id = city.opds["ROADS"].id
    city.session.flush()
    set_absent(at("coordinator"), city, "works", "roads")
    browser = at("roads")
    open_desk(browser, city)

    assert browser.get(f"/kotak-masuk/{ordinary.number}").status_code == 200
    assert browser.get(f"/kotak-masuk/{accusing.number}").status_code == 404
    assert accusing.number not in browser.get("/kotak-masuk?tampilan=semua").text


@pytest.mark.parametrize("how", ["days", "ended", "closed", "disabled"])
def test_it_is_over_by_itself_or_when_somebody_says_so(city, at, later, how):
    report = city.sent_to("WORKS")
    set_absent(at("coordinator"), city, "works", "roads", days=0)
    browser = at("roads")
    open_desk(browser, city)
    address = f"/kotak-masuk/{report.number}"
    assert browser.get(address).status_code == 200

    if how == "days":
        later(hours=11)  # still the same day in WITA
        assert browser.get(address).status_code == 200
        later(hours=5)
        browser = at("roads")
        assert open_desk(browser, city).status_code == 404
    elif how == "ended":
        row = city.session.scalars(select(Substitution)).one()
        assert at("works").post(f"{PAGE}/{row.id}/akhiri").status_code == 303
    elif how == "closed":
        browser.post("/pengaturan/meja", {"pengganti": ""})
    else:
        city.users["works"].active = False
        city.session.flush()

    assert browser.get(address).status_code == 404


def test_a_note_says_who_stands_in_for_whom_it_names(city, at):
    report = city.sent_to("WORKS")
    set_absent(at("works"), city, "works", "works2")

    city.do("works-boss", report, Note("@works tolong ukur."))

    page = at("works-boss").get(f"/kotak-masuk/{report.number}").text
    assert "Catatan untuk Nama works, dan penggantinya Nama works2" in page


def test_nobody_opens_a_desk_that_is_not_theirs_to_keep(city, at):
    set_absent(at("works"), city, "works", "works2")

    assert open_desk(at("roads"), city).status_code == 404
    row = city.session.scalars(select(Substitution)).one()
    assert at("roads").post(f"{PAGE}/{row.id}/akhiri").status_code == 404


def test_ones_settings_stay_ones_own_at_anothers_desk(city, at):
    set_absent(at("works-boss"), city, "works-boss", "works2")
    browser = at("works2")
    open_desk(browser, city)

    browser.post("/pengaturan/pintasan", {})

    assert not city.users["works2"].shortcuts
    assert city.users["works-boss"].shortcuts
    assert city.users["works2"].role == "liaison"


def test_standing_in_costs_the_inbox_no_query(city, at, db):
    set_absent(at("works"), city, "works", "works2")
    counted = []
    connection = db.session.connection()

    def note(connection, cursor, statement, *rest):
        counted.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    counts = {}
    for who in ("works2", "works"):
        browser = at(who)
        browser.get("/kotak-masuk")
        counted.clear()
        browser.get("/kotak-masuk")
        counts[who] = len(counted)
    event.remove(connection, "before_cursor_execute", note)

    assert counts["works2"] == counts["works"]


def test_a_substitute_hears_of_what_is_assigned_to_the_absent_one(city, at):
    for who in ("works", "works2"):
        user = city.users[who]
        city.session.add(NoticeSettings(user_id=user.id, email=f"{who}@kota.test"))
    set_absent(at("works"), city, "works", "works2")
    report = city.sent_to("WORKS")

    city.do("works-boss", report, Assign(assignee=city.users["works"]))

    told = select(OutboxMessage.user_id).where(OutboxMessage.kind == MessageKind.ASSIGNED)
    assert set(city.session.scalars(told)) == {city.users[one].id for one in ("works", "works2")}
