"""`/l/<token>`: in with one press, and nothing for programs, guessers and those who are too late."""

import datetime as dt

import pytest
from browser import Browser, page_of
from small_city import NOW

from lapor_web.models import ReporterIdentity, ReportLink
from lapor_web.services import conversation, report_links
from lapor_web.services.identity import Identity, seal

PHONE = Identity("Budi", "081234567890")
PREVIEW = "WhatsApp/2.24.6.77 A"
CHROME = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36"


@pytest.fixture
def link_to(city, app_keys, db):
    """A report's link, as it stands in a message."""

    def make(report, **arguments) -> str:
        report.receipt_hash = report.receipt_hash or app_keys.hash_of_receipt("A" * 16)
        token = report_links.make_link(db.session(), report, NOW, keys=app_keys, **arguments)
        return f"/l/{token}"

    return make


@pytest.fixture
def report(city, app_keys, db):
    report = city.sent_to("WORKS")
    db.session.merge(seal(report.id, PHONE, keys=app_keys))
    return report


def test_a_link_opens_the_page_and_leaves_the_address_bar(browser, report, link_to):
    answer = browser.get(link_to(report))

    assert (answer.status_code, answer.location) == (303, f"/lacak/{report.number}")
    assert page_of(browser.get(answer.location)).h1.text == "Diteruskan ke Works"


@pytest.mark.parametrize("characters", [10, 22])
def test_a_link_is_not_used_up(app, report, link_to, characters):
    link = link_to(report, characters=characters)

    assert [Browser(app).get(link).status_code for _ in range(3)] == [303] * 3


def test_it_opens_no_other_report(city, browser, report, link_to):
    other = city.send()
    browser.get(link_to(report))

    assert browser.get(f"/lacak/{other.number}").status_code == 404


@pytest.mark.parametrize("flag", ["confidential", "about_conduct", "about_service"])
def test_what_is_hidden_asks_for_the_code_too(browser, report, link_to, flag):
    link = link_to(report)
    setattr(report, flag, True)
    answer = browser.get(link)

    assert (answer.status_code, answer.location) == (303, f"/lacak?number={report.number}")
    assert browser.get(f"/lacak/{report.number}").status_code == 404


def test_an_address_that_an_officer_typed_in_asks_for_the_code_too(browser, report, link_to, db):
    db.session.get(ReporterIdentity, report.id).contact_by_officer = True

    assert browser.get(link_to(report)).location == f"/lacak?number={report.number}"


def test_unknown_too_old_and_void_get_the_same_clear_page(app, city, report, link_to, at, db):
    unknown = Browser(app).get("/l/" + "x" * 22)
    void = link_to(report)
    city.do("reporter", report, conversation.Erase())
    old = link_to(report)
    answers = [unknown, Browser(app).get(void)]
    at(NOW + dt.timedelta(days=30))
    answers.append(Browser(app).get(old))

    assert [one.status_code for one in answers] == [404] * 3
    assert len({one.text.split("<main")[1] for one in answers}) == 1
    assert page_of(unknown).h1.text == "Tautan ini sudah tidak berlaku"
    assert {"/lacak", "/lacak/lupa-kode"} <= {one["href"] for one in page_of(unknown)("a")}


def test_another_contact_makes_the_old_ones_links_void(
    city, app_keys, browser, report, link_to, db
):
    link = link_to(report)
    city.do("reporter", report, conversation.ChangeContact("081211112222", "", keys=app_keys))

    assert browser.get(link).status_code == 404
    assert db.session.query(ReportLink).count() == 0


# ---- programs that look at a link before its reader does ----


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"User-Agent": PREVIEW}),
        ("GET", {"User-Agent": "TelegramBot (like TwitterBot)"}),
        ("GET", {"User-Agent": "facebookexternalhit/1.1"}),
        ("GET", {"User-Agent": CHROME, "Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"User-Agent": CHROME, "Sec-Fetch-Dest": "image"}),
        ("HEAD", {"User-Agent": CHROME}),
    ],
)
def test_a_program_learns_nothing_not_even_whether_the_link_is_good(
    browser, report, link_to, method, headers
):
    good, none = (
        browser.open(link, method=method, headers=headers)
        for link in (link_to(report), "/l/" + "x" * 22)
    )

    assert good.status_code == none.status_code == 200
    assert len(good.data) == len(none.data)
    assert report.number not in good.text
    assert browser.get(f"/lacak/{report.number}").status_code == 404


def test_a_person_taken_for_a_program_gets_in_by_the_button(browser, report, link_to):
    link = link_to(report)
    page = page_of(browser.open(link, headers={"User-Agent": PREVIEW}))
    answer = browser.post(page.select_one("main form")["action"])

    assert (answer.status_code, answer.location) == (303, f"/lacak/{report.number}")


# ---- guessing ----


def test_after_many_wrong_links_an_address_has_to_wait(app, browser, report, link_to):
    guesses = [browser.get(f"/l/guess{number}").status_code for number in range(101)]
    refused = browser.get(link_to(report))

    assert guesses == [404] * 100 + [429]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(15 * 60))


def test_right_links_are_not_counted(app, report, link_to):
    link = link_to(report)

    assert {Browser(app).get(link).status_code for _ in range(101)} == {303}


# ---- no more news ----


def test_a_mail_program_stops_the_news_with_one_post(app, report, link_to, db):
    """RFC 8058: no cookie, no token of ours, and this very body."""
    stop = link_to(report) + "/berhenti"
    answer = Browser(app).open(stop, method="POST", data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert page_of(answer).h1.text == "Kabar dihentikan"
    assert db.session.get(ReporterIdentity, report.id).news_stopped_at == NOW


def test_a_person_is_asked_first(browser, report, link_to, db):
    stop = link_to(report) + "/berhenti"
    page = page_of(browser.get(stop))

    assert db.session.get(ReporterIdentity, report.id).news_stopped_at is None
    assert browser.post(page.select_one("main form")["action"]).status_code == 200
    assert db.session.get(ReporterIdentity, report.id).news_stopped_at == NOW


def test_a_new_contact_starts_the_news_again(city, app_keys, browser, report, link_to, db):
    browser.post(link_to(report) + "/berhenti")
    city.do("reporter", report, conversation.ChangeContact("081211112222", "", keys=app_keys))

    assert db.session.get(ReporterIdentity, report.id).news_stopped_at is None


def test_a_guess_stops_nothing(browser, report, db):
    assert browser.post("/l/guess/berhenti").status_code == 404
    assert db.session.get(ReporterIdentity, report.id).news_stopped_at is None
