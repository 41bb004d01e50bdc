"""A report's life in sentences for citizens: what happened, where it stands, what comes next."""

import datetime as dt
from collections.abc import Callable, Mapping

from lapor_web import city, labels
from lapor_web.dates import clock_time, day
from lapor_web.models import (
    Action,
    FinishMode,
    HistoryEntry,
    Report,
    Role,
    Rung,
    Status,
)
from lapor_web.services.split import SPLIT_FROM, SPLIT_INTO
from lapor_web.services.tracking import is_told

SOME_OFFICE = "dinas yang berwenang"

# ---- what happened ----


def what_happened(entry: HistoryEntry, *, public: bool = False, parent: str = "") -> str:
    """A sentence without its full stop. `parent` is the number of the report that this one was
    merged with, where whoever reads may know it."""
    by_reporter = entry.role is Role.REPORTER
    if entry.action is Action.MERGE:
        joined = ("Pelapor ikut" if public else "Anda ikut") if by_reporter else "Digabung dengan"
        return f"{joined} {parent or 'laporan lain'}"
    own = (BY_REPORTER if public else BY_YOU) if by_reporter else ({} if public else TO_YOU)
    words = own.get(entry.action) or BY_OFFICERS[entry.action]
    return words(entry) if callable(words) else words.format(opd=entry.opd_name or "Petugas")


def overtaken_by(entry: HistoryEntry, *, parent: str = "") -> str:
    """For a reporter who came second (409). No officer's name, only the office's, and nothing of
    what officers do among themselves."""
    if not is_told(entry):
        return f"Laporan ini berubah pukul {clock_time(entry.at)}."
    happened = what_happened(entry, parent=parent)
    return f"Laporan ini berubah pukul {clock_time(entry.at)}: {happened}."


def _answered(entry: HistoryEntry) -> str:
    starts = entry.from_status is Status.FORWARDED
    return f"{entry.opd_name} menjawab{' dan mulai bekerja' if starts else ''}"


def _sent_outside(entry: HistoryEntry) -> str:
    return f"Ini wewenang {entry.details.get('belongs_to')}, bukan Pemkot"


def _archived(entry: HistoryEntry) -> str:
    told = entry.details.get("words") or city.reason_words(entry.details["archive_reason"])
    return f"Ditutup: {in_a_sentence(told)}"


def _escalated(entry: HistoryEntry) -> str:
    match Rung(entry.details["rung"]):
        case Rung.OMBUDSMAN_READY:
            return "Anda dapat meminta bantuan Ombudsman"
        case Rung.OMBUDSMAN:
            return "Ombudsman diberi tahu"
        case _:
            return f"Lewat tenggat. Kami mengingatkan {entry.opd_name} dan atasannya"


def _promised(entry: HistoryEntry) -> str:
    until = day(dt.date.fromisoformat(entry.details["promised_on"]))
    return f"{entry.opd_name} menargetkan selesai {until}"


def _objected(who: str) -> Callable[[HistoryEntry], str]:
    def words(entry: HistoryEntry) -> str:
        not_done = entry.from_status is Status.AWAITING_REPORTER
        return f"{who} {'menyatakan belum beres' if not_done else 'mengajukan keberatan'}"

    return words


def _rated(who: str) -> Callable[[HistoryEntry], str]:
    return lambda entry: f"{who} memberi nilai {entry.details.get('rating')} dari 5"


def _received(entry: HistoryEntry) -> str:
    return (
        "Laporan kami terima" if not entry.details.get(SPLIT_FROM) else "Dipisah dari laporan lain"
    )


def _split(entry: HistoryEntry) -> str:
    return f"Hal kedua di laporan ini ditangani sendiri: {entry.details[SPLIT_INTO]}"


Words = Mapping[Action, str | Callable[[HistoryEntry], str]]

BY_OFFICERS: Words = {
    Action.SUBMIT: _received,
    Action.IMPORT: "Laporan kami terima lewat SP4N-LAPOR!",
    Action.VERIFY: "Diperiksa dan diteruskan ke {opd}",
    Action.HOLD: "Kami butuh keterangan pelapor",
    Action.COMPLETE: "Keterangan sudah lengkap",
    Action.OUTSIDE_AUTHORITY: _sent_outside,
    Action.ARCHIVE: _archived,
    Action.UNARCHIVE: "Dibuka lagi untuk diperiksa",
    Action.UNMERGE: "Dipisahkan lagi dan diperiksa tersendiri",
    Action.SPLIT: _split,
    Action.REASSIGN: "Dialihkan ke {opd}",
    Action.TRANSFER: "Selanjutnya ditangani {opd}",
    Action.EDIT: "Diubah menjadi tidak tampil ke umum",
    Action.FOLLOW_UP: _answered,
    Action.RETURN: "Dikembalikan {opd} untuk diteruskan ke dinas lain",
    Action.PROPOSE: "{opd} menyatakan selesai",
    Action.APPROVE: "{opd} menyatakan selesai",
    Action.PROMISE: _promised,
    Action.COMMIT: _promised,
    Action.REOPEN: "Dibuka lagi",
    Action.SETTLE_MESSAGE: "Petugas memperbaiki kontak Anda",
    Action.FINISH: "Selesai otomatis karena tidak ada tanggapan",
    Action.EXPIRE: "Ditutup karena keterangan tidak datang sampai batas waktu",
    Action.ESCALATE: _escalated,
}

TO_YOU: Words = {Action.HOLD: "Kami butuh keterangan Anda"}

BY_YOU: Words = {
    Action.SUBMIT: "Laporan Anda kami terima",
    Action.COMPLETE: "Anda melengkapi laporan",
    Action.REPLY: "Anda menambahkan keterangan",
    Action.CONFIRM: "Anda menyatakan sudah beres",
    Action.OBJECT: _objected("Anda"),
    Action.RATE: _rated("Anda"),
    Action.REOPEN: "Anda membuka lagi laporan ini",
    Action.WITHDRAW: "Anda menarik laporan ini",
    Action.ERASE: "Data diri Anda dihapus",
    Action.CONSENT_OMBUDSMAN: "Anda setuju Ombudsman ikut membaca",
    Action.CHANGE_CONTACT: "Kontak Anda diubah",
}

BY_REPORTER: Words = {
    Action.COMPLETE: "Pelapor melengkapi laporan",
    Action.CONFIRM: "Pelapor menyatakan sudah beres",
    Action.OBJECT: _objected("Pelapor"),
    Action.RATE: _rated("Pelapor"),
    Action.REOPEN: "Pelapor membuka lagi laporan ini",
    Action.WITHDRAW: "Pelapor menarik laporan ini",
}


# ---- where it stands ----


def office(report: Report) -> str:
    return report.holder.short_name if report.holder else SOME_OFFICE


def sentence(report: Report, *, parent: str = "") -> str:
    """The heading of a report's page (ux.md 7.1)."""
    match report.status:
        case Status.UNVERIFIED:
            return "Menunggu diperiksa"
        case Status.ON_HOLD:
            return "Kami butuh keterangan Anda"
        case Status.FORWARDED:
            return f"Diteruskan ke {office(report)}"
        case Status.IN_PROCESS | Status.AWAITING_APPROVAL:
            return f"Sedang ditangani {office(report)}"
        case Status.AWAITING_REPORTER:
            return f"{office(report)} menyatakan selesai. Sudah beres?"
        case Status.FINISHED:
            return "Selesai"
        case Status.OUTSIDE_AUTHORITY:
            return f"Ini wewenang {report.belongs_to}, bukan Pemkot"
        case Status.ARCHIVED:
            return f"Ditutup: {in_a_sentence(city.reason_words(report.archive_reason))}"
        case Status.MERGED:
            return f"Digabung dengan {parent or 'laporan lain'}"


def public_sentence(report: Report, *, parent: str = "") -> str:
    """The same for those who did not send it: nothing is asked of them."""
    match report.status:
        case Status.ON_HOLD:
            return "Menunggu keterangan pelapor"
        case Status.AWAITING_REPORTER:
            return f"{office(report)} menyatakan selesai"
        case _:
            return sentence(report, parent=parent)


def in_a_sentence(words: str) -> str:
    # An acronym keeps its capitals.
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


HOW_FINISHED = {
    FinishMode.CONFIRMED: "Dikonfirmasi pelapor.",
    FinishMode.AUTOMATIC: "Selesai otomatis karena tidak ada tanggapan.",
    FinishMode.BY_ADMIN: "Ditutup petugas.",
}


PUBLIC_STAGE = {
    Status.FORWARDED: ("Belum ditindaklanjuti", "not-acted-on"),
    Status.IN_PROCESS: ("Proses", "in-process"),
    Status.AWAITING_APPROVAL: ("Proses", "in-process"),
    Status.AWAITING_REPORTER: ("Proses", "in-process"),
    Status.FINISHED: ("Selesai", "finished"),
}


def public_stage(status: Status) -> tuple[str, str | None]:
    """The word of the recap and the name of its band; none for what is not counted."""
    return PUBLIC_STAGE.get(status, (labels.STATUS[status], None))
