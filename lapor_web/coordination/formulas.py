"""In words what a number counts, for the page that it opens to."""

from lapor_web.models import Agency
from lapor_web.services.backlog import Stage
from lapor_web.services.behind import (
    EMPTY_ANSWER,
    HANDED_ON,
    LATE,
    MOVED,
    ON_TIME,
    PACE,
    PACE_SO_FAR,
    RETURNED,
    WAITING,
)
from lapor_web.services.ordering import Order
from lapor_web.services.traits import Trait
from lapor_web.services.usages import Usage

_MOVED = (
    "Dilepas satu kantor sesudah didisposisi: dikembalikan sebagai salah disposisi atau dialihkan."
)
FORMULA = {
    "masuk": "Semua laporan yang diterima dalam masa ini, apa pun statusnya.",
    "diterima": "Selesai + proses + belum ditindaklanjuti.",
    "diterima-luas": "Selesai + proses + belum ditindaklanjuti + ditunda + diarsipkan.",
    "selesai": "Laporan berstatus Selesai. Penyelesaian = selesai ÷ diterima.",
    "proses": "Proses, menunggu persetujuan atasan, dan masa tanggapan pelapor.",
    "belum": (
        "Sudah didisposisi dan belum dijawab, termasuk yang dikembalikan sebagai salah disposisi "
        "sampai didisposisi lagi."
    ),
    "ditindaklanjuti": "Selesai + proses. Tindak lanjut = (selesai + proses) ÷ diterima.",
    "belum-terverifikasi": "Menunggu verifikasi dan belum pernah didisposisi. Di luar diterima.",
    "ditunda": "Menunggu kelengkapan dari pelapor. Di luar diterima.",
    "diarsipkan": "Ditutup dengan alasan arsip. Di luar diterima.",
    "bukan-kewenangan": "Wewenang instansi lain. Di luar diterima.",
    "digabung": "Bagian dari laporan lain, yang dihitung sebagai gantinya. Di luar diterima.",
    "terdisposisi": "Pernah didisposisi ke perangkat daerah.",
    "penyelesaian": "Hari kerja dari diterima sampai selesai diketahui; masa ditunda tidak dihitung.",
    "dikonfirmasi": "Selesai karena pelapor menyatakan beres. Persentasenya dari semua yang selesai.",
    "otomatis": "Selesai karena pelapor diam. Persentasenya dari semua yang selesai.",
    "oleh-admin": "Ditutup admin. Persentasenya dari semua yang selesai.",
    "dengan-bukti": (
        "Selesai dengan foto atau dokumen dari perangkat daerah; tanpa laporan impor. Persentasenya dari "
        "semua yang selesai di sini."
    ),
    "dibuka-kembali": "Pernah dibuka lagi sesudah selesai. Persentasenya dari yang pernah selesai.",
    "dinilai": "Selesai dan diberi nilai 1 sampai 5 oleh pelapor.",
    PACE: (
        "Hari kerja dari disposisi sampai tindak lanjut pertama, tanpa masa ditunda; untuk perangkat "
        "daerah selama masa pegangnya sendiri."
    ),
    WAITING: "Belum ada tindak lanjut pertama; umurnya masih berjalan.",
    PACE_SO_FAR: (
        "Seperti laju, dan juga yang belum ditindaklanjuti, dengan umurnya hari ini: menunda jawaban tidak "
        "memperbaiki angka."
    ),
    ON_TIME: (
        "Tindak lanjut pertama dalam batas. Tepat waktu = dalam batas ÷ (yang sudah ditindaklanjuti + yang "
        "lewat batas tanpa tindak lanjut)."
    ),
    LATE: "Tindak lanjut pertama lewat batas, dan yang lewat batas tanpa tindak lanjut.",
    RETURNED: (
        "Pernah dikembalikan sebagai salah disposisi. Persentasenya dari semua yang didisposisi."
    ),
    EMPTY_ANSWER: (
        "Jawaban pertama satu kantor hanya berisi salam, terima kasih, atau kalimat baku bahwa laporan "
        "diterima, diteruskan, dikoordinasikan, atau akan ditindaklanjuti: kurang dari "
        "{answer_words} kata lain, dan tidak menyebut angka atau waktu."
    ),
    HANDED_ON: _MOVED,
    **dict.fromkeys(MOVED, _MOVED),
}


def formula_of(number: str, agency: Agency) -> str:
    """With what is the city's own choice in it."""
    return FORMULA[number].format(answer_words=agency.answer_words)


TRAIT = {
    Trait.CATEGORY: "Kategori",
    Trait.AREA: "Wilayah",
    Trait.CHANNEL: "Kanal",
    Trait.CLASSIFICATION: "Klasifikasi",
}
UNKNOWN_LINE = {
    Trait.CATEGORY: "Belum berkategori",
    Trait.AREA: "Wilayah tidak diketahui",
    Trait.CHANNEL: "Kanal tidak diketahui",
    Trait.CLASSIFICATION: "Belum diklasifikasi",
}
STAGE = {
    Stage.VERIFICATION: "Verifikasi",
    Stage.RETURNED: "Salah disposisi, menunggu disposisi lagi",
    Stage.FIRST_FOLLOW_UP: "Tindak lanjut pertama",
    Stage.WORK: "Penyelesaian oleh perangkat daerah",
    Stage.APPROVAL: "Persetujuan atasan",
}
ORDER = {
    Order.OFFICE: "daftar kantor",
    Order.FINISHED: "penyelesaian",
    Order.PACE: "laju",
    Order.ON_TIME: "tepat waktu",
}
USAGE = {
    Usage.LETTER: "Surat Kemendagri",
    Usage.WIDE: "Termasuk ditunda dan diarsipkan",
}
