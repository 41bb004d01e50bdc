"""One form of each phone number and e-mail address, and a mark of it that names nobody."""

import re

from lapor_web.services.keys import Keys

COUNTRY = "62"
"""Numbers without a country are Indonesian."""


def normal_phone(typed: str) -> str:
    """`+62 812-3456.7890` and `081234567890` are `6281234567890`; "" if it is no number."""
    digits = re.sub(r"[\s().\-/]", "", typed).removeprefix("+")
    if not re.fullmatch("[0-9]{6,15}", digits):
        return ""
    if digits.startswith("0") and not digits.startswith("00"):
        return COUNTRY + digits[1:]
    # 8… is a mobile number whose 0 a spreadsheet ate; +8… would be another country's.
    if digits.startswith("8") and not typed.lstrip().startswith("+"):
        return COUNTRY + digits
    return digits.removeprefix("00")


def national_phone(normal: str) -> str:
    """`6281234567890` is `081234567890`, as people write it; others keep their country."""
    return "0" + normal.removeprefix(COUNTRY) if normal.startswith(COUNTRY) else f"+{normal}"


def normal_email(typed: str) -> str:
    """Small letters throughout: nobody has a mailbox that differs in them. "" if it is none."""
    address = typed.strip().lower()
    return address if re.fullmatch(r"[^@\s]+@[^@\s]+", address) else ""


def mark(normal: str, *, keys: Keys) -> int | None:
    """0 to 255, so that in every city many share one; None for no address."""
    return keys.hash_of_address(normal)[0] if normal else None
