"""Officers, their roles, their sessions and the links that let them in."""

import datetime as dt
import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.opd import Opd


class Role(enum.StrEnum):
    """Who somebody is. `reporter` and `system` act too, but have no account."""

    REPORTER = "reporter"
    INTAKE = "intake"
    COORDINATOR = "coordinator"
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    LEADER = "leader"
    OMBUDSMAN = "ombudsman"
    EVALUATOR = "evaluator"
    NATIONAL_ADMIN = "national_admin"
    SYSTEM = "system"


COORDINATION_ROLES = frozenset({Role.COORDINATOR, Role.LEADER, Role.EVALUATOR})
"""Who has the coordination view: Diskominfo, leaders and those who evaluate the city."""

UNIT_ROLES = frozenset({Role.LIAISON, Role.SUPERVISOR, Role.INSPECTOR})
"""Roles that mean nothing without an OPD."""

ACCOUNT_ROLES = tuple(role for role in Role if role not in {Role.REPORTER, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class Line:
    """Ids of units around one, which is the first of those under it."""

    under: tuple[int, ...] = ()
    above: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StandIn:
    """Whose work an officer does today beside their own (Plt.)."""

    substitution_id: int
    absent_id: int
    name: str
    role: Role
    opd_id: int | None


class User(Base):
    __tablename__ = "user"
    __table_args__ = (
        # An officer of no OPD would otherwise see what no OPD holds.
        sa.CheckConstraint(
            "role NOT IN ('liaison', 'supervisor', 'inspector') OR opd_id IS NOT NULL",
            name="unit_role_has_opd",
        ),
        sa.CheckConstraint("role NOT IN ('reporter', 'system')", name="role_has_account"),
        sa.UniqueConstraint("username"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    username: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role]
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"), index=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Single-key shortcuts, which WCAG 2.1.4 wants to be switched off by whoever needs it."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    signed_in_at: Mapped[dt.datetime | None]
    """Last."""

    opd: Mapped[Opd | None] = relationship(lazy="joined")

    @property
    def line(self) -> "Line | None":
        """The office's, as `services.sessions` read it with whoever is signed in; of others, and of
        whoever acts at another's desk, it is not known."""
        return self.__dict__.get("_line")

    @property
    def stands_in_for(self) -> tuple[StandIn, ...]:
        """As `services.sessions` read it with whoever is signed in; of others it is not known."""
        return self.__dict__.get("_stands_in_for", ())

    @property
    def office_name(self) -> str:
        """Short; empty for an officer of none. `services.sessions` read it with whoever is signed in,
        so that no page loads the office for its name."""
        opd_id, name = self.__dict__.get("_office", (None, ""))
        if self.opd_id == opd_id:
            return str(name or "")
        return self.opd.short_name if self.opd else ""

    @property
    def own_opd_id(self) -> int | None:
        """One's own office, also while another's desk is open."""
        return self.__dict__.get("_own_opd_id", self.opd_id)

    @property
    def acts_for(self) -> StandIn | None:
        """Whose desk is open instead of one's own."""
        return self.__dict__.get("_acts_for")

    is_authenticated = True
    """Flask-Login's word: whoever was found by a living session has signed in."""


class LoginSession(Base):
    """One signed-in browser. Gone from here, its cookie is worthless at the next request."""

    __tablename__ = "login_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[dt.datetime]
    substitution_id: Mapped[int | None] = mapped_column(
        ForeignKey("substitution.id", ondelete="SET NULL")
    )
    """Whose desk is open in it, instead of one's own; `services.absence`."""

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Invitation(Base):
    """A one-time link to set a password; a newer one makes the older worthless."""

    __tablename__ = "invitation"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[dt.datetime]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class LoginAttempt(Base):
    """A try at a password or code, kept for the day in which it slows the next ones."""

    __tablename__ = "login_attempt"
    __table_args__ = (sa.Index("ix_login_attempt_subject", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes]
    """A keyed hash of the user name or report number: the table tells nobody who was tried."""
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)
