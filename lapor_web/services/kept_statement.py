"""A statement of ours whose words are kept, once SQLAlchemy has found them, and asked by them again.

For the few that every page asks. To recognise a statement, to lay its values out and to turn its rows
into others costs SQLAlchemy as long as the driver takes to ask it and to read what comes back. Its
events around a cursor, its errors of asking and its care for a connection that died stay: it is
asked through SQLAlchemy still.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

NOTHING: Mapping[str, Any] = {}


class KeptStatement:
    """To be made once, and kept by whatever made it differ."""

    def __init__(self, statement: Select[Any]):
        self._statement: Select[Any] | None = statement
        """Until its words are known: a thousand objects, which nobody needs any more."""
        self._words = ""
        self._own: Mapping[str, Any] = {}
        """Values that the statement brings itself."""
        self._dump: Mapping[str, Callable[[Any], Any]] = {}
        """How the driver wants one of the others, where not as it is: an enumeration, JSON."""

    def ask(self, session: Session, values: Mapping[str, Any] = NOTHING) -> list[tuple[Any, ...]]:
        """Its rows as the driver reads them: in the order of its columns, a member of an enumeration
        as the word that stands in the database. `values` are those of its parameters, and the same
        parameters each time; one that stands for several values has them from the statement.

        As with any connection, what the session has not written yet is not seen."""
        connection, statement = session.connection(), self._statement
        if statement is None:
            asked = connection.exec_driver_sql(self._words, {**self._own, **self._dumped(values)})
        else:
            asked = self._ask_first(connection, statement, values)
        return cast(list[tuple[Any, ...]], cast(Any, asked.cursor).fetchall())

    def _ask_first(
        self, connection: Connection, statement: Select[Any], values: Mapping[str, Any]
    ) -> CursorResult[*tuple[Any, ...]]:
        """By SQLAlchemy, which knows the words already where the statement differs from another in
        values alone: those of one office from another's."""
        asked = connection.execute(statement, values)
        context = asked.context
        binds = cast(SQLCompiler, context.compiled).binds
        dialect = connection.dialect
        dumps = {
            name: binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in values
            if name in binds
        }
        self._dump = {name: dump for name, dump in dumps.items() if dump}
        sent = cast(Mapping[str, Any], context.parameters[0])
        self._own = {name: value for name, value in sent.items() if name not in values}
        self._words = context.statement or ""
        self._statement = None
        return asked

    def _dumped(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        dump = self._dump
        return {**values, **{name: dump[name](values[name]) for name in dump}} if dump else values
