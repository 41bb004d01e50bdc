"""The texts of ux.md 7.3, letter by letter, and that each fits into one SMS."""

import datetime as dt
from dataclasses import replace

import pytest

from lapor_web.letters import words
from lapor_web.letters.gsm7 import places, shorten, to_gsm7
from lapor_web.letters.page import fit, say
from lapor_web.letters.to_reporter import choose_words, values_of
from lapor_web.models import ArchiveReason, FinishMode, MessageKind
from lapor_web.services.news import News

LINK = "https://lapor.samarindakota.go.id/l/Ab3dE5gH1j"
BASE = News(
    kind=MessageKind.RECEIVED,
    number="SMR-260482-7",
    hidden=False,
    office="Dinas PUPR",
    due_on=dt.date(2026, 11, 20),
)
ANSWER = (
    "Tim kami sudah ke lokasi pagi ini dan menambal lubang di depan pasar, lalu memasang rambu"
    " supaya pengendara pelan. Sisanya dikerjakan minggu depan."
)
LONGEST_OFFICE = "Kelurahan Harapan Baru"
WANTED = {
    "received": (
        {"due_on": dt.date(2026, 11, 17)},
        "Lapor Samarinda: laporan SMR-260482-7 kami terima dan diperiksa paling lambat"
        " Selasa 17 Nov. Pantau: {link}",
    ),
    "forwarded": (
        {},
        "Laporan SMR-260482-7 diteruskan ke Dinas PUPR. Jawaban paling lambat Jumat 20 Nov. {link}",
    ),
    "answered": (
        {"words": ANSWER},
        "Dinas PUPR menjawab laporan SMR-260482-7: Tim kami sudah ke lokasi pagi ini dan menambal lubang..."
        " Baca lengkap: {link}",
    ),
    "needs_completion": (
        {"words": "Nomor rumah berapa?"},
        "Laporan SMR-260482-7 perlu keterangan: Nomor rumah berapa? Balas SMS ini atau buka {link}",
    ),
    "overdue": (
        {},
        "Laporan SMR-260482-7 lewat tenggat. Hari ini kami mengingatkan Dinas PUPR dan atasannya."
        " {link}",
    ),
    "completion_proposed": (
        {},
        "Dinas PUPR menyatakan laporan SMR-260482-7 selesai. Balas 1 bila beres, 2 bila belum."
        " {link}",
    ),
    "finished": (
        {"finish_mode": FinishMode.AUTOMATIC, "silence_days": 10},
        "Laporan SMR-260482-7 dianggap selesai karena 10 hari kerja tanpa tanggapan."
        " Belum beres? Buka lagi: {link}",
    ),
    "outside_authority": (
        {"belongs_to": "Pemprov Kaltim"},
        "Laporan SMR-260482-7 bukan wewenang Pemkot, melainkan Pemprov Kaltim."
        " Cara melapor ke sana: {link}",
    ),
    "merged": (
        {"parent": "SMR-260101-4"},
        "Laporan SMR-260482-7 digabung dengan SMR-260101-4 karena tempatnya sama."
        " Kabar tetap Anda terima. {link}",
    ),
    "archived": (
        {"archive_reason": ArchiveReason.NOT_COMPLETED},
        "Laporan SMR-260482-7 ditutup: data tidak dilengkapi sampai batas waktu."
        " Keberatan satu kali: {link}",
    ),
}


def sms(news: News) -> str:
    chosen = choose_words(news)
    values = values_of(news) | {"link": LINK, "service": "Lapor Samarinda"}
    return say(chosen.sms, fit(chosen.sms, values))


@pytest.mark.parametrize("kind", WANTED)
def test_each_text_is_what_the_specification_says(kind):
    fields, wanted = WANTED[kind]

    text = sms(replace(BASE, kind=MessageKind(kind), **fields))

    assert text == wanted.format(link=LINK)
    assert places(text) <= 160
    assert to_gsm7(text) == text


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("kind", list(words.TO_REPORTER))
def test_the_longest_names_still_fit_with_the_link_whole(kind, followed, hidden):
    news = replace(
        BASE,
        kind=kind,
        number="SMR-26123456-7",
        office=LONGEST_OFFICE * 2,
        words=ANSWER * 3 + " “–…” \N{GRINNING FACE}",
        belongs_to="Balai Besar Pelaksanaan Jalan Nasional Kalimantan Timur " * 2,
        parent="SMR-26123457-5",
        archive_reason=ArchiveReason.NOT_RELEVANT,
        followed=followed,
        hidden=hidden,
    )

    for variant in (news, replace(news, due_on=None), replace(news, withdrawn=True)):
        text = sms(variant)
        assert places(text) <= 160, text
        assert to_gsm7(text) == text
        assert LINK in text


def test_no_subject_names_a_title_and_a_neutral_one_no_number():
    for chosen in (*words.TO_REPORTER.values(), *words.TO_OFFICER.values()):
        assert "{title}" not in chosen.subject
    for neutral in (words.NEUTRAL, words.TO_OFFICER_NEUTRAL):
        for text in (neutral.subject, neutral.lead):
            assert "{number}" not in text
            assert "{office}" not in text


def test_words_that_the_service_never_says():
    never = ("mohon", "maaf", "silakan", "wajib diisi", "tidak valid", "gagal")
    said = [
        value
        for table in (words.TO_REPORTER, words.TO_OFFICER, words.FOLLOWED)
        for one in table.values()
        for value in (one.sms, one.subject, one.lead, one.button)
    ]
    assert not [text for text in said for word in never if word in text.lower()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“Jalan” – rusak…", '"Jalan" - rusak...'),
        ("café", "café"),
        ("ñ ē ŝ", "ñ e s"),
        ("baik \N{GRINNING FACE}\u202e\u200b", "baik "),
        ("[a]", "[a]"),
    ],
)
def test_what_gsm_cannot_say_is_said_otherwise(text, said):
    assert to_gsm7(text) == said


def test_brackets_take_two_places_and_words_are_cut_whole():
    assert places("[a]") == 5
    assert shorten("satu dua tiga empat", 15) == "satu dua..."
    assert shorten("satu dua", 8) == "satu dua"
    assert shorten("satukatayangpanjangsekali", 10) == ""


@pytest.mark.parametrize("kind", list(words.TO_SUBSTITUTE))
def test_two_long_names_of_officers_still_fit(kind):
    said = words.TO_SUBSTITUTE[kind].sms
    name = "Drs. H. Muhammad Syahruddin Kartanegara, M.Si. " * 2
    values = {"number": "SMR-26123456-7", "doer": name, "absent": name, "link": LINK}

    text = say(said, fit(said, values))

    assert places(text) <= 160, text
    assert LINK in text
    assert text.count("Drs. H.") == said.count("{doer}") + said.count("{absent}")
