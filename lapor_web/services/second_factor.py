"""Codes of an app on the telephone (TOTP, RFC 6238), asked for after the password.

A code opens once, and none does that is older than the one before it. Whoever has lost the
telephone uses a recovery code, each of them once.
"""

import datetime as dt
import secrets

import pyotp
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lapor_web.models import RecoveryCode, SecondFactor, User
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt
from lapor_web.services.throttle import Limit

STEP = 30
"""Seconds that a code is shown for."""
STEPS_APART = 1
"""So far a telephone's clock may be off, before or after ours."""
TRIES = Limit(tries=5)
"""Per account (S-37); whoever comes so far knows the password."""
RECOVERY_CODES = 10
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
_RECOVERY_LENGTH = 10


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, username: str, issuer: str) -> str:
    """What the app reads from the picture (`otpauth://…`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def step_of(secret: str, typed: str, now: dt.datetime) -> int | None:
    """The step of time whose code this is, near `now`; None for any other."""
    code = "".join(typed.split())
    if not (secret and code.isdecimal() and code.isascii()):
        return None
    this_step = int(now.timestamp()) // STEP
    steps = range(this_step - STEPS_APART, this_step + STEPS_APART + 1)
    of_step = pyotp.TOTP(secret).generate_otp
    return next((one for one in steps if secrets.compare_digest(of_step(one), code)), None)


def is_on(session: Session, user: User) -> bool:
    return (
        session.scalar(select(SecondFactor.user_id).where(SecondFactor.user_id == user.id))
        is not None
    )


def turn_on(
    session: Session, user: User, secret: str, step: int, *, keys: Keys, now: dt.datetime
) -> list[str]:
    """The recovery codes, to be shown once. `step` is of the code that proved the telephone; it
    opens nothing any more. Ends every session of the account."""
    turn_off(session, user)
    sealed = encrypt(keys.wrapping, secret.encode(), _bound(user))
    session.add(SecondFactor(user_id=user.id, sealed_secret=sealed, last_step=step, created_at=now))
    session.flush()
    return new_recovery_codes(session, user, keys=keys)


def turn_off(session: Session, user: User) -> None:
    """Ends every session of the account, where it was on."""
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))


def new_recovery_codes(session: Session, user: User, *, keys: Keys) -> list[str]:
    """The older ones are worthless from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(user_id=user.id, code_hash=_hash(user, code, keys)) for code in codes
    )
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _new_code() -> str:
    """Fifty bits, which the limit of tries keeps from being guessed."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH))


def count_recovery_codes(session: Session, user: User) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
        )
        or 0
    )


def opens(session: Session, user: User, typed: str, *, keys: Keys, now: dt.datetime) -> bool:
    """Whether the code is right, and used up by it. Two browsers with one code wait for one
    another, and one gets in."""
    factor = session.scalars(
        select(SecondFactor)
        .where(SecondFactor.user_id == user.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if factor is None:
        return False
    step = step_of(_secret(user, factor, keys), typed, now)
    if step is not None:
        if step <= factor.last_step:
            return False
        factor.last_step = step
        session.flush()
        return True
    return _use_recovery_code(session, user, typed, keys)


def _use_recovery_code(session: Session, user: User, typed: str, keys: Keys) -> bool:
    used = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(user, typed, keys))
        .returning(RecoveryCode.user_id)
    )
    return used.first() is not None


def _secret(user: User, factor: SecondFactor, keys: Keys) -> str:
    """Empty under another SECRET_KEY: then no code opens, and an administrator takes it off."""
    try:
        return decrypt(keys.wrapping, factor.sealed_secret, _bound(user)).decode()
    except InvalidTag:
        return ""


def _hash(user: User, typed: str, keys: Keys) -> bytes:
    bare = "".join(typed.upper().translate(_READ_AS).replace("-", " ").split())
    return keys.hash_of_subject("recovery", f"{user.id}:{bare}")


def _bound(user: User) -> bytes:
    return f"lapor/second-factor/{user.id}".encode()
