"""Lets the days of a city go by, and says at the end what became of it."""

import csv
import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from small_city import KEYS, SmallCity
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    CalendarVersion,
    Classification,
    HistoryEntry,
    Holiday,
    HolidayKind,
    Limit,
    NoticeSettings,
    OutboxMessage,
    Outcome,
    Report,
    Role,
    Step,
)
from lapor_web.services import clocks, figures, outbox
from lapor_web.services.approval import Approve
from lapor_web.services.conversation import Confirm, ConsentToOmbudsman
from lapor_web.services.follow_up import FollowUp, Propose
from lapor_web.services.identity import Identity
from lapor_web.services.keys import Keys
from lapor_web.services.ladder import Ladder
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Complete, PutOnHold, Verify
from lapor_web.services.working_days import WITA
from year.days import ONE, Days
from year.expected import acts_of
from year.lives import Life, invent
from year.outcomes import Outcomes
from year.workers import Workers

SECRET = "a secret for tests only, long enough"
"""Of the small city, so that workers can open the contacts it seals."""
assert Keys.from_secret(SECRET) == KEYS

NIGHT, MORNING = dt.time(0, 1), dt.time(10)
ROUNDS = (clocks.SILENCE, clocks.HOLD, Ladder().round())
LIAISONS = {"DISTRICT": "district", "VILLAGE": "village", "WORKS": "works", "ROADS": "roads"}


class Year:
    def __init__(
        self,
        engine: Engine,
        folder: Path,
        environ: dict[str, str],
        *,
        reports: int,
        first: dt.date,
        last: dt.date,
        receives_for: int | None = None,
        workers: int,
        kills: float,
        seed: int = 1,
    ):
        """`engine` is of a migrated, empty database, `environ` what its workers are started with,
        `receives_for` on how many days reports come in, `kills` how likely a worker dies at a round."""
        self.engine, self.folder = engine, folder
        self.first, self.last, self.receives_for = first, last, receives_for
        self.rng, self.kills = Random(seed), kills
        self.days = Days.of_the_city()
        self.session = Session(engine, expire_on_commit=False)
        self.city = self.found_city()
        self.lives = self.invent_lives(reports)
        self.ids: dict[int, int] = {}
        self.environ = environ | {
            "YEAR_CLOCK": str(folder / "clock"),
            "YEAR_LETTERS": str(folder / "letters"),
            "YEAR_LOG": str(folder / "log"),
        }
        self.set_clock(self.at(first, NIGHT))
        self.workers = Workers(engine, self.environ, workers, self.rng)

    def found_city(self) -> SmallCity:
        city = SmallCity(self.session)
        seed = Path(__file__).parents[2] / "lapor_web/seed/samarinda/holidays.csv"
        with seed.open(encoding="utf-8", newline="") as file:
            days_off = [dt.date.fromisoformat(row["date"]) for row in csv.DictReader(file)]
        self.session.add(
            CalendarVersion(
                agency_id=city.agency.id,
                holidays=[
                    Holiday(date=day, name="Libur", kind=HolidayKind.NATIONAL) for day in days_off
                ],
            )
        )
        self.session.add(
            Limit(
                agency_id=city.agency.id,
                step=Step.OMBUDSMAN,
                days=60,
                valid_from=dt.date(2020, 1, 1),
            )
        )
        for name, user in city.users.items():
            self.session.add(NoticeSettings(user_id=user.id, email=f"{name}@contoh.id"))
        self.session.commit()
        return city

    def invent_lives(self, number: int) -> list[Life]:
        length = self.receives_for or (self.last - self.first).days
        begins = sorted(self.rng.randrange(length) for _ in range(number))
        return [
            invent(number, self.first + begin * ONE, self.days, self.rng)
            for number, begin in enumerate(begins)
        ]

    # ---- the days go by ----

    def run(self) -> Outcomes:
        planned: dict[dt.date, list[tuple[Life, str]]] = defaultdict(list)
        for life in self.lives:
            for day, deed in life.deeds:
                planned[day].append((life, deed))
        try:
            day = self.first
            while day <= self.last:
                self.go_to(self.at(day, NIGHT))
                self.set_clock(self.at(day, MORNING))
                for life, deed in planned[day]:
                    self.do(life, deed)
                self.session.commit()
                self.go_to(self.at(day, MORNING))
                day += ONE
            # Whatever a dead worker had taken comes again by itself.
            self.go_to(self.at(self.last, MORNING) + dt.timedelta(hours=1), kill=False)
        finally:
            self.workers.stop()
        with self.session:
            return self.judge()

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, WITA).astimezone(dt.UTC)

    def set_clock(self, now: dt.datetime) -> None:
        """For everybody at once: a file is whole or it is the one before."""
        new = self.folder / "clock.new"
        new.write_text(now.isoformat())
        os.replace(new, self.folder / "clock")
        self.city.now = now

    def go_to(self, now: dt.datetime, *, kill: bool = True) -> None:
        self.set_clock(now)
        due = self.nothing_is_due(now)
        if next(due):
            return
        self.workers.ask()
        if kill and self.rng.random() < self.kills:
            next(due)
            self.workers.kill_one()
        self.workers.wait_until(due)

    def nothing_is_due(self, now: dt.datetime) -> Iterator[bool]:
        letters = select(func.count()).where(outbox.WAITING, OutboxMessage.not_before <= now)
        while True:
            due = any(clocks.find_due(self.session, one, now) for one in ROUNDS)
            due = due or bool(self.session.scalar(letters))
            self.session.rollback()
            yield not due

    def do(self, life: Life, deed: str) -> None:
        city = self.city
        if deed == "submit":
            contact = Identity("Siti", "", f"warga{life.number}@contoh.id")
            self.ids[life.number] = city.send(identity=contact).id
            return
        report = self.session.get_one(Report, self.ids[life.number], populate_existing=True)
        liaison = LIAISONS[life.office]
        match deed:
            case "verify":
                city.do(
                    "coordinator",
                    report,
                    Verify(
                        opd=city.opds[life.office],
                        title="Lampu mati",
                        classification=Classification.NON_SUPERVISORY,
                    ),
                )
            case "hold":
                city.do("coordinator", report, PutOnHold(reason="Di RT berapa?"))
            case "complete":
                city.do("reporter", report, Complete(text="RT 4."))
            case "follow_up":
                city.do(liaison, report, FollowUp("Kami periksa."))
            case "propose":
                city.do(liaison, report, Propose("Dijadwalkan.", Outcome.EXPLAINED))
                if city.opds[life.office].needs_approval:
                    city.do(f"{liaison}-boss", report, Approve())
            case "confirm":
                city.do("reporter", report, Confirm())
            case "consent":
                city.do("reporter", report, ConsentToOmbudsman())
            case "undo":
                city.do("coordinator", report, Undo())

    # ---- what became of it ----

    def judge(self) -> Outcomes:
        outcomes = Outcomes(len(self.lives))
        outcomes.killed = self.workers.killed
        outcomes.cut_off = self.workers.cut_off()
        happened = self.acts_by_report()
        for life in self.lives:
            wanted = acts_of(life, self.days, self.last)
            did = happened[self.ids[life.number]]
            outcomes.acts.update(name for name, _ in did)
            if did != wanted:
                outcomes.wrong.append(f"{life}: {did} instead of {wanted}")
        self.count_letters(outcomes)
        figures.fold(self.session)
        outcomes.figures_differ = len(figures.recount(self.session).differences)
        return outcomes

    def acts_by_report(self) -> dict[int, list[tuple[str, dt.date]]]:
        rows = self.session.execute(
            select(
                HistoryEntry.report_id, HistoryEntry.action, HistoryEntry.details, HistoryEntry.at
            ).where(HistoryEntry.role == Role.SYSTEM)
        )
        found: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
        for row in rows:
            escalated = row.action is Action.ESCALATE
            name = row.details["rung"] if escalated else row.action.value
            found[row.report_id].append((name, row.at.astimezone(WITA).date()))
        for acts in found.values():
            acts.sort(key=lambda act: (act[1], act[0]))
        return found

    def count_letters(self, outcomes: Outcomes) -> None:
        """Every row of the outbox left, under one key, or says why it never will."""
        keys = Counter((self.folder / "letters").read_text().split())
        rows = self.session.execute(
            select(
                OutboxMessage.id,
                OutboxMessage.kind,
                OutboxMessage.key,
                OutboxMessage.sent_at,
                OutboxMessage.cancelled_at,
                OutboxMessage.reason,
                OutboxMessage.not_before,
            )
        ).all()
        left = {row.key for row in rows if row.sent_at is not None}
        outcomes.letters, outcomes.repeats = len(keys), keys.total() - len(keys)
        outcomes.unknown_keys = len(set(keys) - {row.key for row in rows})
        for row in rows:
            sent = row.sent_at is not None and row.key in keys
            waits = row.not_before > self.city.now
            if not (sent or row.cancelled_at is not None or waits):
                outcomes.not_sent.append(f"{row.id} {row.kind}: {row.reason}")
        if len(left) != sum(row.sent_at is not None for row in rows):
            outcomes.not_sent.append("two letters bear one key")
