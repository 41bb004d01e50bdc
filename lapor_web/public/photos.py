"""Photos of citizens: they wait for their report under the form's key, or come with a reply."""

from collections.abc import Iterable

from flask import request
from werkzeug.datastructures import FileStorage

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.models import Attachment, HistoryEntry, Report
from lapor_web.services import attachment_rights, attachments
from lapor_web.services.attachments import FILES_AT_MOST, AttachmentRefused, Owner, Upload

REFUSED = {
    "empty": "{name} kosong. Pilih foto itu sekali lagi",
    "too_large": "{name} lebih dari 8 MB. Kirim dulu tanpa foto",
    "not_a_picture": "{name} bukan foto. Pilih JPG, PNG, atau HEIC",
    "too_many_pixels": "{name} terlalu besar ukurannya. Pilih foto yang lebih kecil",
    "broken": "{name} tidak dapat dibuka. Pilih foto lain",
    "too_many": f"Paling banyak {FILES_AT_MOST} foto",
    "too_late": "Tulis keterangan baru, lalu sertakan {name}",
    "crowded": "Sedang banyak foto yang masuk. Kirim dulu tanpa foto. Foto bisa menyusul",
}
"""By the code of `services.attachments.AttachmentRefused`."""


def why_not(refused: AttachmentRefused) -> str:
    return REFUSED[refused.code].format(name=refused.name)


def address_hash() -> bytes:
    """Of where the request came from: to limit, never to tell who it was."""
    return city.keys().hash_of_subject("photos-from", request.remote_addr or "")


def keep_for_later(files: Iterable[FileStorage], key: str) -> list[str]:
    """Those that do are kept; what is wrong with the others comes back in sentences."""
    owner = Owner(key_hash=city.keys().hash_of_form(key), address_hash=address_hash())
    return _accept(files, owner)


def add_to(report: Report, sequence: int, files: Iterable[FileStorage]) -> list[str]:
    """With the row of history that they came with."""
    return _accept(files, Owner(report_id=report.id, history_sequence=sequence))


def _accept(files: Iterable[FileStorage], owner: Owner) -> list[str]:
    problems = []
    for file in files:
        if not file.filename:  # an empty part, where no file was chosen
            continue
        try:
            attachments.accept(
                db.session(),
                city.current_agency(),
                Upload(file.filename, file.read()),
                owner,
                keys=city.keys(),
                storage=city.storage(),
                now=clock.now(),
            )
        except AttachmentRefused as refused:
            problems.append(why_not(refused))
    return list(dict.fromkeys(problems))


def names_of_waiting(key: str) -> list[str]:
    waiting = attachments.waiting_for(db.session(), city.keys().hash_of_form(key))
    return [one.original_name for one in waiting]


def count(report: Report) -> int:
    return attachments.count_of(db.session(), report.id)


def by_sequence(
    report: Report, history: Iterable[HistoryEntry], *, public: bool = False
) -> dict[int | None, list[Attachment]]:
    """What can be shown, by the place of the history row that it is shown with."""
    right = (
        attachment_rights.for_public() if public else attachment_rights.for_reporter([report.id])
    )
    return attachment_rights.shown_by_event(db.session(), report, right, history=history)
