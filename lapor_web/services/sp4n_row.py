"""What one row of the national export says, in our own words, or why it cannot be taken."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TypeVar

from lapor_web.models import ArchiveReason, Channel, Classification, FinishMode, Kind, Status
from lapor_web.services import sp4n_file as file
from lapor_web.services.sp4n_file import FileRow
from lapor_web.services.working_days import WITA

T = TypeVar("T")

FIRST_YEAR = 2011
"""LAPOR! began in November 2011; an earlier date is a slip of the pen."""
LONGEST_CELL = 32_767
"""Characters, the most that Excel keeps in one cell."""

CLASSES: dict[str, tuple[Kind | None, Classification | None]] = {
    "": (None, None),
    "pengaduan": (Kind.COMPLAINT, None),
    "pengaduan berkadar pengawasan": (Kind.COMPLAINT, Classification.SUPERVISORY),
    "pengaduan tidak berkadar pengawasan": (Kind.COMPLAINT, Classification.NON_SUPERVISORY),
    "permintaan informasi": (Kind.INFORMATION, Classification.INFORMATION_REQUEST),
    "aspirasi": (Kind.ASPIRATION, Classification.ASPIRATION),
}

STATUSES: dict[str, tuple[Status, FinishMode | None]] = {
    "ditutup oleh sistem": (Status.FINISHED, FinishMode.AUTOMATIC),
    "ditutup oleh pelapor": (Status.FINISHED, FinishMode.CONFIRMED),
    "ditutup oleh admin": (Status.FINISHED, FinishMode.BY_ADMIN),
    "diarsipkan oleh admin": (Status.ARCHIVED, None),
    "diarsipkan oleh sistem": (Status.ARCHIVED, None),
    "diarsipkan oleh pelapor": (Status.ARCHIVED, None),
    "menunggu kelengkapan informasi": (Status.ON_HOLD, None),
    "ditunda": (Status.ON_HOLD, None),
    "belum terverifikasi": (Status.UNVERIFIED, None),
    "belum diverifikasi": (Status.UNVERIFIED, None),
    "menunggu verifikasi": (Status.UNVERIFIED, None),
    "terdisposisi": (Status.FORWARDED, None),
    "belum ditindaklanjuti": (Status.FORWARDED, None),
    "proses": (Status.IN_PROCESS, None),
    "diproses": (Status.IN_PROCESS, None),
    "dalam proses": (Status.IN_PROCESS, None),
    "sedang diproses": (Status.IN_PROCESS, None),
    "sedang ditindaklanjuti": (Status.IN_PROCESS, None),
    "menunggu tanggapan pelapor": (Status.AWAITING_REPORTER, None),
    "bukan kewenangan": (Status.OUTSIDE_AUTHORITY, None),
}

ARCHIVED_BY = {
    "diarsipkan oleh pelapor": ArchiveReason.WITHDRAWN,
    "diarsipkan oleh sistem": ArchiveReason.NOT_COMPLETED,
}

ARCHIVE_WORDS = {
    ArchiveReason.UNCLEAR: r"tidak jelas|terlalu umum|bukti dukung",
    ArchiveReason.NOT_RELEVANT: r"tidak relevan",
    ArchiveReason.DUPLICATE: r"duplika|ganda",
    ArchiveReason.ABUSIVE: r"\bsara\b|fitnah|kata kasar",
    ArchiveReason.NOT_COMPLETED: r"kadalu?warsa|kedaluwarsa|kadaluarsa|dilengkapi|batas waktu",
    ArchiveReason.IN_COURT: r"peradilan|pengadilan",
    ArchiveReason.TEST_OR_SPAM: r"uji coba|spam",
    ArchiveReason.WITHDRAWN: r"keinginan pelapor|ditarik|dicabut",
}

# "Website" also stands before the page of an instansi: "Website - pemerintah-kota-…".
CHANNELS = {
    "website": Channel.WEB,
    "web": Channel.WEB,
    "whatsapp": Channel.WHATSAPP,
    "wa": Channel.WHATSAPP,
    "sms": Channel.SMS,
    "sms 1708": Channel.SMS,
    "telepon": Channel.PHONE,
    "tatap muka": Channel.COUNTER,
    "datang langsung": Channel.COUNTER,
    "surat": Channel.LETTER,
    "facebook": Channel.SOCIAL_MEDIA,
    "instagram": Channel.SOCIAL_MEDIA,
    "twitter": Channel.SOCIAL_MEDIA,
    "media sosial": Channel.SOCIAL_MEDIA,
    "call center": Channel.CALL_CENTER,
    "call center 112": Channel.CALL_CENTER,
}

FLAGS = {"anonim", "rahasia"}
NO_FLAG = {"", "-"}

# By their first three letters, in English and in Indonesian; "agt" and "ags" both stand for August.
MONTHS = {
    letters: month
    for month, names in enumerate(
        (
            "jan",
            "feb peb",
            "mar",
            "apr",
            "mei may",
            "jun",
            "jul",
            "agu ags agt aug",
            "sep",
            "okt oct",
            "nov nop",
            "des dec",
        ),
        start=1,
    )
    for letters in names.split()
}
_DATE = re.compile(r"(\d{1,2})[ /-]+([a-z]{3})[a-z]*\.?[ /-]+(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})( \d{2}:\d{2}:\d{2})?")
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2} )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")


class RowRefused(Exception):
    """This row cannot be taken; the text says why, and repeats nothing that a reporter wrote."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    line: int
    cells: dict[str, str]
    tracking_id: str | None
    received_at: dt.datetime
    """UTC; the file prints it in WITA."""
    kind: Kind | None
    classification: Classification | None
    story: str
    anonymous: bool
    confidential: bool
    channel: Channel
    status: Status
    finish_mode: FinishMode | None
    archive_reason: ArchiveReason | None

    @property
    def says(self) -> bytes:
        """A hash of all that the row says, equal for CSV and XLSX, so that news can be told.

        Without the reporter's name, which somebody who holds the hash could otherwise guess.
        """
        told_apart = {file.NAME, file.TRACKING_ID, file.DATE, file.TIME}
        cells = [self.cells[name] for name in file.COLUMNS if name not in told_apart]
        return _hash(self.tracking_id, self.received_at.isoformat(), *cells)

    def stands_for(self, occurrence: int) -> bytes:
        """Which report it is, where its Tracking ID was taken away: what an export never changes.

        `occurrence` tells equal ones apart, in the order of the file.
        """
        first_text, source = self.cells[file.FIRST_TEXT], self.cells[file.SOURCE]
        return _hash("sp4n", self.received_at.isoformat(), first_text, source, occurrence)


def parse(row: FileRow, *, now: dt.datetime) -> ExportRow:
    """Raises RowRefused."""
    if row.fault:
        raise RowRefused(row.fault)
    cells = row.cells
    for name, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            raise RowRefused(f"{name} lebih panjang dari {LONGEST_CELL} huruf")
    # First what betrays cells that slipped into a neighbour's column: only what stands in its
    # own column is repeated in a reason.
    tracking_id = tracking_id_of(cells[file.TRACKING_ID])
    received_at = instant_of(cells[file.DATE], cells[file.TIME])
    if received_at > now + dt.timedelta(days=1):
        raise RowRefused(f"{file.DATE} ada di masa depan")
    status, finish_mode = _looked_up(STATUSES, cells, file.STATUS)
    kind, classification = _looked_up(CLASSES, cells, file.CLASSIFICATION)
    flags = flags_of(cells[file.FLAGS])
    story = cells[file.FIRST_TEXT] or cells[file.LAST_TEXT] or cells[file.TITLE]
    if not story:
        raise RowRefused("judul dan isi laporan kosong")
    return ExportRow(
        line=row.line,
        cells=cells,
        tracking_id=tracking_id,
        received_at=received_at,
        kind=kind,
        classification=classification,
        story=story,
        anonymous="anonim" in flags,
        confidential="rahasia" in flags,
        channel=channel_of(cells[file.SOURCE]),
        status=status,
        finish_mode=finish_mode,
        archive_reason=archive_reason_of(cells) if status is Status.ARCHIVED else None,
    )


def tracking_id_of(cell: str) -> str | None:
    """The digits; None where an export without them was handed on."""
    digits = cell.lstrip("'# ")
    if digits in {"", "-"}:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        raise RowRefused(f"{file.TRACKING_ID} bukan deretan angka")
    return digits


def instant_of(date: str, time: str) -> dt.datetime:
    """Taken as printed, in WITA. An empty time is midnight, as the export itself prints it."""
    hour, minute, second = _time_of(time)
    try:
        local = dt.datetime(*_date_of(date), hour, minute, second, tzinfo=WITA)
    except ValueError:
        raise RowRefused("tanggal atau waktu ini tidak ada di kalender") from None
    if local.year < FIRST_YEAR:
        raise RowRefused(f"{file.DATE} sebelum tahun {FIRST_YEAR}")
    return local.astimezone(dt.UTC)


def _date_of(text: str) -> tuple[int, int, int]:
    if iso := _ISO_DATE.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    words = _DATE.fullmatch(text.casefold())
    month = MONTHS.get(words[2]) if words else None
    if words is None or month is None:
        raise RowRefused(f"{file.DATE} tidak terbaca; contoh yang terbaca: 23 Sep 2024")
    year = int(words[3])
    return year + 2000 if year < 100 else year, month, int(words[1])


def _time_of(text: str) -> tuple[int, int, int]:
    if text in {"", "-"}:
        return 0, 0, 0
    found = _TIME.fullmatch(text)
    if found is None:
        raise RowRefused(f"{file.TIME} tidak terbaca; contoh yang terbaca: 00:41:43")
    return int(found[1]), int(found[2]), int(found[3] or 0)


def flags_of(cell: str) -> set[str]:
    """A flag that we do not know may be one that hides: such a row is refused, never published."""
    flags = {part.strip() for part in re.split(r"[|,;/]", cell.casefold())} - NO_FLAG
    if flags - FLAGS:
        raise RowRefused(_unknown(file.FLAGS, cell))
    return flags


def channel_of(source: str) -> Channel:
    name = source.casefold()
    return CHANNELS.get(name) or CHANNELS.get(name.partition(" - ")[0], Channel.OTHER_APP)


def archive_reason_of(cells: dict[str, str]) -> ArchiveReason:
    """A stock sentence that names several reasons, and one we do not know, count as unclear."""
    by = _plain(cells[file.STATUS])
    if by == "diarsipkan oleh pelapor":
        return ArchiveReason.WITHDRAWN
    sentence = cells[file.REASON].casefold()
    said = [reason for reason, words in ARCHIVE_WORDS.items() if re.search(words, sentence)]
    if len(said) == 1:
        return said[0]
    return ArchiveReason.UNCLEAR if sentence else ARCHIVED_BY.get(by, ArchiveReason.UNCLEAR)


def _looked_up(table: dict[str, T], cells: dict[str, str], column: str) -> T:
    try:
        return table[_plain(cells[column])]
    except KeyError:
        raise RowRefused(_unknown(column, cells[column])) from None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip("-")


def _unknown(column: str, cell: str) -> str:
    return f"{column} tidak dikenal: “{' '.join(cell.split())[:60]}”"


def _hash(*parts: object) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()
