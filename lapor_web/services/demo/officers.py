"""An account for every role, and a liaison and a supervisor for every office that is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Opd, Role, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services.demo.corpus import FOLDER
from lapor_web.services.passwords import hash_password
from lapor_web.services.seed_files import read_rows


@dataclass
class Officers:
    named: dict[str, User] = field(default_factory=dict)
    of_offices: dict[tuple[int | None, Role], list[User]] = field(default_factory=dict)

    def add(self, user: User) -> None:
        self.named[user.username] = user
        self.of_offices.setdefault((user.opd_id, user.role), []).append(user)

    def one(self, role: Role, opd: Opd | None = None) -> User:
        return self.of_offices[opd.id if opd else None, role][0]

    def handler(self, opd: Opd) -> User:
        """Who answers for an office: its liaison, or the inspector."""
        return self.one(Role.INSPECTOR if opd.kind == INSPECTORATE else Role.LIAISON, opd)

    def colleagues(self, opd: Opd) -> list[User]:
        return self.of_offices[self.handler(opd).opd_id, self.handler(opd).role]


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    role: Role
    office: str


def principal_accounts(session: Session) -> list[Account]:
    """Those that a visitor is told of: every role is among them."""
    usernames = [row["username"] for row in read_rows(FOLDER, "officers")]
    users = session.scalars(select(User).where(User.username.in_(usernames)))
    named = {user.username: user for user in users}
    return [
        Account(user.username, user.role, user.opd.short_name if user.opd else "")
        for username in usernames
        if (user := named.get(username))
    ]


def set_passwords(session: Session, agency: Agency, password: str) -> None:
    """The same for all. Only in a city where nobody is real."""
    session.execute(
        update(User)
        .where(User.agency_id == agency.id)
        .values(password_hash=hash_password(password))
    )


def add_officers(
    session: Session, agency: Agency, opds: dict[str, Opd], people: list[str], rng: Random
) -> Officers:
    officers = Officers()
    for row in read_rows(FOLDER, "officers"):
        opd = opds.get(row["opd_code"])
        officers.add(_user(agency, row["username"], row["name"], Role(row["role"]), opd))
    for opd in opds.values():
        for role, username in _accounts_of(opd):
            if (opd.id, role) not in officers.of_offices and opd.kind != INSPECTORATE:
                name = _invented_name(people, rng)
                officers.add(_user(agency, username, name, role, opd))
    session.add_all(officers.named.values())
    session.flush()
    return officers


def _accounts_of(opd: Opd) -> Iterable[tuple[Role, str]]:
    username = opd.code.lower().replace("-", ".", 1).replace("-", "")
    yield Role.LIAISON, username
    if opd.needs_approval:
        yield Role.SUPERVISOR, f"atasan.{username}"


def _user(agency: Agency, username: str, name: str, role: Role, opd: Opd | None) -> User:
    return User(
        agency_id=agency.id,
        username=username,
        name=name,
        role=role,
        opd=opd,
        opd_id=opd.id if opd else None,
    )


def _invented_name(people: list[str], rng: Random) -> str:
    return f"{rng.choice(people).split()[0]} {rng.choice(people).split()[-1]}"
