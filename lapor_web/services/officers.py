"""Officers' accounts as the coordinator keeps them, on screen: each change with its note."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import NoticeSettings, Role, Subject, User
from lapor_web.services import absence, accounts, inspectors, notifications, second_factor
from lapor_web.services.accounts import AccountRefused
from lapor_web.services.configuration import Configuring, NotThisWay

LAST_ONES = {
    Role.COORDINATOR: "Ini koordinator terakhir yang dapat masuk. Undang koordinator lain dulu",
    Role.INSPECTOR: "Ini petugas Inspektorat terakhir yang dapat masuk. Undang yang lain dulu",
}
"""Without one of each nobody could let anybody in."""
NOT_YOURS = {
    Role.COORDINATOR: "Akun Inspektorat dibuat dan diubah oleh Inspektorat sendiri",
    Role.INSPECTOR: "Inspektorat mengurus akunnya sendiri. Pilih Inspektorat sebagai OPD",
}


def list_officers(session: Session, keeper: User) -> Sequence[User]:
    """Those who may come in first, by name; for an inspector, those of the Inspektorat."""
    rows = select(User).where(User.agency_id == keeper.agency_id)
    found = session.scalars(rows.order_by(User.active.desc(), func.lower(User.name), User.id)).all()
    return [user for user in found if is_shown(keeper, user)]


def find_officer(session: Session, keeper: User, username: str) -> User | None:
    user = session.scalar(
        select(User).where(User.agency_id == keeper.agency_id, User.username == username)
    )
    return user if user is not None and is_shown(keeper, user) else None


def is_shown(keeper: User, user: User) -> bool:
    return keeper.role is not Role.INSPECTOR or inspectors.is_theirs(user)


def address_of(session: Session, user: User) -> str | None:
    return session.scalar(select(NoticeSettings.email).where(NoticeSettings.user_id == user.id))


def add_officer(
    act: Configuring, *, username: str, name: str, role: Role, opd_code: str | None, email: str
) -> User:
    """Raises AccountRefused, NotThisWay. Whoever is added has no password yet, and no link."""
    user = accounts.create_user(
        act.session,
        act.agency,
        username=username,
        name=name,
        role=role,
        opd_code=opd_code,
        now=act.now,
    )
    refuse_others(act, user)
    if email:
        act.session.add(NoticeSettings(user_id=user.id, email=email))
        act.session.flush()
    note_added(act, user)
    return user


def note_added(act: Configuring, user: User) -> None:
    act.note(Subject.USER, user.username, user.name, {}, facts_of(user))


def change_officer(
    act: Configuring,
    user: User,
    *,
    name: str,
    role: Role,
    opd_code: str | None,
    active: bool,
    email: str | None = None,
) -> None:
    """Another role, office or state ends the account's sessions (migration 0003). `email` is the
    address of who has not come in yet; None leaves it as it is.

    Raises AccountRefused, and NotThisWay where it would lock the city out, or where one gives
    oneself other rights: that takes a second pair of eyes.
    """
    before = facts_of(user) | address_facts(act.session, user)
    refuse_others(act, user)
    was_theirs = inspectors.is_theirs(user)
    kept = inspectors.keep_their_own(act.session, act.agency.id)
    if act.user is not None and user.id == act.user.id:
        refuse_own_rights(user, role, opd_code, active)
    comes_in = user.active and user.password_hash
    if user.role in LAST_ONES and comes_in and (role, active) != (user.role, True):
        refuse_the_last(act, user)
    user.name = name
    own_office = user.opd.code if user.opd else None
    if (role, opd_code) != (user.role, own_office):
        accounts.change_role(act.session, user, role, opd_code)
    if active != user.active:
        (accounts.enable if active else accounts.disable)(act.session, user)
    refuse_others(act, user)
    if not kept and inspectors.keep_their_own(act.session, act.agency.id):
        inspectors.begin_to_keep(act.session, user)
    if inspectors.is_theirs(user) != was_theirs:
        # Else they would bring a desk of the Inspektorat along, or somebody to it.
        absence.end_all_of(act.session, user, by=act.user, now=act.now)
    if email is not None:
        refuse_their_address(act, user, email)
        settings = notifications.settings_of(act.session, user.id)
        settings.email = email or None
        act.session.add(settings)
    act.session.flush()
    after = facts_of(user) | address_facts(act.session, user)
    act.note(Subject.USER, user.username, user.name, before, after)


def refuse_own_rights(user: User, role: Role, opd_code: str | None, active: bool) -> None:
    if (role, active) != (user.role, True) or opd_code != (user.opd.code if user.opd else None):
        raise NotThisWay("role", "Peran Anda sendiri diubah oleh rekan lain, bukan oleh Anda")


def refuse_others(act: Configuring, user: User) -> None:
    """Asked of an account as it was, and as it would be."""
    if act.user is not None and not inspectors.may_keep(act.session, act.user, user):
        raise NotThisWay("role", NOT_YOURS[act.user.role])


def refuse_their_address(act: Configuring, user: User, email: str) -> None:
    """Of a closed account too: by a letter to it, whoever wrote it there would be let in later."""
    if act.user is None or act.user.role is not Role.COORDINATOR or not inspectors.is_theirs(user):
        return
    changes = email != (address_of(act.session, user) or "")
    if changes and inspectors.keep_their_own(act.session, act.agency.id):
        raise NotThisWay("email", NOT_YOURS[Role.COORDINATOR])


def refuse_the_last(act: Configuring, user: User) -> None:
    """One who can sign in has to be left; two who want to go at once wait for one another."""
    other = select(User.id).where(
        User.agency_id == act.agency.id,
        User.role == user.role,
        User.active,
        User.password_hash.is_not(None),
        User.id != user.id,
    )
    if act.session.scalar(other.limit(1)) is None:
        raise NotThisWay("role", LAST_ONES[user.role])


def note_invitation(act: Configuring, user: User, sent_to: str | None) -> None:
    """That a link was made, and for where; never the link."""
    how = {"invited": f"surel ke {sent_to}" if sent_to else "tautan sekali pakai"}
    # What differs each time, so that each stands in the history.
    at = {"invited_at": act.now.isoformat(timespec="seconds")}
    act.note(Subject.USER, user.username, user.name, {}, how | at)


def make_link(act: Configuring, user: User, lifetime: dt.timedelta) -> str:
    """The token; it is shown once, and worthless when it was used. Raises AccountRefused."""
    if not user.active:
        raise AccountRefused("inactive")
    return accounts.invite(act.session, user, lifetime=lifetime, now=act.now)


def address_facts(session: Session, user: User) -> dict[str, Any]:
    return {"email": address_of(session, user)}


def drop_code(act: Configuring, user: User) -> bool:
    """For whoever lost the telephone and the recovery codes: the password is enough again, until
    they set a code up anew. Ends their sessions. False where none was set up."""
    if not second_factor.is_on(act.session, user):
        return False
    second_factor.turn_off(act.session, user)
    # What differs each time, so that each stands in the history.
    at = {"code": "dimatikan", "code_at": act.now.isoformat(timespec="seconds")}
    return act.note(Subject.USER, user.username, user.name, {"code": "terpasang"}, at)


def facts_of(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role.value,
        "opd": user.opd.short_name if user.opd else None,
        "active": user.active,
    }
