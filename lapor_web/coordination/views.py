"""The coordination view: a period's recap, and the list that each of its numbers opens to."""

import datetime as dt

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.coordination import formulas
from lapor_web.coordination.asked import (
    Asked,
    asked_with,
    periods_offered,
    refuse_period,
    this_year,
    word_of,
)
from lapor_web.coordination.drawn import figures_of
from lapor_web.coordination.opened import said_by_recap
from lapor_web.coordination.period import PeriodForm
from lapor_web.extensions import db
from lapor_web.fragments import render
from lapor_web.labels import CHANNEL, CLASSIFICATION, NUMBER, STATUS
from lapor_web.models import COORDINATION_ROLES, Role
from lapor_web.no_transaction import only_reads
from lapor_web.services.backlog import Stage, waits_at
from lapor_web.services.behind_list import open_list, open_number
from lapor_web.services.periods import Period
from lapor_web.services.usages import Usage
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("coordination", __name__, url_prefix="/koordinasi")
bp.before_request(admit(*COORDINATION_ROLES))

ADDRESS = ("angka", "tahun", "dari", "sampai", "opd", "menurut", "nilai", "hitungan")
"""What names an opened number; the page is beside it."""


@bp.get("")
@only_reads
def overview() -> ResponseReturnValue:
    """This year, unless `tahun` names another."""
    return show(asked_with(year_asked()))


def year_asked() -> PeriodForm:
    year = request.args.get("tahun", default=this_year(), type=int)
    if not 2 <= year <= dt.MAXYEAR - 1:
        abort(404)
    return PeriodForm.of(Period.of_year(year))


@bp.get("/rekap")
@only_reads
def recap() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    return show(asked_with(form)) if form.validate() else refuse_period(form)


def show(asked: Asked) -> ResponseReturnValue:
    return render(
        "coordination/recap.html",
        "coordination/_recap.html",
        form=asked.form,
        asked=asked,
        period=asked.period,
        offered=periods_offered(),
        figures=figures_of(city.current_agency(), asked, opens=opens_numbers(), now=clock.now()),
    )


def opens_numbers() -> bool:
    """Evaluators have the figures, and no report behind them."""
    return signed_in_user().role is not Role.EVALUATOR


@bp.get("/laporan")
def reports() -> ResponseReturnValue:
    """The reports behind one number of a recap, those of one's own scope."""
    user = signed_in_user()
    if not opens_numbers():
        abort(403)
    form = year_asked() if "tahun" in request.args else PeriodForm(request.args)
    if not form.validate():
        abort(404)
    given, now, usage = request.args, clock.now(), word_of(Usage, "hitungan")
    office = given.get("opd") or None
    opened = open_number(
        db.session(),
        user,
        given.get("angka", ""),
        form.period,
        office=office,
        trait=(given["menurut"], given.get("nilai", "")) if "menurut" in given else None,
        page=given.get("halaman", default=1, type=int),
        now=now,
    )
    if opened is None:
        abort(404)
    return render_template(
        "coordination/reports.html",
        opened=opened,
        period=form.period,
        arguments={name: given[name] for name in ADDRESS if name in given},
        number_words=NUMBER,
        formula=formulas.formula_of(opened.number, city.current_agency()),
        said=said_by_recap(opened, form.period, usage, office),
        trait_words=formulas.TRAIT,
        unknown_words=formulas.UNKNOWN_LINE,
        value_words=CHANNEL | CLASSIFICATION,
        status_words=STATUS,
        now=now,
    )


@bp.get("/menunggu/<stage>")
def waiting(stage: str) -> ResponseReturnValue:
    """What waits at one step of the way now; with `lewat`, what is late there."""
    user = signed_in_user()
    if not opens_numbers():
        abort(403)
    if stage not in set(Stage):
        abort(404)
    now, late = clock.now(), request.args.get("lewat") == "1"
    condition = waits_at(Stage(stage), user.agency_id, late_on=wita_date(now) if late else None)
    page = request.args.get("halaman", default=1, type=int)
    opened = open_list(db.session(), user, condition, page=page)
    if opened is None:
        abort(404)
    return render_template(
        "coordination/waiting.html",
        list=opened,
        stage_words=formulas.STAGE[Stage(stage)],
        late=late,
        arguments={"stage": stage, **({"lewat": "1"} if late else {})},
        status_words=STATUS,
        now=now,
    )
