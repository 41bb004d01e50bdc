"""Whoever watches over the city: what each of them reads, writes and may never do."""

import pytest
from browser import Browser, page_of

from lapor_web.models import Action, Classification, IdentityReveal
from lapor_web.services.conversation import ConsentToOmbudsman
from lapor_web.services.identity import Identity
from lapor_web.services.verification import Flags

OVERSEERS = ("leader", "ombudsman", "inspector", "evaluator")
WRITES_NOTES = {"leader", "inspector"}


@pytest.fixture
def reports(city):
    """What overseers differ in: by name."""
    hidden = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    found = {
        "ordinary": city.sent_to("WORKS"),
        "supervisory": city.send(),
        "confidential": city.sent_to("WORKS", confidential=True),
        "consented": city.sent_to("WORKS", confidential=True),
        "conduct": city.send(about_conduct=True),
        "service": city.send(about_service=True),
    }
    city.verify(found["supervisory"], "WORKS", classification=Classification.SUPERVISORY)
    city.verify(found["conduct"], "AUDIT", flags=hidden)
    city.do("reporter", found["consented"], ConsentToOmbudsman())
    return found


READS = {
    "leader": {"ordinary", "supervisory"},
    "ombudsman": {"ordinary", "supervisory", "consented"},
    "inspector": {"supervisory", "conduct", "service"},
}


@pytest.mark.parametrize("who", READS)
def test_each_reads_its_own_and_of_the_rest_nothing(city, reports, officer, who):
    browser = officer(who)

    found = {
        name: browser.get(f"/kotak-masuk/{report.number}").status_code
        for name, report in reports.items()
    }
    listed = page_of(browser.get("/kotak-masuk?tampilan=semua")).get_text(" ")

    assert found == {name: 200 if name in READS[who] else 404 for name in reports}
    for name, report in reports.items():
        assert (report.number in listed) == (name in READS[who]), name


def test_an_evaluator_reads_none(city, reports, officer):
    browser = officer("evaluator")

    for report in reports.values():
        assert browser.get(f"/kotak-masuk/{report.number}").status_code == 403
        assert report.number not in browser.get("/koordinasi").text
        assert report.number not in browser.get("/koordinasi/mutu").text


@pytest.mark.parametrize("who", READS)
def test_notes_by_those_who_may_and_no_status_by_anybody(city, reports, officer, who):
    """The supervisory report is held by another office for all of them."""
    browser, report = officer(who), reports["supervisory"]
    page = page_of(browser.get(f"/kotak-masuk/{report.number}"))
    offered = {
        form["action"].rsplit("/", 1)[-1] for form in page.select("form[action*=kotak-masuk]")
    }

    answers = {
        slug: browser.post(
            f"/kotak-masuk/{report.number}/{slug}",
            {"version": str(report.version), "text": "Kami perhatikan.", "reason": "Perlu."},
        ).status_code
        for slug in ("tindak-lanjut", "arsipkan", "setujui", "alihkan", "catatan")
    }

    note = answers.pop("catatan")
    assert set(answers.values()) == {403}
    assert note == (303 if who in WRITES_NOTES else 403)
    assert ("catatan" in offered) == (who in WRITES_NOTES)
    assert (report.history[-1].action is Action.NOTE) == (who in WRITES_NOTES)
    assert not report.history[-1].visible or who not in WRITES_NOTES


def test_the_ombudsman_learns_a_name_only_with_consent_and_leaves_a_trace(app, city, officer):
    asked = Identity("Siti Pelapor", "", "")
    told, kept = (city.sent_to("WORKS", anonymous=True, identity=asked) for _ in range(2))
    city.do("reporter", told, ConsentToOmbudsman())
    browser: Browser = officer("ombudsman")

    def reveal(report):
        given = {"version": str(report.version), "reason": "Pemeriksaan."}
        return browser.post(f"/kotak-masuk/{report.number}/buka-identitas", given)

    assert reveal(kept).status_code == 403
    assert "buka-identitas" not in browser.get(f"/kotak-masuk/{kept.number}").text
    assert "buka-identitas" in browser.get(f"/kotak-masuk/{told.number}").text
    assert reveal(told).status_code == 200
    traces = city.session.query(IdentityReveal).all()
    assert [(one.report_id, one.reason) for one in traces] == [(told.id, "Pemeriksaan.")]
