"""What people write for a telephone number."""

import pytest

from lapor_web.fields import national_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 3456 7890", "081234567890"),
        ("+62 812-3456-7890", "081234567890"),
        ("62812.3456.7890", "081234567890"),
        ("812 3456 7890", "081234567890"),
        ("(0541) 123456", "0541123456"),
        ("081234567890", "081234567890"),
        # What is no number comes back as it was typed, to be mended.
        ("0812 55", "0812 55"),
        ("rumah 5", "rumah 5"),
        (None, ""),
    ],
)
def test_a_number_is_kept_in_one_form(typed, kept):
    assert national_number(typed) == kept
