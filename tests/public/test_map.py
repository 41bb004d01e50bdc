"""The map: on demand, of published reports alone, and of the anonymous only as near as is told."""

import json

import pytest
from areas import IN_WEST, load_areas
from browser import page_of
from citizens import check

from lapor_web.map_tiles import UnusableTiles, read_tiles
from lapor_web.services import verification
from lapor_web.services.places import Point

WHOLE = "kotak=116.9,-0.7,117.3,-0.4"
TILES = "https://peta.contoh.id/{z}/{x}/{y}.png|© Penyumbang"


@pytest.fixture
def outlined(city, tmp_path):
    load_areas(city.session, city.agency, tmp_path)
    return city


def put(city, where=IN_WEST, title="Lampu mati", **fields):
    report = city.send(point=Point(*where), **fields)
    if not report.about_service:
        city.verify(report, "AUDIT" if report.about_conduct else "WORKS", title=title)
    return report


def spots(browser, query=f"{WHOLE}&zum=18"):
    answer = browser.get(f"/laporan/peta.json?{query}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)["features"]


def test_without_outlines_and_tiles_there_is_no_map(city, browser):
    report = put(city)

    assert browser.get("/laporan/peta").status_code == 404
    assert browser.get("/laporan/wilayah.json").status_code == 404
    for address in ("/laporan", f"/laporan/{report.number}"):
        assert "peta" not in browser.get(address).text


def test_list_and_report_lead_to_a_map_and_load_nothing_of_it(outlined, browser):
    report = put(outlined)
    for address in ("/laporan", f"/laporan/{report.number}"):
        page = page_of(browser.get(address))
        assert page.select_one("a[href^='/laporan/peta']")
        assert page.script is None


def test_a_report_without_a_place_leads_to_no_map(outlined, browser):
    report = outlined.sent_to("WORKS")

    assert "/laporan/peta" not in browser.get(f"/laporan/{report.number}").text


def test_the_page_says_what_to_do_without_the_script(outlined, browser):
    page = page_of(browser.get("/laporan/peta?kecamatan=64.72.01&status=belum"))

    assert page.select_one("#map").has_attr("hidden")
    assert "Peta perlu JavaScript" in page.select_one("#map-words").text
    back = "/laporan?kecamatan=64.72.01&status=belum"
    assert page.select_one("#map-words a")["href"] == back
    assert page.select_one("#map")["data-points"].endswith("?kecamatan=64.72.01&status=belum")


def test_it_starts_where_the_report_is_told_to_be(outlined, browser):
    report = put(outlined, (-0.55123, 117.05456), anonymous=True)
    page = page_of(browser.get(f"/laporan/peta?laporan={report.number}"))

    latitude, longitude = map(float, page.select_one("#map")["data-start"].split(","))
    assert (round(latitude, 6), round(longitude, 6)) == (-0.551, 117.055)
    for nobody in ("KTA-260999-1", "x", "%00"):
        page = page_of(browser.get(f"/laporan/peta?laporan={nobody}"))
        assert "data-start" not in page.select_one("#map").attrs


def test_a_spot_is_a_published_report(outlined, browser):
    report = put(outlined, title="<b>Lampu</b>")
    (spot,) = spots(browser)

    assert spot["properties"] == {
        "count": 1,
        "title": "<b>Lampu</b>",
        "words": "Belum ditindaklanjuti",
        "band": "not-acted-on",
        "address": f"/laporan/{report.number}",
    }


@pytest.mark.parametrize(
    "flags", [{}, {"confidential": True}, {"about_conduct": True}, {"about_service": True}], ids=str
)
def test_what_is_hidden_is_on_no_map(outlined, browser, flags):
    if flags:
        put(outlined, **flags)
    else:
        outlined.send(point=Point(*IN_WEST))

    for zoom in (0, 8, 14, 18):
        assert spots(browser, f"{WHOLE}&zum={zoom}") == []


def test_what_is_made_rahasia_leaves_the_map(outlined, browser):
    report = put(outlined)
    assert len(spots(browser)) == 1
    hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    outlined.do("coordinator", report, verification.Edit(flags=hide))

    assert spots(browser) == []


def test_what_lies_close_together_is_counted_until_one_comes_nearer(outlined, browser):
    for longitude in (117.0501, 117.0511, 117.0681):
        put(outlined, (-0.55, longitude))

    def counts(zoom):
        return sorted(one["properties"]["count"] for one in spots(browser, f"{WHOLE}&zum={zoom}"))

    assert counts(8) == [3]
    assert counts(13) == [1, 2]
    assert counts(18) == [1, 1, 1]
    assert "title" not in next(one for one in spots(browser, f"{WHOLE}&zum=8"))["properties"]


def test_the_true_place_of_an_anonymous_report_cannot_be_asked_for(outlined, browser):
    """Nor found by many questions: which part of the map is asked of what is told."""
    true = (-0.55123, 117.05456)
    put(outlined, true, anonymous=True)
    (spot,) = spots(browser)
    longitude, latitude = spot["geometry"]["coordinates"]
    assert (latitude, longitude) == (-0.551, 117.055)

    around_the_truth = f"kotak={true[1] - 1e-5},{true[0] - 1e-5},{true[1] + 1e-5},{true[0] + 1e-5}"
    around_what_is_told = "kotak=117.05499,-0.55101,117.05501,-0.55099"
    assert spots(browser, f"{around_the_truth}&zum=18") == []
    assert len(spots(browser, f"{around_what_is_told}&zum=18")) == 1


def test_nor_by_telling_of_something_alike_nearby(outlined, browser):
    """The check page looks around the place that is told as well."""
    words = {"story": "Lubang besar di aspal, motor jatuh.", "place": "di jalan", "opened": ""}
    report = outlined.send(
        story=words["story"], place="Simpang", point=Point(-0.5519, 117.0559), anonymous=True
    )
    outlined.verify(report, "WORKS", title="Lubang aspal", public_text=words["story"])

    def is_offered(latitude, longitude):
        answer = check(browser, **words, latitude=str(latitude), longitude=str(longitude))
        return 'name="ikut"' in answer.text

    # 0.003 around (-0.551, 117.055), and not around the truth.
    assert is_offered(-0.5481, 117.055)
    assert not is_offered(-0.5545, 117.0559)


def test_filters_hold_for_the_map_too(outlined, browser):
    put(outlined)

    assert len(spots(browser, f"{WHOLE}&zum=18&status=belum&opd=WORKS")) == 1
    assert spots(browser, f"{WHOLE}&zum=18&status=selesai") == []
    assert spots(browser, f"{WHOLE}&zum=18&opd=ROADS") == []
    assert len(spots(browser, f"{WHOLE}&zum=18&cari=lampu")) == 1
    assert spots(browser, f"{WHOLE}&zum=18&cari=banjir") == []


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "1e999,0,1,1", "0,0,0,1e6", "%00", "1,2,3,4,5"]
)
def test_a_box_that_is_none_is_refused(outlined, browser, box):
    assert browser.get(f"/laporan/peta.json?kotak={box}").status_code == 400


@pytest.mark.parametrize("zoom", ["-1", "99999999999999999999", "a", ""])
def test_any_zoom_is_answered(outlined, browser, zoom):
    put(outlined)

    assert sum(one["properties"]["count"] for one in spots(browser, f"{WHOLE}&zum={zoom}")) == 1


def test_outlines_are_public_and_kept_for_a_while(outlined, browser):
    answer = browser.get("/laporan/wilayah.json")

    names = [one["properties"]["name"] for one in json.loads(answer.text)["features"]]
    assert names == ["Palaran", "Samarinda Ulu"]
    assert answer.cache_control.max_age == 3600


# ---- tiles ----


def pictures_of(answer) -> set[str]:
    """Where they may come from."""
    rules = answer.headers["Content-Security-Policy"].split(";")
    return set(next(one for one in rules if "img-src" in one).split()[1:])


def test_tiles_are_let_in_on_the_map_alone(app, city, browser, monkeypatch):
    monkeypatch.setitem(app.config, "LAPOR_TILES", read_tiles(TILES))
    page, other = browser.get("/laporan/peta"), browser.get("/laporan")

    assert pictures_of(page) == pictures_of(other) | {"https://peta.contoh.id"}
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page_of(page).select_one("#map")["data-attribution"] == "© Penyumbang"
    assert other.headers["Referrer-Policy"] == "same-origin"


def test_without_tiles_no_other_host_is_let_in(outlined, browser):
    page = browser.get("/laporan/peta")

    assert not any("://" in one for one in pictures_of(page))
    assert page.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "text",
    [
        "http://peta.contoh.id/{z}/{x}/{y}.png|A",
        "https://peta.contoh.id/{z}/{x}.png|A",
        "https://peta.contoh.id/{z}/{x}/{y}.png",
        "https://{s}.contoh.id/{z}/{x}/{y}.png|A",
        "https://a.id; script-src *//{z}/{x}/{y}.png|A",
        "https:///{z}/{x}/{y}.png|A",
        "peta",
    ],
)
def test_a_wrong_setting_is_refused_in_words(text):
    with pytest.raises(UnusableTiles, match="Isi LAPOR_TILES"):
        read_tiles(text)


def test_no_setting_is_none():
    assert read_tiles("") is None
