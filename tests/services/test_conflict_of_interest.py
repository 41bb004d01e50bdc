"""A report about an office or an officer never reaches them, whoever routes it and in whatever order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_city import SmallCity
from sqlalchemy import func, select

from lapor_web.models import NotAllowedForRole, NotFromThisStatus, Report
from lapor_web.services import inbox_search
from lapor_web.services.access import read_line, visible_to
from lapor_web.services.closing import Merge, Unmerge
from lapor_web.services.deeds import DeedRefused, Overtaken
from lapor_web.services.desk import Desk
from lapor_web.services.duplicates import find_duplicates
from lapor_web.services.follow_up import Assign, FollowUp, Note, Return
from lapor_web.services.inbox_asked import Asked
from lapor_web.services.inbox_counts import count_views
from lapor_web.services.officer_messages import may_see, officers_named
from lapor_web.services.surroundings import list_joined, read_surroundings
from lapor_web.services.undo import Undo
from lapor_web.services.verification import (
    Edit,
    Flags,
    Reassign,
    Verify,
)
from lapor_web.services.working_days import wita_date

OFFICES = ("WORKS", "ROADS", "DISTRICT", "VILLAGE", "AUDIT")
OFFICERS = ("works", "works-boss", "district", "village", "inspector", "coordinator")
EVERYBODY = (*OFFICERS, "works2", "roads", "roads-boss", "leader", "ombudsman")
REFUSALS = (DeedRefused, NotAllowedForRole, NotFromThisStatus, Overtaken)


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def flags(city, office, officer):
    return Flags(
        False, False, about_conduct=False, accused=city.opds.get(office),
        accused_user=city.users.get(officer),
    )  # fmt: skip


def deed_of(city, what, office, officer, other):
    match what:
        case "verify":
            return Verify(
                city.opds[office], "Pungli", "non_supervisory", tembusan=(city.opds["ROADS"],)
            )
        case "accuse":
            return Edit(flags=flags(city, office, officer), note="Perlu.")
        case "accuse nobody":
            return Edit(flags=flags(city, "", ""), note="Keliru.")
        case "reassign":
            return Reassign(city.opds[office], "Perlu.")
        case "assign":
            return Assign(city.users[officer])
        case "assign unit":
            return Assign(city.opds[office])
        case "merge":
            return Merge(other)
        case "mention":
            return Note(f"@{officer} tolong cek")
        case "unmerge":
            return Unmerge("Keliru.")
        case "answer":
            return FollowUp("Kami cek.")
        case "return":
            return Return("Bukan kami.")
        case "undo":
            return Undo()


DEEDS = (
    *("verify", "accuse", "accuse nobody", "reassign", "assign", "assign unit", "merge"),
    *("mention", "unmerge", "answer", "return", "undo"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(DEEDS), st.sampled_from(OFFICERS), st.integers(0, 1),
        st.sampled_from(OFFICES), st.sampled_from(OFFICERS),
    ),
    max_size=14,
)  # fmt: skip


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    office=st.sampled_from(("", *OFFICES)), officer=st.sampled_from(("", *OFFICERS)), steps=STEPS
)
def test_nothing_leads_to_the_accused(city, office, officer, steps):
    session = city.session
    with session.begin_nested() as attempt:
        reports = [city.send(), city.send()]
        city.do("coordinator", reports[0], Edit(flags=flags(city, office, officer)))
        for what, who, which, to_office, to_officer in steps:
            report = reports[which]
            deed = deed_of(city, what, to_office, to_officer, reports[1 - which])
            try:
                entry = city.do(who, report, deed)
            except REFUSALS:
                session.refresh(report)
                continue
            if what == "mention":
                named = officers_named(session, report.agency_id, entry.text)
                assert all(may_see(session, report, one) for one in named)
            for one in reports:
                nobody_accused_reads(city, one)
        attempt.rollback()
    session.expunge_all()
    city.session.add_all(city.users.values())
    city.session.add_all(city.opds.values())


def nobody_accused_reads(city, report):
    session = city.session
    if report.assignee_id is not None:
        assert report.assignee_id != report.accused_user_id
    line = read_line(session, report.accused_opd_id)
    accused_units = {*line.under, *line.above}
    for one in report.dispositions:
        assert one.ended_at is not None or one.opd_id not in accused_units
    for name in EVERYBODY:
        user = city.users[name]
        if user.id == report.accused_user_id or user.opd_id in accused_units:
            assert not may_see(session, report, user)
            assert report.id not in session.scalars(
                select(Report.id).where(visible_to(session, user))
            )


@pytest.mark.parametrize("who", ["coordinator", "works", "works-boss", "inspector", "leader"])
def test_no_list_no_count_and_no_search_tells_the_accused_of_it(city, who):
    holder = "AUDIT" if who == "inspector" else "WORKS"
    for opd in (holder, holder, "ROADS"):
        city.sent_to(opd)
    mine = city.sent_to(holder)
    waiting = city.send()
    for report in (mine, waiting):
        city.do("coordinator", report, Edit(flags=flags(city, "", who)))
    city.session.flush()
    user = city.users[who]

    desk = Desk.of(city.session, user, city.agency, wita_date(city.now))
    counts = count_views(city.session, desk)

    for view in desk.views:
        listed = select(func.count()).select_from(Report).where(desk.scope, desk.within(view))
        assert counts[view] == city.session.scalar(listed), view
        found = inbox_search.look_up(city.session, desk, Asked(view, search="lampu")).found
        assert not {mine.id, waiting.id} & set(found)


def test_what_is_merged_with_a_report_is_not_shown_to_whom_it_accuses(city):
    parent, child, quiet = city.sent_to("WORKS"), city.send(), city.send()
    for one in (child, quiet):
        city.do("coordinator", one, Merge(parent))
    city.do("coordinator", child, Edit(flags=flags(city, "", "works")))

    def seen_by(name):
        user = city.users[name]
        kin = Desk.of(city.session, user, city.agency, wita_date(city.now)).kin
        joined = [row.number for row in list_joined(city.session, user, parent)]
        return joined, read_surroundings(city.session, user, kin, parent, now=city.now).joined

    assert seen_by("works2") == ([quiet.number], 2)
    assert seen_by("works") == ([quiet.number], 1)


def test_a_report_is_not_merged_with_one_about_those_who_may_read_it(city):
    about_works = city.send()
    city.do("coordinator", about_works, Edit(flags=flags(city, "WORKS", "")))
    held_by_works = city.sent_to("WORKS")

    with pytest.raises(DeedRefused, match="hidden_parent"):
        city.do("coordinator", held_by_works, Merge(about_works))


@pytest.mark.parametrize(
    ("office", "officer", "conduct", "code"),
    [
        ("WORKS", "", False, "other_accused"),
        ("", "works", False, "other_accused"),
        ("", "", True, "conduct_stays_apart"),
    ],
)
def test_what_accuses_somebody_is_not_put_under_what_goes_to_them(
    city, office, officer, conduct, code
):
    accusing, ordinary = city.send(), city.sent_to("WORKS")
    accused = Flags(
        False, False, about_conduct=conduct, accused=city.opds.get(office),
        accused_user=city.users.get(officer),
    )  # fmt: skip
    city.do("coordinator", accusing, Edit(flags=accused))
    same = city.send()
    city.do("coordinator", same, Edit(flags=accused))
    desk = Desk.of(city.session, city.users["coordinator"], city.agency, wita_date(city.now))
    offered = find_duplicates(city.session, desk.scope, accusing, city.now)

    with pytest.raises(DeedRefused, match=code):
        city.do("coordinator", accusing, Merge(ordinary))
    assert [one.number for one in offered] == [same.number]
    city.do("coordinator", accusing, Merge(same))


def test_what_is_about_an_officer_is_not_published(city):
    report = city.sent_to("WORKS")

    entry = city.do("coordinator", report, Edit(flags=flags(city, "", "roads"), note="Disebut."))

    assert (report.is_published, entry.details["taken_down"]) == (False, True)


def test_whoever_works_on_it_is_first_relieved_and_then_accused(city):
    report = city.sent_to("WORKS")
    city.do("works", report, Assign(city.users["works"]))
    accusing = Edit(flags=flags(city, "", "works"))

    with pytest.raises(DeedRefused, match="held_accused_user"):
        city.do("coordinator", report, accusing)
    city.do("works2", report, Assign(city.users["works2"]))
    city.do("coordinator", report, accusing)

    with pytest.raises(DeedRefused, match="accused_user"):
        city.do("works2", report, Assign(city.users["works"]))
    with pytest.raises(DeedRefused, match="mentioned_outside"):
        city.do("works2", report, Note("@works lihat ini"))
