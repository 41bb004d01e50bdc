"""Files that come with a form of an officer: photos of a repair, the scan of a letter."""

from collections.abc import Iterable

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


def keep_evidence(files: Iterable[FileStorage], report: Report) -> None:
    """Before the deed, in its transaction: under the place that its row of history will have.
    Raises AttachmentRefused."""
    keep(files, Owner(report.id, history_sequence=report.version + 1, by_reporter=False))


def keep_scans(files: Iterable[FileStorage], report_id: int) -> None:
    """What the reporter handed in, by the hand of an officer. Raises AttachmentRefused."""
    keep(files, Owner(report_id))


def keep(files: Iterable[FileStorage], owner: Owner) -> None:
    for file in files:
        accept(
            db.session(),
            city.current_agency(),
            Upload(file.filename or "", file.read()),
            owner,
            keys=city.keys(),
            storage=city.storage(),
            now=clock.now(),
        )
