"""Words of our own code, written into a statement that is kept, instead of sent along as values.

PostgreSQL keeps a plan for a statement only where that plan is as good as one made for the values.
With a status as a value it is not: the index of exactly those reports may not be used, the plan is
made anew each time, and that takes longer than the query. Nor with a day, before which there may be
any number of rows. What comes from anybody else stays a value.
"""

import datetime as dt
import enum
from typing import Any, TypeVarTuple, cast

from sqlalchemy import BindParameter, Select, literal_column
from sqlalchemy.sql import visitors

Columns = TypeVarTuple("Columns")


def write_out(statement: Select[*Columns]) -> Select[*Columns]:
    """The same statement, in which members of our enumerations, and days, stand as they are."""
    written = visitors.replacement_traverse(statement, {}, _written)
    return cast(Select[*Columns], written)


def _written(element: Any, **_: Any) -> Any:
    if not isinstance(element, BindParameter) or element.value is None:
        return None
    value = element.value
    if element.expanding and value and all(isinstance(one, enum.Enum) for one in value):
        words = ", ".join(_quoted(one) for one in value)
        return literal_column(f"({words})", element.type)
    if isinstance(value, enum.Enum):
        return literal_column(_quoted(value), element.type)
    if type(value) is dt.date:
        return literal_column(f"DATE '{value.isoformat()}'", element.type)
    return None


def _quoted(word: enum.Enum) -> str:
    if not str(word.value).replace("_", "").isalnum():
        raise ValueError(f"{word.value!r} is no word of a column")
    return f"'{word.value}'"
