import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.keys import Keys

KEYS = Keys.from_secret("a secret for tests only, long enough")


@given(st.text())
def test_a_code_has_sixteen_letters_that_cannot_be_misread(form_key):
    code = KEYS.receipt_code(form_key)

    assert len(code.replace("-", "")) == 16
    assert not set(code) & set("ILOU")
    assert code == KEYS.receipt_code(form_key)


@given(st.text(), st.text())
def test_another_form_has_another_code(one, other):
    assert (KEYS.receipt_code(one) == KEYS.receipt_code(other)) == (one == other)


@given(st.text())
def test_a_code_is_known_however_it_is_typed(form_key):
    code = KEYS.receipt_code(form_key)
    stored = KEYS.hash_of_receipt(code)

    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert KEYS.receipt_matches(typed, stored)
    assert KEYS.receipt_matches(code.replace("0", "o").replace("1", "l"), stored)


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "\x00"])
def test_a_report_that_does_not_exist_has_no_right_code(typed):
    assert not KEYS.receipt_matches(typed, None)


def test_another_secret_knows_none_of_our_codes():
    stranger = Keys.from_secret("the secret of somebody else, as long")
    code = KEYS.receipt_code("form")

    assert not stranger.receipt_matches(code, KEYS.hash_of_receipt(code))


def test_moving_a_letter_between_fields_is_another_content():
    assert KEYS.hash_of_content("ab", "c") != KEYS.hash_of_content("a", "bc")
