"""What a list is narrowed to, and the lists that officers give a name."""

import pytest
from browser import Browser, page_of
from small_city import SmallCity

from lapor_web.models import Area, AreaKind, Category
from lapor_web.services import inbox_newest
from lapor_web.services.follow_up import Assign, FollowUp, Note
from lapor_web.services.submission import Entry


def numbers(browser: Browser, query: str) -> set[str]:
    page = page_of(browser.get(f"/kotak-masuk?{query}"))
    return {row["data-number"] for row in page.select(".row")}


def make_tree(city: SmallCity) -> tuple[Area, Category]:
    """A kelurahan in a kecamatan, and a category under another."""
    own = {"agency_id": city.agency.id}
    kecamatan = Area(code="DISTRICT", name="Utara", kind=AreaKind.KECAMATAN, **own)
    kelurahan = Area(code="VILLAGE", name="Hulu", kind=AreaKind.KELURAHAN, parent=kecamatan, **own)
    road = Category(code="ROAD", name="Jalan", **own)
    hole = Category(code="HOLE", name="Lubang", parent=road, **own)
    city.session.add_all([kelurahan, hole])
    city.session.flush()
    return kelurahan, hole


@pytest.mark.parametrize(
    "query",
    [
        "status=in_process",
        "klasifikasi=supervisory",
        "opd=ROADS",
        "kanal=phone",
        "dari=2026-11-10",
        "lewat=ya",
        "tanda=rahasia",
        "petugas=roads",
        "kategori=ROAD",
        "wilayah=DISTRICT",
    ],
)
def test_a_filter_leaves_what_it_names(city: SmallCity, officer, query):
    """One report is all that the filters ask for, the other nothing of it."""
    city.sent_to("WORKS")
    city.wait(days=1)
    kelurahan, hole = make_tree(city)
    wanted = city.send(
        confidential=True,
        entry=Entry(city.users["intake"], "phone", city.now),
        area_id=kelurahan.id,
    )
    city.verify(wanted, "ROADS", classification="supervisory", category=hole)
    city.do("roads", wanted, Assign(assignee=city.users["roads"]))
    if "status" in query:
        city.do("roads", wanted, FollowUp("Kami periksa."))
    if "lewat" in query:
        wanted.due_on = city.now.date().replace(day=1)
        city.session.flush()

    assert numbers(officer("coordinator"), f"tampilan=semua&{query}") == {wanted.number}


def test_a_filter_of_the_whole_city_says_how_far_it_looks(city, officer, monkeypatch):
    old, new = (city.sent_to("WORKS", confidential=True) for _ in range(2))
    monkeypatch.setattr(inbox_newest, "LOOKED_AT", 1)
    coordinator = officer("coordinator")

    page = coordinator.get("/kotak-masuk?tampilan=semua&tanda=rahasia").text

    assert (old.number in page, new.number in page) == (False, True)
    assert "laporan terbaru" in page
    further = "tampilan=semua&tanda=rahasia&dari=2020-01-01"
    assert numbers(coordinator, further) == {old.number, new.number}
    # An office's own are few enough, and so is a small city.
    assert numbers(officer("works"), "tampilan=semua&tanda=rahasia") == {old.number, new.number}
    # Who may see few of a large city is told too: theirs may be older than all that is looked at.
    asked = "/kotak-masuk?tampilan=semua&tanda=rahasia"
    assert "laporan terbaru" in officer("inspector").get(asked).text
    monkeypatch.setattr(inbox_newest, "LOOKED_AT", new.id)
    assert "laporan terbaru" not in coordinator.get(asked).text


def test_filters_narrow_a_search_and_are_said_as_chips(city, officer):
    city.sent_to("WORKS", story="Lubang di depan sekolah.")
    hidden = city.sent_to("WORKS", story="Lubang di depan kantor.", confidential=True)
    works = officer("works")

    page = page_of(works.get("/kotak-masuk?cari=lubang&tanda=rahasia"))

    assert [row["data-number"] for row in page.select(".row")] == [hidden.number]
    chip = page.select_one(".chosen .pill")
    assert "rahasia" in chip.text
    assert "tanda=" not in chip["href"]
    assert "tanda=rahasia" in page.select_one(".row a")["href"]


def test_the_form_keeps_what_is_asked_and_where(city, officer):
    make_tree(city)

    page = page_of(
        officer("coordinator").get(
            "/kotak-masuk?tampilan=semua&saring=ya&wilayah=VILLAGE&opd=WORKS&dari=2026-11-01"
        )
    )

    form = page.select_one("form.narrow-list")
    assert form.select_one("[name=tampilan]")["value"] == "semua"
    chosen = {one.find_parent("select")["name"]: one["value"] for one in form.select("[selected]")}
    assert {name: value for name, value in chosen.items() if value} == {
        "wilayah": "VILLAGE",
        "opd": "WORKS",
    }
    assert form.select_one("[name=dari]")["value"] == "2026-11-01"


@pytest.mark.parametrize(
    "query",
    ["status=x", "opd=LAIN", "dari=kemarin", "petugas=siapa", "wilayah=%00", "lewat=1", "tanda="],
)
def test_a_filter_that_makes_no_sense_narrows_nothing(city, officer, query):
    report = city.sent_to("WORKS")

    assert numbers(officer("works"), query) == {report.number}


def test_nobody_finds_out_by_filters_what_they_may_not_see(city, officer):
    city.sent_to("ROADS")

    assert numbers(officer("works"), "tampilan=semua&opd=ROADS") == set()
    assert numbers(officer("works"), "tampilan=semua&petugas=roads") == set()


# ---- answers ----


def test_the_words_of_an_answer_are_found_by_whoever_reads_it(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Regu menambal dengan aspal dingin."))
    city.do("works", report, Note("Pak Camat marah-marah."))

    assert numbers(officer("works"), "cari=aspal") == {report.number}
    assert numbers(officer("coordinator"), "cari=menambal") == {report.number}
    assert numbers(officer("roads"), "cari=aspal") == set()
    # Notes stay among those who open the report.
    assert numbers(officer("works"), "cari=marah") == set()


# ---- saved views ----


def save(browser: Browser, name: str, query: str, **more: str):
    return browser.post("/kotak-masuk/tampilan", {"name": name, "query": query, **more})


def saved(browser: Browser) -> dict[str, str]:
    """Names beside the list, each with its count."""
    page = page_of(browser.get("/kotak-masuk"))
    links = [link for link in page.select("#views a[data-key]") if link["data-key"].isdigit()]
    return {link.span.text: link.select_one(".count").text.strip() for link in links}


def test_a_list_gets_a_name_a_count_and_a_key(city, officer):
    city.sent_to("WORKS", confidential=True)
    city.sent_to("WORKS")
    works = officer("works")

    answer = save(works, "Yang rahasia", "tanda=rahasia&halaman=3&jahat=1")

    assert answer.location == "/kotak-masuk?tanda=rahasia"
    assert saved(works) == {"Yang rahasia": "1"}
    page = page_of(works.get(answer.location))
    assert page.select_one("#views [aria-current]").span.text == "Yang rahasia"
    assert len(page.select(".row")) == 1


def test_a_view_is_ones_own_or_shared_with_the_office(city, officer):
    works, colleague, roads = officer("works"), officer("works2"), officer("roads")
    save(works, "Milik saya", "lewat=ya")
    save(works, "Untuk semua", "tanda=anonim", shared="on")

    assert set(saved(works)) == {"Milik saya", "Untuk semua"}
    assert set(saved(colleague)) == {"Untuk semua"}
    assert saved(roads) == {}

    page = page_of(works.get("/kotak-masuk/tampilan"))
    delete = page.find("a", string="Untuk semua").find_parent("tr").form["action"]
    assert colleague.post(delete).status_code == 404
    assert works.post(delete).status_code == 303
    assert saved(colleague) == {}


def test_a_view_without_a_name_is_asked_for_one_and_keeps_its_list(city, officer):
    answer = save(officer("works"), "  ", "lewat=ya")

    page = page_of(answer)
    assert answer.status_code == 422
    assert "Beri nama tampilan ini" in page.text
    assert page.select_one("[name=query]")["value"] == "lewat=ya"


def test_the_same_name_again_replaces_the_list(city, officer):
    works = officer("works")
    save(works, "Pagi", "lewat=ya")
    save(works, "Pagi", "tanda=anonim")

    assert list(saved(works)) == ["Pagi"]
    assert works.get("/kotak-masuk/tampilan").text.count("tanda=anonim") == 1
