"""Whether an office kept its word is read off the report, whatever happens to it."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.models import Status
from lapor_web.models.workflow import OPEN
from lapor_web.services.commitments import Kept, count_kept, standing

OFFICE, OTHER = 1, 2
FRIDAY = dt.date(2026, 11, 27)


def promised(status, *, done=None, holder=OFFICE, due=FRIDAY):
    """`done` is an instant in UTC."""
    report = SimpleNamespace(
        status=status, holder_opd_id=holder, answered_at=done, finished_at=None
    )
    return SimpleNamespace(report=report, opd_id=OFFICE, due_on=due)


def kept(commitment, today=FRIDAY):
    return standing(commitment, today=today).kept


SATURDAY = FRIDAY + dt.timedelta(days=1)
LAST_MINUTE = dt.datetime(2026, 11, 27, 15, 59, 59, tzinfo=dt.UTC)  # 23.59.59 WITA


@pytest.mark.parametrize(
    ("commitment", "today", "wanted"),
    [
        (promised(Status.IN_PROCESS), FRIDAY, Kept.OPEN),
        (promised(Status.IN_PROCESS), SATURDAY, Kept.BROKEN),
        (promised(Status.AWAITING_APPROVAL), SATURDAY, Kept.BROKEN),
        (promised(Status.AWAITING_REPORTER, done=LAST_MINUTE), SATURDAY, Kept.KEPT),
        (
            promised(Status.FINISHED, done=LAST_MINUTE + dt.timedelta(seconds=1)),
            SATURDAY,
            Kept.LATE,
        ),
        # nobody may work on what is on hold
        (promised(Status.ON_HOLD), SATURDAY, Kept.OPEN),
        # returned as somebody else's, the promise stays until another office has it
        (promised(Status.UNVERIFIED, holder=None), SATURDAY, Kept.BROKEN),
        (promised(Status.FORWARDED, holder=OTHER), SATURDAY, Kept.VOID),
        (promised(Status.ARCHIVED), SATURDAY, Kept.VOID),
        (promised(Status.MERGED), SATURDAY, Kept.VOID),
        # declared done, and the reporter says otherwise
        (promised(Status.IN_PROCESS, done=LAST_MINUTE), SATURDAY, Kept.BROKEN),
    ],
)
def test_how_it_stands(commitment, today, wanted):
    assert kept(commitment, today) is wanted


commitments = st.builds(
    promised,
    st.sampled_from(Status),
    done=st.none()
    | st.integers(-30 * 24, 30 * 24).map(lambda hours: LAST_MINUTE + dt.timedelta(hours=hours)),
    holder=st.sampled_from([None, OFFICE, OTHER]),
)
days = st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 31))


@given(commitments, days, days)
def test_time_alone_never_mends_it(commitment, one, other):
    """Nor does it undo what was done: from open to broken is the only way by itself."""
    before, after = kept(commitment, min(one, other)), kept(commitment, max(one, other))

    assert before is after or (before, after) == (Kept.OPEN, Kept.BROKEN)


@given(commitments, days)
def test_only_open_work_is_open_or_broken(commitment, today):
    if kept(commitment, today) in {Kept.OPEN, Kept.BROKEN}:
        assert commitment.report.status in OPEN


@given(st.lists(st.tuples(commitments, days)))
def test_what_is_void_is_nobodys_merit_or_fault(made):
    standings = [standing(commitment, today=today) for commitment, today in made]
    found = count_kept(standings)

    assert found.kept + found.open <= found.of <= len(standings)
    assert found.of == sum(one.kept is not Kept.VOID for one in standings)
