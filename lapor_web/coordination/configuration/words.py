"""What the configuration is made of, in words for whoever keeps it."""

import datetime as dt
from typing import Any

from lapor_web import labels
from lapor_web.dates import day, full_day, moment
from lapor_web.models import Step, Subject

SUBJECT = {
    Subject.USER: "Petugas",
    Subject.OPD: "OPD",
    Subject.CATEGORY: "Kategori",
    Subject.AREA: "Wilayah",
    Subject.CALENDAR: "Hari libur",
    Subject.LIMIT: "Batas waktu",
    Subject.ARCHIVE_REASON: "Alasan arsip",
    Subject.CITY: "Kota",
    Subject.CANNED_TEXT: "Balasan siap pakai",
}

STEP = {
    Step.VERIFICATION: "Verifikasi",
    Step.FIRST_FOLLOW_UP: "Tindak lanjut pertama",
    Step.FINISH: "Penyelesaian",
    Step.REPORTER_SILENCE: "Pelapor diam setelah dijawab",
    Step.HOLD: "Ditunda, menunggu pelapor",
    Step.OMBUDSMAN: "Boleh dibawa ke Ombudsman",
}

OPD_KIND = {
    "secretariat": "Sekretariat",
    "section": "Bagian",
    "inspectorate": "Inspektorat",
    "dinas": "Dinas",
    "badan": "Badan",
    "kecamatan": "Kecamatan",
    "kelurahan": "Kelurahan",
    "puskesmas": "Puskesmas",
    "hospital": "Rumah sakit",
    "bumd": "BUMD",
    "other": "Lainnya",
}

FACT = {
    "name": "Nama",
    "short_name": "Nama singkat",
    "role": "Peran",
    "opd": "OPD",
    "active": "Aktif",
    "email": "Alamat surel",
    "invited": "Undangan",
    "invited_at": "Dibuat",
    "code": "Kode masuk",
    "code_at": "Pada",
    "kind": "Jenis",
    "parent": "Induk",
    "reports_as": "Dihitung di",
    "needs_approval": "Perlu persetujuan atasan",
    "keywords": "Kata kunci",
    "merged_into": "Digabung ke",
    "open_reports": "Laporan terbuka",
    "to_inspectorate": "Dialihkan ke Inspektorat",
    "officers": "Akun yang pindah",
    "units": "Unit di bawahnya",
    "subjects": "Kategori yang pindah",
    "outlines": "Batas wilayah",
    "added": "Ditambah",
    "removed": "Dihapus",
    "changed": "Diganti",
    "days": "Hari",
    "amber_days": "Kuning pada hari ke-",
    "valid_from": "Berlaku mulai",
    "source": "Dasar",
    "words": "Kalimat",
    "service_name": "Nama layanan",
    "city_name": "Nama kota",
    "agency_name": "Nama instansi",
    "number_prefix": "Awalan nomor",
    "answer_words": "Kata yang perlu ada dalam jawaban pertama",
    "main": "Warna utama",
    "ribbon": "Warna pita",
    "gold": "Warna benang emas",
}
"""What a note of a change is about."""
DAYS_OFF = frozenset({"added", "removed", "changed"})
"""Of a calendar."""


def fact(name: str) -> str:
    return FACT.get(name, name)


def value(name: str, kept: Any) -> str:
    """What stood there, as it is read."""
    if kept is None or kept == "":
        return "–"
    if isinstance(kept, bool):
        return "ya" if kept else "tidak"
    if name in DAYS_OFF:
        return "; ".join(_day_off(one) for one in kept)
    if isinstance(kept, list):
        return ", ".join(str(one) for one in kept) or "–"
    if name in {"invited_at", "code_at"}:
        return moment(dt.datetime.fromisoformat(kept))
    if name == "valid_from":
        return day(dt.date.fromisoformat(kept))
    if name == "role":
        return labels.ROLE.get(kept, str(kept))
    if name == "kind":
        return OPD_KIND.get(kept, str(kept))
    return str(kept)


def _day_off(kept: str) -> str:
    """ "2026-12-14 Libur daerah" as it is said: the history is read in other years too."""
    date, _, called = kept.partition(" ")
    return f"{full_day(dt.date.fromisoformat(date))}, {called}"
