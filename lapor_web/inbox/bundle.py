"""/kotak-masuk/<number>/berkas-ombudsman: on which ground its file may be made, by whom it was, and making it."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lapor_web import clock, long_jobs_view
from lapor_web.extensions import db
from lapor_web.handouts.kinds import Format, Handout, bundle_name
from lapor_web.inbox.blueprint import bp
from lapor_web.models import Report
from lapor_web.services import ombudsman_bundle
from lapor_web.services.jobs import Job
from lapor_web.sign_in import signed_in_user


@bp.get("/<number>/berkas-ombudsman")
def show_bundle(number: str) -> ResponseReturnValue:
    report = report_or_404(number)
    return bundle_page(report), 200


@bp.post("/<number>/berkas-ombudsman")
def make_bundle(number: str) -> ResponseReturnValue:
    """The trace is committed with the work itself: there is no file without it."""
    report, session = report_or_404(number), db.session()
    basis = ombudsman_bundle.basis_of(session, report)
    if basis is None:
        return bundle_page(report), 409
    ombudsman_bundle.leave_trace(session, report, signed_in_user(), basis, now=clock.now())
    return long_jobs_view.ask(
        Job.MAKE_HANDOUT,
        f"Berkas Ombudsman {report.number}",
        handout=Handout.OMBUDSMAN.value,
        format=Format.PDF.value,
        number=report.number,
    )


def report_or_404(number: str) -> Report:
    """403 for those who see the report, and are not who makes its file."""
    user = signed_in_user()
    report = ombudsman_bundle.find_report(db.session(), user, number)
    if report is None:
        abort(404)
    if user.role not in ombudsman_bundle.MAKES:
        abort(403)
    return report


def bundle_page(report: Report) -> str:
    session = db.session()
    return render_template(
        "inbox/bundle.html",
        report=report,
        basis=ombudsman_bundle.basis_of(session, report),
        traces=ombudsman_bundle.traces_of(session, report),
        file_name=f"{bundle_name(report.number)}.pdf",
    )
