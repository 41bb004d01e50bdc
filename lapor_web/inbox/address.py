"""Which list an address stands for, and the addresses that lead back to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import request

from lapor_web.extensions import db
from lapor_web.inbox.narrowing import read_filters
from lapor_web.kept_addresses import url_for
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox_asked import Asked, Order
from lapor_web.services.inbox_search import look_up
from lapor_web.text import clean_line

LONGEST_SEARCH = 200
FURTHEST_PAGE = 2000

Word = TypeVar("Word", View, Order)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inbox somebody is: ?tampilan=&cari=&urut=&halaman=, and the filters."""

    asked: Asked
    page: int
    arguments: dict[str, Any]
    """Only what differs from the inbox as it opens, so that addresses stay short."""
    narrowed: dict[str, str]
    """Those of them that are filters."""

    def list_address(self) -> str:
        return url_for("inbox.list_reports", **self.arguments)

    def report_address(self, number: str) -> str:
        return url_for("inbox.read_report", number=number, **self.arguments)

    def query(self) -> str:
        """Of the address, with its question mark: rows and forms only put their path before it."""
        return self.list_address().removeprefix(url_for("inbox.list_reports"))

    def kept(self) -> str:
        """What a saved view remembers of it: the list, not the page of it that one is on."""
        first = dict(self.arguments, halaman=None)
        address = url_for("inbox.list_reports", **first)
        return address.removeprefix(url_for("inbox.list_reports")).removeprefix("?")

    def without(self, *names: str) -> str:
        """The list from its first page, with fewer filters."""
        return url_for(
            "inbox.list_reports", **dict(self.arguments, halaman=None, **dict.fromkeys(names))
        )


def place_of(desk: Desk) -> Place:
    """Of this request, with what its search finds."""
    place = read_place(desk, request.args)
    return replace(place, asked=look_up(db.session(), desk, place.asked))


def read_place(desk: Desk, sent: Mapping[str, str]) -> Place:
    """A word that means nothing here stands for the view that opens first."""
    first = desk.views[0]
    search = clean_line(sent.get("cari"))[:LONGEST_SEARCH]
    # A search without a view looks everywhere.
    view = _member(View, sent.get("tampilan"), View.ALL if search else first)
    if view not in desk.views:
        view = first
    order = _member(Order, sent.get("urut"), usual_order(view))
    typed = sent.get("halaman", "1")
    page = min(max(int(typed[:9]) if typed.isdecimal() else 1, 1), FURTHEST_PAGE)
    filters, narrowed = read_filters(desk, sent)
    arguments = {
        "tampilan": view.value if view is not first or search else None,
        "cari": search or None,
        "urut": order.value if order is not usual_order(view) else None,
        **narrowed,
        "halaman": page if page > 1 else None,
    }
    known = {name: value for name, value in arguments.items() if value is not None}
    return Place(Asked(view, search, order, filters=filters), page, known, narrowed)


def usual_order(view: View) -> Order:
    """Most of what is finished has no deadline any longer."""
    return Order.NEWEST if view in {View.FINISHED, View.ALL} else Order.DEADLINE


def _member(kind: type[Word], word: str | None, otherwise: Word) -> Word:
    return kind(word) if word in list(kind) else otherwise
