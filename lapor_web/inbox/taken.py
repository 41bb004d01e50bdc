"""What is said where a Tracking ID belongs to another report already."""

from lapor_web.extensions import db
from lapor_web.services import sp4n_copies
from lapor_web.services.desk import Desk


def taken(desk: Desk, tracking_id: str) -> str:
    """Names the other report to whoever may see it; to nobody else does it say that there is one
    they may not see."""
    other = sp4n_copies.find_bearer(db.session(), desk, tracking_id)
    if other is None:
        return "Tracking ID ini tidak dapat dipakai. Periksa angkanya, atau kosongkan"
    return f"Tracking ID ini sudah ada di {other.number}. Periksa angkanya"
