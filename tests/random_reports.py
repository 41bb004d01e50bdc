"""Random reports and dispositions for hypothesis, and what can happen to them."""

import datetime as dt
from typing import Any

from counted_city import AN_INSTANT, CountedCity
from hypothesis import strategies as st

from lapor_web.models import (
    Channel,
    Classification,
    Disposition,
    DispositionKind,
    EndReason,
    FinishMode,
    Report,
    Status,
)
from lapor_web.models.workflow import HANDLED
from lapor_web.services.figures import fold

FIRST, LAST = dt.date(2021, 11, 1), dt.date(2022, 3, 20)
maybe_days = st.none() | st.integers(0, 9)
maybe_day = st.none() | st.dates(FIRST, LAST)
an_instant_or_none = st.sampled_from([None, AN_INSTANT])
few = st.integers(0, 2)

facts_of_report = st.fixed_dictionaries(
    {
        "office": st.sampled_from([None, 0, 1, 2]),
        "imported": st.booleans(),
        "channel": st.sampled_from([Channel.WEB, Channel.PHONE]),
        "classification": st.none() | st.sampled_from(Classification),
        "returned": st.booleans(),
        "confidential": st.booleans(),
        "about_conduct": st.booleans(),
        "about_service": st.booleans(),
        "ombudsman_consent_at": an_instant_or_none,
        "due_on": maybe_day,
        "disposed_at": an_instant_or_none,
        "first_follow_up_at": an_instant_or_none,
        "follow_up_limit": st.sampled_from([None, 5]),
        "follow_up_due_on": maybe_day,
        "waiting_from": maybe_day,
        "pace_days": maybe_days,
        "completion_days": maybe_days,
        "finish_mode": st.sampled_from(FinishMode),
        "has_evidence": st.booleans(),
        "rating": st.none() | st.integers(1, 5),
        "reopened_count": few,
        "return_count": few,
    }
)
facts_of_disposition = st.fixed_dictionaries(
    {
        "office": st.integers(0, 2),
        "kind": st.sampled_from(DispositionKind),
        "started_sequence": st.sampled_from([1, 2]),
        "end_reason": st.none() | st.sampled_from(EndReason),
        "waiting": st.booleans(),
        "waiting_from": maybe_day,
        "follow_up_due_on": maybe_day,
        "pace_days": maybe_days,
        "in_time": st.none() | st.booleans(),
    }
)
events = st.lists(
    st.one_of(
        st.tuples(
            st.just("report"), st.sampled_from(Status), st.dates(FIRST, LAST), facts_of_report
        ),
        st.tuples(st.just("change"), st.integers(0), st.sampled_from(Status), facts_of_report),
        st.tuples(st.just("delete"), st.integers(0)),
        st.tuples(st.just("disposition"), st.integers(0), facts_of_disposition),
        st.tuples(st.just("end"), st.integers(0), st.sampled_from(EndReason)),
        st.tuples(st.just("take_away"), st.integers(0)),
        st.tuples(st.just("fold")),
    ),
    max_size=25,
)


class Happening:
    """Lets events happen in a city; one that needs a row that is not there does nothing."""

    def __init__(self, city: CountedCity):
        self.city = city
        self.reports: list[int] = []
        self.dispositions: dict[int, int] = {}

    def happen(self, kind: str, *details: Any) -> None:
        getattr(self, kind)(*details)

    def report(self, status: Status, received_on: dt.date, facts: dict[str, Any]) -> None:
        facts = self._with_office(status, facts)
        self.reports.append(self.city.report(status, received_on=received_on, **facts))

    def change(self, which: int, status: Status, facts: dict[str, Any]) -> None:
        if self.reports:
            report_id = self.reports[which % len(self.reports)]
            self.city.change(report_id, status, **self._with_office(status, facts))

    def delete(self, which: int) -> None:
        if self.reports:
            report_id = self.reports.pop(which % len(self.reports))
            self.city.delete(Report, report_id)
            self.dispositions = {
                one: of for one, of in self.dispositions.items() if of != report_id
            }

    def disposition(self, which: int, facts: dict[str, Any]) -> None:
        if not self.reports:
            return
        report_id = self.reports[which % len(self.reports)]
        facts = dict(facts)
        opd_id = self.city.offices[facts.pop("office")]
        if report_id in self.dispositions.values() and facts["end_reason"] is None:
            facts["end_reason"] = EndReason.CLOSED  # one that lasts is enough
        disposition_id = self.city.disposition(report_id, opd_id, **facts)
        self.dispositions[disposition_id] = report_id

    def end(self, which: int, reason: EndReason) -> None:
        if self.dispositions:
            self.city.end(self._disposition(which), reason)

    def take_away(self, which: int) -> None:
        if self.dispositions:
            disposition_id = self._disposition(which)
            self.city.delete(Disposition, disposition_id)
            del self.dispositions[disposition_id]

    def fold(self) -> None:
        assert fold(self.city.session)

        assert fold(self.city.session)

    def _disposition(self, which: int) -> int:
        return list(self.dispositions)[which % len(self.dispositions)]

    def _with_office(self, status: Status, facts: dict[str, Any]) -> dict[str, Any]:
        facts = dict(facts)
        office = facts.pop("office")
        if office is None and status in HANDLED and not facts["imported"]:
            office = 0
        facts["holder_opd_id"] = None if office is None else self.city.offices[office]
        return facts
