"""Every deed of a reporter as one row: its address, its words, its form.

The transition table says when it is allowed; this one says how it is asked for. Addresses, buttons
and forms all come from here.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Form, MultipleFileField, RadioField, SelectChoice
from wtforms.validators import ValidationError

from lapor_web import city, labels
from lapor_web.fields import asked
from lapor_web.models import Action, Report, Status
from lapor_web.models.workflow import CLOSED
from lapor_web.public.fields import LONGEST_TEXT, at_most, email, lines, phone
from lapor_web.public.report_form import EVIDENCE
from lapor_web.services import conversation
from lapor_web.services.deeds import Deed
from lapor_web.services.verification import Complete

BEST_RATING = 5


class DeedForm(Form):
    """Several stand on one page, so ids carry the name of the deed."""

    def __init__(self, formdata: Any, *, slug: str):
        super().__init__(formdata)
        for field in self:
            field.id = f"{slug}-{field.name}"

    def deed(self) -> Deed:
        raise NotImplementedError

    def refuse(self, name: str, code: str) -> None:
        """What the deed itself refused, at its field, else above the form."""
        words = labels.REFUSAL[code]
        if name in self:
            self[name].errors = [words]
        else:
            self.form_errors = [words]


def _text(label: str, missing: str = "") -> Any:
    checks = [asked(missing)] if missing else []
    return lines(label, *checks, at_most(LONGEST_TEXT, "Tulisan"))


class ReplyForm(DeedForm):
    text = _text("Keterangan Anda", "Tulis keterangan Anda")
    photos = MultipleFileField("Foto", render_kw={"accept": EVIDENCE})

    def deed(self) -> Deed:
        return conversation.Reply(self.text.data or "")


class CompleteForm(DeedForm):
    text = _text("Keterangan yang diminta", "Tulis keterangan yang diminta")
    photos = MultipleFileField("Foto", render_kw={"accept": EVIDENCE})

    def deed(self) -> Deed:
        return Complete(self.text.data or "")


class ConfirmForm(DeedForm):
    def deed(self) -> Deed:
        return conversation.Confirm()


class ObjectForm(DeedForm):
    reason = _text("Apa yang belum beres?", "Tulis apa yang belum beres")

    def deed(self) -> Deed:
        return conversation.Object(self.reason.data or "")


class ContestForm(ObjectForm):
    reason = _text("Mengapa Anda berkeberatan?", "Tulis alasan keberatan Anda")


def _rating(label: str, best: int) -> RadioField:
    words = ("sangat buruk", "buruk", "cukup", "baik", "sangat baik")[:best]
    choices = [SelectChoice(str(n), f"{n}, {word}") for n, word in enumerate(words, 1)]
    return RadioField(label, choices=choices, validate_choice=False)


class Rated(DeedForm):
    def validate_rating(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.iter_choices()}:
            raise ValidationError("Pilih nilainya")


class RateForm(Rated):
    rating = _rating("Seberapa baik laporan ini ditangani?", BEST_RATING)
    text = _text("Pesan Anda")

    def deed(self) -> Deed:
        return conversation.Rate(int(self.rating.data), self.text.data or "")


class ReopenForm(Rated):
    reason = _text("Apa yang belum beres?", "Tulis apa yang belum beres")
    rating = _rating("Nilai Anda", conversation.WORST_RATING_THAT_REOPENS)

    def deed(self) -> Deed:
        return conversation.Reopen(self.reason.data or "", int(self.rating.data))


class WithdrawForm(DeedForm):
    text = _text("Alasan Anda")

    def deed(self) -> Deed:
        return conversation.Withdraw(self.text.data or "")


class EraseForm(DeedForm):
    def deed(self) -> Deed:
        return conversation.Erase()


class ConsentForm(DeedForm):
    def deed(self) -> Deed:
        return conversation.ConsentToOmbudsman()


class ContactForm(DeedForm):
    phone = phone("Nomor HP atau WhatsApp")
    email = email("Surel")

    def validate_email(self, field: Any) -> None:
        if not field.data and not self.phone.data:
            raise ValidationError("Isi nomor HP atau surel")

    def deed(self) -> Deed:
        return conversation.ChangeContact(
            self.phone.data or "", self.email.data or "", keys=city.keys()
        )


@dataclass(frozen=True, slots=True)
class Verb:
    slug: str
    """Its word in the address: /lacak/<number>/<slug>."""
    action: Action
    form: type[DeedForm]
    heading: str
    """Of the folded form."""
    button: str
    hint: str = ""
    rare: bool = False
    """Not what one comes for: it stands on the page's second side."""
    open: bool = False
    """Unfolded from the start: it is what is asked of the reporter now."""


VERBS = (
    Verb(
        "lengkapi",
        Action.COMPLETE,
        CompleteForm,
        "Lengkapi laporan",
        "Kirim keterangan",
        open=True,
    ),
    Verb("konfirmasi", Action.CONFIRM, ConfirmForm, "Sudah beres", "Sudah beres", open=True),
    Verb("keberatan", Action.OBJECT, ObjectForm, "Belum beres", "Kirim, belum beres"),
    Verb(
        "nilai",
        Action.RATE,
        RateForm,
        "Nilai penanganannya",
        "Kirim nilai",
        open=True,
    ),
    Verb(
        "buka-kembali",
        Action.REOPEN,
        ReopenForm,
        "Belum beres? Buka lagi",
        "Buka lagi laporan ini",
        "Satu kali, dengan nilai 1 atau 2",
    ),
    Verb(
        "setuju-ombudsman",
        Action.CONSENT_OMBUDSMAN,
        ConsentForm,
        "Minta bantuan Ombudsman",
        "Setuju, Ombudsman boleh membaca",
        "Laporan ini sudah lama belum selesai. Bila Anda setuju, Ombudsman RI Perwakilan Kalimantan"
        " Timur dapat membacanya, juga bila laporan ini tidak tampil ke umum",
    ),
    Verb(
        "balas",
        Action.REPLY,
        ReplyForm,
        "Tambah keterangan atau foto",
        "Kirim keterangan",
    ),
    Verb(
        "ubah-kontak",
        Action.CHANGE_CONTACT,
        ContactForm,
        "Ubah kontak",
        "Simpan kontak",
        "Kontak yang lama dihapus",
        rare=True,
    ),
    Verb(
        "hapus-data",
        Action.ERASE,
        EraseForm,
        "Hapus data diri saya",
        "Hapus data diri saya",
        "Nama, kontak, dan foto dari Anda dihapus dan tidak dapat dikembalikan. Isi laporan tetap diproses",
        rare=True,
    ),
    Verb(
        "tarik",
        Action.WITHDRAW,
        WithdrawForm,
        "Tarik laporan",
        "Tarik laporan ini",
        "Laporan ditutup dan tidak dikerjakan lagi",
        rare=True,
    ),
)

CONTEST = Verb(
    "keberatan",
    Action.OBJECT,
    ContestForm,
    "Ajukan keberatan",
    "Kirim keberatan",
    "Satu kali. Laporan diperiksa lagi",
)
"""The same deed against an answer that closed the report."""


@functools.cache
def blank_form(verb: Verb) -> DeedForm:
    """As everybody sees it who has not filled it in; one for all of them."""
    return verb.form(None, slug=verb.slug)


SLUGS = frozenset(verb.slug for verb in VERBS)


def verb_of(slug: str, report: Report) -> Verb:
    if slug == CONTEST.slug and report.status in CLOSED | {Status.MERGED}:
        return CONTEST
    return next(verb for verb in VERBS if verb.slug == slug)


def verbs_for(report: Report, actions: Sequence[Action]) -> list[Verb]:
    """In the order in which they stand on the page. While something is missing, what completes
    the report is the one way to write."""
    useful = set(actions) - ({Action.REPLY} if Action.COMPLETE in actions else set())
    return [verb_of(verb.slug, report) for verb in VERBS if verb.action in useful]
