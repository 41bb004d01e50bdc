"""The first page, and the pages that explain the service."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.public.blueprint import bp
from lapor_web.public.open_recap import recap_of
from lapor_web.services.retention import Retention
from lapor_web.services.working_days import wita_date


@bp.get("/")
def home() -> ResponseReturnValue:
    year = wita_date(clock.now()).year
    return render_template("public/home.html", figures=recap_of(year).cells, year=year)


@bp.get("/bantuan")
def help_page() -> ResponseReturnValue:
    return render_template("public/help.html")


@bp.get("/privasi")
def privacy() -> ResponseReturnValue:
    kept = Retention(*current_app.config.get("LAPOR_RETENTION_DAYS", ()))
    return render_template("public/privacy.html", kept=kept)


@bp.app_template_filter()
def span(days: int) -> str:
    """`2 tahun`, where it is whole years."""
    years, rest = divmod(days, 365)
    return f"{days} hari" if rest or not years else f"{years} tahun"


@bp.get("/aksesibilitas")
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")
