"""The file of one report for the Ombudsman: only on good ground, never without a trace, and naming nobody."""

import datetime as dt
import io

import picture_files
import pypdf
import pytest
from small_city import KEYS
from sqlalchemy import select

from lapor_web import city as lapor_city
from lapor_web import long_work
from lapor_web.handouts import pdf
from lapor_web.handouts.bundle import bundle_page
from lapor_web.handouts.work import make_handout
from lapor_web.models import Escalation, LongJob, OmbudsmanBundle, Rung
from lapor_web.services.attachment_work import prepare
from lapor_web.services.attachments import Owner, Upload, accept
from lapor_web.services.closing import SendOutside
from lapor_web.services.commitments import Commit
from lapor_web.services.conversation import ConsentToOmbudsman
from lapor_web.services.follow_up import FollowUp, Note
from lapor_web.services.identity import Identity
from lapor_web.services.split import SPLIT_INTO, Split
from lapor_web.services.verification import Flags

ADDRESS = "/kotak-masuk/{}/berkas-ombudsman"


@pytest.fixture
def report(city):
    """Anonymous, answered, and talked about among officers."""
    report = city.sent_to(
        "WORKS",
        story="Jembatan di gang kami patah.",
        anonymous=True,
        identity=Identity(name="Budi Sekali", phone="081234567890"),
    )
    city.do("works", report, FollowUp("Kami perbaiki <b>minggu</b> depan."))
    city.do("works", report, Note("Pelapornya tetangga Pak Camat"))
    return report


def consent(city, report):
    city.do("reporter", report, ConsentToOmbudsman())


def test_without_ground_there_is_no_file_and_no_trace(city, officer, report):
    browser = officer("ombudsman")
    answer = browser.post(ADDRESS.format(report.number))

    assert answer.status_code == 409
    assert "Siapkan berkas" not in browser.get(ADDRESS.format(report.number)).text
    assert city.session.scalars(select(OmbudsmanBundle)).all() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 200),
        ("ombudsman", 200),
        ("leader", 403),
        ("works", 403),
        ("roads", 404),
        ("evaluator", 403),
    ],
)
def test_who_may_make_it(city, officer, report, who, status):
    consent(city, report)
    browser, made = officer(who), 303 if status == 200 else status

    assert browser.get(ADDRESS.format(report.number)).status_code == status
    assert browser.post(ADDRESS.format(report.number)).status_code == made


@pytest.mark.skipif(
    not pdf.is_possible(), reason="needs Pango (Debian: libpangoft2-1.0-0 libharfbuzz-subset0)"
)
def test_it_tells_the_report_and_names_nobody(city, officer, report):
    consent(city, report)
    browser = officer("ombudsman")
    waiting = browser.post(ADDRESS.format(report.number)).location
    long_work.do(make_handout, int(waiting.rsplit("/", 1)[1]), is_last_try=True)
    pages = pypdf.PdfReader(io.BytesIO(browser.get(f"{waiting}/berkas").data)).pages
    # Where there is a space on paper depends on the font that a machine has.
    paper = "".join("".join(page.extract_text() for page in pages).split())

    assert "Jembatandigangkamipatah." in paper
    assert "Kamiperbaiki<b>minggu</b>depan." in paper
    assert "Persetujuanpelapor,Senin,9November2026,09.00WITA" in paper
    for word in ("Budi", "0812", "tetangga", "Namaworks"):
        assert word not in paper
    job = city.session.scalars(select(LongJob)).one()
    assert job.file_name == f"berkas-ombudsman-{report.number}.pdf"
    assert "Nama ombudsman, dengan persetujuan" in browser.get(ADDRESS.format(report.number)).text


def test_after_escalation_alone_the_reporters_own_photos_stay_out(city, report):
    escalate(city, report)
    for sequence, by_reporter in ((None, True), (3, False)):
        add_photo(city, Owner(report.id, sequence, by_reporter=by_reporter))

    assert drawn(city, report).count("data:image/jpeg") == 1
    assert "Foto dari pelapor tidak dimuat" in drawn(city, report)
    consent(city, report)
    assert drawn(city, report).count("data:image/jpeg") == 2


@pytest.mark.parametrize("hidden", ["confidential", "about_conduct"])
def test_of_a_hidden_report_escalation_alone_shows_the_course(city, officer, hidden):
    report = city.send(story="Uang diminta di loket.", place="Loket tiga", **{hidden: True})
    holder = "AUDIT" if hidden == "about_conduct" else "WORKS"
    flags = Flags(True, True, about_conduct=hidden == "about_conduct")
    city.verify(report, holder, title="Pungli loket", flags=flags)
    answerer = "inspector" if hidden == "about_conduct" else "works"
    city.do(answerer, report, FollowUp("Loket itu kami periksa."))
    escalate(city, report)
    add_photo(city, Owner(report.id, report.version, by_reporter=False))
    told = ("Uang diminta", "Loket tiga", "Pungli loket", "Loket itu")

    course = drawn(city, report)

    assert [word for word in (*told, "data:image") if word in course] == []
    assert f"Dinas {holder.title()}" in course
    assert "belum menyatakan persetujuan" in course
    page = officer("coordinator").get(ADDRESS.format(report.number)).text
    assert "hanya memuat riwayat" in page
    assert officer("ombudsman").get(ADDRESS.format(report.number)).status_code == 404
    consent(city, report)
    assert [word for word in (*told, "data:image") if word not in drawn(city, report)] == []


def test_the_course_says_neither_who_promised_nor_where_it_was_sent(city):
    report = city.send(confidential=True)
    city.do("coordinator", report, Split(story="Got juga mampet.", place="Jalan Mawar", keys=KEYS))
    city.verify(report, "WORKS", flags=Flags(True, True, about_conduct=False))
    until = city.now.date() + dt.timedelta(days=3)
    city.do("coordinator", report, Commit(until, responsible="Pak Danu", meeting="rapat gang"))
    escalate(city, report)
    city.do("coordinator", report, SendOutside("PLN, Bu Rina"))
    second = report.history[1].details[SPLIT_INTO]

    course = drawn(city, report)

    told = ("Pak Danu", "rapat gang", "Bu Rina", second)
    assert [word for word in told if word in course] == []
    for deed in ("Komitmen Dinas Works: selesai Kamis, 12 November", "Bukan wewenang kota"):
        assert deed in course
    report.ombudsman_consent_at = city.now
    assert [word for word in told if word in drawn(city, report)] == ["Bu Rina", second]


def escalate(city, report):
    city.session.add(
        Escalation(
            agency_id=city.agency.id,
            report_id=report.id,
            rung=Rung.OMBUDSMAN_READY,
            sequence=report.version,
            at=city.now,
        )
    )


def add_photo(city, owner):
    keys, storage = lapor_city.keys(), lapor_city.storage()
    upload = Upload("foto.jpg", picture_files.talkative_jpeg())
    row = accept(city.session, city.agency, upload, owner, keys=keys, storage=storage, now=city.now)
    prepare(city.session, row.id, keys=keys, storage=storage)


def drawn(city, report) -> str:
    user = city.users["coordinator"]
    return bundle_page(city.session, city.agency, user, report.number, now=city.now)
