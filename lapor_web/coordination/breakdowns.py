"""The same figures by month, category, area, channel and class, and quality beside speed; each an
address of its own, for they cost more than the page that everybody opens."""

from typing import Any

from flask import Blueprint, abort, get_template_attribute
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.coordination import formulas
from lapor_web.coordination.asked import (
    Asked,
    asked_with,
    period_asked,
    periods_offered,
    refuse_period,
)
from lapor_web.extensions import db
from lapor_web.fragments import render
from lapor_web.kept_figures import kept
from lapor_web.labels import CHANNEL, CLASSIFICATION
from lapor_web.models import COORDINATION_ROLES, Role
from lapor_web.services.behind import EMPTY_ANSWER
from lapor_web.services.months import monthly, tallest
from lapor_web.services.quality import handling
from lapor_web.services.recap import recap
from lapor_web.services.traits import Trait, breakdown, names_stamp
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("breakdowns", __name__, url_prefix="/koordinasi")
bp.before_request(admit(*COORDINATION_ROLES))


@bp.get("/per-bulan")
def months() -> ResponseReturnValue:
    form = period_asked()
    if not form.validate():
        return refuse_period(form)
    asked, opens = asked_with(form), opens_numbers()
    drawn = keep(asked, "months", opens, lambda: draw_months(asked, opens))
    return show(asked, "Per bulan", drawn)


def draw_months(asked: Asked, opens: bool) -> Any:
    macro = get_template_attribute("coordination/months.html", "by_month")
    lines = monthly(db.session(), city.current_agency(), asked.period, asked.usage)
    return macro(lines, tallest(lines), asked, opens, clock.now())


@bp.get("/per-<trait>")
def show_trait(trait: str) -> ResponseReturnValue:
    if trait not in set(Trait):
        abort(404)
    form = period_asked()
    if not form.validate():
        return refuse_period(form)
    asked, opens, kind = asked_with(form), opens_numbers(), Trait(trait)
    what = (trait, names_stamp(db.session()))
    drawn = keep(asked, what, opens, lambda: draw_trait(asked, kind, opens))
    return show(asked, f"Per {formulas.TRAIT[kind].lower()}", drawn)


def draw_trait(asked: Asked, trait: Trait, opens: bool) -> Any:
    macro = get_template_attribute("coordination/traits.html", "by_trait")
    lines = breakdown(db.session(), city.current_agency(), asked.period, trait, asked.usage)
    words = {"values": CHANNEL | CLASSIFICATION, "unknown": formulas.UNKNOWN_LINE[trait]}
    return macro(lines, trait, formulas.TRAIT[trait], words, asked, opens, clock.now())


@bp.get("/mutu")
def quality() -> ResponseReturnValue:
    form = period_asked()
    if not form.validate():
        return refuse_period(form)
    asked, opens = asked_with(form), opens_numbers()
    rule = formulas.formula_of(EMPTY_ANSWER, city.current_agency())
    drawn = keep(asked, ("quality", rule), opens, lambda: draw_quality(asked, rule, opens))
    return show(asked, "Kecepatan dan mutu", drawn)


def draw_quality(asked: Asked, rule: str, opens: bool) -> Any:
    macro = get_template_attribute("coordination/quality.html", "speed_and_quality")
    session, agency, now = db.session(), city.current_agency(), clock.now()
    counted = recap(session, agency, asked.period, now=now)
    handled = handling(session, agency, asked.period)
    return macro(counted, handled, rule, opens)


def opens_numbers() -> bool:
    """Evaluators have the figures, and no report behind them."""
    return signed_in_user().role is not Role.EVALUATOR


def keep(asked: Asked, what: object, opens: bool, draw: Any) -> Any:
    agency = city.current_agency()
    return kept(("breakdown", what, agency.id, asked.period, asked.usage, opens), draw)


def show(asked: Asked, heading: str, drawn: Any) -> ResponseReturnValue:
    return render(
        "coordination/breakdown.html",
        "coordination/_breakdown.html",
        heading=heading,
        form=asked.form,
        asked=asked,
        offered=periods_offered(),
        drawn=drawn,
    )
