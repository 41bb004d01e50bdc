"""One message put together: an SMS within its 160 letters, or an e-mail as text and as HTML."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from babel.dates import format_date
from flask import current_app, render_template

from lapor_web import city
from lapor_web.dates import LOCALE
from lapor_web.letters.gsm7 import ONE_SEGMENT, places, shorten, to_gsm7
from lapor_web.letters.words import Words
from lapor_web.models import Medium
from lapor_web.services.channels import Letter

CUT_FIRST = ("words", "belongs_to", "reason", "office", "doer", "absent", "service")
SHORTEST = 12
"""Letters that are left of a name that is cut."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a message says besides its words."""

    words: Words
    values: Mapping[str, str]
    link: str
    quote: str = ""
    """What an office wrote, in full; for e-mail alone."""
    lines: tuple[tuple[str, str], ...] = ()
    """Each with its own link: a digest."""
    may_reply: str = ""
    """What an answer to this e-mail does, where answers are read."""
    why: str = ""
    stop_url: str = ""
    one_click: bool = False
    template: str = ""

    def letter(self, key: str, medium: Medium, to: str) -> Letter:
        values = {"service": city.current_agency().service_name, "link": self.link} | dict(
            self.values
        )
        if medium is Medium.PHONE:
            fitted = fit(self.words.sms, values)
            return Letter(
                key=key,
                medium=medium,
                to=to,
                text=say(self.words.sms, fitted),
                template=self.words.template or self.template,
                parameters=tuple(fitted[name] for name in names_in(self.words.sms)),
            )
        subject = self.words.subject.format_map(values)
        shown = {
            "page": self,
            "subject": subject,
            "lead": self.words.lead.format_map(values),
            "service": values["service"],
        }
        return Letter(
            key=key,
            medium=medium,
            to=to,
            subject=subject,
            text=render_template("letters/letter.txt", **shown),
            html=render_template("letters/letter.html", **shown),
            reply_to=current_app.config.get("LAPOR_MAIL_REPLY_TO") or None,
            unsubscribe_url=self.stop_url if self.one_click else None,
        )


def fit(pattern: str, values: Mapping[str, str]) -> dict[str, str]:
    """The values in GSM-7, what may be long cut until all of it is one segment."""
    fitted = {name: " ".join(to_gsm7(value).split()) for name, value in values.items()}
    used = names_in(pattern)
    for name in CUT_FIRST:
        excess = places(pattern.format_map(fitted)) - ONE_SEGMENT
        if excess <= 0:
            break
        if name in used:
            fitted[name] = shorten(fitted[name], max(places(fitted[name]) - excess, SHORTEST))
    return fitted


def say(pattern: str, fitted: Mapping[str, str]) -> str:
    """An answer that was cut ends in dots, and needs no full stop."""
    return pattern.format_map(fitted).replace("....", "...")


def names_in(pattern: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(pattern) if name]


def short_date(day: dt.date) -> str:
    """ "Selasa 17 Nov", as an SMS has it."""
    return format_date(day, "EEEE d MMM", locale=LOCALE)


def address(path: str) -> str:
    base: str = current_app.config["LAPOR_BASE_URL"]
    return f"{base.rstrip('/')}{path}"
