"""Words of our own code, written into a statement that is kept, instead of sent along as values.

PostgreSQL keeps a plan for a statement only where that plan is as good as one made for the values.
With a status as a value it is not: the index of exactly those reports may not be used, the plan is
made anew each time, and that takes longer than the query. What comes from anybody else stays a
value.
"""

import enum
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, Select, literal_column
from sqlalchemy.sql import visitors

Rows = TypeVar("Rows", bound=tuple[Any, ...])


def write_out(statement: Select[Rows]) -> Select[Rows]:
    """The same statement, in which members of our enumerations stand as they are."""
    written = visitors.replacement_traverse(statement, {}, _written)
    return cast(Select[Rows], written)


def _written(element: Any, **_: Any) -> Any:
    if not isinstance(element, BindParameter) or element.value is None:
        return None
    value = element.value
    if element.expanding and value and all(isinstance(one, enum.Enum) for one in value):
        words = ", ".join(_quoted(one) for one in value)
        return literal_column(f"({words})", element.type)
    return literal_column(_quoted(value), element.type) if isinstance(value, enum.Enum) else None


def _quoted(word: enum.Enum) -> str:
    if not str(word.value).replace("_", "").isalnum():
        raise ValueError(f"{word.value!r} is no word of a column")
    return f"'{word.value}'"
