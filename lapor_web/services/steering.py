"""Leading through a meeting: what its walls show now. Who acts last wins, and all see who it was."""

import datetime as dt
import enum
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import AgendaCase, AgendaItem, Meeting, Steering, User, WallMode
from lapor_web.services import agenda
from lapor_web.services.events import announce, meeting_topic
from lapor_web.services.working_days import wita_date

SEEN_TOGETHER = dt.timedelta(minutes=2)
"""So long after their last step somebody counts as leading along."""
MOST_PAGES = 999
MOST_LARGER = 2


class Step(enum.StrEnum):
    """One step through the agenda. The value is its word in the address."""

    NEXT_CASE = "lewati"
    PREVIOUS_CASE = "laporan-sebelumnya"
    NEXT_OFFICE = "opd-berikutnya"
    PREVIOUS_OFFICE = "opd-sebelumnya"


def steer(
    session: Session, meeting: Meeting, *, user: User, now: dt.datetime, **changes: Any
) -> Steering:
    """Set what `changes` name, by the attributes of `Steering`, and tell the walls."""
    state = lock(session, meeting)
    for name, value in changes.items():
        setattr(state, name, value)
    if "mode" in changes:
        state.page, state.blank = 1, False
    return moved(session, meeting, state, user=user, now=now)


def turn_page(
    session: Session, meeting: Meeting, by: int, *, user: User, now: dt.datetime
) -> Steering:
    """Past the last page there is nothing to see: `services.wall_pages` shows the last one."""
    state = lock(session, meeting)
    state.page = min(max(state.page + by, 1), MOST_PAGES)
    return moved(session, meeting, state, user=user, now=now)


def write_larger(
    session: Session, meeting: Meeting, by: int, *, user: User, now: dt.datetime
) -> Steering:
    """Up to where fewer rows are no help; never smaller than a screen needs for its last seat."""
    state = lock(session, meeting)
    state.larger = min(max(state.larger + by, 0), MOST_LARGER)
    return moved(session, meeting, state, user=user, now=now)


def go(session: Session, meeting: Meeting, step: Step, *, user: User, now: dt.datetime) -> Steering:
    """To the next or the previous; at either end it stays. After an office's last report the next
    one is the first of the next office."""
    state = lock(session, meeting)
    items = agenda.load_stop(session, meeting, None)
    item = next((one for one in items if one.id == state.item_id), None)
    if item is None:
        if items:
            enter(session, state, items[0], now=now)
    elif step in {Step.NEXT_CASE, Step.PREVIOUS_CASE}:
        step_case(session, state, items, item, step, now=now)
    else:
        by = 1 if step is Step.NEXT_OFFICE else -1
        to = items.index(item) + by
        if 0 <= to < len(items):
            enter(session, state, items[to], now=now)
    state.mode, state.draft_on, state.blank = WallMode.AGENDA, None, False
    return moved(session, meeting, state, user=user, now=now)


def step_case(
    session: Session,
    state: Steering,
    items: list[AgendaItem],
    item: AgendaItem,
    step: Step,
    *,
    now: dt.datetime,
) -> None:
    here = position_of(item.cases, state.case_id)
    if step is Step.PREVIOUS_CASE:
        if here > 0:
            state.case = item.cases[here - 1]
        return
    if item.cases:
        item.cases[here].discussed_at = item.cases[here].discussed_at or now
    if here + 1 < len(item.cases):
        state.case = item.cases[here + 1]
    elif (to := items.index(item) + 1) < len(items):
        enter(session, state, items[to], now=now)


def go_to(
    session: Session, meeting: Meeting, item_id: int, *, user: User, now: dt.datetime
) -> Steering:
    """To one office, wherever it stands; nowhere where it is not on the agenda."""
    state = lock(session, meeting)
    item = next(
        (one for one in agenda.load_stop(session, meeting, None) if one.id == item_id), None
    )
    if item is not None:
        enter(session, state, item, now=now)
        state.mode, state.draft_on, state.blank = WallMode.AGENDA, None, False
    return moved(session, meeting, state, user=user, now=now)


def enter(session: Session, state: Steering, item: AgendaItem, *, now: dt.datetime) -> None:
    """Its first report that was not talked about, else its first."""
    agenda.begin(session, item, today=wita_date(now), now=now)
    state.item = item
    still = [case for case in item.cases if case.discussed_at is None]
    state.case = next(iter(still or item.cases), None)


def position_of(cases: Sequence[AgendaCase], case_id: int | None) -> int:
    """From 0; 0 too where the case is not among them."""
    ids = [case.id for case in cases]
    return ids.index(case_id) if case_id in ids else 0


def find_case(session: Session, meeting: Meeting, case_id: int) -> AgendaCase | None:
    return session.scalar(
        select(AgendaCase)
        .join(AgendaItem, AgendaItem.id == AgendaCase.item_id)
        .where(AgendaItem.meeting_id == meeting.id, AgendaCase.id == case_id)
    )


def touch(session: Session, meeting: Meeting) -> None:
    """Something that walls and phones of the meeting show has changed, though nobody led on."""
    lock(session, meeting).version += 1
    session.flush()
    announce(session, meeting_topic(meeting.id))


def moved(
    session: Session, meeting: Meeting, state: Steering, *, user: User, now: dt.datetime
) -> Steering:
    state.version += 1
    state.user_id, state.steered_at = user.id, now
    session.flush()
    announce(session, meeting_topic(meeting.id))
    return state


def lock(session: Session, meeting: Meeting) -> Steering:
    """As it is now, held until the transaction ends: steps that come at once are taken in turn."""
    session.flush()
    return session.scalars(
        select(Steering)
        .where(Steering.meeting_id == meeting.id)
        .with_for_update(of=Steering)
        .execution_options(populate_existing=True)
    ).one()


def also_led_by(state: Steering, user: User, now: dt.datetime) -> str | None:
    """The name of another who led a moment ago."""
    if state.user_id in (None, user.id) or state.steered_at is None or state.user is None:
        return None
    return state.user.name if now - state.steered_at <= SEEN_TOGETHER else None
