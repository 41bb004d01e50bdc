"""The coordination view: a period's recap, and the list that each of its numbers opens to."""

import datetime as dt

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.coordination.drawn import figures_of
from lapor_web.coordination.period import PeriodForm
from lapor_web.extensions import db
from lapor_web.fragments import render
from lapor_web.labels import NUMBER, STATUS
from lapor_web.models import COORDINATION_ROLES, Role
from lapor_web.services.behind_list import open_number
from lapor_web.services.periods import Period
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("coordination", __name__, url_prefix="/koordinasi")
bp.before_request(admit(*COORDINATION_ROLES))

ADDRESS = ("angka", "dari", "sampai", "opd")
"""What names an opened number; the page is beside it."""
FIRST_YEAR = 2022
"""The year of the Home Ministry's letter, with which the comparison begins."""


@bp.get("")
def overview() -> ResponseReturnValue:
    """This year, unless `tahun` names another."""
    year = request.args.get("tahun", default=this_year(), type=int)
    if not 2 <= year <= dt.MAXYEAR - 1:
        abort(404)
    return show(Period.of_year(year), PeriodForm.of(Period.of_year(year)))


@bp.get("/rekap")
def recap() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    if not form.validate():
        page = "coordination/period.html"
        return render(page, "coordination/_period.html", 422, form=form, years=years())
    return show(form.period, form)


def show(period: Period, form: PeriodForm) -> ResponseReturnValue:
    opens = signed_in_user().role is not Role.EVALUATOR
    return render(
        "coordination/recap.html",
        "coordination/_recap.html",
        form=form,
        period=period,
        years=years(),
        figures=figures_of(city.current_agency(), period, opens=opens, now=clock.now()),
    )


@bp.get("/laporan")
def reports() -> ResponseReturnValue:
    """The reports behind one number of a recap, those of one's own scope."""
    user = signed_in_user()
    if user.role is Role.EVALUATOR:
        abort(403)
    form = PeriodForm(request.args)
    if not form.validate():
        abort(404)
    opened = open_number(
        db.session(),
        user,
        request.args.get("angka", ""),
        form.period,
        office=request.args.get("opd") or None,
        page=request.args.get("halaman", default=1, type=int),
        now=clock.now(),
    )
    if opened is None:
        abort(404)
    return render_template(
        "coordination/reports.html",
        opened=opened,
        period=form.period,
        arguments={name: request.args[name] for name in ADDRESS if name in request.args},
        number_words=NUMBER,
        status_words=STATUS,
    )


def this_year() -> int:
    return wita_date(clock.now()).year


def years() -> range:
    return range(this_year(), FIRST_YEAR - 1, -1)
