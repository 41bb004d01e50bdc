"""The list and the pane: who reads what, as a page and as a fragment."""

import pytest
from browser import Browser, page_of
from small_city import KEYS, SmallCity

from lapor_web import city as lapor_city
from lapor_web.models import Action, Report
from lapor_web.services.follow_up import FollowUp, Note
from lapor_web.services.identity import Identity
from lapor_web.services.verification import Flags

REPORTER = Identity("Siti Rahma", "081255500001", "siti@contoh.id")


@pytest.fixture
def keys(monkeypatch):
    """Identities of the small city are sealed with keys of its own."""
    monkeypatch.setattr(lapor_city, "keys", lambda: KEYS)


def pane_of(browser: Browser, report: Report, *, htmx: bool = False) -> str:
    answer = browser.get(f"/kotak-masuk/{report.number}", htmx=htmx)
    assert answer.status_code == 200
    return answer.text


# ---- who is let in ----


def test_a_stranger_is_sent_to_sign_in(city, browser):
    report = city.sent_to("WORKS")

    for address in ("/kotak-masuk", f"/kotak-masuk/{report.number}", "/kotak-masuk/baru"):
        answer = browser.get(address)
        assert answer.status_code == 303
        assert answer.location.startswith("/masuk?lanjut=")


def test_an_evaluator_has_no_inbox(officer):
    assert officer("evaluator").get("/kotak-masuk").status_code == 403


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("coordinator", {"own", "other", "hidden", "conduct", "unverified"}),
        ("works", {"own", "hidden"}),
        ("works-boss", {"own", "hidden"}),
        ("roads", {"other"}),
        ("inspector", {"conduct"}),
        ("intake", set()),
        ("leader", {"own", "other", "unverified"}),
        ("ombudsman", {"own", "other", "unverified"}),
    ],
)
def test_what_is_out_of_scope_does_not_exist(city, officer, who, sees, htmx):
    reports = {
        "own": city.sent_to("WORKS"),
        "other": city.sent_to("ROADS"),
        "hidden": city.sent_to("WORKS", confidential=True),
        "conduct": city.sent_to("AUDIT", about_conduct=True),
        "unverified": city.send(),
    }
    browser = officer(who)

    found = {
        name
        for name, report in reports.items()
        if browser.get(f"/kotak-masuk/{report.number}", htmx=htmx).status_code == 200
    }

    assert found == sees
    listed = {row["data-number"] for row in rows_of(browser, "?tampilan=semua")}
    assert listed == {reports[name].number for name in sees}
    assert browser.get("/kotak-masuk/KTA-269999-9", htmx=htmx).status_code == 404


def test_the_accused_office_reads_no_copy_either(city, officer):
    report = city.send()
    city.verify(report, "ROADS", flags=Flags(False, False, False, accused=city.opds["DISTRICT"]))

    assert officer("village").get(f"/kotak-masuk/{report.number}").status_code == 404
    assert officer("district").get(f"/kotak-masuk/{report.number}").status_code == 404


# ---- page and fragment ----


def test_a_browser_gets_the_page_and_htmx_the_pane(city, officer):
    report = city.sent_to("WORKS", story="Lampu mati sejak Sabtu.")
    works = officer("works")
    address = f"/kotak-masuk/{report.number}"

    page, pane = works.get(address), works.get(address, htmx=True)

    assert page_of(page).select_one("body.desk.inbox.reading #pane article")
    assert page_of(page).select_one(".list .row.current a[aria-current=true]")
    assert page_of(pane).select_one("html, .list, #views") is None
    assert page_of(pane).article["data-number"] == report.number
    for answer in (page, pane):
        assert "Lampu mati sejak Sabtu." in answer.text
        assert {"HX-Request", "Cookie"} <= set(answer.vary)
        assert "no-store" in answer.headers["Cache-Control"]


def test_back_and_boosted_links_get_whole_pages(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")

    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        headers = {"HX-Request": "true", header: "true"}
        answer = works.open(f"/kotak-masuk/{report.number}", headers=headers)
        assert page_of(answer).select_one("html")


def test_the_list_is_a_fragment_to_htmx(city, officer):
    city.sent_to("WORKS")

    answer = officer("works").get("/kotak-masuk", htmx=True)

    assert page_of(answer).select_one("html") is None
    assert len(page_of(answer).select(".row")) == 1


def test_each_page_has_one_first_heading_and_says_where_one_is(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")

    for address in ("/kotak-masuk", f"/kotak-masuk/{report.number}", "/kotak-masuk?cari=lampu"):
        page = page_of(works.get(address))
        ids = [element["id"] for element in page.select("[id]")]
        assert len(page.select("h1")) == 1
        assert page.select_one("h1#content")
        assert len(page.select("main")) == 1
        assert len(ids) == len(set(ids))
        assert "Kotak masuk" in page.title.text


# ---- the list ----


def rows_of(browser: Browser, query: str = "") -> list:
    return page_of(browser.get(f"/kotak-masuk{query}")).select(".row")


def test_the_views_are_addresses_with_their_counts(city, officer):
    city.sent_to("WORKS")
    late = city.sent_to("WORKS")
    city.wait(days=8)
    works = officer("works")

    views = page_of(works.get("/kotak-masuk")).select("#views a:has(.count)")

    counts = {view["href"]: view.select_one(".count").text.strip() for view in views}
    assert counts["/kotak-masuk?tampilan=perlu-ditindak"] == "2"
    assert counts["/kotak-masuk?tampilan=lewat-tenggat"] == "2"
    assert counts["/kotak-masuk?tampilan=selesai"] == "0"
    for address, count in counts.items():
        assert len(rows_of(works, address.removeprefix("/kotak-masuk"))) == int(count)
    assert "+1" in rows_of(works)[1].text
    assert late.number in rows_of(works)[1].text


def test_fifty_reports_a_page_and_real_links_to_the_others(city, officer):
    for _ in range(52):
        city.sent_to("WORKS")
    works = officer("works")

    first = page_of(works.get("/kotak-masuk"))
    second = page_of(works.get(first.select_one(".pages a[rel=next]")["href"]))

    assert (len(first.select(".row")), len(second.select(".row"))) == (50, 2)
    assert second.select_one(".pages a[rel=prev]")["href"].startswith("/kotak-masuk")
    link = second.select_one(".row a")["href"]
    assert link.endswith("?halaman=2")


@pytest.mark.parametrize(
    "query",
    [
        "?tampilan=tidak-ada",
        "?urut=id;DROP",
        "?halaman=-3",
        "?halaman=99999999999999999999",
        "?halaman=x",
        "?tampilan=tembusan&tampilan=semua",
        "?cari=%00%25____%25",
        "?cari=%27%3B+DROP+TABLE+report%3B--",
        "?cari=" + "9" * 300,
    ],
)
def test_an_address_that_makes_no_sense_is_still_an_inbox(city, officer, query):
    city.sent_to("WORKS")

    assert officer("works").get(f"/kotak-masuk{query}").status_code == 200


def test_an_empty_view_says_what_comes_next(city, officer):
    city.sent_to("WORKS")

    page = page_of(officer("works-boss").get("/kotak-masuk"))

    assert "Tidak ada yang perlu tindakan." in page.select_one(".empty").text
    assert "Senin, 16 November" in page.select_one(".empty").text


def test_a_search_keeps_its_words_and_its_place(city, officer):
    report = city.sent_to("WORKS", story="Ada lubang di depan sekolah.")

    page = page_of(officer("works").get("/kotak-masuk?cari=lubang"))

    assert [row["data-number"] for row in page.select(".row")] == [report.number]
    assert page.select_one("#search")["value"] == "lubang"
    assert page.title.text.startswith("Hasil cari (1)")
    # A longer line than a web server takes cannot be typed.
    assert int(page.select_one("#search")["maxlength"]) < 500
    assert "cari=lubang" in page.select_one(".row a")["href"]


def test_a_name_is_never_found(city, officer):
    city.sent_to("WORKS", identity=REPORTER)

    page = page_of(officer("coordinator").get("/kotak-masuk?cari=Siti+Rahma"))

    assert page.select(".row") == []


# ---- the pane ----


def test_what_people_wrote_is_shown_as_text_and_kept_from_htmx(city, officer):
    attack = "<script>alert(1)</script> <b hx-post=/keluar>{{7*7}}</b>"
    report = city.sent_to("WORKS", story=attack, place=attack)
    city.do("works", report, Note(attack))

    page = page_of(officer("works").get(f"/kotak-masuk/{report.number}"))

    assert page.text.count(attack) == 3
    assert not page.select("article script, [hx-post='/keluar']")
    for words in page.find_all(string=lambda text: "alert(1)" in text):
        assert words.find_parent(attrs={"hx-disable": True}) or words.parent.name == "textarea"


def test_the_history_tells_answers_from_internal_notes(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami periksa besok."))
    city.do("works", report, Note("Minta regu tiga."))

    events = page_of(officer("works").get(f"/kotak-masuk/{report.number}")).select(".thread > li")

    note, answer = events[0].text, events[1].text
    assert ("Minta regu tiga." in note, "Hanya dibaca petugas" in note) == (True, True)
    assert ("Kami periksa besok." in answer, "Hanya dibaca petugas" in answer) == (True, False)


def test_buttons_are_the_deeds_of_this_role_now(city, officer):
    report, anonymous = city.sent_to("WORKS"), city.sent_to("WORKS", anonymous=True)

    def buttons(who: str, report: Report = report) -> set[str]:
        page = page_of(officer(who).get(f"/kotak-masuk/{report.number}"))
        return {element["data-deed"] for element in page.select("#pane [data-deed]")}

    assert buttons("works") == {
        *("tindak-lanjut", "kembalikan", "ajukan-selesai", "tugaskan"),
        *("minta-waktu", "janji", "catatan"),
    }
    assert buttons("coordinator") == {
        *("alihkan", "tunda", "bukan-wewenang", "arsipkan", "gabungkan"),
        *("pisahkan", "ubah", "tugaskan", "catatan"),
    }
    # A name that may be read is not opened.
    assert buttons("coordinator", anonymous) - buttons("coordinator") == {"buka-identitas"}
    assert buttons("works-boss") == {"tugaskan", "catatan"}
    assert buttons("leader") == {"catatan"}
    assert buttons("ombudsman") == set()


def test_every_form_carries_token_and_version(city, officer):
    report = city.sent_to("WORKS")

    page = page_of(officer("works").get(f"/kotak-masuk/{report.number}"))
    for form in page.select("#pane form:not(#checklist form)"):
        assert form.select_one("[name=csrf_token]")
        assert form.select_one("[name=version]")["value"] == str(report.version)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_a_form_with_long_lists_comes_when_it_is_asked_for(city, officer, htmx):
    report = city.send()
    coordinator = officer("coordinator")
    closed = page_of(coordinator.get(f"/kotak-masuk/{report.number}", htmx=htmx))

    link = closed.select_one("a[data-deed=verifikasi]")
    opened = page_of(coordinator.get(link["href"], htmx=htmx))

    assert not closed.select_one("#verify-opd")
    assert opened.select_one("details.deed[open] #verify-opd")


# ---- who the reporter is ----


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("coordinator", True),
        ("works", True),
        ("works-boss", False),
        ("roads", False),
        ("leader", False),
        ("ombudsman", False),
    ],
)
def test_who_works_with_the_reporter_reads_the_name(city, officer, keys, who, told):
    report = city.send(identity=REPORTER)
    city.verify(report, "WORKS", tembusan=(city.opds["ROADS"],))

    text = pane_of(officer(who), report)

    assert ("Siti Rahma" in text, "081255500001" in text) == (told, told)


@pytest.mark.parametrize("who", ["coordinator", "works"])
def test_the_name_of_an_anonymous_reporter_is_nowhere(city, officer, keys, who):
    report = city.sent_to("WORKS", identity=REPORTER, anonymous=True)

    text = pane_of(officer(who), report)

    assert "Anonim" in text
    assert "Siti" not in text


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_an_identity_is_opened_once_for_a_reason_and_leaves_a_trace(city, officer, keys, htmx):
    report = city.sent_to("WORKS", identity=REPORTER, anonymous=True)
    coordinator = officer("coordinator")
    address = f"/kotak-masuk/{report.number}/buka-identitas"

    without = coordinator.post(address, {"version": report.version}, htmx=htmx)
    answer = coordinator.post(
        address, {"version": report.version, "reason": "Permintaan polisi."}, htmx=htmx
    )

    assert (without.status_code, answer.status_code) == (422, 200)
    assert "Siti" not in without.text
    assert "Siti Rahma" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert report.history[-1].action is Action.REVEAL_IDENTITY
    assert "Siti" not in pane_of(coordinator, report)


def test_nobody_else_opens_an_identity(city: SmallCity, officer, keys):
    report = city.sent_to("WORKS", identity=REPORTER, anonymous=True)

    for who in ("works", "works-boss", "leader", "ombudsman"):
        answer = officer(who).post(
            f"/kotak-masuk/{report.number}/buka-identitas",
            {"version": report.version, "reason": "Ingin tahu."},
        )
        assert (answer.status_code, "Siti" in answer.text) == (403, False)
