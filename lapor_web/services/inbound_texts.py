"""What we answer to whoever writes to us: plain letters of GSM-7, for the most part one SMS."""

from collections.abc import Sequence
from typing import Literal

from lapor_web.models import Agency, Report

Kept = Literal["reply", "completed", "confirmed", "objected"]

ASK_PLACE = (
    "Di mana tempatnya? Balas dengan nama jalan atau patokan terdekat."
    " Tulis ANONIM atau RAHASIA di baris sendiri bila perlu. Batal? Balas BATAL."
)
ASK_STORY = "Ceritakan apa yang terjadi. Cukup satu atau dua kalimat. Batal? Balas BATAL."
DROPPED = "Baik, tidak ada yang kami simpan."
NOT_HERE = "Nomor laporan itu tidak kami temukan untuk pengirim ini. Periksa lagi nomornya."
UNREADABLE = (
    "Kami hanya dapat membaca tulisan, foto, dan lokasi. Tulis pesan Anda, lalu kirim lagi."
)
WRITE_IT_THERE = (
    "Balasan atas kabar untuk petugas tidak masuk ke laporan."
    " Buka laporannya di kotak masuk, lalu tulis di sana."
)


def help_text(agency: Agency) -> str:
    return (
        f"{agency.service_name}. Ceritakan apa yang terjadi dan di mana tempatnya,"
        " boleh dengan foto. Bahaya bagi nyawa? Telepon 112."
    )


def received(agency: Agency, number: str, code: str, base_url: str) -> str:
    return (
        f"{agency.service_name}: laporan {number} kami terima."
        f" Kode lacak {code}, simpan baik-baik. Pantau: {base_url}/lacak"
    )


def kept(report: Report, what: Kept) -> str:
    which = name_of(report)
    match what:
        case "reply":
            return f"Keterangan Anda untuk {which} kami terima. Laporan lain? Awali dengan LAPOR."
        case "completed":
            return f"Keterangan Anda lengkap. Pemeriksaan {which} kami lanjutkan."
        case "confirmed":
            return f"Terima kasih. Kami catat {which} sudah beres."
        case "objected":
            return f"Kami buka lagi {which}. Tulis apa yang belum beres, atau kirim fotonya."


def ask_verdict(report: Report) -> str:
    return f"Keterangan Anda untuk {name_of(report)} kami terima. Balas 1 bila beres, 2 bila belum."


def closed(report: Report, base_url: str) -> str:
    which = f"Laporan {report.number}" if report.is_ordinary else "Laporan Anda"
    return (
        f"{which} sudah ditutup. Keberatan, atau buka lagi: {base_url}/lacak."
        " Laporan baru? Awali dengan LAPOR."
    )


def ask_which(reports: Sequence[Report]) -> str:
    numbers = ", ".join(one.number for one in reports[:5])
    return f"Laporan mana yang Anda maksud? Balas dengan nomornya: {numbers}"


def lost_files(count: int) -> str:
    return f"{count} berkas tidak dapat kami simpan. Kirim sebagai foto JPG atau PNG."


def name_of(report: Report) -> str:
    """Of a hidden one not even the number: who holds the phone may be whom it is about."""
    return f"laporan {report.number}" if report.is_ordinary else "laporan Anda"


# ---- by mail ----

ASK_PLACE_BY_MAIL = (
    "Tempatnya belum Anda sebut. Balas surel ini dengan nama jalan atau patokan terdekat."
)


def subject(agency: Agency) -> str:
    """The same for every mail: a subject is read over shoulders."""
    return f"Pesan dari {agency.service_name}"
