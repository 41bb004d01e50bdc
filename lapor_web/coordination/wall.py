"""`/layar`: a wall shows a code, and once somebody entered it the meeting. Nobody signs in here."""

import datetime as dt
import hashlib
import threading
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
from lapor_web.coordination.opened import recap_kept
from lapor_web.coordination.wall_size import Size, larger
from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.models import WallMode
from lapor_web.services import wall as walls
from lapor_web.services.events import REPORTS, meeting_topic, wall_topic
from lapor_web.services.rakor import find_meeting, period_of
from lapor_web.services.throttle import Gate, TooManyTries, give_back, reserve
from lapor_web.services.wall import Sight
from lapor_web.services.wall_pages import page_of
from lapor_web.services.working_days import WITA

bp = Blueprint("wall", __name__, url_prefix="/layar")

LOOKS = ("inci", "jarak", "latar")
"""What the address says of the screen; it goes along wherever the wall goes."""
DARK = "gelap"
OWN_CODE = "wall"
"""The code that this browser was given, so that a screen switched off and on comes back to it."""


_drawing = threading.Lock()
"""Of the walls that look at the same moment one draws, and the others take what it drew."""


@bp.get("")
def begin() -> ResponseReturnValue:
    """On to the code of this screen: the one it had, or a new one."""
    own = session.get(OWN_CODE, "")
    if walls.find_wall(db.session(), own) is None:
        own = session[OWN_CODE] = new_code()
    return redirect(url_for(".show", code=own, **looks()), 303)


def new_code() -> str:
    with_limit("new wall", walls.NEW_CODES)
    code = walls.new_wall(db.session(), now=clock.now()).code
    db.session.commit()
    return code


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    sight = find_or_count(code)
    if sight is None:
        page = render_template("coordination/wall_gone.html", again=url_for(".begin", **looks()))
        return page, 404
    session[OWN_CODE] = code
    note_look(sight)
    shown = draw(sight)
    response = make_response(
        render_template(
            "coordination/wall.html",
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
    sight = find_or_count(code)
    last: dict[int | None, Any] = {}
    """By the version of the steering what was drawn last: frozen, a wall keeps that."""

    def look() -> live.Frame | None:
        found = walls.find_wall(db.session(), code)
        if found is None:
            return None
        note_look(found)
        shown = last.get(found.version) if found.frozen else None
        if shown is None:
            shown = draw(found)
        last.clear()
        last[found.version] = shown
        return live.Frame(id_of(shown), shown, beat(), topics_of(found))

    return live.stream(look, topics_of(sight) if sight else [])


def topics_of(sight: Sight) -> frozenset[str]:
    own = {wall_topic(sight.wall_id)}
    if sight.meeting_id is not None:
        own |= {REPORTS, meeting_topic(sight.meeting_id)}
    return frozenset(own)


def beat() -> str:
    return str(int(clock.now().timestamp()))


def seconds_of_zone() -> int:
    offset = clock.now().astimezone(WITA).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def draw(sight: Sight) -> Any:
    """The screen's content, as markup. Walls that show the same draw it once (`kept_figures`)."""
    meeting_id, rows, now = sight.meeting_id, Size.of(request.args).rows, clock.now()
    if meeting_id is None:
        return macro("code")(sight.code, city.current_agency().name)
    # Titles and promises are in no figure: what was edited is seen within a minute.
    minute = now.replace(second=0, microsecond=0)
    key = ("wall", meeting_id, sight.version, rows, minute)
    with _drawing:
        return kept(key, lambda: draw_meeting(meeting_id, rows, now))


def draw_meeting(meeting_id: int, rows: int, now: dt.datetime) -> Any:
    agency = city.current_agency()
    meeting = find_meeting(db.session(), agency.id, meeting_id)
    if meeting is None:
        abort(404)
    state, period = meeting.steering, period_of(meeting)
    figures = recap_kept(agency, period)
    before = None
    if state.mode is WallMode.RECAP:
        before = recap_kept(agency, period.a_year_earlier())
    rows = larger(rows, state.larger)
    page = page_of(db.session(), meeting, state, figures, rows=rows, now=now)
    return macro("screen")(agency.name, meeting, state, figures, before, page, rows, now)


def macro(name: str) -> Any:
    """What a macro makes is markup already, and needs no word that it is safe."""
    return get_template_attribute("coordination/_wall.html", name)


def find_or_count(code: str) -> Sight | None:
    """A code that is nobody's counts as a guess of its sender's address, and after some of them
    even a right one is 429. The screen that was given the code does not guess, so nobody who does
    can keep it from coming back."""
    if session.get(OWN_CODE) == code:
        return walls.find_wall(db.session(), code)
    tries = with_limit("wall code", walls.GUESSES)
    sight = walls.find_wall(db.session(), code)
    if sight is not None:
        give_back(db.session(), tries)
        db.session.commit()
    return sight


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


def note_look(sight: Sight) -> None:
    if walls.note_look(db.session(), sight, now=clock.now()):
        db.session.commit()


def looks() -> dict[str, Any]:
    return {name: request.args[name] for name in LOOKS if name in request.args}


def id_of(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
