"""Objects of a model from rows as the driver reads them, as if the session had loaded them: to load
them takes it longer than the question."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Enum
from sqlalchemy.orm import Session, make_transient_to_detached

from lapor_web.models import Base

Model = TypeVar("Model", bound=Base)


class LoadedColumns(Generic[Model]):
    """Some columns of a model, its key among them; a row begins with their values, in this order. The
    others are fetched, together, when somebody asks for one."""

    def __init__(self, model: type[Model], *names: str):
        self.model, self.names = model, names
        self.asked = [model.__table__.c[name] for name in names]
        """To be selected."""
        self._enums = {
            column.name: column.type.enum_class
            for column in self.asked
            if isinstance(column.type, Enum) and column.type.enum_class
        }

    def object_of(self, session: Session, row: Sequence[Any]) -> tuple[Model, bool]:
        """And whether it was made here. Where the session has one already it is that one, as it was, or
        as somebody changed it."""
        columns = self._columns_of(row)
        if session.identity_key(self.model, columns["id"]) in session.identity_map:
            return session.get_one(self.model, columns["id"]), False
        made = self._made(columns)
        session.add(made)
        return made, True

    def detached(self, row: Sequence[Any]) -> Model:
        """In no session: to ask it for anything but these columns is an error."""
        return self._made(self._columns_of(row))

    def _columns_of(self, row: Sequence[Any]) -> dict[str, Any]:
        columns = dict(zip(self.names, row, strict=False))
        for name, members in self._enums.items():
            if columns[name] is not None:
                columns[name] = members(columns[name])
        return columns

    def _made(self, columns: Mapping[str, Any]) -> Model:
        # Its constructor would note each value as a change.
        made: Model = self.model.__mapper__.class_manager.new_instance()
        made.__dict__.update(columns)
        make_transient_to_detached(made)
        return made
