"""Two officers write to the same reporter at once: the second is told, and both are read in the end."""

import time

import pytest
from journey.test_report_life import send, sign_in
from playwright.sync_api import expect
from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Action, HistoryEntry, Opd, Report, Role, User, utc_now
from lapor_web.services import accounts
from lapor_web.services.deeds import Doer, perform
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Verify

pytestmark = pytest.mark.browser

FIRST, SECOND = "Regu kami datang Senin pagi.", "Alat berat sudah kami pesan."
ANSWER = "form[data-deed=tindak-lanjut]"


@pytest.fixture(scope="module")
def colleague(served_city) -> str:
    """Of the same office as "dpupr", with the same password."""
    with served_city.app.app_context():
        first = db.session.scalars(select(User).where(User.username == "dpupr")).one()
        user = accounts.create_user(
            db.session(),
            db.session.merge(city.current_agency()),
            username="dpupr2",
            name="Rina",
            role=Role.LIAISON,
            opd_code="DPUPR",
            now=utc_now(),
        )
        accounts.set_password(db.session(), user, first.password_hash)
        db.session.commit()
    return "dpupr2"


@pytest.fixture
def number(served_city) -> str:
    with served_city.app.app_context():
        agency = db.session.merge(city.current_agency())
        coordinator = db.session.scalar(select(User).where(User.role == Role.COORDINATOR))
        works = db.session.scalar(select(Opd).where(Opd.code == "DPUPR"))
        form = Submission(f"two-{time.time_ns()}", "Got meluap di depan gang.", "Gang 3")
        receipt = submit(db.session(), agency, form, keys=city.keys(), now=utc_now())
        deed = Verify(opd=works, title="Got meluap", classification="non_supervisory")
        doer = Doer.officer(coordinator)
        perform(db.session(), receipt.report_id, deed, doer=doer, version=1, now=utc_now())
        db.session.commit()
        return receipt.number


def test_the_second_is_told_and_sends_theirs_as_well(new_page, served_city, colleague, number):
    first, second = new_page(), new_page()
    sign_in(first, colleague, served_city.password)
    sign_in(second, "dpupr", served_city.password)
    for page, words in ((first, FIRST), (second, SECOND)):
        page.goto(f"/kotak-masuk/{number}")
        page.fill(f"{ANSWER} textarea", words)

    send(first.locator(ANSWER))
    expect(first.locator("#undo-strip")).to_contain_text(f"{number} dijawab")
    send(second.locator(ANSWER))

    told = second.locator(".conflict[role=alert]")
    expect(told).to_contain_text("Rina sudah menjawab warga ini")
    expect(told).to_contain_text(FIRST)
    expect(second.locator(f"{ANSWER} textarea")).to_have_value(SECOND)
    second.get_by_role("button", name="Kirim sebagai tambahan").click()
    expect(second.locator("#undo-strip")).to_contain_text(f"{number} dijawab")
    assert answers_to(served_city, number) == [FIRST, SECOND]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_left_the_office_meanwhile_loses_no_word_either(
    chromium, served_city, colleague, number, script
):
    first, second = (
        chromium.new_page(base_url=served_city.url, java_script_enabled=script) for _ in range(2)
    )
    sign_in(first, colleague, served_city.password)
    sign_in(second, "dpupr", served_city.password)
    second.goto(f"/kotak-masuk/{number}")
    second.fill(f"{ANSWER} textarea", SECOND)
    first.goto(f"/kotak-masuk/{number}?formulir=kembalikan")
    first.locator("form[data-deed=kembalikan] [name=ready]").first.click()
    expect(first.locator("#undo-strip")).to_contain_text(f"{number} dikembalikan")

    send(second.locator(ANSWER))

    told = second.locator("#trouble" if script else "h1")
    expect(told).to_contain_text("di kotak masuk Anda")
    kept = second.locator(f"{ANSWER} textarea" if script else "textarea")
    expect(kept).to_have_value(SECOND)
    for page in (first, second):
        page.context.close()


def test_a_half_written_answer_stays_beside_a_form_that_is_opened(new_page, served_city, number):
    page = new_page()
    sign_in(page, "dpupr", served_city.password)
    page.goto("/kotak-masuk")
    page.locator(f"#row-{number} a").click()
    page.fill(f"{ANSWER} textarea", FIRST)

    page.locator(".actions [data-deed=minta-waktu]").first.click()
    expect(page.locator("form[data-deed=minta-waktu] [role=group]")).to_be_visible()
    expect(page.locator(f"{ANSWER} textarea")).to_have_value(FIRST)

    send(page.locator(ANSWER))
    expect(page.locator("#undo-strip")).to_contain_text(f"{number} dijawab")
    page.goto(f"/kotak-masuk/{number}")
    expect(page.locator(f"{ANSWER} textarea")).to_have_value("")


def answers_to(served_city, number: str) -> list[str]:
    with served_city.app.app_context():
        rows = (
            select(HistoryEntry.text)
            .join(Report, Report.id == HistoryEntry.report_id)
            .where(Report.number == number, HistoryEntry.action == Action.FOLLOW_UP)
            .order_by(HistoryEntry.sequence)
        )
        return list(db.session.scalars(rows))
