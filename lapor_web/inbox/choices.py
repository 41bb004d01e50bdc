"""The lists that forms choose from, each read only when a form on the page shows it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from lapor_web import labels
from lapor_web.models import Action, Area, AreaKind, Category, Opd, Report, Role, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services import inbox_reports
from lapor_web.services.access import units_under
from lapor_web.services.desk import Desk
from lapor_web.services.officer_messages import may_see
from lapor_web.services.suggestion import Suggestion, list_favourites, suggest

HANDS_ON = frozenset({Action.VERIFY, Action.REASSIGN})
AT_HAND = 9
"""Offices that have a key of their own while a report is verified."""


class Offered:
    """What one officer may choose for one report, by the value that a form sends."""

    def __init__(self, session: Session, desk: Desk, report: Report):
        self.session, self.desk, self.report = session, desk, report

    @cached_property
    def opds(self) -> dict[str, Opd]:
        opds = select(Opd).where(Opd.agency_id == self.report.agency_id, Opd.active)
        return {one.code: one for one in self.session.scalars(opds.order_by(Opd.name))}

    @cached_property
    def categories(self) -> dict[str, Category]:
        known = select(Category).where(Category.agency_id == self.report.agency_id, Category.active)
        return {one.code: one for one in self.session.scalars(known.order_by(Category.name))}

    @cached_property
    def areas(self) -> dict[str, Area]:
        return load_areas(self.session, self.report.agency_id)

    @cached_property
    def people(self) -> dict[str, Row[int, str, str | None]]:
        """Id, name and unit of those of the office that holds the report and of the units under it,
        but for the accused."""
        rows = self.session.connection().execute(_PEOPLE, {"units": list(self._units)})
        return {str(one.id): one for one in rows if one.id != self.report.accused_user_id}

    def find_worker(self, chosen: str) -> User | Opd:
        """Whom `workers` offered by that value."""
        if chosen in self.people:
            return self.session.get_one(User, int(chosen))
        return self.sub_units[chosen]

    @cached_property
    def sub_units(self) -> dict[str, Opd]:
        """Under the office that holds the report: kelurahan, puskesmas, bidang."""
        if len(self._units) <= 1:
            return {}
        known = select(Opd).where(Opd.id.in_(self._units), Opd.active).order_by(Opd.name)
        return {
            one.code: one
            for one in self.session.scalars(known)
            if one.id != self.report.holder_opd_id
        }

    @cached_property
    def _units(self) -> Sequence[int]:
        """Of its holder, which is mostly one's own office."""
        holder = self.report.holder_opd_id
        own = holder is not None and holder == self.desk.user.opd_id
        return self.desk.units if own else units_under(self.session, holder)

    @cached_property
    def officers(self) -> dict[str, User]:
        """Of the whole city: anybody may be accused."""
        known = select(User).where(User.agency_id == self.report.agency_id, User.active)
        return {str(one.id): one for one in self.session.scalars(known.order_by(User.name))}

    def find_report(self, typed: str) -> Report | None:
        return inbox_reports.find_by_typed_number(self.session, self.desk, typed)

    def all_opds(self, none: str) -> list[SelectChoice]:
        return [_none(none), *_named(self.opds)]

    @cached_property
    def may_get_it(self) -> dict[str, Opd]:
        """About conduct only the Inspektorat, and never the accused."""
        return {
            code: opd
            for code, opd in self.opds.items()
            if (opd.kind == INSPECTORATE or not self.report.about_conduct)
            and opd.id != self.report.accused_opd_id
        }

    def handlers(self, none: str) -> list[SelectChoice]:
        return [_none(none), *_named(self.may_get_it)]

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        opds = self.may_get_it.values()
        return suggest(self.session, self.desk.scope, self.report, opds)

    def disposer(self) -> str:
        """Username of the coordinator who handed the report to where it is; else of any. Empty where
        none may read it."""
        handed = [
            row.user_id for row in self.report.history if row.action in HANDS_ON and not row.undone
        ]
        coordinators = select(User).where(
            User.agency_id == self.report.agency_id, User.role == Role.COORDINATOR, User.active
        )
        found = list(self.session.scalars(coordinators.order_by(User.id)))
        found.sort(key=lambda one: one.id not in handed[-1:])
        return next((one.username for one in found if may_see(self.session, self.report, one)), "")

    def nearest_at_hand(self) -> list[Opd]:
        """What is suggested, then where one hands most reports: a key each."""
        favourites = list_favourites(self.session, self.desk.user, AT_HAND)
        wanted = [one.opd.code for one in self.suggestions] + favourites
        return [self.may_get_it[code] for code in dict.fromkeys(wanted) if code in self.may_get_it][
            :AT_HAND
        ]

    def readers(self) -> list[SelectChoice]:
        return self.handlers("")[1:]

    def leaf_categories(self) -> list[SelectChoice]:
        """Under their main subject; one that has nothing under it stands by itself."""
        parents = {one.parent_id: None for one in self.categories.values()}
        by_id = {one.id: one for one in self.categories.values()}
        leaves = [
            SelectChoice(one.code, one.name, optgroup=by_id.get(one.parent_id or 0, one).name)
            for one in self.categories.values()
            if one.id not in parents
        ]
        return [_none("Belum ditentukan"), *sorted(leaves, key=lambda leaf: leaf.optgroup or "")]

    def workers(self) -> list[SelectChoice]:
        """Who may be set to work: people, and where the office has units under it, those too."""
        return [
            _none("Pilih petugas atau unit" if self.sub_units else "Pilih petugas"),
            *(
                SelectChoice(value, one.name, optgroup=one.unit)
                for value, one in self.people.items()
            ),
            *(
                SelectChoice(value, one.name, optgroup="Seluruh unit")
                for value, one in self.sub_units.items()
            ),
        ]

    def all_officers(self, none: str) -> list[SelectChoice]:
        return [
            _none(none),
            *(
                SelectChoice(
                    value, f"{one.name}, {one.opd.short_name if one.opd else labels.ROLE[one.role]}"
                )
                for value, one in self.officers.items()
            ),
        ]


# Built once: it stands in the pane of every report.
_PEOPLE = (
    select(User.id, User.name, Opd.short_name.label("unit"))
    .outerjoin(Opd, Opd.id == User.opd_id)
    .where(User.opd_id.in_(bindparam("units", expanding=True)), User.active)
    .order_by(User.name, User.id)
)


def load_areas(session: Session, agency_id: int) -> dict[str, Area]:
    """Kecamatan and kelurahan; by code, so that each kelurahan follows its kecamatan."""
    known = select(Area).where(Area.agency_id == agency_id, Area.kind != AreaKind.CITY)
    return {one.code: one for one in session.scalars(known.order_by(Area.code))}


def known_areas(areas: Mapping[str, Area]) -> list[SelectChoice]:
    """Each kecamatan as a whole, then its kelurahan."""
    names = {one.id: one.name for one in areas.values()}
    return [
        _none("Tidak diketahui"),
        *(
            SelectChoice(one.code, f"Kecamatan {one.name}", optgroup=one.name)
            if one.kind is AreaKind.KECAMATAN
            else SelectChoice(one.code, one.name, optgroup=names.get(one.parent_id or 0))
            for one in areas.values()
        ),
    ]


def of_words(words: Mapping[Any, str], none: str = "") -> list[SelectChoice]:
    choices = [SelectChoice(str(value), label) for value, label in words.items()]
    return [_none(none), *choices] if none else choices


def _none(words: str) -> SelectChoice:
    return SelectChoice("", words)


def _named(rows: Mapping[str, Opd] | Mapping[str, User]) -> list[SelectChoice]:
    return [SelectChoice(value, one.name) for value, one in rows.items()]
