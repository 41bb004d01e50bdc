"""What an office and its supervisor are asked for, and what everybody is."""

from typing import Any

from werkzeug.datastructures import FileStorage

from lapor_web import city, labels
from lapor_web.fields import ChosenFrom
from lapor_web.inbox.choices import Offered, of_words
from lapor_web.inbox.deed_form import DeedForm, InternalReasonForm
from lapor_web.inbox.fields import OneOf, Photos, day, line, lines
from lapor_web.models import Outcome, Report
from lapor_web.services.approval import Approve, GrantTime, Reject
from lapor_web.services.follow_up import (
    AskForTime,
    Assign,
    FollowUp,
    Note,
    Promise,
    Propose,
    Return,
)
from lapor_web.services.reveal import RevealIdentity
from lapor_web.services.undo import Undo

LONGEST_ALT = 200
MOST_READY = 9
"""A key each."""
USUAL_TIME = 5
"""Working days that more time is asked for where nothing else is said; our choice."""


class ReturnForm(InternalReasonForm):
    same_for_all = True
    make = Return
    usual_reasons = (
        "Bukan urusan unit kami",
        "Lokasinya di luar wilayah kami",
        "Aset milik instansi lain",
        "Sedang ditangani unit lain",
    )


class RejectForm(InternalReasonForm):
    same_for_all = True
    make = Reject


class RevealForm(InternalReasonForm):
    same_for_all = True
    make = RevealIdentity

    reason = lines("Untuk apa nama pelapor diperlukan? Dicatat", "Tulis untuk apa nama diperlukan")


class FollowUpForm(DeedForm):
    same_for_all = True
    words_field = "text"
    takes_canned = True

    text = lines("Jawaban untuk pelapor", "Tulis apa yang akan dilakukan dan kapan")

    def deed(self) -> FollowUp:
        return FollowUp(text=self.text.data)


class ProposeForm(DeedForm):
    same_for_all = True
    has_files = True
    words_field = "text"

    text = lines("Jawaban untuk pelapor", "Tulis apa yang sudah dilakukan")
    outcome = OneOf("Hasil", "Pilih hasilnya", choices=of_words(labels.OUTCOME))
    outcome_on = day("Dijadwalkan pada (bila hasilnya dijadwalkan)")
    before = Photos("Foto sebelum")
    before_alt = line("Yang terlihat di foto sebelum", longest=LONGEST_ALT)
    evidence = Photos("Foto sesudah, atau bukti lain")
    evidence_alt = line("Yang terlihat di foto sesudah", longest=LONGEST_ALT)

    aside = ("before", "before_alt", "evidence_alt")
    aside_words = "Foto sebelum, dan keterangan foto"

    def shown(self) -> list[tuple[FileStorage, str]]:
        """The pictures, each with words for whoever cannot see it."""
        return [
            *((file, told("Sebelum", self.before_alt.data)) for file in self.before.data or ()),
            *((file, told("Sesudah", self.evidence_alt.data)) for file in self.evidence.data or ()),
        ]

    def deed(self) -> Propose:
        return Propose(
            text=self.text.data,
            outcome=Outcome(self.outcome.data),
            outcome_on=self.outcome_on.data,
        )


def told(when: str, words: str) -> str:
    return f"{when}: {words}" if words else when


class AssignForm(DeedForm):
    seldom_wanted = True

    assignee = ChosenFrom("Tugaskan ke", "Pilih petugas atau unitnya", choices=[])

    def offer(self, offered: Offered) -> None:
        self.assignee.choices = offered.workers()
        known = [(one.value, one.label) for one in self.assignee.choices if one.value]
        self.ready = known[:MOST_READY]
        self.waits_for_one_key = not self.is_sent
        if self.ready_chosen:
            self.assignee.data = self.ready_chosen

    def deed(self) -> Assign:
        return Assign(assignee=self.offered.find_worker(self.assignee.data))


class AskTimeForm(InternalReasonForm):
    seldom_wanted = True
    order = ("until", "reason")
    usual_reasons = (
        "Menunggu bahan atau alat",
        "Menunggu cuaca membaik",
        "Perlu ditinjau di lapangan dulu",
        "Perlu berkoordinasi dengan unit lain",
    )

    until = day("Sampai tanggal", "Pilih tanggal yang Anda minta")
    reason = lines("Alasan, hanya dibaca petugas", "Tulis mengapa perlu tambahan waktu")

    def offer(self, offered: Offered) -> None:
        super().offer(offered)
        if not self.is_sent:
            self.waits_for_one_key = True
            today = offered.desk.today
            due = max(today, offered.report.due_on or today)
            self.until.data = city.calendar().add(due, USUAL_TIME)

    def deed(self) -> AskForTime:
        return AskForTime(reason=self.reason.data, until=self.until.data)


class GrantTimeForm(DeedForm):
    same_for_all = True

    granted = OneOf(
        "Keputusan", "Pilih keputusan Anda", choices=of_words({"yes": "Setujui", "no": "Tolak"})
    )

    def deed(self) -> GrantTime:
        return GrantTime(granted=self.granted.data == "yes")


class PromiseForm(DeedForm):
    seldom_wanted = True

    promised_on = day("Target selesai, dibaca pelapor", "Pilih tanggalnya")

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {"promised_on": report.promised_on}

    def deed(self) -> Promise:
        return Promise(promised_on=self.promised_on.data)


class NoteForm(DeedForm):
    same_for_all = True

    text = lines(
        "Catatan, hanya dibaca petugas. Untuk memberi tahu rekan: @nama-pengguna",
        "Tulis catatannya",
    )

    def begin_with_merge(self) -> None:
        """To say that another report is the same; whoever handed this one on is told of it."""
        name = self.offered.disposer()
        self.text.data = f"{f'@{name} ' if name else ''}Usul digabung ke laporan nomor "

    def deed(self) -> Note:
        return Note(text=self.text.data)


class ApproveForm(DeedForm):
    """A button is all there is to it."""

    same_for_all = True

    def deed(self) -> Approve:
        return Approve()


class UndoForm(DeedForm):
    def deed(self) -> Undo:
        return Undo()
