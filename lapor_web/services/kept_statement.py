"""A statement of ours whose words are kept, once SQLAlchemy has found them, and asked by them again.

For the few that every page asks. To recognise a statement, to lay its values out and to turn its rows
into others costs SQLAlchemy as long as the driver takes to ask it and to read what comes back. Its
events around a cursor, its errors and its care for a connection that died stay: it is asked through
SQLAlchemy still, and only its rows are taken before SQLAlchemy describes each of their columns.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import Dialect, Engine, Select, event
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

NOTHING: Mapping[str, Any] = {}
_ROWS = "lapor_rows"
"""The option of an execution that says where its rows go."""


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
        rows: list[tuple[Any, ...]] = []
        options = {_ROWS: rows}
        if statement is None:
            sent = {**self._own, **self._dumped(values)}
            connection.exec_driver_sql(self._words, sent, execution_options=options)
        else:
            asked = connection.execute(statement, values, execution_options=options)
            self._keep(asked.context, connection.dialect, values)
        return rows

    def _keep(self, context: ExecutionContext, dialect: Dialect, values: Mapping[str, Any]) -> None:
        """What SQLAlchemy made of it: the words of a statement that differs from another in values
        alone, those of one office from another's, it had already."""
        binds = cast(SQLCompiler, context.compiled).binds
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

    def _dumped(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        dump = self._dump
        return {**values, **{name: dump[name](values[name]) for name in dump}} if dump else values


@event.listens_for(Engine, "after_cursor_execute")
def _take_rows(
    _connection: Any, cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """A cursor that is closed has nothing left to describe."""
    rows = context.execution_options.get(_ROWS)
    if rows is not None:
        rows.extend(cursor.fetchall())
        cursor.close()
