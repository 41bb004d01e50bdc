"""The history of a report in words, for officers: what happened, by whom, and what was written."""

import datetime as dt
from collections.abc import Callable

from lapor_web import city, labels
from lapor_web.dates import clock_time, day
from lapor_web.inbox.parked_words import SETTLED
from lapor_web.models import Action, HistoryEntry, Outcome, Role, Rung
from lapor_web.services.commitments import MEETING, RESPONSIBLE
from lapor_web.services.follow_up import MENTIONED, STAND_INS
from lapor_web.services.parked import Settled
from lapor_web.services.sp4n_copies import NEEDLESS, TRACKING_ID
from lapor_web.services.split import SPLIT_FROM, SPLIT_INTO


def what_happened(entry: HistoryEntry) -> str:
    """A sentence without its full stop: "Dialihkan ke Dishub"."""
    words = WORDS[entry.action]
    return words(entry) if callable(words) else words.format(opd=entry.opd_name or "OPD")


def who_did(entry: HistoryEntry) -> str:
    return entry.doer_name or labels.ROLE[entry.role]


def overtaken_by(entry: HistoryEntry) -> str:
    """For whoever came second (409): who was faster, when, and with what."""
    happened = what_happened(entry)
    return (
        f"{who_did(entry)} mengubah laporan ini pukul {clock_time(entry.at)}: "
        f"{happened[0].lower()}{happened[1:]}."
    )


def _submitted(entry: HistoryEntry) -> str:
    if first := entry.details.get(SPLIT_FROM):
        return f"Dipisah dari {first}"
    return "Diterima" if entry.role is Role.REPORTER else "Dicatat petugas"


def _verified(entry: HistoryEntry) -> str:
    copies = entry.details.get("tembusan", ())
    also = f", tembusan {', '.join(copies)}" if copies else ""
    return f"Diverifikasi dan diteruskan ke {entry.opd_name}{also}"


def _edited(entry: HistoryEntry) -> str:
    if entry.details.get("taken_down"):
        return "Diubah menjadi tidak tampil ke umum"
    if public_text_before(entry):
        return "Isi yang tampil ke umum diubah"
    if tracking_id := entry.details.get(TRACKING_ID):
        return f"Disalin ke SP4N-LAPOR! sebagai #{tracking_id}"
    if NEEDLESS in entry.details:
        return "Tidak perlu disalin ke SP4N-LAPOR!"
    return "Keterangan laporan diubah"


def public_text_before(entry: HistoryEntry) -> str:
    """What everybody could read until then, where that was changed."""
    before: str | None = entry.details.get("before", {}).get("public_text")
    return before or ""


def _merged(entry: HistoryEntry) -> str:
    joined = "Pelapor ikut laporan" if entry.role is Role.REPORTER else "Digabung ke"
    # The number of a report that its reader may not see is not told (`services.inbox_reports.find_report`).
    parent = entry.report.parent
    if parent is None or parent.number != entry.details.get("parent"):
        return f"{joined} laporan lain"
    return f"{joined} {parent.number}"


def _archived(entry: HistoryEntry) -> str:
    told = entry.details.get("words") or city.reason_words(entry.details["archive_reason"])
    return f"Diarsipkan: {told}"


def _proposed(entry: HistoryEntry) -> str:
    outcome = entry.details.get("outcome")
    return (
        f"Diajukan selesai: {labels.OUTCOME[Outcome(outcome)]}" if outcome else "Diajukan selesai"
    )


def _time_granted(entry: HistoryEntry) -> str:
    return f"Tambahan waktu {'disetujui' if entry.details.get('granted') else 'ditolak'}"


def _committed(entry: HistoryEntry) -> str:
    until = day(dt.date.fromisoformat(entry.details["promised_on"]))
    return f"Komitmen {entry.details[MEETING]}: selesai {until}, {entry.details[RESPONSIBLE]}"


def _on(label: str, name: str) -> Callable[[HistoryEntry], str]:
    return lambda entry: f"{label} {day(dt.date.fromisoformat(entry.details[name]))}"


def _noted(entry: HistoryEntry) -> str:
    told = entry.details.get(MENTIONED)
    if not told:
        return "Catatan"
    stand_ins = entry.details.get(STAND_INS)
    also = f", dan penggantinya {', '.join(stand_ins)}" if stand_ins else ""
    return f"Catatan untuk {', '.join(told)}{also}"


def _settled(entry: HistoryEntry) -> str:
    return SETTLED[Settled(entry.details["how"])]


def _escalated(entry: HistoryEntry) -> str:
    rung = Rung(entry.details["rung"])
    reached = entry.details.get("told")
    return RUNG[rung] if reached else f"{RUNG[rung]} (belum ada akunnya)"


RUNG = {
    Rung.SOON: "Tenggat sudah dekat, petugas diingatkan",
    Rung.TODAY: "Jatuh tempo hari ini, petugas diingatkan",
    Rung.SUPERVISOR: "Lewat tenggat, petugas dan atasannya diingatkan",
    Rung.LEADERS: "Lewat tenggat, pimpinan kota diberi tahu",
    Rung.OMBUDSMAN_READY: "Sudah dapat dibawa pelapor ke Ombudsman",
    Rung.OMBUDSMAN: "Ombudsman diberi tahu, dengan persetujuan pelapor",
}


def _with(words: str, name: str) -> Callable[[HistoryEntry], str]:
    return lambda entry: f"{words} {entry.details.get(name, '')}".strip()


WORDS: dict[Action, str | Callable[[HistoryEntry], str]] = {
    Action.SUBMIT: _submitted,
    Action.IMPORT: "Diimpor dari SP4N-LAPOR!",
    Action.VERIFY: _verified,
    Action.HOLD: "Ditunda, menunggu keterangan pelapor",
    Action.OUTSIDE_AUTHORITY: _with("Bukan wewenang kota, melainkan", "belongs_to"),
    Action.ARCHIVE: _archived,
    Action.UNARCHIVE: "Arsip dibatalkan",
    Action.MERGE: _merged,
    Action.UNMERGE: "Gabungan dibatalkan",
    Action.SPLIT: _with("Hal kedua dipisah menjadi", SPLIT_INTO),
    Action.REASSIGN: "Dialihkan ke {opd}",
    Action.EDIT: _edited,
    Action.TRANSFER: "Pindah ke {opd}",
    Action.FOLLOW_UP: "Dijawab {opd}",
    Action.RETURN: "Dikembalikan {opd}, salah disposisi",
    Action.PROPOSE: _proposed,
    Action.ASSIGN: _with("Ditugaskan ke", "assignee"),
    Action.ASK_TIME: _on("Tambahan waktu diminta sampai", "until"),
    Action.PROMISE: _on("Target selesai", "promised_on"),
    Action.COMMIT: _committed,
    Action.APPROVE: "Disetujui selesai, menunggu tanggapan pelapor",
    Action.REJECT: "Pengajuan selesai ditolak",
    Action.GRANT_TIME: _time_granted,
    Action.COMPLETE: "Dilengkapi",
    Action.REOPEN: "Dibuka kembali",
    Action.NOTE: _noted,
    Action.REVEAL_IDENTITY: "Identitas pelapor dibuka",
    Action.SETTLE_MESSAGE: _settled,
    Action.UNDO: "Tindakan sebelumnya diurungkan",
    Action.REPLY: "Balasan pelapor",
    Action.CONFIRM: "Pelapor menyatakan sudah beres",
    Action.OBJECT: "Pelapor berkeberatan",
    Action.RATE: _with("Pelapor memberi nilai", "rating"),
    Action.WITHDRAW: "Ditarik pelapor",
    Action.ERASE: "Data pribadi pelapor dihapus",
    Action.CONSENT_OMBUDSMAN: "Pelapor setuju diteruskan ke Ombudsman",
    Action.CHANGE_CONTACT: "Kontak pelapor diubah",
    Action.FINISH: "Selesai otomatis, tanpa tanggapan pelapor",
    Action.EXPIRE: "Diarsipkan otomatis: data tidak dilengkapi",
    Action.ESCALATE: _escalated,
}
