"""What an officer shows beside the password: codes of an app on the telephone (RFC 6238)."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class SecondFactor(Base):
    """There is a row when the account asks for codes; another secret ends its sessions (0018)."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed_secret: Mapped[bytes]
    last_step: Mapped[int]
    """Of the newest code that opened: it and the older ones open no more."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class RecoveryCode(Base):
    """For when the telephone is gone; its row goes when it is used."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("second_factor.user_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    """Keyed; the code itself is stored nowhere."""
