import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.identity import Identity, Unreadable, open_sealed, seal
from lapor_web.services.keys import Keys

KEYS = Keys.from_secret("a secret for tests only, long enough")
WITNESS = Identity(name="Warga Bersaksi", phone="081200000000")


@given(st.builds(Identity, st.text(), st.text(), st.text()), st.integers(1))
def test_what_was_sealed_opens_again(identity, report_id):
    assert open_sealed(seal(report_id, identity, keys=KEYS), keys=KEYS) == identity


def test_the_row_holds_no_word_of_the_person():
    row = seal(1, WITNESS, keys=KEYS)

    assert b"Bersaksi" not in row.sealed + row.wrapped_key
    assert b"0812" not in row.sealed + row.wrapped_key
    assert row.has_contact


def test_one_person_twice_looks_like_two():
    one, other = seal(1, WITNESS, keys=KEYS), seal(1, WITNESS, keys=KEYS)

    assert one.sealed != other.sealed


def test_the_database_without_the_secret_is_unreadable():
    stranger = Keys.from_secret("the secret of somebody else, as long")

    with pytest.raises(Unreadable):
        open_sealed(seal(1, WITNESS, keys=KEYS), keys=stranger)


def test_a_row_moved_to_another_report_does_not_open():
    row = seal(1, WITNESS, keys=KEYS)
    row.report_id = 2

    with pytest.raises(Unreadable):
        open_sealed(row, keys=KEYS)


@pytest.mark.parametrize("part", ["sealed", "wrapped_key"])
def test_a_flipped_bit_is_seen(part):
    row = seal(1, WITNESS, keys=KEYS)
    whole = getattr(row, part)
    setattr(row, part, whole[:-1] + bytes([whole[-1] ^ 1]))

    with pytest.raises(Unreadable):
        open_sealed(row, keys=KEYS)


def test_without_its_key_a_person_is_erased():
    row = seal(1, WITNESS, keys=KEYS)
    row.wrapped_key = None

    with pytest.raises(Unreadable):
        open_sealed(row, keys=KEYS)
