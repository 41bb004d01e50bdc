"""All that a meeting leaves on paper beside its figures, read at one moment."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web.models import AgendaItem, Attendance, Meeting
from lapor_web.services import agenda, commitments, rakor
from lapor_web.services.commitments import Balance, Standing
from lapor_web.services.working_days import wita_date


@dataclass(frozen=True, slots=True)
class MeetingFile:
    agenda: list[AgendaItem]
    attendance: list[Attendance]
    commitments: list[Standing]
    previous: Meeting | None
    previous_commitments: list[Standing]

    @property
    def kept_before(self) -> Balance:
        """Of the previous meeting's commitments."""
        return commitments.count_kept(self.previous_commitments)


def read_file(session: Session, meeting: Meeting, *, now: dt.datetime) -> MeetingFile:
    """Titles of reports that are rahasia are in it: whoever draws it leaves them out
    (`services.wall_pages.line_of`), as everything of a meeting does."""
    today = wita_date(now)
    before = rakor.previous_meeting(session, meeting)
    return MeetingFile(
        agenda=agenda.load_agenda(session, meeting),
        attendance=rakor.attendance_of(session, meeting),
        commitments=commitments.of_meeting(session, meeting, today=today),
        previous=before,
        previous_commitments=(
            commitments.of_meeting(session, before, today=today) if before else []
        ),
    )
