"""What every table shares: constraint names, stored enums, instants in UTC."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, registry


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Base(DeclarativeBase):
    # Flask-SQLAlchemy copies this class, so the type map must sit in a registry.
    registry = registry(
        # Named constraints let a later migration drop or change them.
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            int: sa.BigInteger,
            str: sa.Text,
            dt.datetime: sa.DateTime(timezone=True),
            # Store the value ("in_process"), not the Python name, as plain text.
            enum.StrEnum: sa.Enum(
                enum.StrEnum,
                native_enum=False,
                create_constraint=False,
                length=32,
                values_callable=lambda members: [member.value for member in members],
            ),
        },
    )
