"""Views, counts, lists: what stands in one, and that every count is the length of its list."""

import datetime as dt
import itertools

import pytest
from small_city import SmallCity
from sqlalchemy import func, select

from lapor_web.models import Classification, Outcome, Report
from lapor_web.services import inbox, inbox_search
from lapor_web.services.approval import Approve
from lapor_web.services.calendars import calendar_of
from lapor_web.services.conversation import Confirm
from lapor_web.services.desk import Desk, View
from lapor_web.services.follow_up import AskForTime, Assign, FollowUp, Propose, Return
from lapor_web.services.inbox_asked import Asked, Order
from lapor_web.services.inbox_counts import count_views
from lapor_web.services.inbox_search import look_up
from lapor_web.services.verification import Flags, PutOnHold
from lapor_web.services.working_days import wita_date


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def desk_of(city: SmallCity, username: str) -> Desk:
    return Desk.of(city.session, city.users[username], city.agency, wita_date(city.now))


def numbers(city: SmallCity, username: str, asked: Asked, page: int = 1) -> list[str]:
    days = calendar_of(city.session, city.agency.id)
    lines = inbox.list_lines(city.session, desk_of(city, username), asked, days, page=page)
    return [line.number for line in lines]


@pytest.fixture
def busy_city(city):
    """Reports in every state and of every kind, of several offices, some with copies."""
    city.send()
    city.send(anonymous=True)
    city.send(confidential=True)
    city.send(about_service=True)
    city.verify(city.send(about_conduct=True), "AUDIT")
    accused = Flags(False, False, False, accused=city.opds["WORKS"])
    city.verify(city.send(), "ROADS", flags=accused)
    above = Flags(False, False, False, accused=city.opds["DISTRICT"])
    city.verify(city.send(), "ROADS", flags=above)
    city.verify(city.send(), "ROADS", tembusan=(city.opds["WORKS"],))
    city.verify(city.send(), "VILLAGE", tembusan=(city.opds["DISTRICT"],))
    city.verify(city.send(), "WORKS", classification=Classification.SUPERVISORY)
    city.sent_to("WORKS", confidential=True)
    city.sent_to("VILLAGE")
    city.wait(days=3)
    returned, held, asking, mine = (city.sent_to("WORKS") for _ in range(4))
    city.do("works", returned, Return("Bukan aset kami."))
    city.do("coordinator", held, PutOnHold("Di mana tepatnya?"))
    city.do("works", asking, AskForTime("Menunggu material.", wita_date(city.now)))
    city.do("works", mine, Assign(city.users["works"]))
    city.wait(days=4)
    for steps in range(1, 4):
        report = city.sent_to("WORKS")
        city.do("works", report, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
        if steps > 1:
            city.do("works-boss", report, Approve())
        if steps > 2:
            city.do("reporter", report, Confirm())
    city.do("works", city.sent_to("WORKS"), FollowUp("Kami periksa."))
    return city


OFFICERS = [
    *("coordinator", "works", "works-boss", "roads", "district", "village"),
    *("inspector", "intake", "leader", "ombudsman"),
]


@pytest.mark.parametrize("username", OFFICERS)
def test_a_count_is_the_length_of_its_list(busy_city, username):
    desk = desk_of(busy_city, username)

    counts = count_views(busy_city.session, desk)

    listed = {view: len(numbers(busy_city, username, Asked(view))) for view in desk.views}
    assert counts == listed
    visible = select(func.count()).select_from(Report).where(desk.scope)
    assert counts[View.ALL] == busy_city.session.scalar(visible)


@pytest.mark.parametrize("username", OFFICERS)
def test_the_pages_of_a_view_one_after_the_other_are_its_whole_list(
    busy_city, monkeypatch, username
):
    """Nothing is missing, nothing comes twice, and copies stand where they belong."""
    monkeypatch.setattr(inbox, "PER_PAGE", 3)
    inbox._first_page.cache_clear()
    desk = desk_of(busy_city, username)

    for view, order in itertools.product(desk.views, Order):
        asked = Asked(view, order=order)
        whole = list(busy_city.session.scalars(inbox.select_ids(desk, asked)))
        known = dict(busy_city.session.execute(select(Report.number, Report.id)).all())
        pages = [
            numbers(busy_city, username, asked, page) for page in range(1, len(whole) // 3 + 2)
        ]
        assert [known[number] for page in pages for number in page] == whole, (view, order)
        if len(whole) > 1:
            last = busy_city.session.get_one(Report, whole[-1])
            before = busy_city.session.get_one(Report, whole[-2])
            follow = [
                inbox.next_number(busy_city.session, desk, asked, one) for one in (before, last)
            ]
            assert [known[number] for number in follow] == [whole[-1], whole[0]], (view, order)
    inbox._first_page.cache_clear()


@pytest.mark.parametrize("one_by_one", [1000, 0])
@pytest.mark.parametrize("username", OFFICERS)
def test_a_word_of_every_report_finds_the_whole_view(busy_city, monkeypatch, username, one_by_one):
    """Whether the words of few reports are looked at, or marks in the index say whose they are."""
    monkeypatch.setattr(inbox_search, "ONE_BY_ONE", one_by_one)
    desk = desk_of(busy_city, username)
    only_one_by_one = {View.MINE, View.PROMISED, View.COPIES, View.ALL} if not one_by_one else set()

    for view in set(desk.views) - only_one_by_one:
        found = look_up(busy_city.session, desk, Asked(view, search="lampu")).found
        inside = select(Report.id).where(desk.scope, desk.within(view)).order_by(Report.id.desc())
        assert found == tuple(busy_city.session.scalars(inside)), view


def test_each_role_is_shown_what_it_must_act_on(city):
    unverified = city.send()
    forwarded = city.sent_to("WORKS")
    proposed = city.sent_to("WORKS")
    city.do("works", proposed, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    asking = city.sent_to("WORKS")
    city.do("works", asking, AskForTime("Menunggu material.", wita_date(city.now)))
    audited = city.sent_to("AUDIT", about_conduct=True)
    to_act_on = Asked(View.TO_ACT_ON)

    assert numbers(city, "coordinator", to_act_on) == [unverified.number]
    assert numbers(city, "works", to_act_on) == [forwarded.number, asking.number]
    assert numbers(city, "works-boss", to_act_on) == [asking.number, proposed.number]
    assert numbers(city, "inspector", to_act_on) == [audited.number]
    assert numbers(city, "roads", to_act_on) == []


def test_the_nearest_deadline_comes_first_and_none_last(city):
    late = city.sent_to("WORKS")
    city.wait(days=2)
    later = city.sent_to("WORKS")
    closed = city.sent_to("WORKS")
    city.do("works", closed, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    city.do("works-boss", closed, Approve())
    city.do("reporter", closed, Confirm())
    everything = Asked(View.ALL)

    assert numbers(city, "works", everything) == [late.number, later.number, closed.number]


def test_days_left_are_working_days_with_their_sign(city):
    report = city.sent_to("WORKS")
    days = calendar_of(city.session, city.agency.id)

    def left() -> int | None:
        [line] = inbox.list_lines(city.session, desk_of(city, "works"), Asked(View.ALL), days)
        return line.days_left

    assert left() == 5
    city.wait(days=7)
    assert left() == 0
    city.wait(days=2)  # one of them is a holiday
    assert (left(), report.due_on) == (-1, dt.date(2026, 11, 16))


def test_what_nobody_has_named_is_listed_by_its_beginning(city):
    city.send(story="Sejak Sabtu " + "lampu mati " * 30)
    days = calendar_of(city.session, city.agency.id)

    [line] = inbox.list_lines(city.session, desk_of(city, "coordinator"), Asked(View.ALL), days)

    assert not line.named
    assert line.title.startswith("Sejak Sabtu")
    assert len(line.title) == inbox.EXCERPT_LETTERS


@pytest.mark.parametrize("order", list(Order))
def test_the_next_report_is_the_one_below_and_after_the_last_the_first(city, order):
    reports = []
    for _ in range(4):
        reports.append(city.sent_to("WORKS"))
        city.wait(days=1)
    reports[0].due_on = reports[1].due_on = None
    city.session.flush()
    asked = Asked(View.ALL, order=order)
    listed = numbers(city, "works", asked)
    by_number = {report.number: report for report in reports}
    desk = desk_of(city, "works")

    following = [
        inbox.next_number(city.session, desk, asked, by_number[number]) for number in listed
    ]

    assert following == [*listed[1:], listed[0]]


def test_the_only_report_is_followed_by_none(city):
    report = city.sent_to("WORKS")

    assert inbox.next_number(city.session, desk_of(city, "works"), Asked(View.ALL), report) is None


@pytest.mark.parametrize("words", ["lubang", "#9165816", "9165816", "{number}", "{digits}"])
def test_a_search_takes_words_numbers_and_tracking_ids_within_the_scope(city, words):
    wanted = city.sent_to("WORKS", story="Ada lubang di depan sekolah.")
    wanted.tracking_id = "9165816"
    city.sent_to("ROADS", story="Ada lubang di depan pasar.")
    city.sent_to("WORKS")
    digits = wanted.number.removeprefix("KTA-").replace("-", "")
    typed = words.format(number=wanted.number.lower(), digits=digits)

    asked = look_up(city.session, desk_of(city, "works"), Asked(View.ALL, search=typed))

    assert numbers(city, "works", asked) == [wanted.number]


def test_a_search_that_finds_nothing_lists_nothing(city):
    city.sent_to("WORKS")

    asked = look_up(city.session, desk_of(city, "works"), Asked(View.ALL, search="sirng"))

    assert numbers(city, "works", asked) == []
