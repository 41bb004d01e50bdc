"""Kendali: the phone (or the keys of a laptop) that leads a meeting through its agenda."""

import datetime as dt
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import clock, labels, live
from lapor_web.coordination.rakor import bp, leads, meeting_or_404, typed_code
from lapor_web.coordination.rakor_forms import OTHER_DAY, CommitForm
from lapor_web.dates import clock_time
from lapor_web.extensions import db
from lapor_web.fragments import leave_for, render, wants_fragment
from lapor_web.models import (
    AgendaCase,
    AgendaItem,
    HistoryEntry,
    Meeting,
    NotAllowedForRole,
    NotFromThisStatus,
    Role,
    User,
    WallMode,
)
from lapor_web.services import agenda, commitments, sessions, steering
from lapor_web.services import wall as walls
from lapor_web.services.calendars import calendar_of
from lapor_web.services.deeds import DeedRefused, Doer, Overtaken, latest, perform
from lapor_web.services.events import meeting_topic
from lapor_web.services.rakor import find_meeting, speaker_for
from lapor_web.services.steering import Step
from lapor_web.services.undo import Undo, may_undo
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import signed_in_user, token_of_this_browser

MODE_WORDS = {
    WallMode.OVERVIEW: "Ikhtisar",
    WallMode.AGENDA: "Agenda",
    WallMode.NOT_ACTED_ON: "Belum",
    WallMode.COMMITMENTS: "Komitmen",
    WallMode.RECAP: "Rekap",
    WallMode.PAUSE: "Jeda",
}
PAGED = frozenset({WallMode.OVERVIEW, WallMode.NOT_ACTED_ON, WallMode.COMMITMENTS})


@bp.get("/<int:meeting_id>/kendali")
@leads
def control(meeting_id: int) -> ResponseReturnValue:
    return remote(meeting_or_404(meeting_id))


def remote(
    meeting: Meeting,
    status: int = 200,
    *,
    form: CommitForm | None = None,
    faster: str = "",
    wrong_code: str | None = None,
) -> ResponseReturnValue:
    """`form` is one that was refused, `faster` says who was first, `wrong_code` is no screen's."""
    session, now, user = db.session(), clock.now(), signed_in_user()
    state, today = meeting.steering, wita_date(now)
    items = agenda.load_stop(session, meeting, state.item_id)
    item = next((one for one in items if one.id == state.item_id), None)
    case = next((one for one in item.cases if one.id == state.case_id), None) if item else None
    if form is not None and item is not None:
        # What was typed belongs to the report it was typed for.
        case = next((one for one in item.cases if one.id == form.case.data), case)
    days = calendar_of(session, meeting.agency_id)
    ids = [one.report_id for one in item.cases] if item else []
    form = form or CommitForm(due=state.draft_on.isoformat() if state.draft_on else None)
    return render(
        "coordination/remote.html",
        "coordination/_remote.html",
        status,
        meeting=meeting,
        state=state,
        items=items,
        item=item,
        case=case,
        place_of_case=item.cases.index(case) + 1 if item and case else 0,
        days_late=days.between(case.due_on, today) if case else 0,
        promised=commitments.newest_of_reports(session, ids, today=today),
        form=form,
        chips=form.chips(days, today),
        tomorrow=today + dt.timedelta(days=1),
        suggestions=suggested(meeting, item, case),
        connected=[one for one in walls.walls_of(session, meeting) if walls.is_connected(one, now)],
        together=steering.also_led_by(state, user, now),
        undo=last_commitment(meeting, user, now),
        faster=faster,
        wrong_code=wrong_code,
        mode_words=MODE_WORDS,
        paged=state.mode in PAGED,
        steps=Step,
        other_day=OTHER_DAY,
        may_act=case is not None and case.report.status in agenda.OFFICES_WORK,
    )


def suggested(meeting: Meeting, item: AgendaItem | None, case: AgendaCase | None) -> list[str]:
    """Who answered for this office before, the last one first, and who came for it today."""
    if item is None or case is None or case.report.holder_opd_id is None:
        return []
    before = commitments.last_responsible(db.session(), [case.report.holder_opd_id])
    here = speaker_for(db.session(), meeting, item.opd_id)
    return list(dict.fromkeys([*before, here] if here else before))


def last_commitment(meeting: Meeting, user: User, now: dt.datetime) -> HistoryEntry | None:
    """One's own last commitment, while it can be taken back."""
    entry = commitments.last_recorded(db.session(), meeting, user)
    if entry is None or not may_undo(db.session(), entry, user, now):
        return None
    return entry if latest(db.session(), entry.report) is entry else None


# ---- steps ----


@bp.post("/<int:meeting_id>/kendali/<command>")
@leads
def command(meeting_id: int, command: str) -> ResponseReturnValue:
    meeting = meeting_or_404(meeting_id)
    if not meeting.is_open:
        return remote(meeting, 409)
    match command:
        case "catat":
            return record(meeting)
        case "urungkan":
            return take_back(meeting)
        case "konsep":
            return draft(meeting)
        case "layar":
            return let_in(meeting)
    if not step(meeting, command):
        abort(404)
    return done(meeting)


def step(meeting: Meeting, command: str) -> bool:
    """False where there is no such step."""
    session, given = db.session(), request.form
    leading: dict[str, Any] = {"user": signed_in_user(), "now": clock.now()}
    match command:
        case "mode" if given.get("mode") in list(WallMode):
            steering.steer(session, meeting, mode=WallMode(given["mode"]), **leading)
        case "halaman":
            steering.turn_page(
                session, meeting, 1 if given.get("arah") == "maju" else -1, **leading
            )
        case "ukuran":
            steering.write_larger(
                session, meeting, 1 if given.get("arah") == "besar" else -1, **leading
            )
        case "ke":
            steering.go_to(session, meeting, given.get("item", 0, int), **leading)
        case "jeda":
            frozen = not meeting.steering.frozen
            steering.steer(session, meeting, frozen=frozen, **leading)
        case "kosong":
            steering.steer(session, meeting, blank=not meeting.steering.blank, **leading)
        case one if one in list(Step):
            steering.go(session, meeting, Step(one), **leading)
        case _:
            return False
    return True


def done(meeting: Meeting) -> ResponseReturnValue:
    meeting_id = meeting.id
    db.session.commit()
    if wants_fragment():
        return remote(meeting_or_404(meeting_id))
    return leave_for(url_for(".control", meeting_id=meeting_id))


def draft(meeting: Meeting) -> ResponseReturnValue:
    """The day that was tapped is on the wall already; it is recorded with "Catat dan lanjut"."""
    day = CommitForm(request.form).day
    state = steering.steer(
        db.session(), meeting, user=signed_in_user(), now=clock.now(), draft_on=day
    )
    version = state.version
    db.session.commit()
    return render_template("coordination/_seen.html", version=version)


def let_in(meeting: Meeting) -> ResponseReturnValue:
    """A screen, by the six digits that it shows."""
    meeting_id, typed = meeting.id, typed_code()
    try:
        walls.bind(db.session(), meeting, typed, now=clock.now())
    except walls.NoSuchCode:
        db.session.rollback()
        return remote(meeting_or_404(meeting_id), 422, wrong_code=typed[:12])
    return done(meeting)


def record(meeting: Meeting) -> ResponseReturnValue:
    session, user, now = db.session(), signed_in_user(), clock.now()
    form = CommitForm(request.form)
    form.validate()
    case = steering.find_case(session, meeting, form.case.data or 0)
    if case is None:
        abort(404)
    try:
        commitments.record(
            session,
            meeting,
            case.report,
            promised_on=form.day,
            responsible=form.responsible.data or "",
            user=user,
            version=form.version.data or 0,
            now=now,
        )
    except DeedRefused as refused:
        form.refused[refused.field] = labels.REFUSAL[refused.code]
        return refuse(meeting.id, 422, form)
    except Overtaken as faster:
        return refuse(meeting.id, 409, form, told_of(faster.by))
    except (NotFromThisStatus, NotAllowedForRole):
        return refuse(meeting.id, 409, form, "Laporan ini sudah tidak perlu komitmen")
    case.discussed_at = case.discussed_at or now
    if case.id == meeting.steering.case_id:
        steering.go(session, meeting, Step.NEXT_CASE, user=user, now=now)
    return done(meeting)


def told_of(entry: HistoryEntry) -> str:
    who = entry.doer_name or labels.ROLE[entry.role]
    return f"{who} lebih dulu mengubah laporan ini pukul {clock_time(entry.at)}"


def refuse(meeting_id: int, status: int, form: CommitForm, faster: str = "") -> ResponseReturnValue:
    db.session.rollback()
    return remote(meeting_or_404(meeting_id), status, form=form, faster=faster)


def take_back(meeting: Meeting) -> ResponseReturnValue:
    """One's own last commitment: the deed is undone, and the commitment was never made."""
    session, user, now = db.session(), signed_in_user(), clock.now()
    entry = last_commitment(meeting, user, now)
    if entry is None:
        return remote(meeting, 409, faster=labels.REFUSAL["too_late_to_undo"])
    perform(
        session,
        entry.report_id,
        Undo(),
        doer=Doer.officer(user),
        version=entry.sequence,
        now=now,
    )
    steering.touch(session, meeting)
    return done(meeting)


# ---- live ----


@bp.get("/<int:meeting_id>/kendali/arus")
@leads
def stream(meeting_id: int) -> ResponseReturnValue:
    """Tells a phone that the meeting moved on, and never what it shows: that it asks for."""
    meeting = meeting_or_404(meeting_id)
    agency_id, user_id, token = meeting.agency_id, signed_in_user().id, token_of_this_browser()

    def look() -> live.Frame | None:
        user = sessions.find_user(db.session(), token, clock.now())
        if user is None or user.id != user_id or user.role is not Role.COORDINATOR:
            return None
        found = find_meeting(db.session(), agency_id, meeting_id)
        return live.Frame(str(found.steering.version), "moved") if found else None

    return live.stream(look, [meeting_topic(meeting_id)])
