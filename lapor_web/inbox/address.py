"""Which list an address stands for, and the addresses that lead back to it."""

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

from lapor_web.extensions import db
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox import Asked, Order
from lapor_web.services.inbox_search import look_up
from lapor_web.text import clean_line

LONGEST_SEARCH = 200
FURTHEST_PAGE = 2000

Word = TypeVar("Word", View, Order)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inbox somebody is: ?tampilan=&cari=&urut=&halaman=."""

    asked: Asked
    page: int
    arguments: dict[str, Any]
    """Only what differs from the inbox as it opens, so that addresses stay short."""

    def list_address(self) -> str:
        return url_for("inbox.list_reports", **self.arguments)

    def report_address(self, number: str) -> str:
        return url_for("inbox.read_report", number=number, **self.arguments)

    def query(self) -> str:
        """Of the address, with its question mark: rows and forms only put their path before it."""
        return self.list_address().removeprefix(url_for("inbox.list_reports"))


def place_of(desk: Desk) -> Place:
    """A word that means nothing here stands for the view that opens first."""
    first = desk.views[0]
    search = clean_line(request.args.get("cari"))[:LONGEST_SEARCH]
    # A search without a view looks everywhere.
    view = _member(View, request.args.get("tampilan"), View.ALL if search else first)
    if view not in desk.views:
        view = first
    order = _member(Order, request.args.get("urut"), usual_order(view))
    page = min(max(request.args.get("halaman", 1, int), 1), FURTHEST_PAGE)
    arguments = {
        "tampilan": view.value if view is not first or search else None,
        "cari": search or None,
        "urut": order.value if order is not usual_order(view) else None,
        "halaman": page if page > 1 else None,
    }
    known = {name: value for name, value in arguments.items() if value is not None}
    asked = look_up(db.session(), desk, Asked(view, search, order))
    return Place(asked, page, known)


def usual_order(view: View) -> Order:
    """Most of what is finished has no deadline any longer."""
    return Order.NEWEST if view in {View.FINISHED, View.ALL} else Order.DEADLINE


def _member(kind: type[Word], word: str | None, otherwise: Word) -> Word:
    return kind(word) if word in list(kind) else otherwise
