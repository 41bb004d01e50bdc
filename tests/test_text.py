import pytest

from lapor_web.text import clean, clean_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("  \t\n ", ""),
        ("satu\r\ndua\rtiga", "satu\ndua\ntiga"),
        ("nol\x00 dan \x1b[2Jlayar", "nol dan [2Jlayar"),
        ("gpj.\u202eoto\u202cf", "gpj.otof"),
        ("\ud800 separuh huruf", "separuh huruf"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)
def test_only_text_is_kept_and_each_letter_in_one_form(typed, kept):
    assert clean(typed) == kept


def test_a_line_has_no_line_ends():
    assert clean_line(" Jalan\nMawar \t RT 4 ") == "Jalan Mawar RT 4"
