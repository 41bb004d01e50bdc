"""Parked messages in words: what they tell of, why they did not leave, what can be done."""

import re

from lapor_web.models import MessageKind
from lapor_web.services.inbound_events import UNREADABLE
from lapor_web.services.parked import Settled

ABOUT = {
    MessageKind.RECEIVED: "Laporan diterima",
    MessageKind.FORWARDED: "Laporan diteruskan",
    MessageKind.ANSWERED: "Jawaban OPD",
    MessageKind.NEEDS_COMPLETION: "Permintaan keterangan",
    MessageKind.OVERDUE: "Laporan lewat tenggat",
    MessageKind.COMPLETION_PROPOSED: "Pekerjaan dinyatakan selesai",
    MessageKind.FINISHED: "Laporan selesai",
    MessageKind.REOPENED: "Laporan dibuka kembali",
    MessageKind.OUTSIDE_AUTHORITY: "Bukan wewenang",
    MessageKind.ARCHIVED: "Laporan ditutup",
    MessageKind.MERGED: "Laporan digabung",
    MessageKind.SPLIT: "Laporan dipisah",
    MessageKind.MAY_CONSENT: "Boleh dibawa ke Ombudsman",
    MessageKind.LINK: "Tautan yang diminta pelapor",
    MessageKind.ASSIGNED: "Tugas baru",
    MessageKind.DISPOSED: "Disposisi baru",
    MessageKind.MENTIONED: "Disebut dalam catatan",
    MessageKind.DUE_SOON: "Tenggat sudah dekat",
    MessageKind.DUE_TODAY: "Jatuh tempo hari ini",
    MessageKind.LATE: "Lewat tenggat",
    MessageKind.ESCALATED: "Lewat tenggat, untuk atasan",
    MessageKind.DIGEST: "Ringkasan pagi",
    MessageKind.INVITATION: "Tautan kata sandi",
}

HOW = {
    Settled.MENDED: "Perbaiki alamat dan kirim lagi",
    Settled.SENT_AGAIN: "Kirim lagi ke alamat yang sama",
    Settled.DROPPED: "Lepas, tidak perlu dikirim",
}

SETTLED = {
    Settled.MENDED: "Kontak pelapor diperbaiki, pesan dikirim lagi",
    Settled.SENT_AGAIN: "Pesan ke pelapor dikirim lagi",
    Settled.DROPPED: "Pesan ke pelapor dilepas",
}
"""In the history of a report."""

REASONS = {
    "bad_address": "Alamat tidak dapat dipakai",
    "unreadable": "Kontak tidak dapat dibaca dengan kunci yang sekarang",
    "unknown_number": "Nomor tidak dikenal",
    "error": "Pesan ini tidak dapat dibuat. Beri tahu pengelola sistem",
    "no_words": "Pesan ini belum ada kata-katanya. Beri tahu pengelola sistem",
    "timeout": "Server tidak menjawab pada waktunya",
    "disconnected": "Server memutus sambungan",
    "connection": "Server tidak dapat dihubungi",
    "tls": "Sambungan aman ke server tidak terbentuk",
}
_MAIL = {
    "4": "Server penerima belum mau menerima",
    "550": "Alamat tidak ada di server penerima",
    "552": "Kotak surat penerima penuh",
    "554": "Server penerima menolak surel ini",
    "5": "Server penerima menolak",
}


def reason_in_words(code: str | None) -> str:
    """Known codes in a sentence; of others the code itself, which is short and names nobody."""
    if not code:
        return "Tidak diketahui"
    if code in REASONS:
        return REASONS[code]
    if re.fullmatch("[45][0-9]{2}", code):
        return f"{_MAIL.get(code, _MAIL[code[0]])} ({code})"
    return f"Penyedia menolak ({code})"


def why_unread(code: str | None) -> str:
    """Of a message that came in: the kind of error is for who runs the system."""
    if code == UNREADABLE:
        return "Tersegel dengan kunci lain, tidak dapat dibaca lagi"
    told = f" ({code})" if code else ""
    return f"Sistem delapan kali tidak dapat membacanya{told}. Beri tahu pengelola sistem"
