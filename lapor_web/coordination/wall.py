"""`/layar`: a wall shows a code, and once somebody entered it the meeting. Nobody signs in here."""

import datetime as dt
import hashlib
from typing import Any

from flask import (
    Blueprint,
    abort,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from lapor_web import city, clock, live
from lapor_web.coordination.wall_size import Size
from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.models import Meeting, Wall, WallMode
from lapor_web.services import wall as walls
from lapor_web.services.events import REPORTS, meeting_topic, wall_topic
from lapor_web.services.rakor import period_of, recap_of
from lapor_web.services.recap import recap
from lapor_web.services.throttle import Gate, TooManyTries, give_back, reserve
from lapor_web.services.wall_pages import page_of
from lapor_web.services.working_days import WITA

bp = Blueprint("wall", __name__, url_prefix="/layar")

LOOKS = ("inci", "jarak", "latar")
"""What the address says of the screen; it goes along wherever the wall goes."""
DARK = "gelap"
OWN_CODE = "wall"
"""The code that this browser was given, so that a screen switched off and on comes back to it."""


@bp.get("")
def begin() -> ResponseReturnValue:
    """On to the code of this screen: the one it had, or a new one."""
    own = walls.find_wall(db.session(), session.get(OWN_CODE, ""))
    if own is None:
        own = new_wall()
    session[OWN_CODE] = own.code
    return redirect(address_of(own.code), 303)


def new_wall() -> Wall:
    with_limit("new wall", walls.NEW_CODES)
    wall = walls.new_wall(db.session(), now=clock.now())
    db.session.commit()
    return wall


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    wall = find_or_count(code)
    if wall is None:
        page = render_template("coordination/wall_gone.html", again=url_for(".begin", **looks()))
        return page, 404
    session[OWN_CODE] = code
    note_look(wall)
    shown = draw(wall)
    response = make_response(
        render_template(
            "coordination/wall.html",
            wall=wall,
            shown=shown,
            shown_id=id_of(shown),
            size=Size.of(request.args),
            dark=request.args.get("latar") == DARK,
            stream=url_for(".stream", code=code, **looks()),
            again=url_for(".begin", **looks()),
            now=clock.now(),
            zone=seconds_of_zone(),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/<code>/arus")
def stream(code: str) -> ResponseReturnValue:
    """What changes on the wall, for as long as its code is good."""
    wall = find_or_count(code)
    last: dict[int, str] = {}

    def look() -> live.Frame | None:
        found = walls.find_wall(db.session(), code)
        if found is None:
            return None
        note_look(found)
        state = found.meeting.steering if found.meeting else None
        if state is None or not state.frozen or state.version not in last:
            shown = draw(found)
            last.clear()
        else:
            shown = last[state.version]
        if state is not None:
            last[state.version] = shown
        return live.Frame(id_of(shown), shown, beat(), topics_of(found))

    return live.stream(look, topics_of(wall) if wall else [])


def topics_of(wall: Wall) -> frozenset[str]:
    own = {wall_topic(wall.id)}
    return frozenset(own | {REPORTS, meeting_topic(wall.meeting_id)} if wall.meeting_id else own)


def beat() -> str:
    return str(int(clock.now().timestamp()))


def seconds_of_zone() -> int:
    offset = clock.now().astimezone(WITA).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def draw(wall: Wall) -> Any:
    """The screen's content, as markup. Walls that show the same draw it once (`kept_figures`)."""
    meeting, rows = wall.meeting, Size.of(request.args).rows
    if meeting is None:
        return macro("code")(wall.code, city.current_agency().name)
    state, now = meeting.steering, clock.now()
    minute = now.replace(second=0, microsecond=0) if state.mode is WallMode.PAUSE else None
    key = ("wall", meeting.id, state.version, rows, minute)
    return kept(key, lambda: draw_meeting(meeting, rows, now))


def draw_meeting(meeting: Meeting, rows: int, now: dt.datetime) -> Any:
    state, agency = meeting.steering, city.current_agency()
    figures = recap_of(db.session(), agency, meeting, now=now)
    before = None
    if state.mode is WallMode.RECAP:
        earlier = period_of(meeting).a_year_earlier()
        before = recap(db.session(), agency, earlier, now=now)
    page = page_of(db.session(), meeting, state, figures, rows=rows, now=now)
    return macro("screen")(agency.name, meeting, state, figures, before, page, now)


def macro(name: str) -> Any:
    """What a macro makes is markup already, and needs no word that it is safe."""
    return get_template_attribute("coordination/_wall.html", name)


def find_or_count(code: str) -> Wall | None:
    """A code that is nobody's counts as a guess of its sender's address, and after some of them
    even a right one is 429. The screen that was given the code does not guess, so nobody who does
    can keep it from coming back."""
    if session.get(OWN_CODE) == code:
        return walls.find_wall(db.session(), code)
    tries = with_limit("wall code", walls.GUESSES)
    wall = walls.find_wall(db.session(), code)
    if wall is not None:
        give_back(db.session(), tries)
        db.session.commit()
    return wall


def with_limit(what: str, limit: Any) -> list[int]:
    subject = city.keys().hash_of_subject(what, request.remote_addr or "")
    try:
        tries = reserve(db.session(), [Gate(subject, limit)], clock.now())
    except TooManyTries as refusal:
        response = make_response(render_template("coordination/wall_gone.html", again=None), 429)
        response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
        abort(response)
    db.session.commit()
    return tries


def note_look(wall: Wall) -> None:
    if walls.note_look(db.session(), wall, now=clock.now()):
        db.session.commit()


def looks() -> dict[str, Any]:
    return {name: request.args[name] for name in LOOKS if name in request.args}


def address_of(code: str) -> str:
    return url_for(".show", code=code, **looks())


def id_of(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
