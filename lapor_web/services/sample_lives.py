"""Plausible lives of reports, made up fast: for load tests, not to be read."""

import datetime as dt
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lapor_web.services.working_days import WITA, WorkingDays, wita_date

DAYS_BACK = 5 * 365
OPEN_DAYS_BACK = 45

# Ends of a report's life, and how many of a hundred end there.
ENDS = {
    "confirmed": 28,
    "automatic": 46,
    "in_process": 4,
    "forwarded": 3,
    "awaiting_reporter": 2,
    "awaiting_approval": 1,
    "unverified": 2,
    "on_hold": 1,
    "archived": 9,
    "outside_authority": 4,
}
OPEN = frozenset(
    {"in_process", "forwarded", "awaiting_reporter", "awaiting_approval", "unverified", "on_hold"}
)
FINISH_LIMITS = {
    "supervisory": 60,
    "non_supervisory": 14,
    "information_request": 5,
    "aspiration": 5,
}
FOLLOW_UP_LIMIT, VERIFICATION_LIMIT, SILENCE_LIMIT, HOLD_LIMIT = 5, 3, 10, 10


@dataclass(frozen=True, slots=True)
class Office:
    opd_id: int | None
    name: str
    officer_id: int
    officer_name: str
    needs_approval: bool
    slowness: float
    """Mean working days until its first answer."""


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    text: str
    place: str
    classification: str
    kind: str


@dataclass(slots=True)
class Life:
    """One report: the values of its row, of its history and of its disposition."""

    report: dict[str, Any]
    history: list[dict[str, Any]] = field(default_factory=list)
    disposition: dict[str, Any] | None = None

    def tell(
        self, action: str, to: str, at: dt.datetime, *, by: Office | None = None, **more: Any
    ) -> None:
        before = self.history[-1] if self.history else None
        self.history.append(
            {
                "sequence": len(self.history) + 1,
                "previous": before["sequence"] if before else None,
                "action": action,
                "from_status": before["to_status"] if before else None,
                "to_status": to,
                "role": "liaison" if by else "reporter",
                "user_id": by.officer_id if by else None,
                "doer_name": by.officer_name if by else "",
                "opd_id": by.opd_id if by else None,
                "opd_name": by.name if by else "",
                "text": "",
                "visible": False,
                "at": at,
                **more,
            }
        )
        self.report |= {"status": to, "version": len(self.history)}


class Lives:
    """Makes them, the same for the same seed."""

    def __init__(
        self,
        *,
        days: WorkingDays,
        offices: Sequence[Office],
        coordinator: Office,
        stories: Sequence[Story],
        answers: Sequence[str],
        area_ids: Sequence[int],
        category_ids: Sequence[int],
        now: dt.datetime,
        seed: int,
    ):
        self.chance = random.Random(seed)  # noqa: S311  nothing here is secret
        self.offices, self.coordinator = offices, coordinator
        self.stories, self.answers = stories, answers
        self.area_ids, self.category_ids = area_ids, category_ids
        self.now, self.today = now, wita_date(now)
        first = self.today - dt.timedelta(days=DAYS_BACK + 1)
        span = [first + dt.timedelta(days=number) for number in range(DAYS_BACK + 500)]
        self.working = [day for day in span if days.is_working_day(day)]

    def make(self, count: int) -> Iterator[Life]:
        """The oldest first, as they would have come in: what is of one month lies together in a table
        then, and whoever asks for the month is given it as fast as in a city's own database."""
        ends = self.chance.choices(list(ENDS), weights=list(ENDS.values()), k=count)
        came_in = [
            (self.some_instant(OPEN_DAYS_BACK if end in OPEN else DAYS_BACK), end) for end in ends
        ]
        for received_at, end in sorted(came_in):
            yield self.live(received_at, end)

    def live(self, received_at: dt.datetime, end: str) -> Life:
        story = self.chance.choice(self.stories)
        life = Life(
            {
                "story": f"{story.text} Sudah {self.chance.randint(2, 60)} hari begini.",
                "place": f"{story.place}, RT {self.chance.randint(1, 45)}",
                "channel": self.chance.choice(("web", "web", "web", "whatsapp", "sp4n", "phone")),
                "area_id": self.chance.choice(self.area_ids),
                "anonymous": self.chance.random() < 0.2,
                "confidential": self.chance.random() < 0.1,
                "received_at": received_at,
                "received_on": wita_date(received_at),
                "entered_at": received_at,
                "verification_limit": VERIFICATION_LIMIT,
            }
        )
        life.tell("submit", "unverified", received_at)
        life.report["due_on"] = self.after(received_at, VERIFICATION_LIMIT)
        match end:
            case "unverified":
                pass
            case "on_hold":
                self.put_on_hold(life)
            case "outside_authority" | "archived":
                self.close(life, end)
            case _:
                self.handle(life, story, end)
        return life

    def put_on_hold(self, life: Life) -> None:
        at = self.later(life.report["received_at"], 1)
        life.tell(
            "hold",
            "on_hold",
            at,
            by=self.coordinator,
            role="coordinator",
            visible=True,
            text="Tuliskan patokan terdekat.",
        )
        life.report |= {
            "status_before_hold": "unverified",
            "hold_limit": HOLD_LIMIT,
            "due_on": self.after(at, HOLD_LIMIT),
            "hold_started_at": at,
        }

    def close(self, life: Life, end: str) -> None:
        at = self.later(life.report["received_at"], 2)
        action = "archive" if end == "archived" else end
        why = {"archive_reason": "unclear"} if end == "archived" else {"belongs_to": "PT PLN"}
        life.tell(
            action, end, at, by=self.coordinator, role="coordinator", visible=True, details=why
        )
        life.report |= {"due_on": None, **why}

    def handle(self, life: Life, story: Story, end: str) -> None:
        office = self.chance.choice(self.offices)
        disposed_at = self.later(life.report["received_at"], self.chance.choice((0, 1, 1, 2, 4)))
        self.dispose(life, story, office, disposed_at)
        if end == "forwarded":
            return
        pace = min(int(self.chance.expovariate(1 / office.slowness)), 90)
        answered = self.later(disposed_at, pace)
        life.tell(
            "follow_up",
            "in_process",
            answered,
            by=office,
            visible=True,
            text=self.chance.choice(self.answers),
        )
        self.note_follow_up(life, disposed_at, answered)
        if end == "in_process":
            return
        proposed = self.later(answered, self.chance.randint(1, 12))
        self.propose(life, office, proposed, end)

    def dispose(self, life: Life, story: Story, office: Office, at: dt.datetime) -> None:
        life.tell(
            "verify",
            "forwarded",
            at,
            by=self.coordinator,
            role="coordinator",
            opd_id=office.opd_id,
            opd_name=office.name,
        )
        due = self.after(at, FOLLOW_UP_LIMIT)
        life.report |= {
            "title": story.title,
            "public_text": life.report["story"],
            "kind": story.kind,
            "classification": story.classification,
            "category_id": self.chance.choice(self.category_ids),
            "holder_opd_id": office.opd_id,
            "verified_at": at,
            "disposed_at": at,
            "finish_started_at": at,
            "follow_up_limit": FOLLOW_UP_LIMIT,
            "finish_limit": FINISH_LIMITS[story.classification],
            "due_on": due,
            "follow_up_due_on": due,
            "waiting_from": wita_date(at),
        }
        life.disposition = {
            "opd_id": office.opd_id,
            "kind": "responsible",
            "received_on": life.report["received_on"],
            "started_at": at,
            "started_sequence": 2,
            "waiting": True,
            "waiting_from": wita_date(at),
            "follow_up_due_on": due,
        }

    def note_follow_up(self, life: Life, disposed_at: dt.datetime, at: dt.datetime) -> None:
        assert life.disposition is not None  # noqa: S101
        pace = self.between(disposed_at, at)
        life.report |= {
            "first_follow_up_at": at,
            "pace_days": pace,
            "waiting_from": None,
            "due_on": self.after(disposed_at, life.report["finish_limit"]),
        }
        life.disposition |= {
            "first_follow_up_at": at,
            "pace_days": pace,
            "in_time": pace <= FOLLOW_UP_LIMIT,
            "says_nothing": self.chance.random() < 0.1,
            "waiting": False,
            "waiting_from": None,
        }

    def propose(self, life: Life, office: Office, at: dt.datetime, end: str) -> None:
        waits = end == "awaiting_approval"
        to = "awaiting_approval" if waits else "awaiting_reporter"
        text = self.chance.choice(self.answers)
        life.tell("propose", to, at, by=office, visible=not waits, text=text)
        life.report |= {"outcome": "explained"}
        if waits:
            return
        life.report |= {
            "answered_at": at,
            "silence_limit": SILENCE_LIMIT,
            "due_on": self.after(at, SILENCE_LIMIT),
        }
        if end == "awaiting_reporter":
            return
        automatic = end == "automatic"
        done = self.later(at, SILENCE_LIMIT + 1 if automatic else self.chance.randint(0, 8))
        if automatic:
            life.tell("finish", "finished", done, role="system")
        else:
            life.tell("confirm", "finished", done)
        rated = not automatic and self.chance.random() < 0.6
        life.report |= {
            "finished_at": done,
            "finish_mode": end,
            "due_on": None,
            "rating": self.chance.choice((1, 2, 3, 4, 4, 5, 5)) if rated else None,
            "completion_days": self.between(life.report["received_at"], done),
        }

    # ---- days ----

    def some_instant(self, days_back: int) -> dt.datetime:
        day = self.today - dt.timedelta(days=self.chance.randrange(days_back))
        seconds = self.chance.randrange(6 * 3600, 22 * 3600)
        instant = dt.datetime.combine(day, dt.time(), WITA) + dt.timedelta(seconds=seconds)
        return min(instant, self.now)

    def later(self, instant: dt.datetime, working_days: int) -> dt.datetime:
        """Some working days on, in office hours; never after now."""
        day = self.after(instant, working_days) if working_days else wita_date(instant)
        seconds = self.chance.randrange(8 * 3600, 16 * 3600)
        at = dt.datetime.combine(day, dt.time(), WITA) + dt.timedelta(seconds=seconds)
        return min(max(at, instant + dt.timedelta(minutes=5)), self.now)

    def after(self, instant: dt.datetime, limit: int) -> dt.date:
        return self.working[self._until(instant) + limit - 1]

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        return self._until(end) - self._until(start)

    def _until(self, instant: dt.datetime) -> int:
        """Working days up to and including the day of the instant."""
        return bisect_left(self.working, wita_date(instant) + dt.timedelta(days=1))
