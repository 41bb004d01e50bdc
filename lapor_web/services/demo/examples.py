"""Reports that a visitor may look at as their reporter does."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Channel, Report, Status
from lapor_web.services.keys import Keys

FORM_KEY = "demo-{:04d}"
MOST_FORMS = 1000

SHOWN = (Status.AWAITING_REPORTER, Status.IN_PROCESS, Status.ON_HOLD, Status.FINISHED)


@dataclass(frozen=True, slots=True)
class Example:
    number: str
    receipt_code: str
    status: Status


def form_key(number: int) -> str:
    """Receipt codes are made of the form's key, so whoever knows the keys knows the codes."""
    return FORM_KEY.format(number)


def find_examples(session: Session, agency: Agency, *, keys: Keys) -> list[Example]:
    """The newest of each status that has something to be done or read."""
    forms = {keys.hash_of_form(form_key(number)): form_key(number) for number in range(MOST_FORMS)}
    found = []
    for status in SHOWN:
        report = session.scalars(
            select(Report)
            .where(
                Report.agency_id == agency.id,
                Report.status == status,
                Report.channel == Channel.WEB,
                Report.key_hash.in_(forms),
                ~Report.imported,
                ~Report.confidential,
            )
            .order_by(Report.id.desc())
            .limit(1)
        ).first()
        if report is not None and report.key_hash is not None:
            code = keys.receipt_code(forms[report.key_hash])
            found.append(Example(report.number, code, status))
    return found
