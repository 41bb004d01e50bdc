"""A tus client that somebody else wrote sends a photo to a server that is really there."""

import io

import picture_files
import pytest
import requests
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import select
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from lapor_web import city as this_city
from lapor_web.extensions import db
from lapor_web.models import Attachment
from lapor_web.services.attachments import Copy, read

STORY = "Lubang besar di depan Gang 7, sudah sebulan."


@pytest.fixture
def phone(served_city):
    """A browser that has sent a report: its session, and the tus client that shares it."""
    with requests.Session() as session:
        session.headers["Origin"] = served_city.url
        page = BeautifulSoup(session.get(f"{served_city.url}/lapor").text, "html.parser")
        fields = {
            one["name"]: one.get("value", "") for one in page.select("form input[type=hidden]")
        }
        fields |= {"story": STORY, "place": "Jalan Antasari"}
        sent = session.post(f"{served_city.url}/lapor/kirim", fields)
        assert sent.status_code == 200
        number = sent.url.rsplit("/", 1)[1]
        cookies = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
        headers = {"Cookie": cookies, "X-CSRFToken": fields["csrf_token"]}
        yield TusClient(f"{served_city.url}/lacak/{number}/foto", headers)


def noise(side: int = 400) -> bytes:
    """A photo that does not compress: some hundred kilobytes."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def uploader(phone: TusClient, content: bytes, **settings):
    return phone.uploader(
        file_stream=io.BytesIO(content), metadata={"filename": "lubang.jpg"}, **settings
    )


def test_it_uploads_pauses_and_resumes(served_city, phone):
    content = noise()
    first = uploader(phone, content, chunk_size=20_000)
    first.upload(stop_at=45_000)
    second = uploader(phone, content, chunk_size=30_000, url=first.url)

    assert 0 < second.get_offset() < len(content)
    second.upload()
    with served_city.app.app_context():
        photo = db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
        tools = {"keys": this_city.keys(), "storage": this_city.storage()}
        assert read(photo, Copy.ORIGINAL, **tools) == content


def test_it_sends_a_whole_file_in_one_go(phone):
    content = picture_files.talkative_jpeg()
    one = uploader(phone, content)
    one.upload()

    assert one.get_offset() == len(content)


def test_it_is_told_why_not(phone):
    with pytest.raises(TusCommunicationError) as refused:
        uploader(phone, b"no picture").upload()

    assert refused.value.status_code == 422
    assert "bukan foto" in str(refused.value.response_content)
