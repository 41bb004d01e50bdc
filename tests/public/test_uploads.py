"""Photos in pieces (tus 1.0): what was sent is kept, and nobody else's hands reach it."""

import base64
import datetime as dt
import io
import itertools

import picture_files
import pytest
from browser import OWN, Browser
from citizens import check, errors_of, png, send
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_city import NOW
from sqlalchemy import delete, func, select

from lapor_web import body_size
from lapor_web import city as this_city
from lapor_web.models import Attachment, FileUpload, Report, UploadPiece
from lapor_web.services import attachments, uploads
from lapor_web.services.conversation import Erase, Reply

PHOTO = picture_files.talkative_jpeg()
PIECE = 32 * 1024


class Sender:
    """A tus client of one browser, which has sent a report."""

    def __init__(self, browser: Browser, number: str):
        self.browser, self.address = browser, f"/lacak/{number}/foto"

    def ask(self, method: str, address: str = "", data: bytes = b"", **headers: str | None):
        sent = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.browser.token(), **OWN}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value is not None}
        address = address or self.address
        return self.browser.open(address, method=method, data=data, headers=kept)

    def begin(self, size: int, name: str = "lubang.jpg", **more: str):
        named = {"filename": name, **more}
        about = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in named.items()
        )
        return self.ask("POST", Upload_Length=str(size), Upload_Metadata=about)

    def patch(self, address: str, offset: int, data: bytes, **headers: str | None):
        kind = {"Content_Type": "application/offset+octet-stream"}
        return self.ask("PATCH", address, data, Upload_Offset=str(offset), **kind | headers)

    def put(self, data: bytes, name: str = "lubang.jpg", size: int = PIECE):
        """All of it, in pieces; the last answer."""
        address = self.begin(len(data), name).location
        for at in range(0, len(data), size):
            answer = self.patch(address, at, data[at : at + size])
        return answer


@pytest.fixture
def sender(browser, city, db) -> Sender:
    send(browser)
    return Sender(browser, db.session.scalars(select(Report.number)).one())


@pytest.fixture
def other(app, sender) -> Sender:
    """Somebody else, who sent a report too."""
    browser = Browser(app)
    send(browser, story="Pohon tumbang menutup jalan sejak pagi.")
    return Sender(browser, sender.address.split("/")[2])


def taken(db) -> list[Attachment]:
    return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


def test_what_it_can_do_is_told_to_anybody(sender):
    answer = sender.ask("OPTIONS", Tus_Resumable=None)

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"
    assert answer.headers["Tus-Max-Size"] == str(8 * 1024 * 1024)


def test_a_photo_in_pieces_becomes_an_attachment_of_the_report(sender, db):
    begun = sender.begin(len(PHOTO), "jalan rusak.jpg")
    cut = len(PHOTO) // 2
    first = sender.patch(begun.location, 0, PHOTO[:cut])
    asked = sender.ask("HEAD", begun.location)
    last = sender.patch(begun.location, cut, PHOTO[cut:])
    photo = taken(db)[0]

    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    assert begun.headers["Upload-Expires"] == "Tue, 10 Nov 2026 01:00:00 GMT"
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(cut))
    assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, str(cut))
    assert asked.headers["Upload-Length"] == str(len(PHOTO))
    assert asked.headers["Cache-Control"] == "no-store"
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert (photo.original_name, photo.size, photo.by_reporter) == (
        "jalan rusak.jpg",
        len(PHOTO),
        True,
    )
    assert photo.history_sequence is None
    assert db.session.scalar(select(func.count()).select_from(UploadPiece)) == 0


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=st.lists(st.integers(1, len(PHOTO) - 1), max_size=6), told=st.data())
def test_however_it_is_cut_the_same_bytes_arrive(sender, db, cuts, told):
    """Pieces of any size, some of whose answers are lost: the sender asks where it stands."""
    db.session.execute(delete(Attachment))
    address = sender.begin(len(PHOTO), f"{told.draw(st.uuids())}.jpg").location
    for start, end in itertools.pairwise(sorted({0, *cuts, len(PHOTO)})):
        sender.patch(address, start, PHOTO[start:end])
        if told.draw(st.booleans()):
            again = sender.patch(address, start, PHOTO[start:end])
            assert again.status_code == 409
            assert sender.ask("HEAD", address).headers["Upload-Offset"] == str(end)

    tools = {"keys": this_city.keys(), "storage": this_city.storage()}
    assert attachments.read(taken(db)[-1], attachments.Copy.ORIGINAL, **tools) == PHOTO


def test_pieces_lie_sealed(sender, db):
    address = sender.begin(len(PHOTO)).location
    sender.patch(address, 0, PHOTO[:-1])

    lying = b"".join(db.session.scalars(select(UploadPiece.sealed)))

    assert len(lying) > len(PHOTO) - 1
    assert PHOTO[:16] not in lying


def test_asked_twice_for_the_same_it_is_one(sender):
    first = sender.begin(len(PHOTO), id="a7")
    sender.patch(first.location, 0, PHOTO[:100])
    again = sender.begin(len(PHOTO), id="a7")
    another = sender.begin(len(PHOTO), id="a8")

    assert (again.location, again.headers["Upload-Offset"]) == (first.location, "100")
    assert another.location != first.location


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PATCH", {"Tus_Resumable": None}, 412),
        ("PATCH", {"Tus_Resumable": "0.2.0"}, 412),
        ("PATCH", {"Content_Type": "image/jpeg"}, 415),
        ("PATCH", {"Upload_Offset": "-1"}, 400),
        ("PATCH", {"Upload_Offset": None}, 400),
        ("PATCH", {"Upload_Offset": "7"}, 409),
        ("PATCH", {"X_CSRFToken": None}, 403),
        ("PATCH", {"Origin": "https://evil.test"}, 403),
        ("DELETE", {"X_CSRFToken": None}, 403),
        ("GET", {}, 405),
        ("POST", {}, 400),
        ("POST", {"X_HTTP_Method_Override": "PUT"}, 400),
    ],
)
def test_what_does_not_speak_the_protocol_changes_nothing(sender, db, method, headers, status):
    address = sender.begin(len(PHOTO)).location
    usual = {"Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
    answer = sender.ask(method, address, PHOTO[:9], **usual | headers)

    assert answer.status_code == status
    assert sender.ask("HEAD", address).headers["Upload-Offset"] == "0"


def test_a_network_that_lets_only_post_through(sender):
    address = sender.begin(len(PHOTO)).location
    kind = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": "0"}
    sent = sender.ask("POST", address, PHOTO, X_HTTP_Method_Override="PATCH", **kind)

    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(len(PHOTO)))


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_nobody_else_can_reach_it(sender, other, app, method):
    address = sender.begin(len(PHOTO)).location
    headers = {"Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
    for stranger in (other, Sender(Browser(app), "x")):
        assert stranger.ask(method, address, b"x", **headers).status_code == 404
        assert stranger.begin(9).status_code == 404

    assert sender.ask("HEAD", address).headers["Upload-Offset"] == "0"


def test_an_upload_of_another_report_is_not_found_in_ones_own(sender, other):
    upload_id = sender.begin(len(PHOTO)).location.rsplit("/", 1)[1]
    number = next(iter(other.browser.kept()["sent"]))

    assert other.ask("HEAD", f"/lacak/{number}/foto/{upload_id}").status_code == 404


def test_it_can_be_stopped_until_it_is_whole(sender, db):
    address = sender.begin(len(PHOTO)).location
    sender.patch(address, 0, PHOTO[:50])
    stopped = sender.ask("DELETE", address)
    whole = sender.begin(len(PHOTO)).location
    sender.patch(whole, 0, PHOTO)

    assert stopped.status_code == 204
    assert sender.ask("HEAD", address).status_code == 404
    assert sender.ask("DELETE", whole).status_code == 403
    assert len(taken(db)) == 1


def test_after_a_day_it_is_gone(sender, db, at):
    address = sender.begin(len(PHOTO)).location
    sender.patch(address, 0, PHOTO[:50])
    at(NOW + dt.timedelta(hours=11))
    assert sender.ask("HEAD", address).status_code == 200
    uploads.remove_expired(db.session(), NOW + dt.timedelta(days=1))

    assert db.session.scalar(select(func.count()).select_from(FileUpload)) == 0
    assert db.session.scalar(select(func.count()).select_from(UploadPiece)) == 0


# ---- limits ----


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (
            b"no picture at all",
            "catatan.jpg",
            422,
            "catatan.jpg bukan foto. Pilih JPG, PNG, atau HEIC",
        ),
        (b"<svg onload=alert(1)>", "<b>.svg", 422, "<b>.svg bukan foto. Pilih JPG, PNG, atau HEIC"),
        (PHOTO[: len(PHOTO) // 2], "x.jpg", 422, "x.jpg tidak dapat dibuka. Pilih foto lain"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_content_and_gone(
    sender, db, content, name, status, words
):
    answer = sender.put(content, name)

    assert (answer.status_code, answer.text) == (status, words)
    assert answer.mimetype == "text/plain"
    assert taken(db) == []
    assert db.session.scalar(select(func.count()).select_from(FileUpload)) == 0


@pytest.mark.parametrize(
    ("size", "status"),
    [("0", 422), (str(8 * 1024 * 1024 + 1), 413), ("9" * 30, 400), ("many", 400), ("-1", 400)],
)
def test_the_length_is_looked_at_first(sender, size, status):
    assert sender.ask("POST", Upload_Length=size).status_code == status


def test_more_than_was_said_is_refused(sender):
    address = sender.begin(10).location

    assert sender.patch(address, 0, PHOTO[:11]).status_code == 413


def test_a_body_beyond_all_limits_is_not_read(sender):
    address = sender.begin(8 * 1024 * 1024).location
    answer = sender.patch(address, 0, b"x" * (8 * 1024 * 1024 + 1))

    assert answer.status_code == 413


def test_a_whole_file_in_one_go_is_kept_in_small_pieces(sender, db):
    address = sender.begin(PIECE * 2 + 100).location
    sender.patch(address, 0, b"x" * (PIECE * 2 + 99))

    assert db.session.scalar(select(func.count()).select_from(UploadPiece)) == 3


def test_what_arrived_before_the_cut_is_kept(sender):
    address = sender.begin(PIECE * 3).location
    cut = {"CONTENT_LENGTH": str(PIECE * 2), "wsgi.input": io.BytesIO(b"x" * (PIECE + 7))}
    sender.browser.open(
        address,
        method="PATCH",
        headers={
            "Tus-Resumable": "1.0.0",
            "X-CSRFToken": sender.browser.token(),
            "Upload-Offset": "0",
            **OWN,
        },
        content_type="application/offset+octet-stream",
        environ_overrides=cut,
    )

    assert sender.ask("HEAD", address).headers["Upload-Offset"] == str(PIECE + 7)


def test_five_files_are_enough_those_on_their_way_among_them(sender):
    for number in range(3):
        sender.put(PHOTO + bytes([number]), f"{number}.jpg")
    on_their_way = [sender.begin(len(PHOTO)) for _ in range(3)]

    assert [one.status_code for one in on_their_way] == [201, 201, 422]
    assert on_their_way[-1].text == "Paling banyak 5 foto"


def test_one_address_cannot_fill_the_storage(sender, monkeypatch):
    monkeypatch.setattr(uploads, "OF_AN_ADDRESS", 3 * len(PHOTO))
    answers = [sender.begin(len(PHOTO)) for _ in range(4)]

    assert [one.status_code for one in answers] == [201, 201, 201, 429]
    assert answers[-1].headers["Retry-After"] == "3600"


# ---- which words they follow ----


def test_photos_follow_the_newest_words_of_the_reporter(sender, city, db):
    report = db.session.scalars(select(Report)).one()
    city.do("reporter", report, Reply("Ini fotonya."))
    sender.put(PHOTO)

    assert taken(db)[0].history_sequence == report.version


def test_late_photos_come_with_words_of_their_own(sender, at, db):
    at(NOW + dt.timedelta(hours=6))
    sender.browser.get(sender.address.removesuffix("/foto"))  # is still at it
    at(NOW + dt.timedelta(hours=25 - 8))
    sender.browser.get(sender.address.removesuffix("/foto"))
    at(NOW + dt.timedelta(hours=25))
    answer = sender.begin(len(PHOTO), "lubang.jpg")

    assert answer.status_code == 422
    assert answer.text == "Tulis keterangan baru, lalu sertakan lubang.jpg"


def test_an_erasure_takes_what_is_on_its_way_and_lets_nothing_more_in(sender, city, db):
    address = sender.begin(len(PHOTO)).location
    report = db.session.scalars(select(Report)).one()
    city.do("reporter", report, Erase())

    assert sender.ask("HEAD", address).status_code == 404
    assert sender.begin(len(PHOTO)).status_code in {404, 422}


# ---- photos of forms that are not sent ----


def test_forms_that_are_never_sent_cannot_fill_the_storage(browser, city, monkeypatch):
    monkeypatch.setattr(attachments, "WAITING_OF_AN_ADDRESS", 100)
    answer = check(browser, photos=[png("satu.png"), png("dua.png")])

    assert answer.status_code == 422
    assert errors_of(answer) == [
        "Sedang banyak foto yang masuk. Kirim dulu tanpa foto. Foto bisa menyusul"
    ]


def test_where_it_came_from_is_forgotten_with_the_report(browser, city, db):
    send(browser, photos=[png()])
    photo = taken(db)[0]

    assert photo.report_id is not None
    assert photo.address_hash is None


def test_only_the_views_that_say_so_take_a_large_body(app):
    large = {
        name for name, view in app.view_functions.items() if getattr(view, "takes_pieces", False)
    }

    assert large == {"public.send_piece"}
    assert body_size.WITHOUT_FILES < 8 * 1024 * 1024


def test_what_is_no_number_is_nobodys(sender):
    """S-06: the database is never asked for it."""
    assert sender.ask("HEAD", "/lacak/%00/foto/x").status_code == 404
