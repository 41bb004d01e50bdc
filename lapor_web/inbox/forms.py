"""What is asked for each deed, and the deed that the answers make.

Only the fields of a form are read, whatever else is sent (S-09). What a field cannot know, such as
whether an office may have the report, the deed itself refuses, and that error comes back to the
field of the same name.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from wtforms import BooleanField, Field, Form, HiddenField, StringField
from wtforms.validators import ValidationError

from lapor_web import city, labels
from lapor_web.inbox.choices import Offered, known_areas, of_words
from lapor_web.inbox.fields import (
    LONGEST_PLACE,
    ChosenFrom,
    OneOf,
    Photos,
    SeveralFrom,
    day,
    line,
    lines,
)
from lapor_web.models import Classification, Outcome, Report
from lapor_web.services.approval import Approve, GrantTime, Reject
from lapor_web.services.deeds import Deed
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
from lapor_web.services.verification import (
    Archive,
    Complete,
    Edit,
    Flags,
    Merge,
    PutOnHold,
    Reassign,
    ReopenByCoordinator,
    SendOutside,
    Unarchive,
    Unmerge,
    Verify,
)


class DeedForm(Form):
    """A form in the pane. Several stand there at once, so ids carry the name of the form."""

    order: ClassVar[tuple[str, ...]] = ()
    """Of the questions, where it is not that of their definition."""
    aside: ClassVar[tuple[str, ...]] = ()
    """Questions that are seldom answered, folded away under `aside_words`."""
    aside_words: ClassVar[str] = ""
    has_files: ClassVar[bool] = False
    has_long_lists: ClassVar[bool] = False
    """All offices, all subjects: drawn only when it is asked for, by an address of its own."""

    def __init__(self, formdata: Any, *, offered: Offered, name: str):
        super().__init__(formdata, data=self.usual(offered.report))
        self.offered = offered
        for field in self:
            field.id = f"{name}-{field.name}"
        self.offer(offered)

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        """What stands in its fields before anybody typed."""
        return {}

    def offer(self, offered: Offered) -> None:
        """Fill the lists."""

    def deed(self) -> Deed:
        raise NotImplementedError

    def questions(self) -> list[Field]:
        """The fields that are seen, in order."""
        seen = [field for field in self if not isinstance(field, HiddenField)]
        place = {name: at for at, name in enumerate(self.order)}
        return sorted(seen, key=lambda field: place.get(field.name, len(place)))

    def aside_open(self) -> bool:
        return any(self[name].errors for name in self.aside)

    def refuse(self, field: str, sentence: str) -> None:
        """Puts why a deed was refused beside the field it is about."""
        if field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)

    def typed(self) -> list[tuple[str, str]]:
        """Label and text of every answer in words, which a conflict must not lose."""
        return [
            (field.label.text, field.data)
            for field in self
            if isinstance(field, StringField) and field.data
        ]


class NamingForm(DeedForm):
    """What the report is called and filed under, and who may know of it."""

    has_long_lists = True

    title = line("Judul", "Tulis judul yang menyebut masalah dan tempatnya")
    public_text = lines("Isi yang tampil ke umum")
    classification = ChosenFrom(
        "Klasifikasi", "Pilih klasifikasi", choices=of_words(labels.CLASSIFICATION, "Pilih")
    )
    category = ChosenFrom("Kategori", choices=[])
    area = ChosenFrom("Wilayah", choices=[])
    # A browser sends no word of an unticked box. Without this one, nobody was shown the boxes,
    # and what the reporter ticked stays.
    boxes = HiddenField(default="shown")
    anonymous = BooleanField("Anonim: nama pelapor disembunyikan dari OPD")
    confidential = BooleanField("Rahasia: tidak tampil ke umum")
    about_conduct = BooleanField("Tentang perilaku petugas: hanya ke Inspektorat")
    accused = ChosenFrom("OPD yang dilaporkan", choices=[])
    note = lines("Catatan, hanya dibaca petugas")

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {
            "title": report.title,
            # What was said in confidence is copied into no text for the public.
            "public_text": report.public_text or (report.story if report.is_ordinary else ""),
            "classification": report.classification or "",
            "category": report.category.code if report.category else "",
            "area": report.area.code if report.area else "",
            "anonymous": report.anonymous,
            "confidential": report.confidential,
            "about_conduct": report.about_conduct,
            "accused": report.accused.code if report.accused else "",
        }

    def offer(self, offered: Offered) -> None:
        self.category.choices = offered.leaf_categories()
        self.area.choices = known_areas(offered.areas)
        self.accused.choices = offered.all_opds("Tidak ada")

    def validate_note(self, field: Any) -> None:
        """Showing more than before needs a reason (S-47)."""
        report, flags = self.offered.report, self.flags()
        if flags and not field.data:
            before = (report.anonymous, report.confidential, report.about_conduct)
            now = (flags.anonymous, flags.confidential, flags.about_conduct)
            lifted = any(was and not still for was, still in zip(before, now, strict=True))
            if lifted or (report.accused is not None and flags.accused != report.accused):
                raise ValidationError("Tulis mengapa tandanya dicabut")

    def flags(self) -> Flags | None:
        if not self.boxes.raw_data:
            return None
        return Flags(
            anonymous=self.anonymous.data,
            confidential=self.confidential.data,
            about_conduct=self.about_conduct.data,
            accused=self.offered.opds.get(self.accused.data),
        )

    def naming(self) -> dict[str, Any]:
        area = self.offered.areas.get(self.area.data)
        chosen = self.classification.data
        return {
            "title": self.title.data,
            "public_text": self.public_text.data,
            "classification": Classification(chosen) if chosen else None,
            "category": self.offered.categories.get(self.category.data),
            "area_id": area.id if area else None,
            "flags": self.flags(),
            "note": self.note.data,
        }


class VerifyForm(NamingForm):
    order = (
        *("title", "public_text", "classification", "category", "opd"),
        *("anonymous", "confidential", "about_conduct", "accused"),
    )
    aside = ("area", "tembusan", "note")
    aside_words = "Wilayah, tembusan, dan catatan"

    opd = ChosenFrom("Teruskan ke", "Pilih OPD yang menangani", choices=[])
    tembusan = SeveralFrom("Tembusan, hanya membaca", choices=[])

    def offer(self, offered: Offered) -> None:
        super().offer(offered)
        self.opd.choices = offered.handlers("Pilih OPD")
        self.tembusan.choices = offered.readers()

    def deed(self) -> Verify:
        opds = self.offered.opds
        copies = tuple(opds[code] for code in self.tembusan.data or ())
        return Verify(opd=opds[self.opd.data], tembusan=copies, **self.naming())


class EditForm(NamingForm):
    order = (
        *("title", "public_text", "place", "area", "classification", "category"),
        *("anonymous", "confidential", "about_conduct", "accused", "note"),
    )

    title = line("Judul")
    place = line("Tempat", "Tulis tempat kejadian", longest=LONGEST_PLACE)
    classification = ChosenFrom(
        "Klasifikasi", choices=of_words(labels.CLASSIFICATION, "Belum ditentukan")
    )

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {**super().usual(report), "place": report.place}

    def deed(self) -> Edit:
        return Edit(place=self.place.data, **self.naming())


class ReassignForm(DeedForm):
    has_long_lists = True

    opd = ChosenFrom("Alihkan ke", "Pilih OPD yang menangani", choices=[])
    reason = lines("Alasan, dibaca pelapor", "Tulis mengapa laporan dialihkan")

    def offer(self, offered: Offered) -> None:
        self.opd.choices = offered.handlers("Pilih OPD")

    def deed(self) -> Reassign:
        return Reassign(opd=self.offered.opds[self.opd.data], reason=self.reason.data)


class HoldForm(DeedForm):
    reason = lines("Apa yang kurang? Dibaca pelapor", "Tulis apa yang perlu dilengkapi pelapor")

    def deed(self) -> PutOnHold:
        return PutOnHold(reason=self.reason.data)


class CompleteForm(DeedForm):
    text = lines("Keterangan yang melengkapi, dibaca pelapor", "Tulis keterangan yang melengkapi")

    def deed(self) -> Complete:
        return Complete(text=self.text.data)


class OutsideForm(DeedForm):
    belongs_to = line("Wewenang siapa", "Tulis instansi yang berwenang", longest=200)
    text = lines("Cara melapor ke sana, dibaca pelapor")

    def deed(self) -> SendOutside:
        return SendOutside(belongs_to=self.belongs_to.data, text=self.text.data)


class ArchiveForm(DeedForm):
    archive_reason = OneOf("Alasan", "Pilih alasannya", choices=[])
    text = lines("Penjelasan, dibaca pelapor")

    def offer(self, offered: Offered) -> None:
        self.archive_reason.choices = of_words(city.offered_reasons())

    def deed(self) -> Archive:
        code = self.archive_reason.data
        return Archive(code, text=self.text.data, words=city.reason_words(code))


class ReasonForm(DeedForm):
    """One reason, which the reporter reads, and a deed made of it."""

    make: ClassVar[Callable[..., Deed]]

    reason = lines("Alasan, dibaca pelapor", "Tulis alasannya")

    def deed(self) -> Deed:
        return self.make(reason=self.reason.data)


class UnarchiveForm(ReasonForm):
    make = Unarchive


class UnmergeForm(ReasonForm):
    make = Unmerge


class ReopenForm(ReasonForm):
    make = ReopenByCoordinator


class InternalReasonForm(ReasonForm):
    reason = lines("Alasan, hanya dibaca petugas", "Tulis alasannya")


class ReturnForm(InternalReasonForm):
    make = Return


class RejectForm(InternalReasonForm):
    make = Reject


class RevealForm(InternalReasonForm):
    make = RevealIdentity

    reason = lines("Untuk apa nama pelapor diperlukan? Dicatat", "Tulis untuk apa nama diperlukan")


class MergeForm(DeedForm):
    parent = line("Nomor laporan induk", "Tulis nomor laporan induk", longest=40)
    note = lines("Catatan")

    def validate_parent(self, field: Any) -> None:
        if self.offered.find_report(field.data) is None:
            raise ValidationError("Nomor ini tidak ada di kotak masuk Anda")

    def deed(self) -> Merge:
        parent = self.offered.find_report(self.parent.data)
        assert parent is not None  # noqa: S101  validated
        return Merge(parent=parent, note=self.note.data)


class FollowUpForm(DeedForm):
    text = lines("Jawaban untuk pelapor", "Tulis apa yang akan dilakukan dan kapan")

    def deed(self) -> FollowUp:
        return FollowUp(text=self.text.data)


class ProposeForm(DeedForm):
    has_files = True

    text = lines("Jawaban untuk pelapor", "Tulis apa yang sudah dilakukan")
    outcome = OneOf("Hasil", "Pilih hasilnya", choices=of_words(labels.OUTCOME))
    outcome_on = day("Dijadwalkan pada (bila hasilnya dijadwalkan)")
    evidence = Photos("Foto bukti")

    def deed(self) -> Propose:
        return Propose(
            text=self.text.data,
            outcome=Outcome(self.outcome.data),
            outcome_on=self.outcome_on.data,
        )


class AssignForm(DeedForm):
    assignee = ChosenFrom("Tugaskan ke", "Pilih petugasnya", choices=[])

    def offer(self, offered: Offered) -> None:
        self.assignee.choices = offered.colleagues()

    def deed(self) -> Assign:
        return Assign(assignee=self.offered.people[self.assignee.data])


class AskTimeForm(DeedForm):
    until = day("Sampai tanggal", "Pilih tanggal yang Anda minta")
    reason = lines("Alasan, hanya dibaca petugas", "Tulis mengapa perlu tambahan waktu")

    def deed(self) -> AskForTime:
        return AskForTime(reason=self.reason.data, until=self.until.data)


class GrantTimeForm(DeedForm):
    granted = OneOf(
        "Keputusan", "Pilih keputusan Anda", choices=of_words({"yes": "Setujui", "no": "Tolak"})
    )

    def deed(self) -> GrantTime:
        return GrantTime(granted=self.granted.data == "yes")


class PromiseForm(DeedForm):
    promised_on = day("Target selesai, dibaca pelapor", "Pilih tanggalnya")

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {"promised_on": report.promised_on}

    def deed(self) -> Promise:
        return Promise(promised_on=self.promised_on.data)


class NoteForm(DeedForm):
    text = lines(
        "Catatan, hanya dibaca petugas. Untuk memberi tahu rekan: @nama-pengguna",
        "Tulis catatannya",
    )

    def deed(self) -> Note:
        return Note(text=self.text.data)


class ApproveForm(DeedForm):
    """A button is all there is to it."""

    def deed(self) -> Approve:
        return Approve()


class UndoForm(DeedForm):
    def deed(self) -> Undo:
        return Undo()
