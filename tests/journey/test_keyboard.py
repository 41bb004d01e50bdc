"""A morning at the inbox without a mouse: twenty decisions of two people, one key most of them."""

import re
import statistics
import sys
import time

import pytest
from journey.test_report_life import sign_in
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Action, Disposition, HistoryEntry, Opd, Report, Role, User, utc_now
from lapor_web.services.deeds import Doer, perform
from lapor_web.services.follow_up import FollowUp, Note
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Verify

pytestmark = pytest.mark.browser

REPORTS = 12
PAINTED = """key => new Promise(done => {
    const pane = document.getElementById('pane'), before = performance.now()
    const seen = new MutationObserver(() => {
        seen.disconnect()
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - before)))
    })
    seen.observe(pane, { childList: true, subtree: true })
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
})"""
"""From a key to the frame in which the next report stands in the pane, in milliseconds."""


LOADED = """number => performance.getEntriesByType('resource').some(one =>
    one.name.endsWith('/' + number) && one.responseEnd)"""


@pytest.fixture
def queue(served_city):
    """Reports of an office, the oldest first."""
    with served_city.app.app_context():
        agency = db.session.merge(city.current_agency())
        coordinator = db.session.scalar(select(User).where(User.role == Role.COORDINATOR))
        works = db.session.scalar(select(Opd).where(Opd.code == "DPUPR"))
        numbers = []
        for n in range(REPORTS):
            form = Submission(f"queue-{time.time_ns()}", f"Got meluap di gang {n}.", f"Gang {n}")
            receipt = submit(db.session(), agency, form, keys=city.keys(), now=utc_now())
            deed = Verify(opd=works, title=f"Got meluap {n}", classification="non_supervisory")
            doer = Doer.officer(coordinator)
            perform(db.session(), receipt.report_id, deed, doer=doer, version=1, now=utc_now())
            numbers.append(receipt.number)
        db.session.commit()
    return numbers


def current(page: Page) -> str:
    return page.locator("#pane [data-number]").get_attribute("data-number")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def decide(page: Page, *keys: str) -> float:
    """Presses, and waits until another report stands there; seconds."""
    before, number = time.monotonic(), current(page)
    press(page, *keys)
    expect(page.locator(f"#pane [data-number]:not([data-number='{number}'])")).to_be_visible()
    return time.monotonic() - before


@pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)
def test_twenty_decisions_by_keyboard(new_page, served_city, queue):
    page = new_page()
    sign_in(page, "dpupr", served_city.password)
    page.goto("/kotak-masuk")
    press(page, "j")
    expect(page.locator("#pane h1")).to_have_text("Got meluap 0")

    taken, painted = [], []
    for turn in range(REPORTS):
        # One key to accept; the next one stands there by itself.
        number = current(page)
        painted.append(page.evaluate(PAINTED, "v"))
        expect(page.locator("#undo-strip")).to_contain_text(f"{number} ditugaskan")
        assert current(page) != number or turn == REPORTS - 1
    for n in range(4):
        press(page, "b")
        page.keyboard.type(f"Regu datang hari Senin, giliran {n}.")
        taken.append(decide(page, "Control+Enter"))
    for n in range(4):
        press(page, "c")
        page.keyboard.type(f"Cek alat {n}.")
        number = current(page)
        before = time.monotonic()
        press(page, "Control+Enter")
        expect(page.locator("#undo-strip")).to_contain_text(f"{number} diberi catatan")
        taken.append(time.monotonic() - before)
        decide(page, "Escape", "j")

    per_decision = statistics.median([*taken, *(one / 1000 for one in painted)])
    sys.stdout.write(
        f"\n20 decisions: median {per_decision * 1000:.0f} ms of the machine, "
        f"key to paint p50 {statistics.median(painted):.0f} ms, worst {max(painted):.0f} ms\n"
    )
    assert done(served_city, queue) == {Action.ASSIGN: 12, Action.FOLLOW_UP: 4, Action.NOTE: 4}


@pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)
def test_a_report_is_verified_by_two_keys(new_page, served_city):
    story, other = "Jalan berlubang parah di depan rumah.", "Angin kencang."
    answer_by_works(served_city, unverified(served_city, story))
    sure = unverified(served_city, story)
    doubtful = unverified(served_city, f"{other} Siapa yang mengurus?")
    page = new_page()
    sign_in(page, "koordinator", served_city.password)
    page.goto("/kotak-masuk?urut=terlama")
    page.locator(f"#row-{sure} a").click()
    expect(page.locator("#pane [data-number]")).to_have_attribute("data-number", sure)

    press(page, "v")
    expect(page.locator("#pane .deed[open] button[autofocus]")).to_be_focused()
    decide(page, "Enter")
    expect(page.locator("#undo-strip")).to_contain_text(f"{sure} diteruskan ke Dinas PUPR")

    # Nothing is suggested here: Enter does nothing, and the key of an office sends it there.
    page.goto(f"/kotak-masuk/{doubtful}")
    press(page, "v")
    expect(page.locator("#pane .deed[open] [role=group]")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#pane .deed[open]")).to_be_visible()
    press(page, "1")
    expect(page.locator("#undo-strip")).to_contain_text(f"{doubtful} diteruskan ke Dinas PUPR")
    assert [one.holder.code for one in reports(served_city, sure, doubtful)] == ["DPUPR"] * 2


@pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)
def test_the_next_report_is_here_before_its_key(new_page, served_city, queue):
    page = new_page()
    sign_in(page, "dpupr", served_city.password)
    page.goto("/kotak-masuk")
    first, second, third, fourth = queue[:4]

    with page.expect_response(f"**/{second}") as loaded:
        page.locator(f"#row-{first} a").click()  # what others left stands above it
    assert loaded.value.request.headers["purpose"] == "prefetch"
    loaded.value.finished()
    assert read_by_holder(served_city, queue) == {first}

    # Shown without being asked for, and read by then.
    page.route(f"**/{second}", lambda route: route.abort())
    with page.expect_request(f"**/{second}/hadir"), page.expect_response(f"**/{third}"):
        press(page, "j")
        expect(page.locator("#pane h1")).to_have_text("Got meluap 1")
    expect(page).to_have_url(re.compile(f"/{second}$"))
    expect(page.locator("#presence")).to_have_attribute("data-beat", re.compile(second))

    # What changed since is asked for anew.
    box = page.locator(f"#row-{third} [type=checkbox]")
    note(served_city, third)
    expect(box).not_to_have_value(f"{third}:2")
    with page.expect_response(f"**/{third}"):
        press(page, "j")
    expect(page.locator(".thread")).to_contain_text("Cek pompa.")

    # And a deed's answer brings only what is not here.
    page.wait_for_function(LOADED, arg=fourth)
    with page.expect_response(f"**/{third}/tugaskan") as answered:
        press(page, "v")
    assert answered.value.headers["lapor-ahead"] == fourth
    expect(page.locator("#pane h1")).to_have_text("Got meluap 3")
    expect(page.locator("#undo-strip")).to_contain_text(f"{third} ditugaskan")
    assert read_by_holder(served_city, queue) >= {first, second, third}


@pytest.mark.parametrize("new_page", ["without JavaScript"], indirect=True)
def test_the_same_decisions_without_script(new_page, served_city, queue):
    """Fewer of them: what is shown is that each can be made."""
    page = new_page()
    sign_in(page, "dpupr", served_city.password)
    page.goto(f"/kotak-masuk/{queue[0]}")
    page.get_by_role("button", name="Terima").first.click()
    expect(page.locator("#undo-strip")).to_contain_text(f"{queue[0]} ditugaskan")
    page.goto(f"/kotak-masuk/{queue[1]}")
    form = page.locator("form[data-deed=tindak-lanjut]")
    form.locator("[name=text]").fill("Regu datang hari Senin.")
    form.locator("button.main[type=submit]").click()
    expect(page.locator("#undo-strip")).to_contain_text(f"{queue[1]} dijawab")
    page.goto("/kotak-masuk")
    for number in queue[2:5]:
        page.locator(f"#row-{number} [type=checkbox]").check()
    page.locator(".bulk button[value=terima]").click()
    expect(page.locator(".notice")).to_contain_text("3 diterima")

    assert done(served_city, queue) == {Action.ASSIGN: 4, Action.FOLLOW_UP: 1}


@pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)
def test_a_list_follows_a_colleague_and_keeps_what_one_types(new_page, served_city, queue):
    mine, theirs = new_page(), new_page()
    sign_in(mine, "dpupr", served_city.password)
    sign_in(theirs, "atasan", served_city.password)
    first, second = queue[0], queue[1]
    mine.goto(f"/kotak-masuk/{second}")
    reply = "form[data-deed=tindak-lanjut] textarea"
    mine.fill(reply, "Regu datang Senin.")
    row = mine.locator(f"#row-{first}")
    order = mine.locator(".row").evaluate_all("rows => rows.map(row => row.id)")

    # Somebody opens another report, begins to write, and writes it down.
    theirs.goto(f"/kotak-masuk/{first}?tampilan=semua")
    expect(row.locator(".pill")).to_have_text("Atasan membuka")
    press(theirs, "c")
    theirs.keyboard.type("Cek alat.")
    expect(row.locator(".pill")).to_have_text("Atasan menulis")
    version = row.locator("[type=checkbox]").get_attribute("value")
    press(theirs, "Control+Enter")
    expect(row.locator("[type=checkbox]")).not_to_have_value(version)
    # And opens what one is writing at.
    theirs.goto(f"/kotak-masuk/{second}?tampilan=semua")
    expect(theirs.locator("#presence")).to_contain_text("Dpupr sedang menulis jawaban")
    # What they do with it is told long before the next beat.
    press(theirs, "c")
    theirs.keyboard.type("Sudah saya cek.")
    press(theirs, "Control+Enter")
    expect(mine.locator("#presence .conflict")).to_contain_text("Atasan mengubah laporan ini")

    # Nothing moved, and the words outlive the page.
    assert mine.locator(".row").evaluate_all("rows => rows.map(row => row.id)") == order
    assert mine.locator(reply).input_value() == "Regu datang Senin."
    mine.reload()
    expect(mine.locator(reply)).to_have_value("Regu datang Senin.")


@pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)
def test_a_list_says_that_it_is_cut_off_and_that_the_session_ends(new_page, served_city):
    page = new_page()
    sign_in(page, "dpupr", served_city.password)
    page.clock.install()
    page.route("**/kotak-masuk/arus*", lambda route: route.fulfill(status=204))
    page.goto("/kotak-masuk")
    strip = page.locator("#live")
    expect(strip).to_be_hidden()

    page.clock.fast_forward("00:20")
    expect(strip).to_have_text(
        re.compile(r"Terputus\. Daftar per \d\d\.\d\d\. Menyambungkan kembali…")
    )

    page.clock.fast_forward("11:58:30")
    expect(strip).to_contain_text("Sesi Anda segera berakhir.")
    page.get_by_role("button", name="Tetap masuk").click()
    expect(page.locator("h1")).to_have_text("Perlu ditindak")


def unverified(served_city, story: str) -> str:
    with served_city.app.app_context():
        agency = db.session.merge(city.current_agency())
        form = Submission(f"new-{time.time_ns()}", story, "Jalan Nuri")
        receipt = submit(db.session(), agency, form, keys=city.keys(), now=utc_now())
        db.session.commit()
        return receipt.number


def answer_by_works(served_city, number: str) -> None:
    with served_city.app.app_context():
        works = db.session.scalar(select(Opd).where(Opd.code == "DPUPR"))
        report_id = db.session.scalar(select(Report.id).where(Report.number == number))
        verify = Verify(opd=works, title="Jalan berlubang", classification="non_supervisory")
        for version, (username, deed) in enumerate(
            (("koordinator", verify), ("dpupr", FollowUp("Kami tambal."))), start=1
        ):
            user = db.session.scalar(select(User).where(User.username == username))
            doer = Doer.officer(user)
            perform(db.session(), report_id, deed, doer=doer, version=version, now=utc_now())
        db.session.commit()


def reports(served_city, *numbers: str) -> list[Report]:
    with served_city.app.app_context():
        found = select(Report).where(Report.number.in_(numbers)).options(joinedload(Report.holder))
        return list(db.session.scalars(found))


def read_by_holder(served_city, queue: list[str]) -> set[str]:
    with served_city.app.app_context():
        read = (
            select(Report.number)
            .join(Disposition, Disposition.report_id == Report.id)
            .where(Report.number.in_(queue), Disposition.first_read_at.is_not(None))
        )
        return set(db.session.scalars(read))


def note(served_city, number: str) -> None:
    """A colleague's."""
    with served_city.app.app_context():
        report = db.session.scalars(select(Report).where(Report.number == number)).one()
        boss = db.session.scalars(select(User).where(User.username == "atasan")).one()
        doer, version = Doer.officer(boss), report.version
        deed = Note("Cek pompa.")
        perform(db.session(), report.id, deed, doer=doer, version=version, now=utc_now())
        db.session.commit()


def done(served_city, queue: list[str]) -> dict[Action, int]:
    with served_city.app.app_context():
        counted = (
            select(HistoryEntry.action, func.count())
            .join(Report, Report.id == HistoryEntry.report_id)
            .where(Report.number.in_(queue), HistoryEntry.role == Role.LIAISON)
            .group_by(HistoryEntry.action)
        )
        return dict(db.session.execute(counted).all())
