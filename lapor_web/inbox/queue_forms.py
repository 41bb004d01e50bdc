"""What a coordinator is asked for: to name a report and hand it on, or to send it elsewhere."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from lapor_web import city, labels
from lapor_web.fields import ChosenFrom
from lapor_web.inbox.choices import Offered, known_areas, of_words
from lapor_web.inbox.deed_form import DeedForm, ReasonForm
from lapor_web.inbox.fields import LONGEST_PLACE, OneOf, SeveralFrom, line, lines
from lapor_web.inbox.suggested import headline, likely_class, put_first
from lapor_web.models import Classification, Report
from lapor_web.services.closing import (
    Archive,
    Merge,
    ReopenByCoordinator,
    SendOutside,
    Unarchive,
    Unmerge,
)
from lapor_web.services.split import Split
from lapor_web.services.suggestion import surely
from lapor_web.services.verification import (
    Complete,
    Edit,
    Flags,
    PutOnHold,
    Reassign,
    Verify,
)


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
    accused_user = ChosenFrom(
        "Petugas yang dilaporkan, bila punya akun: laporan menjadi rahasia", choices=[]
    )
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
            "accused_user": str(report.accused_user_id or ""),
        }

    def offer(self, offered: Offered) -> None:
        self.category.choices = offered.leaf_categories()
        self.area.choices = known_areas(offered.areas)
        self.accused.choices = offered.all_opds("Tidak ada")
        self.accused_user.choices = offered.all_officers("Tidak ada")

    def validate_note(self, field: Any) -> None:
        """Showing more than before needs a reason (S-47)."""
        report, flags = self.offered.report, self.flags()
        if flags and not field.data:
            before = (report.anonymous, report.confidential, report.about_conduct)
            now = (flags.anonymous, flags.confidential, flags.about_conduct)
            lifted = any(was and not still for was, still in zip(before, now, strict=True))
            cleared = (report.accused is not None and flags.accused != report.accused) or (
                report.accused_user is not None and flags.accused_user != report.accused_user
            )
            if lifted or cleared:
                raise ValidationError("Tulis mengapa tandanya dicabut")

    def flags(self) -> Flags | None:
        if not self.boxes.raw_data:
            return None
        return Flags(
            anonymous=self.anonymous.data,
            confidential=self.confidential.data,
            about_conduct=self.about_conduct.data,
            accused=self.offered.opds.get(self.accused.data),
            accused_user=self.offered.officers.get(self.accused_user.data),
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
        *("anonymous", "confidential", "about_conduct", "accused", "accused_user"),
    )
    aside = ("area", "tembusan", "note")
    aside_words = "Wilayah, tembusan, dan catatan"

    opd = ChosenFrom("Teruskan ke", "Pilih OPD yang menangani", choices=[])
    tembusan = SeveralFrom("Tembusan, hanya membaca", choices=[])

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {**super().usual(report), "classification": likely_class(report)}

    def offer(self, offered: Offered) -> None:
        super().offer(offered)
        self.opd.choices = offered.handlers("Pilih OPD")
        self.tembusan.choices = offered.readers()
        if self.ready_chosen:
            self.opd.data = self.ready_chosen
        if not self.is_sent:
            self.suggest_title(offered.report)
            self.show_again(offered)
            # Chosen beforehand only where nothing else comes near.
            sure = surely(offered.suggestions)
            if sure:
                self.opd.data = sure.opd.code
            self.waits_for_one_key = bool(self.title.data)
            self.expects_first = sure is not None

    def show_again(self, offered: Offered) -> None:
        self.hints["opd"] = put_first(self.opd, offered.suggestions)
        if not offered.report.classification:
            self.hints["classification"] = "Perkiraan. Ubah bila bukan"
        self.ready = [(one.code, f"Ke {one.short_name}") for one in offered.nearest_at_hand()]

    def suggest_title(self, report: Report) -> None:
        """What was said in confidence is copied into no title."""
        if not report.title and report.is_ordinary and (first := headline(report.story)):
            self.title.data = first
            self.hints["title"] = "Diambil dari kalimat pelapor. Sebut masalah dan tempatnya"

    def deed(self) -> Verify:
        opds = self.offered.opds
        copies = tuple(opds[code] for code in self.tembusan.data or ())
        return Verify(opd=opds[self.opd.data], tembusan=copies, **self.naming())


class EditForm(NamingForm):
    order = (
        *("title", "public_text", "place", "area", "classification", "category"),
        *("anonymous", "confidential", "about_conduct", "accused", "accused_user", "note"),
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
        if not self.is_sent:
            self.show_again(offered)

    def show_again(self, offered: Offered) -> None:
        holder = offered.report.holder_opd_id
        others = [one for one in offered.suggestions if one.opd.id != holder]
        self.hints["opd"] = put_first(self.opd, others)

    def deed(self) -> Reassign:
        return Reassign(opd=self.offered.opds[self.opd.data], reason=self.reason.data)


class HoldForm(DeedForm):
    same_for_all = True
    words_field = "reason"

    reason = lines("Apa yang kurang? Dibaca pelapor", "Tulis apa yang perlu dilengkapi pelapor")

    def deed(self) -> PutOnHold:
        return PutOnHold(reason=self.reason.data)


class CompleteForm(DeedForm):
    same_for_all = True

    text = lines("Keterangan yang melengkapi, dibaca pelapor", "Tulis keterangan yang melengkapi")

    def deed(self) -> Complete:
        return Complete(text=self.text.data)


class OutsideForm(DeedForm):
    same_for_all = True

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


class UnarchiveForm(ReasonForm):
    same_for_all = True
    make = Unarchive


class UnmergeForm(ReasonForm):
    same_for_all = True
    make = Unmerge


class SplitForm(DeedForm):
    """The first keeps all that was written; the second gets what is left standing here."""

    seldom_wanted = True

    story = lines("Hal kedua, dengan kata pelapor", "Tulis hal yang dipisah")
    place = line("Tempat hal kedua", "Tulis tempat kejadian", longest=LONGEST_PLACE)
    title = line("Judul hal kedua")
    photos = BooleanField("Foto pelapor ikut ke laporan kedua", default=True)
    note = lines("Catatan, hanya dibaca petugas")

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        return {"story": report.story, "place": report.place}

    def validate_story(self, field: Any) -> None:
        if field.data == self.offered.report.story:
            raise ValidationError("Sisakan hal kedua saja, hapus yang tetap di laporan ini")

    def deed(self) -> Split:
        return Split(
            story=self.story.data,
            place=self.place.data,
            title=self.title.data,
            note=self.note.data,
            keys=city.keys(),
        )


class ReopenForm(ReasonForm):
    same_for_all = True
    make = ReopenByCoordinator


class MergeForm(DeedForm):
    same_for_all = True

    parent = line("Nomor laporan induk", "Tulis nomor laporan induk", longest=40)
    note = lines("Catatan")

    def validate_parent(self, field: Any) -> None:
        if self.offered.find_report(field.data) is None:
            raise ValidationError("Nomor ini tidak ada di kotak masuk Anda")

    def deed(self) -> Merge:
        parent = self.offered.find_report(self.parent.data)
        assert parent is not None  # noqa: S101  validated
        return Merge(parent=parent, note=self.note.data)
