"""A small city whose reports are written straight into the tables, for tests of figures."""

import datetime as dt
from typing import Any

from factories import make_agency
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    ArchiveReason,
    CalendarVersion,
    Disposition,
    DispositionKind,
    EndReason,
    FinishMode,
    HistoryEntry,
    Opd,
    Report,
    Role,
    Status,
)
from lapor_web.models.workflow import HANDLED, Action

DAY = dt.date(2022, 3, 7)
"""A Monday."""
AN_INSTANT = dt.datetime(2022, 3, 7, 3, 0, tzinfo=dt.UTC)


class CountedCity:
    """Three offices: WORKS, HEALTH, and CLINIC, whose reports are counted as HEALTH's."""

    def __init__(self, session: Session):
        self.session = session
        self.agency: Agency = make_agency()
        session.add(self.agency)
        session.flush()
        session.add(CalendarVersion(agency_id=self.agency.id, note="", holidays=[]))
        self.works, self.health, self.clinic = (
            self._add_opd(code) for code in ("WORKS", "HEALTH", "CLINIC")
        )
        self.clinic.reports_as_id = self.health.id
        session.flush()
        self._made = 0

    @property
    def offices(self) -> list[int]:
        return [self.works.id, self.health.id, self.clinic.id]

    def report(self, status: Status = Status.UNVERIFIED, **facts: Any) -> int:
        """Its id; what the database wants of a report in that status is added."""
        self._made += 1
        row = {
            "agency_id": self.agency.id,
            "number": f"KTA-22{self._made:04d}-0",
            "story": "Lampu jalan mati.",
            "place": "Jalan Mawar",
            "received_on": DAY,
            **self.of_status(status, facts),
        }
        report_id = self.session.scalar(insert(Report).values(row).returning(Report.id))
        assert report_id is not None
        self.session.execute(
            insert(HistoryEntry).values(
                report_id=report_id,
                sequence=1,
                action=Action.SUBMIT,
                to_status=status,
                role=Role.REPORTER,
            )
        )
        return report_id

    def change(self, report_id: int, status: Status, **facts: Any) -> None:
        row = self.of_status(status, facts, report_id)
        self.session.execute(update(Report).where(Report.id == report_id).values(row))

    def of_status(
        self, status: Status, facts: dict[str, Any], report_id: int | None = None
    ) -> dict[str, Any]:
        finished, merged = status is Status.FINISHED, status is Status.MERGED
        row = {
            "status": status,
            "finished_at": AN_INSTANT if finished else None,
            "archive_reason": ArchiveReason.UNCLEAR if status is Status.ARCHIVED else None,
            "parent_id": self.parent() if merged else None,
            **facts,
        }
        if finished:
            row["finish_mode"] = facts.get("finish_mode") or FinishMode.CONFIRMED
        if status in HANDLED and not row.get("imported") and not row.get("holder_opd_id"):
            row["holder_opd_id"] = self.works.id
        return row

    def parent(self) -> int:
        """Some report of another decade, for others to be merged into."""
        if not hasattr(self, "_parent"):
            self._parent = self.report(received_on=dt.date(2001, 1, 1))
        return self._parent

    def disposition(self, report_id: int, opd_id: int, **facts: Any) -> int:
        ended = facts.pop("end_reason", None)
        received_on = self.session.get_one(Report, report_id).received_on
        row = {
            "agency_id": self.agency.id,
            "report_id": report_id,
            "opd_id": opd_id,
            "kind": DispositionKind.RESPONSIBLE,
            "received_on": received_on,
            "started_at": AN_INSTANT,
            "started_sequence": 2,
            "end_reason": ended,
            "ended_at": AN_INSTANT if ended else None,
            **facts,
        }
        disposition_id = self.session.scalar(
            insert(Disposition).values(row).returning(Disposition.id)
        )
        assert disposition_id is not None
        return disposition_id

    def end(self, disposition_id: int, reason: EndReason) -> None:
        self.session.execute(
            update(Disposition)
            .where(Disposition.id == disposition_id)
            .values(ended_at=AN_INSTANT, end_reason=reason, waiting=False)
        )

    def delete(self, table: type[Report] | type[Disposition], row_id: int) -> None:
        if table is Report:
            self.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            self.session.execute(
                text("DELETE FROM disposition WHERE report_id = :id"), {"id": row_id}
            )
            self.session.execute(text("DELETE FROM history WHERE report_id = :id"), {"id": row_id})
            self.session.execute(text("DELETE FROM report WHERE id = :id"), {"id": row_id})
        else:
            self.session.execute(text("DELETE FROM disposition WHERE id = :id"), {"id": row_id})

    def _add_opd(self, code: str) -> Opd:
        opd = Opd(
            agency_id=self.agency.id, code=code, name=f"Dinas {code}", short_name=code, kind="dinas"
        )
        self.session.add(opd)
        self.session.flush()
        return opd
