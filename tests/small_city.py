"""A city of five offices with an officer for every role, small enough to know by heart."""

import datetime as dt
from dataclasses import dataclass, field

from factories import make_agency
from sqlalchemy import text
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Attachment,
    CalendarVersion,
    Classification,
    HistoryEntry,
    Holiday,
    HolidayKind,
    Limit,
    Opd,
    Report,
    Role,
    Step,
    User,
)
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services.deeds import REPORTER, SYSTEM, Deed, Doer, perform
from lapor_web.services.keys import Keys
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Verify

KEYS = Keys.from_secret("a secret for tests only, long enough")
# A Monday at 09.00 WITA, with one day off in the week after it.
NOW = dt.datetime(2026, 11, 9, 1, 0, tzinfo=dt.UTC)
DAY_OFF = dt.date(2026, 11, 18)

LIMITS = (
    (Step.VERIFICATION, None, 3),
    (Step.FIRST_FOLLOW_UP, None, 5),
    (Step.FINISH, Classification.SUPERVISORY, 60),
    (Step.FINISH, Classification.NON_SUPERVISORY, 14),
    (Step.FINISH, Classification.INFORMATION_REQUEST, 5),
    (Step.FINISH, Classification.ASPIRATION, 5),
    (Step.REPORTER_SILENCE, None, 10),
    (Step.HOLD, None, 10),
)


@dataclass
class SmallCity:
    session: Session
    agency: Agency = field(default_factory=make_agency)
    opds: dict[str, Opd] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    now: dt.datetime = NOW
    forms: int = 0

    def __post_init__(self) -> None:
        self.session.add(self.agency)
        self.session.flush()
        self.add_rules()
        for code, kind, parent, needs_approval in (
            ("WORKS", "dinas", None, True),
            ("ROADS", "dinas", None, True),
            ("DISTRICT", "kecamatan", None, False),
            ("VILLAGE", "kelurahan", "DISTRICT", False),
            ("AUDIT", INSPECTORATE, None, False),
        ):
            self.add_opd(code, kind, parent, needs_approval)
        for username, role, opd in (
            ("coordinator", Role.COORDINATOR, None),
            ("works", Role.LIAISON, "WORKS"),
            ("works2", Role.LIAISON, "WORKS"),
            ("works-boss", Role.SUPERVISOR, "WORKS"),
            ("roads", Role.LIAISON, "ROADS"),
            ("roads-boss", Role.SUPERVISOR, "ROADS"),
            ("district", Role.LIAISON, "DISTRICT"),
            ("village", Role.LIAISON, "VILLAGE"),
            ("inspector", Role.INSPECTOR, "AUDIT"),
            ("intake", Role.INTAKE, None),
            ("leader", Role.LEADER, None),
            ("ombudsman", Role.OMBUDSMAN, None),
            ("evaluator", Role.EVALUATOR, None),
        ):
            self.add_user(username, role, opd)

    def add_rules(self) -> None:
        self.session.add(
            CalendarVersion(
                agency_id=self.agency.id,
                holidays=[Holiday(date=DAY_OFF, name="Libur", kind=HolidayKind.NATIONAL)],
            )
        )
        self.session.add_all(
            Limit(
                agency_id=self.agency.id,
                step=step,
                classification=classification,
                days=days,
                valid_from=dt.date(2020, 1, 1),
            )
            for step, classification, days in LIMITS
        )
        self.session.flush()

    def add_opd(self, code: str, kind: str, parent: str | None, needs_approval: bool) -> Opd:
        opd = Opd(
            agency_id=self.agency.id,
            code=code,
            name=f"Dinas {code.title()}",
            short_name=code.title(),
            kind=kind,
            parent=self.opds[parent] if parent else None,
            needs_approval=needs_approval,
        )
        self.session.add(opd)
        self.session.flush()
        self.opds[code] = opd
        return opd

    def add_user(self, username: str, role: Role, opd: str | None) -> User:
        user = User(
            agency_id=self.agency.id,
            username=username,
            name=f"Nama {username}",
            role=role,
            opd=self.opds[opd] if opd else None,
        )
        self.session.add(user)
        self.session.flush()
        self.users[username] = user
        return user

    # ---- what happens in it ----

    def send(self, **fields: object) -> Report:
        self.forms += 1
        usual = {"key": f"form-{self.forms}", "story": "Lampu jalan mati.", "place": "Jalan Mawar"}
        form = Submission(**usual | fields)  # type: ignore[arg-type]
        receipt = submit(self.session, self.agency, form, keys=KEYS, now=self.now)
        return self.session.get_one(Report, receipt.report_id)

    def sent_to(self, opd: str = "WORKS", **fields: object) -> Report:
        report = self.send(**fields)
        self.verify(report, opd)
        return report

    def verify(self, report: Report, opd: str = "WORKS", **fields: object) -> HistoryEntry:
        usual = {"title": "Lampu mati", "classification": Classification.NON_SUPERVISORY}
        return self.do("coordinator", report, Verify(opd=self.opds[opd], **usual | fields))  # type: ignore[arg-type]

    def do(
        self, who: str, report: Report, deed: Deed, *, version: int | None = None
    ) -> HistoryEntry:
        """`who` is a username, "reporter" or "system"."""
        doer = {"reporter": REPORTER, "system": SYSTEM}.get(who) or Doer.officer(self.users[who])
        entry = perform(
            self.session,
            report.id,
            deed,
            doer=doer,
            version=report.version if version is None else version,
            now=self.now,
        )
        self.check()
        return entry

    def show_evidence(self, report: Report) -> None:
        """A photo by the office, as far as the deeds ask for one."""
        self.session.add(
            Attachment(
                agency_id=self.agency.id,
                report_id=report.id,
                history_sequence=report.version + 1,
                by_reporter=False,
                media_type="image/jpeg",
                original_name="sesudah.jpg",
                size=1,
            )
        )
        self.session.flush()

    def wait(self, **by: int) -> None:
        self.now += dt.timedelta(**by)

    def check(self) -> None:
        """What a commit would check, without one."""
        self.session.flush()
        self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
