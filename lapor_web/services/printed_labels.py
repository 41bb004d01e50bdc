"""The words by which a printed recap names its numbers, as offices and newspapers write them."""

import enum
import re
from collections.abc import Iterable


class Part(enum.StrEnum):
    """What a number counts."""

    RECEIVED = "received"
    FINISHED = "finished"
    IN_PROCESS = "in_process"
    NOT_ACTED_ON = "not_acted_on"
    ON_HOLD = "on_hold"
    ARCHIVED = "archived"
    UNVERIFIED = "unverified"
    BEING_VERIFIED = "being_verified"
    OUTSIDE = "outside_authority"
    MERGED = "merged"
    DISPOSED = "disposed"
    ACTED_ON = "acted_on"


LABELS: dict[Part, tuple[str, ...]] = {
    Part.RECEIVED: (
        *("diterima", "laporan diterima", "aduan diterima", "jumlah laporan", "jumlah aduan"),
        *(
            "total laporan",
            "total aduan",
            "laporan masuk",
            "aduan masuk",
            "masuk",
            "jumlah",
            "total",
            "menerima",
        ),
    ),
    Part.FINISHED: ("selesai", "terselesaikan", "tuntas", "sudah selesai"),
    Part.IN_PROCESS: ("proses", "dalam proses", "masih dalam proses", "masih proses", "diproses"),
    Part.NOT_ACTED_ON: (
        *("belum ditindaklanjuti", "belum ditindak lanjuti", "belum tindak lanjut"),
        *("belum direspons", "belum"),
    ),
    Part.ON_HOLD: ("ditunda", "tertunda", "tunda", "menunggu kelengkapan"),
    Part.ARCHIVED: (
        "diarsipkan",
        "arsip",
        "dihapus",
        "diarsipkan dihapus",
        "diarsipkan atau dihapus",
    ),
    Part.UNVERIFIED: ("belum terverifikasi", "belum diverifikasi", "belum verifikasi"),
    Part.BEING_VERIFIED: ("diverifikasi dan didisposisi", "diverifikasi", "verifikasi"),
    Part.OUTSIDE: ("bukan kewenangan", "bukan wewenang", "luar kewenangan"),
    Part.MERGED: ("digabung", "digabungkan"),
    Part.DISPOSED: ("terdisposisi", "didisposisi", "didisposisikan"),
    Part.ACTED_ON: ("ditindaklanjuti", "sudah ditindaklanjuti", "tindak lanjut", "terjawab"),
}
_NAMES = """
    id nama wilayah kota daerah instansi opd unit kantor bulan periode tahun kanal kategori kecamatan
"""
NAMES = frozenset(("perangkat daerah", *_NAMES.split()))
PERCENT = (
    *("persentase", "persen", "penyelesaian", "tingkat penyelesaian", "persentase penyelesaian"),
    *("persen penyelesaian", "% penyelesaian", "%"),
)
LEFT_ALONE = ("rata rata laju tindak lanjut", "laju tindak lanjut", "laju", "hari kerja")
"""They hold a label's words and are none: paces are nobody's sum."""
TOTALS = frozenset({"jumlah", "total", "kota", "jumlah total", "total keseluruhan"})

PART_OF = {words: part for part, names in LABELS.items() for words in names}
_ALL_WORDS = sorted((*PART_OF, *PERCENT, *LEFT_ALONE), key=len, reverse=True)
LABEL = re.compile("|".join(rf"\b{re.escape(words)}\b" for words in _ALL_WORDS if words != "%"))


def label_in(text: str) -> Part | str | None:
    """The longest label in it: a part, the words of a percentage, or none."""
    words = plain(text)
    found = [match[0] for match in LABEL.finditer(words)]
    if any(one in LEFT_ALONE for one in found):
        return None
    parts = [one for one in found if one in PART_OF]
    # "jumlah yang selesai": what is said of the sum is said by the other word.
    told = [one for one in parts if PART_OF[one] is not Part.RECEIVED] or parts
    if told:
        return PART_OF[max(told, key=len)]
    return max(found, key=len, default=None)


def column(cell: str) -> tuple[bool, Part | None] | None:
    """Of a table: whether it holds percentages, and of what it tells; None where no label names it."""
    words = plain(cell)
    if words in PART_OF:
        return False, PART_OF[words]
    for mark in ("persentase ", "persen ", "% "):
        if words.startswith(mark) and words.removeprefix(mark) in PART_OF:
            return True, PART_OF[words.removeprefix(mark)]
    if words.endswith(" %") and words.removesuffix(" %") in PART_OF:
        return True, PART_OF[words.removesuffix(" %")]
    return (True, None) if words in {*PERCENT, "persen tertulis"} else None


def columns_known(cells: Iterable[str]) -> int:
    return sum(column(cell) is not None for cell in cells)


def plain(text: str) -> str:
    """Lower case, without what stands between words; numbers keep their marks."""
    lowered = text.casefold().replace("_", " ").replace("-", " ").replace("/", " ")
    return " ".join(re.sub(r"[()\[\]\"'“”]", " ", lowered).split())
