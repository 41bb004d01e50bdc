"""A statement of ours that is put into words once, and from then on asked of the driver by them.

For the few that every page asks. To recognise a statement, to lay its values out and to turn its rows
into others costs SQLAlchemy as long as the driver takes to ask it and to read what comes back. Its
events, its errors and its care for a connection that died stay: it is asked through SQLAlchemy still.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Compiled, Dialect, Row, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

NOTHING: Mapping[str, Any] = {}


class KeptStatement:
    """To be made once, and kept by whatever made it differ."""

    def __init__(self, statement: Select[Any]):
        self._statement = statement
        self._words = ""
        self._own: Mapping[str, Any] = {}
        """Values that the statement brings itself."""
        self._dump: Mapping[str, Callable[[Any], Any]] = {}
        """How the driver wants a value, where not as it is: an enumeration, JSON."""

    def ask(
        self, session: Session, values: Mapping[str, Any] = NOTHING
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """Its rows as the driver reads them: in the order of its columns, a member of an enumeration
        as the word that stands in the database. `values` are those of its parameters, and the same
        parameters each time; one that stands for several values has them from the statement."""
        connection = session.connection()
        if not self._words:
            self._put_into_words(connection.dialect, values)
        given = self._dumped(values) if self._dump else values
        return connection.exec_driver_sql(self._words, {**self._own, **given}).all()

    def _put_into_words(self, dialect: Dialect, values: Mapping[str, Any]) -> None:
        compiled = self._statement.compile(dialect=dialect)
        worded = compiled.construct_expanded_state(dict(values))
        self._dump = {**_dumpers(compiled, dialect), **worded.processors}
        self._own = self._dumped(
            {name: value for name, value in worded.parameters.items() if name not in values}
        )
        self._words = worded.statement

    def _dumped(self, values: Mapping[str, Any]) -> dict[str, Any]:
        dump = self._dump
        return {
            name: dump[name](value) if name in dump else value for name, value in values.items()
        }


def _dumpers(compiled: Compiled, dialect: Dialect) -> dict[str, Callable[[Any], Any]]:
    return {
        name: dump
        for name, value in cast(SQLCompiler, compiled).binds.items()
        if (dump := value.type.dialect_impl(dialect).bind_processor(dialect))
    }
