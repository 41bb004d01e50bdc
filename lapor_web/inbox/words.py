"""The words of the inbox's own screens; those of the domain are in `lapor_web.labels`."""

from collections.abc import Collection

from lapor_web import labels
from lapor_web.services.desk import View
from lapor_web.services.inbox import Line
from lapor_web.services.inbox_asked import Order
from lapor_web.services.inbox_filters import Flag

VIEW = {
    View.TO_ACT_ON: "Perlu ditindak",
    View.OVERDUE: "Lewat tenggat",
    View.DUE_TODAY: "Jatuh tempo hari ini",
    View.MINE: "Tugas saya",
    View.PROMISED: "Komitmen rakor",
    View.AWAITING_REPORTER: "Masa tanggapan",
    View.RETURNED: "Salah disposisi",
    View.QUARANTINED: "Mirip kiriman robot",
    View.ON_HOLD: "Ditunda",
    View.FINISHED: "Selesai",
    View.COPIES: "Tembusan",
    View.ALL: "Semua laporan",
}

ORDER = {
    Order.DEADLINE: "tenggat terdekat",
    Order.NEWEST: "terbaru",
    Order.OLDEST: "terlama",
}

FLAG = {
    Flag.CONFIDENTIAL: "rahasia",
    Flag.ANONYMOUS: "anonim",
    Flag.ABOUT_CONDUCT: "tentang perilaku petugas",
    Flag.RETURNED: "pernah dikembalikan",
    Flag.REOPENED: "pernah dibuka kembali",
    Flag.ASKS_TIME: "minta tambahan waktu",
    Flag.PROMISED: "punya target selesai",
    Flag.QUARANTINED: "mirip kiriman robot",
}

CHORDS = {View.OVERDUE: "g l", View.MINE: "g t"}
"""Keys pressed one after the other, beside the number of the view."""


def particulars(line: Line, naming: Collection[str]) -> str:
    """The small print of a row: number, place, and what tells it from the others of its view."""
    words = [line.number, line.area or "wilayah belum diketahui"]
    if line.joined:
        words.append(f"{line.joined} laporan serupa")
    if line.holder and "holder" in naming:
        words.append(line.holder)
    if "status" in naming:
        words.append(labels.STATUS[line.status])
    if line.about_conduct:
        words.append("perilaku petugas")
    if line.confidential or line.anonymous:
        words.append("rahasia" if line.confidential else "anonim")
    return " · ".join(words)
