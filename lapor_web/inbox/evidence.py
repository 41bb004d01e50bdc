"""Files that come with a form of an officer: photos of a repair, the scan of a letter."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import FileStorage

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.models import Report
from lapor_web.services.attachments import Owner, Upload, accept

REFUSED = {
    "empty": "{name} kosong. Pilih foto lain",
    "too_large": "{name} lebih dari 8 MB. Kecilkan dulu fotonya",
    "not_a_picture": "{name} bukan foto. Pilih JPG, PNG, HEIC, atau PDF",
    "too_many_pixels": "{name} terlalu besar untuk dibuka. Kecilkan dulu fotonya",
    "broken": "{name} rusak. Pilih foto lain",
    "too_many": "Fotonya terlalu banyak. Kirim sebagian",
}
"""By the code of `services.attachments.AttachmentRefused`."""


def keep_evidence(shown: Iterable[tuple[FileStorage, str]], report: Report) -> None:
    """Files, each with what is to be seen on it. Before the deed, in its transaction: under the place
    that its row of history will have. Raises AttachmentRefused."""
    keep(shown, Owner(report.id, history_sequence=report.version + 1, by_reporter=False))


def keep_scans(files: Iterable[FileStorage], report_id: int) -> None:
    """What the reporter handed in, by the hand of an officer. Raises AttachmentRefused."""
    keep(((file, "") for file in files), Owner(report_id))


def keep(shown: Iterable[tuple[FileStorage, str]], owner: Owner) -> None:
    for file, alt_text in shown:
        upload = Upload(file.filename or "", file.read(), alt_text)
        accept(db.session(), city.current_agency(), upload, owner, **keeping())


def keeping() -> dict[str, Any]:
    """What it takes to keep a file, whoever asks."""
    return {"keys": city.keys(), "storage": city.storage(), "now": clock.now()}
