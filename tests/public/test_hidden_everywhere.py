"""S-49, S-50, S-67: what is hidden is nowhere, and every public address is as if it never was.

Each address is asked before the report comes in and after; the answers must be equal to the letter,
but for what changes with every answer. So nothing has to be thought of that might be looked for.
"""

import re

import pytest
from areas import IN_WEST, WEST, load_areas
from citizens import check
from sqlalchemy import select

from lapor_web.models import Area, Category
from lapor_web.services import follow_up, verification
from lapor_web.services.identity import Identity
from lapor_web.services.places import Point

UNIQUE = "Xylofon"
"""In every word of the hidden report."""
NUMBER = "KTA-260002-5"
BOX = "kotak=116.9,-0.7,117.3,-0.4"
PLACE = "Jalan Antasari Gang 7"
MATTER = f"Lubang {UNIQUE} besar di aspal, motor jatuh"

ADDRESSES = (
    *("/", "/laporan", "/laporan?halaman=2", "/laporan.atom", "/statistik", "/statistik.csv"),
    *("/laporan?kecamatan=64.72.01", "/laporan?status=belum", "/laporan?kategori=JALAN"),
    *("/laporan?opd=WORKS", f"/laporan?cari={UNIQUE}", f"/laporan?cari={NUMBER}"),
    *("/laporan?cari=2600025", "/laporan?cari=260002", "/laporan?cari=Antasari"),
    *("/laporan.atom?opd=WORKS", f"/laporan.atom?cari={UNIQUE}", "/laporan.atom?kategori=JALAN"),
    *("/laporan/peta", f"/laporan/peta?laporan={NUMBER}", "/laporan/wilayah.json"),
    *(f"/laporan/peta.json?{BOX}&zum={zoom}" for zoom in (0, 10, 14, 18)),
    *(f"/laporan/peta.json?{BOX}&zum=18&{more}" for more in ("opd=WORKS", f"cari={UNIQUE}")),
    *(f"/laporan/{NUMBER}", f"/lacak?number={NUMBER}", f"/lacak/{NUMBER}"),
    *(f"/lapor/terkirim/{NUMBER}", "/sitemap.xml", "/robots.txt", "/lampiran/1"),
)


@pytest.fixture
def city(city, tmp_path):
    """With a published report beside the hidden one to come, in all that it will be in."""
    load_areas(city.session, city.agency, tmp_path)
    road = Category(agency_id=city.agency.id, code="JALAN", name="Jalan")
    city.session.add(road)
    city.session.flush()
    report = city.send(story="Lampu mati.", place="Jalan Mawar", point=Point(*IN_WEST))
    city.verify(report, title="Lampu mati", public_text="Lampu mati.", category=road)
    city.do("works", report, follow_up.FollowUp(text="Kami cek."))
    city.road = road
    city.west = city.session.scalars(select(Area).where(Area.code == WEST)).one()
    return city


def send(city, **fields):
    return city.send(
        area_id=city.west.id,
        story=f"{MATTER}.",
        place=f"{PLACE} {UNIQUE}",
        point=Point(*IN_WEST),
        identity=Identity(f"Budi {UNIQUE}", "081234567890"),
        **fields,
    )


def handle(city, report, office="WORKS"):
    """All that an office does with it."""
    named = {"title": f"{MATTER} di Antasari", "public_text": MATTER, "category": city.road}
    city.verify(report, office, **named)
    who = {"WORKS": "works", "AUDIT": "inspector"}[office]
    city.do(who, report, follow_up.FollowUp(text=f"Kami cek {UNIQUE}."))


def confidential(city):
    handle(city, send(city, confidential=True))


def anonymous_and_confidential(city):
    handle(city, send(city, confidential=True, anonymous=True))


def about_conduct(city):
    handle(city, send(city, about_conduct=True), "AUDIT")


def made_confidential(city):
    report = send(city)
    handle(city, report)
    hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    city.do("coordinator", report, verification.Edit(flags=hide))


def about_service(city):
    send(city, about_service=True)


HIDDEN = (
    *(confidential, anonymous_and_confidential, about_conduct, made_confidential, about_service),
)


def answers(browser) -> dict[str, str]:
    found = {address: browser.get(address) for address in ADDRESSES}
    told = {address: f"{one.status_code} {constant(one.text)}" for address, one in found.items()}
    return told | {"check": constant(alike(browser))}


def alike(browser) -> str:
    return check(
        browser,
        story=f"{MATTER} lagi.",
        place=PLACE,
        latitude=str(IN_WEST[0]),
        longitude=str(IN_WEST[1]),
        opened="",
    ).text


def constant(text: str) -> str:
    """Without what is another in every answer."""
    text = re.sub(r'nonce="[^"]+"', "", text)
    return re.sub(r'name="(csrf_token|key|opened)"[^>]*value="[^"]*"', "", text)


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_every_public_answer_is_as_if_it_never_was(city, browser, hide):
    before = answers(browser)
    hide(city)
    after = answers(browser)

    assert {address for address in before if before[address] != after[address]} == set()
    # The one thing that comes back is what was asked for.
    for address, text in after.items():
        assert UNIQUE not in text or UNIQUE in address or address == "check"


def test_the_sweep_sees_what_is_published(city, browser):
    """Were it not hidden, nearly every one of these addresses would tell of it."""
    before = answers(browser)
    handle(city, send(city))
    after = answers(browser)
    changed = {address for address in before if before[address] != after[address]}

    unmoved = {
        "/laporan?halaman=2",
        "/laporan?status=belum",
        "/laporan/wilayah.json",
        "/laporan/peta",
        *(f"/lacak?number={NUMBER}", f"/lacak/{NUMBER}", f"/lapor/terkirim/{NUMBER}"),
        *("/sitemap.xml", "/robots.txt", "/lampiran/1"),
    }
    assert set(before) - changed <= unmoved


@pytest.mark.parametrize("who", ["anonymous", "not anonymous"])
def test_no_public_answer_names_a_reporter(city, browser, who):
    """S-50: page, source, JSON, feed, preview."""
    report = city.send(
        identity=Identity(f"Budi {UNIQUE}", "081234567890", "xylofon@contoh.id"),
        anonymous=who == "anonymous",
        point=Point(*IN_WEST),
    )
    city.verify(report, category=city.road, public_text="Lampu mati.")

    for address in (*ADDRESSES, f"/laporan/{report.number}"):
        text = browser.get(address).text
        if UNIQUE not in address:
            assert not re.search(f"{UNIQUE}|81234|contoh.id", text, re.IGNORECASE), address
