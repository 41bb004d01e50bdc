import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.numbers import candidates, check_digit, format_number

bodies = st.from_regex(r"[0-9]{6,9}", fullmatch=True)


def test_damms_own_example():
    assert check_digit("572") == 4


def test_a_number_grows_past_four_digits():
    assert format_number("SMR", 2026, 482).startswith("SMR-260482-")
    assert format_number("SMR", 2026, 12345).startswith("SMR-2612345-")


@given(bodies, st.data())
def test_one_wrong_digit_is_found(body, data):
    whole = f"{body}{check_digit(body)}"
    at = data.draw(st.integers(0, len(whole) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[at]]))

    assert check_digit(whole[:at] + wrong + whole[at + 1 :]) != 0


@given(bodies, st.data())
def test_two_swapped_neighbours_are_found(body, data):
    whole = f"{body}{check_digit(body)}"
    at = data.draw(st.integers(0, len(whole) - 2))
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]

    assert (check_digit(swapped) == 0) == (swapped == whole)


@given(st.integers(2020, 2099), st.integers(1, 9_999_999))
def test_every_way_of_typing_leads_to_the_number(year, sequence):
    number = format_number("SMR", year, sequence)
    prefix, body, digit = number.split("-")

    for typed in (number, number.lower(), body, body + digit, f" {prefix} {body} {digit} "):
        assert number in candidates("SMR", typed)


@pytest.mark.parametrize("typed", ["", "SMR", "12345", "SMR-26O482-9", "٢٦٠٤٨٢", "26\x000482"])
def test_what_is_no_number_has_no_reading(typed):
    assert candidates("SMR", typed) == []
