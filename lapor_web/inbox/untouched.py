"""Forms of deeds as nobody has touched them yet: most are the same for every report, and are drawn once.

A pane holds half a dozen of them, folded away, and to draw them takes longer than all the rest of it.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from flask import current_app
from markupsafe import Markup, escape

from lapor_web.csrf import csrf_token
from lapor_web.inbox.address import Place
from lapor_web.inbox.choices import Offered
from lapor_web.inbox.offered_deed import OfferedDeed
from lapor_web.inbox.registry import Verb
from lapor_web.kept_addresses import url_for
from lapor_web.models import Report

NUMBER, VERSION, TOKEN = "NOMOR-LAPORAN", "VERSI-LAPORAN", "BUKTI-ASAL"
"""What stands in a drawn one for that which differs."""


@dataclass(frozen=True, slots=True)
class _AnyReport:
    number: str = NUMBER
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class _AnyPlace:
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Untouched:
    """Stands for an `OfferedDeed` whose form is not put together at all."""

    is_untouched: ClassVar[bool] = True
    open: ClassVar[bool] = False

    verb: Verb

    def button(self, report: Report, place: Place) -> Markup:
        return _filled(self.verb, "deed_button", report, place)

    def form(self, report: Report, place: Place) -> Markup:
        return _filled(self.verb, "deed_form", report, place)


def _filled(verb: Verb, macro: str, report: Report, place: Place) -> Markup:
    address = url_for("inbox.act", number=report.number, slug=verb.slug, **place.arguments)
    anywhere = escape(url_for("inbox.act", number=NUMBER, slug=verb.slug))
    drawn = _drawn(verb, macro, anywhere).replace(VERSION, str(report.version))
    # The address last: it holds what somebody searched for, in which nothing is to be replaced.
    drawn = drawn.replace(TOKEN, escape(csrf_token())).replace(anywhere, escape(address))
    return Markup(drawn)  # noqa: S704  drawn by a template, and filled with what is escaped


@functools.lru_cache(maxsize=256)
def _drawn(verb: Verb, macro: str, _where_it_posts: str) -> str:
    macros = current_app.jinja_env.get_template("inbox/_deeds.html").module
    draw = getattr(macros, macro)
    deed = OfferedDeed(verb, verb.form(None, offered=cast(Offered, _Nobodys()), name=verb.name))
    return str(draw(deed, _AnyReport(), _AnyPlace({}))).replace(escape(csrf_token()), TOKEN)


@dataclass(frozen=True, slots=True)
class _Nobodys:
    """What `same_for_all` forms never look at."""

    report: None = None
