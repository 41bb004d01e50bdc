import pytest

from lapor_web.models import (
    TRANSITIONS,
    Action,
    NotAllowedForRole,
    NotFromThisStatus,
    Role,
    Status,
    Target,
    find_transition,
)


def test_an_opd_never_finishes_a_report_by_itself():
    finishers = {role for row in TRANSITIONS if row.target is Status.FINISHED for role in row.doers}

    assert finishers == {Role.REPORTER, Role.SYSTEM}


def test_observers_change_no_status():
    watchers = {Role.LEADER, Role.OMBUDSMAN, Role.EVALUATOR, Role.NATIONAL_ADMIN, Role.INTAKE}

    assert {row.action for row in TRANSITIONS if row.doers & watchers} == {
        Action.NOTE,
        Action.REVEAL_IDENTITY,  # the Ombudsman, where the reporter consented
    }


def test_one_status_one_action_and_one_role_lead_to_one_place():
    seen = [
        (row.action, status, role)
        for row in TRANSITIONS
        for status in row.sources
        for role in row.doers
    ]

    assert len(seen) == len(set(seen))


def test_every_status_can_be_reached_and_left_again():
    """Nothing is a dead end: what ended can be reopened, objected to, un-archived, unmerged."""
    moves = [row for row in TRANSITIONS if row.target is not Target.SAME]
    moves = [row for row in moves if row.target is not Target.BEFORE_UNDONE]
    reached = {row.target for row in moves if isinstance(row.target, Status)}

    assert reached | {Status.AWAITING_APPROVAL} == set(Status)  # it hangs on the OPD
    assert {status for row in moves for status in row.sources} == set(Status)


def test_a_wrong_role_and_a_wrong_status_are_told_apart():
    with pytest.raises(NotAllowedForRole):
        find_transition(Action.VERIFY, Status.UNVERIFIED, Role.LIAISON)
    with pytest.raises(NotFromThisStatus):
        find_transition(Action.VERIFY, Status.FINISHED, Role.COORDINATOR)
