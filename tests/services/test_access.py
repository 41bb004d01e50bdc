"""Who sees which report: every kind of report, every role."""

import pytest
from small_city import SmallCity
from sqlalchemy import select

from lapor_web.models import Report
from lapor_web.services.access import PUBLISHED, units_under, visible_to
from lapor_web.services.conversation import ConsentToOmbudsman
from lapor_web.services.follow_up import Return
from lapor_web.services.submission import Entry
from lapor_web.services.verification import Flags

OFFICERS = [
    "coordinator",
    "works",
    "works2",
    "works-boss",
    "roads",
    "roads-boss",
    "district",
    "village",
    "inspector",
    "intake",
    "leader",
    "ombudsman",
    "evaluator",
]
WORKS = {"works", "works2", "works-boss"}
ROADS = {"roads", "roads-boss"}


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def unverified(city):
    return city.send()


def held_by_works(city):
    return city.sent_to("WORKS")


def held_by_a_kelurahan(city):
    return city.sent_to("VILLAGE")


def with_a_copy(city):
    report = city.send()
    city.verify(report, "WORKS", tembusan=(city.opds["ROADS"],))
    return report


def supervisory(city):
    report = city.send()
    city.verify(report, "WORKS", classification="supervisory")
    return report


def confidential(city):
    return city.sent_to("WORKS", confidential=True)


def confidential_with_consent(city):
    report = confidential(city)
    city.do("reporter", report, ConsentToOmbudsman())
    return report


def about_conduct(city):
    report = city.send(about_conduct=True)
    accused = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    city.verify(report, "AUDIT", flags=accused)
    return report


def accusing_the_inspectorate(city):
    report = city.send(about_conduct=True)
    report.accused_opd_id = city.opds["AUDIT"].id
    city.session.flush()
    return report


def about_service(city):
    return city.send(about_service=True)


def typed_in(city, **fields):
    entry = Entry(city.users["intake"], "phone", city.now)
    return city.send(entry=entry, **fields)


def typed_in_hidden_and_handed_over(city):
    report = typed_in(city, confidential=True)
    city.verify(report, "WORKS")
    return report


def typed_in_hidden_and_sent_back(city):
    report = typed_in_hidden_and_handed_over(city)
    city.do("works", report, Return("Bukan kami."))
    return report


def accusing_the_kecamatan(city):
    """Held by one of its kelurahan, from before that was known."""
    report = city.sent_to("VILLAGE")
    report.accused_opd_id = city.opds["DISTRICT"].id
    city.session.flush()
    return report


SEEN_BY = {
    unverified: {"coordinator", "leader", "ombudsman"},
    held_by_works: {"coordinator", "leader", "ombudsman"} | WORKS,
    held_by_a_kelurahan: {"coordinator", "leader", "ombudsman", "district", "village"},
    with_a_copy: {"coordinator", "leader", "ombudsman"} | WORKS | ROADS,
    supervisory: {"coordinator", "leader", "ombudsman", "inspector"} | WORKS,
    confidential: {"coordinator"} | WORKS,
    confidential_with_consent: {"coordinator", "ombudsman"} | WORKS,
    about_conduct: {"coordinator", "inspector"},
    accusing_the_inspectorate: {"coordinator"},
    about_service: {"inspector"},
    typed_in: {"coordinator", "leader", "ombudsman", "intake"},
    typed_in_hidden_and_handed_over: {"coordinator"} | WORKS,
    typed_in_hidden_and_sent_back: {"coordinator"},
    accusing_the_kecamatan: {"coordinator", "leader", "ombudsman"},
}


@pytest.mark.parametrize("who", OFFICERS)
@pytest.mark.parametrize("kind", SEEN_BY, ids=lambda kind: kind.__name__)
def test_what_an_officer_sees(city, kind, who):
    report = kind(city)
    scope = visible_to(city.session, city.users[who])

    seen = city.session.scalar(select(Report.id).where(Report.id == report.id, scope))

    assert (seen == report.id) == (who in SEEN_BY[kind])


def test_published_is_what_was_verified_and_hides_nothing(city):
    for kind in SEEN_BY:
        kind(city)

    shown = set(city.session.scalars(select(Report).where(PUBLISHED)))

    assert shown == {
        report for report in city.session.scalars(select(Report)) if report.is_published
    }
    assert shown
    assert not any(one.confidential or one.about_conduct for one in shown)


def test_units_under_a_kecamatan(city):
    assert units_under(city.session, city.opds["DISTRICT"].id) == [
        city.opds["DISTRICT"].id,
        city.opds["VILLAGE"].id,
    ]
    assert units_under(city.session, None) == []
