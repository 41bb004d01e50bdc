import pytest

from lapor_web import labels
from lapor_web.models import ArchiveReason, Channel, Classification, Outcome, Role, Status


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (labels.STATUS, Status),
        (labels.CLASSIFICATION, Classification),
        (labels.CHANNEL, Channel),
        (labels.OUTCOME, Outcome),
        (labels.ARCHIVE_REASON, ArchiveReason),
        (labels.ROLE, Role),
    ],
)
def test_every_code_has_a_word_and_no_two_the_same(words, codes):
    assert set(words) == set(codes)
    assert len(set(words.values())) == len(words)
