"""Coordination meetings: planned here, steered from the phone (`rakor_remote`), printed at the end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lapor_web import city, clock
from lapor_web.coordination.rakor_forms import LONGEST_NAME, MinutesForm, PlanForm
from lapor_web.extensions import db
from lapor_web.handouts import paper
from lapor_web.handouts.kinds import FORMAT_WORDS, Format
from lapor_web.models import Meeting, Opd, Role
from lapor_web.services import agenda, rakor, steering
from lapor_web.services import wall as walls
from lapor_web.services.calendars import calendar_of
from lapor_web.services.meeting_file import read_file
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import admit, signed_in_user
from lapor_web.text import clean_line

bp = Blueprint("rakor", __name__, url_prefix="/koordinasi/rakor")
bp.before_request(admit(Role.COORDINATOR, Role.LEADER))

MOST_GUESTS = 50
UP, DOWN = -1, 1


def leads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only the coordinator changes a meeting; leaders read."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if signed_in_user().role is not Role.COORDINATOR:
            abort(403)
        return view(*args, **kwargs)

    return checked


def meeting_or_404(meeting_id: int) -> Meeting:
    meeting = rakor.find_meeting(db.session(), city.current_agency().id, meeting_id)
    if meeting is None:
        abort(404)
    return meeting


def back_to(meeting: Meeting, part: str = "", told: str = "") -> ResponseReturnValue:
    """To one part of the meeting's page, where it is said that it was done."""
    db.session.commit()
    if told:
        flash(told, part)
    return redirect(url_for(".show_meeting", meeting_id=meeting.id, _anchor=part or None), 303)


# ---- planning ----


@bp.get("")
def list_meetings() -> ResponseReturnValue:
    return meetings_page(PlanForm.usual(wita_date(clock.now())))


@bp.post("")
@leads
def plan_meeting() -> ResponseReturnValue:
    form = PlanForm(request.form)
    if not form.validate():
        return meetings_page(form), 422
    now, session, agency = clock.now(), db.session(), city.current_agency()
    meeting = rakor.plan(session, agency, form.plan, user=signed_in_user(), now=now)
    late = agenda.late_offices(session, agency.id, today=wita_date(now))
    agenda.add_offices(session, meeting, [one.opd.id for one in late])
    return back_to(meeting)


def meetings_page(form: PlanForm) -> str:
    return render_template(
        "coordination/rakor_list.html",
        form=form,
        meetings=rakor.list_meetings(db.session(), city.current_agency().id),
    )


@bp.get("/<int:meeting_id>")
def show_meeting(meeting_id: int) -> ResponseReturnValue:
    return meeting_page(meeting_or_404(meeting_id))


def meeting_page(meeting: Meeting, **more: Any) -> str:
    session, now = db.session(), clock.now()
    today = wita_date(now)
    return render_template(
        "coordination/rakor.html",
        **{
            "form": PlanForm.of(meeting),
            "minutes_form": MinutesForm(obj=meeting),
            "file": read_file(session, meeting, now=now),
            "late": {
                one.opd.id: one
                for one in agenda.late_offices(session, meeting.agency_id, today=today)
            },
            "opds": all_opds(meeting.agency_id),
            "walls": walls.walls_of(session, meeting),
            "is_connected": lambda wall: walls.is_connected(wall, now),
            "days": calendar_of(session, meeting.agency_id),
            "today": today,
            "leads": signed_in_user().role is Role.COORDINATOR,
            "meeting": meeting,
            **more,
        },
    )


def all_opds(agency_id: int) -> list[Opd]:
    lines = select(Opd).where(Opd.agency_id == agency_id, Opd.active, Opd.reports_as_id.is_(None))
    return list(db.session.scalars(lines.order_by(Opd.short_name)))


@bp.post("/<int:meeting_id>/ubah")
@leads
def change_meeting(meeting_id: int) -> ResponseReturnValue:
    meeting, form = meeting_or_404(meeting_id), PlanForm(request.form)
    if not form.validate():
        return meeting_page(meeting, form=form), 422
    rakor.change(meeting, form.plan)
    steering.touch(db.session(), meeting)
    return back_to(meeting)


@bp.post("/<int:meeting_id>/agenda")
@leads
def change_agenda(meeting_id: int) -> ResponseReturnValue:
    """`usulan`, or a step with one office: `tambah` (opd), `naik`, `turun`, `hapus` (item)."""
    meeting, session = meeting_or_404(meeting_id), db.session()
    step, item_id = request.form.get("langkah", ""), request.form.get("item", 0, int)
    match step:
        case "usulan":
            late = agenda.late_offices(session, meeting.agency_id, today=wita_date(clock.now()))
            agenda.add_offices(session, meeting, [one.opd.id for one in late])
        case "tambah":
            agenda.add_offices(session, meeting, [request.form.get("opd", 0, int)])
        case "naik" | "turun":
            agenda.move_office(session, meeting, item_id, UP if step == "naik" else DOWN)
        case "hapus":
            agenda.remove_office(session, meeting, item_id)
        case _:
            return meeting_page(meeting), 422
    steering.touch(session, meeting)
    return back_to(meeting, "agenda")


# ---- the meeting itself ----


@bp.post("/<int:meeting_id>/buka")
@leads
def open_meeting(meeting_id: int) -> ResponseReturnValue:
    return change_state(meeting_id, rakor.open_meeting, ".control")


@bp.post("/<int:meeting_id>/tutup")
@leads
def close_meeting(meeting_id: int) -> ResponseReturnValue:
    return change_state(meeting_id, rakor.close_meeting, ".show_meeting")


def change_state(meeting_id: int, change: Callable[..., None], then: str) -> ResponseReturnValue:
    meeting, agency = meeting_or_404(meeting_id), city.current_agency()
    try:
        change(db.session(), agency, meeting, user=signed_in_user(), now=clock.now())
    except rakor.NotNow:
        db.session.rollback()
        return meeting_page(meeting_or_404(meeting_id), late_step=True), 409
    db.session.commit()
    return redirect(url_for(then, meeting_id=meeting.id), 303)


@bp.post("/<int:meeting_id>/hadir")
@leads
def note_attendance(meeting_id: int) -> ResponseReturnValue:
    """`hadir` names the offices that came, `nama-<id>` who spoke for each; `tamu` is a guest a line."""
    meeting = meeting_or_404(meeting_id)
    came = [int(value) for value in request.form.getlist("hadir") if value.isdecimal()]
    offices = {opd: line_of(request.form.get(f"nama-{opd}")) for opd in came if opd < 2**63}
    typed = map(line_of, request.form.get("tamu", "").splitlines())
    guests = [name for name in typed if name][:MOST_GUESTS]
    rakor.note_attendance(db.session(), meeting, offices, guests)
    return back_to(meeting, "hadir", "Daftar hadir tersimpan.")


def line_of(text: str | None) -> str:
    return clean_line(text)[:LONGEST_NAME]


@bp.post("/<int:meeting_id>/notulen")
@leads
def write_minutes(meeting_id: int) -> ResponseReturnValue:
    meeting, form = meeting_or_404(meeting_id), MinutesForm(request.form)
    meeting.minutes = form.minutes.data or ""
    return back_to(meeting, "notulen", "Notulen tersimpan.")


# ---- its walls ----


@bp.post("/<int:meeting_id>/layar")
@leads
def bind_wall(meeting_id: int) -> ResponseReturnValue:
    """The six digits that a wall shows; spaces do not matter."""
    meeting, typed = meeting_or_404(meeting_id), typed_code()
    try:
        if meeting.closed_at is not None:
            raise walls.NoSuchCode
        walls.bind(db.session(), meeting, typed, now=clock.now())
    except walls.NoSuchCode:
        db.session.rollback()
        return meeting_page(meeting_or_404(meeting_id), wrong_code=typed[:12]), 422
    return back_to(meeting, "layar")


def typed_code() -> str:
    return "".join(request.form.get("kode", "").split())


@bp.post("/<int:meeting_id>/layar/<int:wall_id>/lepas")
@leads
def revoke_wall(meeting_id: int, wall_id: int) -> ResponseReturnValue:
    meeting = meeting_or_404(meeting_id)
    walls.revoke(db.session(), meeting, wall_id, now=clock.now())
    return back_to(meeting, "layar")


# ---- on paper ----


@bp.get("/<int:meeting_id>/cetak")
def print_meeting(meeting_id: int) -> ResponseReturnValue:
    meeting = meeting_or_404(meeting_id)
    files = [
        (FORMAT_WORDS[one], url_for("handouts.meeting_file", meeting_id=meeting.id, ending=one))
        for one in (Format.PDF, Format.XLSX, Format.CSV)
    ]
    return paper.meeting_page(
        db.session(),
        city.current_agency(),
        meeting,
        now=clock.now(),
        screen={"back": url_for(".show_meeting", meeting_id=meeting.id), "files": files},
    )
