"""The words of the inbox's own screens; those of the domain are in `lapor_web.labels`."""

from lapor_web.services.inbox import Order, View

VIEW = {
    View.TO_ACT_ON: "Perlu ditindak",
    View.OVERDUE: "Lewat tenggat",
    View.DUE_TODAY: "Jatuh tempo hari ini",
    View.MINE: "Tugas saya",
    View.AWAITING_REPORTER: "Masa tanggapan",
    View.RETURNED: "Salah disposisi",
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

CHORDS = {View.OVERDUE: "g l", View.MINE: "g t"}
"""Keys pressed one after the other, beside the number of the view."""
