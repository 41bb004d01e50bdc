"""Many at once: POST /kotak-masuk/massal. Each report by itself, and an honest word for each."""

import datetime as dt
from collections import defaultdict
from typing import Any

from flask import abort, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lapor_web import clock, labels
from lapor_web.extensions import db
from lapor_web.fragments import leave_for, wants_fragment
from lapor_web.inbox.address import Place, place_of
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.bulk_deeds import ASSIGNS, Incomplete, bulk_deeds_of
from lapor_web.inbox.desk import beside, calendar, my_desk, undo_strip
from lapor_web.inbox.narrowing import colleagues_of
from lapor_web.inbox.told import who_did
from lapor_web.models import NotAllowedForRole, NotFromThisStatus, Report, User
from lapor_web.services import inbox
from lapor_web.services.deeds import Deed, DeedRefused, Doer, Overtaken, perform
from lapor_web.services.desk import Desk
from lapor_web.services.inbox import PER_PAGE

NOT_HERE = "tidak ada di kotak masuk Anda"
NOT_YOURS = "bukan untuk peran Anda"
NOT_NOW = "statusnya sudah lain"


@bp.post("/massal")
def act_on_many() -> ResponseReturnValue:
    desk = my_desk()
    place = place_of(desk)
    may = {one.slug: one for one in bulk_deeds_of(desk.user.role)}
    bulk = may.get(request.form.get("deed", ""))
    if bulk is None:
        abort(403)
    picked = read_picked() | read_everything(desk, place)
    try:
        deed = bulk.make(request.form, desk.user)
    except Incomplete as missing:
        kept = {"missing": str(missing), "picked": sorted(picked), "asked": bulk.slug}
        return answer(desk, place, kept, status=422)
    done, refused = act_on_each(desk, picked, deed)
    result = {
        "done": done,
        "deed": bulk.done,
        "refused": [[why, numbers] for why, numbers in refused.items()],
    }
    db.session.commit()
    if wants_fragment():
        return answer(my_desk(), place, result)
    session["bulk_result"] = result
    return leave_for(place.list_address())


def read_picked() -> dict[str, int | None]:
    """The numbers, each with the version that was on the screen: "SMR-260431-2:5"."""
    picked: dict[str, int | None] = {}
    for value in request.form.getlist("picked")[:PER_PAGE]:
        number, _, version = value.partition(":")
        picked[number] = int(version) if version.isdecimal() and version.isascii() else None
    return picked


def read_everything(desk: Desk, place: Place) -> dict[str, int | None]:
    """What the list held on all its pages when "pilih semua … di tampilan ini" was asked for, each in
    the version of that moment: who was faster since is told."""
    as_of = request.form.get("everything", 0.0, float)
    if not 0 < as_of < clock.now().timestamp() + 1:
        return {}
    moment = dt.datetime.fromtimestamp(as_of, dt.UTC)
    return dict(inbox.list_versions(db.session(), desk, place.asked, as_of=moment))


def act_on_each(
    desk: Desk, picked: dict[str, int | None], deed: Deed
) -> tuple[int, dict[str, list[str]]]:
    """How many were done, and by reason the numbers of those that were not."""
    visible = select(Report).where(desk.scope, Report.number.in_(picked))
    # In one order for everybody, so that two who pick the same reports cannot block each other.
    reports = list(db.session.scalars(visible.order_by(Report.id)))
    refused: dict[str, list[str]] = defaultdict(list)
    for number in picked.keys() - {report.number for report in reports}:
        refused[NOT_HERE].append(number)
    done = 0
    for report in reports:
        why = act_on_one(desk, report, deed, picked[report.number])
        if why is None:
            done += 1
        else:
            refused[why].append(report.number)
    return done, {why: sorted(numbers) for why, numbers in refused.items()}


def act_on_one(desk: Desk, report: Report, deed: Deed, version: int | None) -> str | None:
    """Why not, or None when it was done; a refused deed leaves nothing behind."""
    try:
        perform(
            db.session(),
            report.id,
            deed,
            doer=Doer.officer(desk.user),
            version=report.version if version is None else version,
            now=clock.now(),
        )
    except Overtaken as faster:
        return f"sudah diubah {who_did(faster.by)}"
    except NotAllowedForRole:
        return NOT_YOURS
    except NotFromThisStatus:
        return NOT_NOW
    except DeedRefused as refused:
        words = labels.REFUSAL[refused.code]
        return words[0].lower() + words[1:]
    return None


def answer(
    desk: Desk, place: Place, result: dict[str, Any], status: int = 200
) -> ResponseReturnValue:
    context = {**beside(desk, place, calendar(desk)), "result": result, "desk": desk}
    if result.get("asked") == ASSIGNS:
        people = select(User).where(colleagues_of(desk), User.active)
        context["colleagues"] = list(db.session.scalars(people.order_by(User.name, User.id)))
    if wants_fragment():
        return render_template("inbox/_many_done.html", **context), status
    return render_template("inbox/inbox.html", undo=undo_strip(desk), **context), status
