"""What a supervisor decides; never about their own work."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from lapor_web.models import Action, HistoryEntry, NotAllowedForRole
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.follow_up import hand_to_reporter


@dataclass(frozen=True, slots=True)
class Approve:
    """The proposal goes to the reporter, in the words in which it was made."""

    action: ClassVar[Action] = Action.APPROVE

    def change(self, act: Act) -> Told:
        proposal = newest(act, Action.PROPOSE)
        if act.doer.user and proposal.user_id == act.doer.user.id:
            raise NotAllowedForRole(self.action, act.doer.role)
        hand_to_reporter(act)
        return Told(
            text=proposal.text,
            visible=True,
            details={
                "proposal": proposal.sequence,
                "outcome": proposal.details.get("outcome"),
            },
        )


@dataclass(frozen=True, slots=True)
class Reject:
    action: ClassVar[Action] = Action.REJECT

    reason: str

    def change(self, act: Act) -> Told:
        act.report.outcome = act.report.outcome_on = None
        return Told(text=self.reason)


@dataclass(frozen=True, slots=True)
class GrantTime:
    """Or refuse it. What is granted becomes the office's promise; the legal limit stays."""

    action: ClassVar[Action] = Action.GRANT_TIME

    granted: bool

    def change(self, act: Act) -> Told:
        report = act.report
        if report.time_asked_until is None or report.time_granted is not None:
            raise DeedRefused("granted", "nothing_asked")
        if newest(act, Action.ASK_TIME).user_id == (act.doer.user and act.doer.user.id):
            raise NotAllowedForRole(self.action, act.doer.role)
        report.time_granted = self.granted
        if self.granted:
            report.promised_on = report.time_asked_until
        return Told(details={"granted": self.granted})


def newest(act: Act, action: Action) -> HistoryEntry:
    """The newest row of that kind which was not undone."""
    return act.session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.report_id == act.report.id,
            HistoryEntry.action == action,
            ~HistoryEntry.undone,
        )
        .order_by(HistoryEntry.sequence.desc())
        .limit(1)
    ).one()
