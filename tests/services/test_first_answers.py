"""The rule by which a first answer says nothing."""

import pytest

from lapor_web.services.first_answers import says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Terima kasih.",
        "Baik, akan kami tindak lanjuti secepatnya.",
        "Selamat pagi Bapak/Ibu. Laporan sudah kami teruskan ke bidang terkait, mohon ditunggu.",
        "LAPORAN DITERIMA dan sedang dikoordinasikan dengan instansi yang berwenang!",
        "Sudah diperbaiki. Diperbaiki.",
    ],
)
def test_what_fits_any_report_answers_none(text):
    assert says_nothing(text, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Lampu sudah menyala.",
        "Terima kasih. Regu pemeliharaan memeriksa titik itu.",
        "Akan kami tindak lanjuti hari Senin.",
        "Kami tindak lanjuti paling lambat 12 Mei.",
        "Trotoar itu milik provinsi.",
    ],
)
def test_a_thing_or_a_time_is_an_answer(text):
    assert not says_nothing(text, 2)


def test_a_city_may_ask_for_more():
    assert not says_nothing("Lampu sudah menyala.", 2)
    assert says_nothing("Lampu sudah menyala.", 3)
