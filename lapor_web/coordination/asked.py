"""What an address of the figures asks for: from when to when, counted how, in which order."""

import enum
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, request
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.coordination.period import PeriodForm
from lapor_web.fragments import render
from lapor_web.services.ordering import Order
from lapor_web.services.periods import Period
from lapor_web.services.usages import Usage
from lapor_web.services.working_days import wita_date

Word = TypeVar("Word", bound=enum.StrEnum)
FIRST_YEAR = 2022
"""The year of the Home Ministry's letter, with which the comparison begins."""


@dataclass(frozen=True, slots=True)
class Asked:
    form: PeriodForm
    usage: Usage
    order: Order

    @property
    def period(self) -> Period:
        return self.form.period

    @property
    def unusual(self) -> dict[str, str]:
        """What an address says beside the period."""
        return not_as_usual(hitungan=self.usage.value, urut=self.order.value)

    def address(self, **other: str) -> dict[str, str]:
        """For links: the period, and what is not as usual."""
        days = {"dari": self.period.start.isoformat(), "sampai": self.period.end.isoformat()}
        return days | not_as_usual(
            **{"hitungan": self.usage.value, "urut": self.order.value, **other}
        )


def not_as_usual(**words: str) -> dict[str, str]:
    """Of the words of an address those that are not as usual."""
    usual = {"hitungan": Usage.LETTER.value, "urut": Order.OFFICE.value}
    return {name: value for name, value in words.items() if usual.get(name) != value}


def period_asked() -> PeriodForm:
    """Of the address, to be validated; without days, this year."""
    if {"dari", "sampai"} & request.args.keys():
        return PeriodForm(request.args)
    return PeriodForm.of(Period.of_year(this_year()))


def asked_with(form: PeriodForm) -> Asked:
    """`form` was validated. An unknown word for the rest is no address (404)."""
    return Asked(form, word_of(Usage, "hitungan"), word_of(Order, "urut"))


def word_of(words: type[Word], name: str) -> Word:
    value = request.args.get(name)
    if value is None:
        return next(iter(words))
    try:
        return words(value)
    except ValueError:
        abort(404)


def refuse_period(form: PeriodForm) -> ResponseReturnValue:
    page, fragment = "coordination/period.html", "coordination/_period.html"
    return render(page, fragment, 422, form=form, offered=periods_offered(), asked=None)


def this_year() -> int:
    return wita_date(clock.now()).year


def periods_offered() -> dict[str, Period]:
    """By their words, those that are one tap away: around today, and the years."""
    today = wita_date(clock.now())
    around = {
        "Hari ini": Period(today, today),
        "Bulan ini": Period.month_of(today),
        "Triwulan ini": Period.quarter_of(today),
    }
    years = range(today.year, FIRST_YEAR - 1, -1)
    return around | {str(year): Period.of_year(year) for year in years}
