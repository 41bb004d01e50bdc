"""A coordination meeting that was held, with promises kept and broken, and one that is to come."""

import datetime as dt
from dataclasses import dataclass

from lapor_web.models import AgendaCase, AgendaItem, Meeting, Opd, Role, Steering, User
from lapor_web.services import commitments, rakor, steering
from lapor_web.services.agenda import add_offices, late_offices
from lapor_web.services.demo import deeds
from lapor_web.services.demo.casting import Casting, Part
from lapor_web.services.periods import Period
from lapor_web.services.rakor import Plan
from lapor_web.services.working_days import WITA, wita_date

HELD_AGO, COMES_IN = 12, 3
"""Working days."""
OFFICES, PROMISES_EACH = 8, 4
LASTS = dt.timedelta(minutes=75)
DAYS_GIVEN = (3, 5, 8)
"""Working days that an office asks for, in turn."""

NAME, PLACE = "Rakor SP4N-LAPOR", "Ruang Mangkupelas"
SPEAKERS = ("Sekretaris", "Kepala Bidang Pelayanan", "Kepala Seksi Pengaduan")
GUESTS = ("Ombudsman RI Perwakilan Kalimantan Timur", "Tim Wali Kota untuk Akselerasi Pembangunan")
MINUTES = (
    "Setiap perangkat daerah menyampaikan laporan yang lewat tenggat dan tanggal penyelesaiannya.\n"
    "Jawaban pertama paling lambat lima hari kerja. Yang di luar kewenangan dikembalikan pada hari yang sama."
)


@dataclass
class Meetings:
    """`hold_by` is told of each instant of the past as it comes."""

    casting: Casting
    held: bool = False

    def __post_init__(self) -> None:
        city, days = self.casting.city, self.casting.city.days
        self.session, self.agency = city.session, city.agency
        self.coordinator: User = city.officers.one(Role.COORDINATOR)
        day = days.back(self.casting.today, HELD_AGO)
        self.begins = dt.datetime.combine(day, dt.time(9), WITA).astimezone(dt.UTC)
        self.comes_on = days.add(self.casting.today, COMES_IN)

    def hold_by(self, at: dt.datetime) -> None:
        if self.held or at < self.begins:
            return
        self.held = True
        meeting = self.plan(wita_date(self.begins), self.begins)
        rakor.open_meeting(
            self.session, self.agency, meeting, user=self.coordinator, now=self.begins
        )
        self.note_who_came(meeting)
        # All at one instant, for what others do on that morning comes after it.
        now = self.begins
        for item in list(meeting.agenda):
            state = steering.go_to(self.session, meeting, item.id, user=self.coordinator, now=now)
            self.go_through(meeting, item, state, now)
        meeting.minutes = MINUTES
        over = now + LASTS
        rakor.close_meeting(self.session, self.agency, meeting, user=self.coordinator, now=over)

    def plan_next(self) -> None:
        self.plan(self.comes_on, self.casting.horizon)

    def plan(self, held_on: dt.date, now: dt.datetime) -> Meeting:
        given = Plan(
            name=NAME,
            place=PLACE,
            held_on=held_on,
            period=Period.of_year(held_on.year),
            chair="Sekretaris Daerah",
            note_taker="Diskominfo",
        )
        meeting = rakor.plan(self.session, self.agency, given, user=self.coordinator, now=now)
        late = late_offices(self.session, self.agency.id, today=wita_date(now))
        add_offices(self.session, meeting, [one.opd.id for one in late[:OFFICES]])
        return meeting

    def note_who_came(self, meeting: Meeting) -> None:
        """All but the last office, which was invited and did not come."""
        came = [item.opd for item in meeting.agenda][:-1]
        spoke = {opd.id: speaker_of(opd, number) for number, opd in enumerate(came)}
        rakor.note_attendance(self.session, meeting, spoke, GUESTS)

    def go_through(
        self, meeting: Meeting, item: AgendaItem, state: Steering, now: dt.datetime
    ) -> None:
        # Those first that were done since, so that some promises are kept.
        cases = sorted(item.cases, key=lambda case: self.done_on(case) is None)
        for number, case in enumerate(cases[:PROMISES_EACH]):
            state.case, case.discussed_at = case, now
            commitments.record(
                self.session,
                meeting,
                case.report,
                promised_on=self.day_for(case, number),
                responsible=speaker_of(item.opd, number),
                user=self.coordinator,
                version=case.report.version,
                now=now,
            )

    def day_for(self, case: AgendaCase, number: int) -> dt.date:
        """What the office could know: it has begun, and says when it will be done. Others hope."""
        today = wita_date(self.begins)
        done_on = self.done_on(case)
        if done_on is not None and number % 3 < 2:
            return max(done_on, today)
        return self.casting.city.days.add(today, DAYS_GIVEN[number % len(DAYS_GIVEN)])

    def done_on(self, case: AgendaCase) -> dt.date | None:
        """The day on which its life has the office say that it is done, where that is past."""
        for part in self.casting.parts:
            if getattr(part.scene, "report", None) is case.report:
                return next(iter(done_days(part, self.begins, self.casting.horizon)), None)
        return None


def done_days(part: Part, after: dt.datetime, until: dt.datetime) -> list[dt.date]:
    steps = list(zip(part.at, part.life, strict=True))
    approves = any(step.do is deeds.approve for _, step in steps)
    done = deeds.approve if approves else deeds.propose
    return [wita_date(at) for at, step in steps if step.do is done and after < at <= until]


def speaker_of(opd: Opd, number: int) -> str:
    return f"{SPEAKERS[number % len(SPEAKERS)]} {opd.short_name}"
