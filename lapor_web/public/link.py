"""A link in a message: `/l/<token>` opens one report, and ends its news where that is asked."""

import datetime as dt
import math
import re

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock, reporter_session
from lapor_web.errors import error_page
from lapor_web.extensions import db
from lapor_web.models import Report, ReportLink
from lapor_web.public.blueprint import bp
from lapor_web.services import report_links, throttle

PREVIEWS = re.compile(
    r"bot\b|crawler|spider|preview|facebookexternalhit|whatsapp|slack-|snapchat|line-poker|vkshare"
    r"|embedly|safelinks|google-read-aloud",
    re.IGNORECASE,
)
"""Programs that open a link in a message before its reader does."""
TRIES = throttle.Limit(tries=100, first_delay=dt.timedelta(0))
"""Per address. Links in an SMS are short, 59 bits; a whole network of phones comes from one."""


@bp.get("/l/<token>")
def take_link(token: str) -> ResponseReturnValue:
    """Uses nothing up. A program that only looks gets a page that says nothing of any report, and
    a person taken for one gets in by its button."""
    if only_looks():
        return render_template("public/link.html", token=token)
    return enter(token)


@bp.post("/l/<token>")
def enter(token: str) -> ResponseReturnValue:
    try:
        found = find(token)
    except throttle.TooManyTries as refused:
        return too_often(refused.wait)
    if found is None:
        return worthless()
    link, report = found
    if report_links.asks_code(link, report):
        to = url_for(".ask_for_code", number=report.number)
    else:
        reporter_session.remember(report.id, report.receipt_hash)
        to = url_for(".follow", number=report.number)
    db.session.commit()
    return redirect(to, 303)


@bp.get("/l/<token>/berhenti")
def ask_to_stop(token: str) -> ResponseReturnValue:
    return render_template("public/stop_news.html", token=token)


@bp.post("/l/<token>/berhenti")
def stop_news(token: str) -> ResponseReturnValue:
    """By our button, or by the reader's mail program (RFC 8058), which has no token of ours: the
    link in the address is the proof. See `csrf.SIGNED_BY_THE_SENDER`."""
    try:
        found = find(token)
    except throttle.TooManyTries as refused:
        return too_often(refused.wait)
    if found is None:
        return worthless()
    report_links.stop_news(db.session(), found[0], clock.now())
    db.session.commit()
    return render_template("public/stop_news.html", token=token, stopped=True)


def only_looks() -> bool:
    asked = request.headers
    wanted = asked.get("Sec-Fetch-Dest", "document")
    ahead = asked.get("Sec-Purpose", "") + asked.get("Purpose", "") + asked.get("X-Moz", "")
    return (
        request.method == "HEAD"
        or wanted != "document"
        or "prefetch" in ahead
        or bool(PREVIEWS.search(asked.get("User-Agent", "")))
    )


def find(token: str) -> tuple[ReportLink, Report] | None:
    """Counted before it is looked for, and given back where it was right. Raises TooManyTries."""
    session, keys, now = db.session(), city.keys(), clock.now()
    sender = keys.hash_of_subject("link-from", request.remote_addr or "")
    tries = throttle.reserve(session, [throttle.Gate(sender, TRIES)], now)
    session.commit()
    link = report_links.find(session, token, now, keys=keys)
    if link is None:
        return None
    throttle.give_back(session, tries)
    report = session.get_one(Report, link.report_id)
    return link, report


def worthless() -> ResponseReturnValue:
    """The same for a link that never was, is too old, or was made void."""
    return make_response(render_template("public/no_link.html"), 404)


def too_often(wait: dt.timedelta) -> ResponseReturnValue:
    page = error_page(429)
    page.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return page
