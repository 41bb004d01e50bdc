"""Mails as they really come: broken, quoted, in HTML, by machines, sent back."""

import os
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import mail, returned

from lapor_web.services.mail_reading import LONGEST_TEXT, read_mail
from lapor_web.services.mail_text import said_in, text_of_html


def read(message: EmailMessage):
    return read_mail(message.as_bytes())


def test_a_plain_mail():
    got = read(mail("Lampu mati\r\nsejak Senin"))

    assert (got.sender, got.subject) == ("budi.warga@contoh.id", "Lampu jalan")
    assert (got.text, got.event_id, got.automatic) == (
        "Lampu mati\nsejak Senin",
        "satu@contoh.id",
        False,
    )


@pytest.mark.parametrize("mark", ["Re: ", "RE: Fwd: ", "Bls: ", "re : Balas: "])
def test_marks_of_an_answer_are_no_subject(mark):
    assert read(mail(Subject=f"{mark}Lampu jalan")).subject == "Lampu jalan"


ANSWERED = "1\n\n"
QUOTES = {
    "gmail": "Pada tanggal Sen, 9 Nov 2026 pukul 09.00 Lapor Kota <lapor@kota.id>\nmenulis:\n\n> Dinas menyatakan selesai.\n",
    "gmail in one line": "Pada Sen, 9 Nov 2026 09.00 Lapor Kota <lapor@kota.id> menulis:\n> Selesai.\n",
    "english": "On Mon, 9 Nov 2026 at 09:00, Lapor Kota <lapor@kota.id> wrote:\n\n> Selesai.\n",
    "name": "Lapor Kota <lapor@kota.id> menulis:\n> Selesai.\n",
    "outlook": "________________________________\nDari: Lapor Kota <lapor@kota.id>\nDikirim: Senin\nKepada: Budi\nPerihal: Kabar\n\nSelesai.\n",
    "outlook without a line": "From: Lapor Kota <lapor@kota.id>\nSent: Monday\nTo: Budi\nSubject: Kabar\n\nSelesai.\n",
    "original": "-----Original Message-----\nFrom: Lapor Kota\n\nSelesai.\n",
    "signature": "-- \nBudi Warga\nDirektur CV Maju\n",
    "phone": "Dikirim dari iPhone saya\n\n> Selesai.\n",
}


@pytest.mark.parametrize("kind", QUOTES)
def test_what_is_quoted_or_signed_was_not_said(kind):
    assert said_in(ANSWERED + QUOTES[kind]) == "1"


def test_an_answer_below_the_quote_is_one_too():
    assert said_in(f"{QUOTES['gmail']}\nBelum beres\n") == "Belum beres"
    assert said_in("> Selesai?\n\nBelum\n") == "Belum"


@pytest.mark.parametrize(
    "text",
    [
        "Dari: Pasar Segiri sampai Jalan Antasari macet",
        "Pada hari Senin lampu mati, lalu menyala",
        "Pada surat tertulis: harap lapor",
        "> hanya kutipan",
    ],
)
def test_what_only_looks_like_a_quote_is_kept(text):
    assert said_in(text)


def test_html_alone_is_read_as_text():
    html = (
        "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Lampu&nbsp;mati"
        "<br>sejak <b>Senin</b></p><script>alert(1)</script><div>Jalan &lt;Mawar&gt;</div>"
        "<blockquote><div>Kata kami</div></blockquote></body></html>"
    )

    assert read(mail("", html=html)).text == "Lampu mati\nsejak Senin\n\nJalan <Mawar>"
    assert text_of_html("<div>" * 50_000 + "dalam") == "dalam"


def test_plain_text_is_preferred():
    assert read(mail("Yang ini", html="<p>Bukan ini</p>")).text == "Yang ini"


def test_pictures_come_along_and_logos_do_not():
    message = mail()
    big, small = os.urandom(9000), b"\x89PNG tiny"
    message.add_attachment(big, maintype="image", subtype="jpeg", filename="../a  b.jpg")
    message.add_attachment(
        small, maintype="image", subtype="png", disposition="inline", cid="<logo>", filename="l.png"
    )
    message.add_attachment(
        big, maintype="image", subtype="jpeg", disposition="inline", cid="<foto>"
    )
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="surat.pdf")
    got = read(message)

    assert [(one.name, len(one.data)) for one in got.uploads] == [
        ("../a b.jpg", 9000),
        ("foto", 9000),
        ("surat.pdf", 8),
    ]
    assert got.text == "Lampu mati"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=vacation"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"List_Id": "<warga.contoh.id>"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@contoh.id"},
        {"From": "Toko <no-reply@toko.id>"},
        {"From": "bounces+123@toko.id"},
    ],
)
def test_machines_are_known_by_what_they_say(headers):
    assert read(mail(**headers)).automatic


def test_people_are_not_taken_for_machines():
    assert not read(mail(Auto_Submitted="no", Return_Path="<budi@contoh.id>")).automatic
    assert not read(mail(From="norelia@contoh.id")).automatic


def test_of_two_authors_none_is_answered():
    assert read(mail(From="a@contoh.id, b@contoh.id")).sender == ""


def test_what_it_answers():
    got = read(mail(In_Reply_To="<k1@lapor.id>", References="<k0@lapor.id> <k1@lapor.id>"))

    assert got.answers == ("k1@lapor.id", "k0@lapor.id", "k1@lapor.id")


@pytest.mark.parametrize(
    ("action", "status", "for_ever"),
    [("failed", "5.1.1", True), ("delayed", "4.4.7", False), ("failed", "4.4.7", False)],
)
def test_a_mail_that_came_back(action, status, for_ever):
    got = read_mail(returned(action, status))

    assert got.automatic
    assert got.bounce is not None
    assert (got.bounce.message_ids, got.bounce.for_ever) == (("kunci@lapor.id",), for_ever)


BROKEN = (
    b"",
    b"\x00",
    b"no header at all",
    b"From: \xff\xfe\r\nSubject: =?utf-8?b?!!!?=\r\n\r\n\xff",
    b"From: =?x-unknown?q?a?= <a@b.id>\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhalo",
    b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\n" * 2000,
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
    b"From: a@b.id\r\n" + b"X: y\r\n" * 20_000 + b"\r\nhalo",
    b"From: <" + b"(" * 20_000 + b"\r\n\r\nhalo",
    b"Content-Type: image/png; name*0*=utf-8''%ff; name*2=\"x\"\r\n\r\nx",
    b"From: a@b.id\r\nSubject: " + b"=?utf-8?q?" + b"x" * 100_000 + b"?=\r\n\r\nhalo",
    b"From: a@b.id\r\nIn-Reply-To: <a\x00b@c>\r\n\r\nhalo",
)


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_what_is_broken_is_read_as_far_as_it_can_be(raw):
    got = read_mail(raw)

    assert got.event_id
    assert "\x00" not in "".join((got.text, got.subject, got.sender, *got.answers))
    assert len(got.text) <= LONGEST_TEXT


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_nothing_at_all_breaks_it(noise, in_headers):
    head = b"From: a@b.id\r\nContent-Type: multipart/mixed; boundary=x\r\n"
    read_mail(head + noise if in_headers else head + b"\r\n--x\r\n" + noise)
