"""What search engines are told: public pages and published reports, and nothing of the others."""

from xml.etree import ElementTree as xml  # our own answer

from lapor_web.public.robots import SITEMAP


def named(browser) -> list[str]:
    answer = browser.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    return [one.text for one in xml.fromstring(answer.data).iter(f"{{{SITEMAP}}}loc")]  # noqa: S314


def test_they_are_kept_from_pages_of_one_person(browser, city):
    told = browser.get("/robots.txt")

    assert told.mimetype == "text/plain"
    assert {"Disallow: /l/", "Disallow: /kotak-masuk"} <= set(told.text.splitlines())
    assert told.text.splitlines()[-1].endswith("/sitemap.xml")


def test_the_map_of_the_site_names_what_everybody_may_read(browser, city):
    published, hidden = city.sent_to("WORKS"), city.sent_to("WORKS", confidential=True)
    waiting = city.send()
    addresses = named(browser)

    assert [one for one in addresses if one.endswith(f"/laporan/{published.number}")]
    for report in (hidden, waiting):
        assert not [one for one in addresses if report.number in one]
    for address in addresses:
        path = address.removeprefix("http://localhost")
        assert browser.get(path).status_code == 200, path
