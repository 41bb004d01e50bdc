"""The database counts by the definitions, and by nothing else."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from lapor_web.models import Disposition, Report
from lapor_web.models.figures import disposition_change, report_change
from lapor_web.services.indicators import of_disposition, of_report

DEFINED = {
    "report_figures": of_report(Report, sa.literal_column("1")),
    "report_change_figures": of_report(report_change.c, report_change.c.sign),
    "disposition_figures": of_disposition(Disposition, sa.literal_column("1")),
    "disposition_change_figures": of_disposition(disposition_change.c, disposition_change.c.sign),
}


@pytest.mark.parametrize("view", DEFINED)
def test_the_view_is_what_is_defined(db, view):
    defined = DEFINED[view].compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    db.session.execute(sa.text(f"CREATE TEMPORARY VIEW defined AS {defined}"))

    assert definition_of(db, view) == definition_of(db, "defined")


def definition_of(db, view: str) -> str:
    return db.session.scalar(
        sa.text("SELECT pg_get_viewdef(cast(:view AS regclass))"), {"view": view}
    )
