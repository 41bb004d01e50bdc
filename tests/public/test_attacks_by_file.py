"""S-17 to S-28 of the attacks: files that are not what they say, through both doors for photos.

Whichever way a file comes, by the form or in pieces, its content decides, and what was written stays.
"""

import io
import struct
import zipfile

import picture_files
import pytest
from browser import Browser, page_of
from citizens import STORY, check, errors_of, send
from PIL import Image
from sqlalchemy import select
from test_uploads import Sender

from lapor_web import city as this_city
from lapor_web.models import Attachment, Report
from lapor_web.services.attachment_work import prepare

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


def zipped(name: str = "besar.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(3_000_000))
    return out.getvalue()


def gif_that_is_a_script() -> bytes:
    return b"GIF89a/*" + struct.pack("<HH", 1, 1) + b"*/=1;alert(1)//" + picture_files.gif()


REFUSED = {
    "S-17 svg": ("a.svg", SVG, "bukan foto"),
    "S-17 svg as jpg": ("a.jpg", SVG, "bukan foto"),
    "S-19 gif that is a script": ("a.gif", gif_that_is_a_script(), "bukan foto"),
    "S-20 400 megapixels": (
        "a.png",
        picture_files.png_that_claims(20_000, 20_000),
        "terlalu besar",
    ),
    "S-21 zip": ("a.zip", zipped(), "bukan foto"),
    "S-21 docx": ("a.docx", zipped("word/document.xml"), "bukan foto"),
    "S-23 nothing": ("a.jpg", b"", "kosong"),
    "S-23 half a photo": ("a.jpg", picture_files.jpeg()[:300], "tidak dapat dibuka"),
    "S-23 text": ("a.jpg", b"hanya tulisan", "bukan foto"),
}
TAKEN = {
    "S-18 page behind a photo": ("a.jpg", picture_files.jpeg() + b"<html>" + SCRIPT),
    "S-18 page in a photo's comment": ("a.jpg", picture_files.jpeg(comment=SCRIPT)),
    "S-19 zip behind a photo": ("a.jpg", picture_files.jpeg() + zipped()),
    "S-25 place and maker": ("a.jpg", picture_files.talkative_jpeg()),
    "S-25 place in a HEIC": ("a.heic", picture_files.HEIC),
}
PAPERS = {
    "S-22 pdf that opens a script": picture_files.pdf(),
    "S-28 EICAR": rb"%PDF-1.4 X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    b"\n%%EOF\n",
}


@pytest.fixture
def sender(browser, city, db) -> Sender:
    send(browser)
    return Sender(browser, db.session.scalars(select(Report.number)).one())


@pytest.mark.parametrize("attack", REFUSED)
def test_by_the_form_it_is_named_and_the_words_are_kept(browser, city, db, attack):
    name, content, why = REFUSED[attack]
    answer = check(browser, photos=[(io.BytesIO(content), name)])

    assert answer.status_code == 422
    assert errors_of(answer)[0].startswith(name)
    assert why in errors_of(answer)[0]
    assert page_of(answer).textarea.text.strip() == STORY
    assert db.session.scalars(select(Attachment)).all() == []


@pytest.mark.parametrize("attack", REFUSED)
def test_in_pieces_it_is_named_and_nothing_is_left(sender, db, attack):
    name, content, why = REFUSED[attack]
    answer = sender.put(content, name) if content else sender.begin(0, name)

    assert answer.status_code == 422
    assert why in answer.text
    assert db.session.scalars(select(Attachment)).all() == []


@pytest.mark.parametrize("attack", TAKEN)
@pytest.mark.parametrize("size", ["", "?ukuran=kecil"])
def test_of_a_photo_only_what_we_drew_is_served(sender, db, attack, size):
    name, content = TAKEN[attack]
    sender.put(content, name)
    photo = db.session.scalars(select(Attachment)).one()
    prepare(db.session(), photo.id, keys=this_city.keys(), storage=this_city.storage())
    answer = sender.browser.get(f"/lampiran/{photo.id}{size}")
    drawn = Image.open(io.BytesIO(answer.data))

    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "image/jpeg"
    assert b"<script" not in answer.data
    assert b"PK\x03\x04" not in answer.data
    assert picture_files.SECRET.encode() not in answer.data
    assert not drawn.getexif()
    assert set(drawn.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


@pytest.mark.parametrize("attack", PAPERS)
def test_a_paper_is_saved_and_never_opened_in_our_name(sender, db, attack):
    sender.put(PAPERS[attack], "surat.pdf")
    paper = db.session.scalars(select(Attachment)).one()
    answer = sender.browser.get(f"/lampiran/{paper.id}")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


NAMES = (
    "../../etc/passwd",
    "..\\x.jpg",
    "a.jpg\x00.php",
    ".htaccess",
    "CON",
    "x" * 300,
    "=cmd()",
    '"><script>alert(1)</script>.jpg',
    "",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_and_names_no_file_of_ours(sender, db, name):
    """S-24."""
    sender.put(picture_files.jpeg(), name)
    photo = db.session.scalars(select(Attachment)).one()
    page = page_of(sender.browser.get(sender.address.removesuffix("/foto")))

    assert photo.original_blob.isalnum()
    assert "/" not in photo.original_name
    assert "\x00" not in photo.original_name
    assert 0 < len(photo.original_name) <= 200
    assert page.main.script is None


@pytest.mark.parametrize("count", [11, 30])
def test_more_files_than_we_take_are_refused_with_the_limit(browser, city, count):
    """S-26."""
    files = [(io.BytesIO(picture_files.jpeg(quality=at + 40)), f"{at}.jpg") for at in range(count)]

    assert "Paling banyak 5 foto" in errors_of(check(browser, photos=files))
    assert "paling banyak 5" in page_of(Browser(browser.app).get("/lapor")).text
