"""The form of a report: three questions, and what is said when something is missing (ux.md 4.1)."""

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import Form, HiddenField, MultipleFileField, SelectChoice, StringField
from wtforms.validators import ValidationError

from lapor_web.fields import asked
from lapor_web.public.fields import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_TEXT,
    ChosenFrom,
    Day,
    at_least,
    at_most,
    email,
    line,
    lines,
    phone,
    tick,
)
from lapor_web.services.identity import Identity
from lapor_web.services.places import Found, NotAPlace, Point, read_point
from lapor_web.services.published import Place
from lapor_web.services.submission import Submission
from lapor_web.services.working_days import wita_date

SHORTEST_STORY = 15
SHORTEST_KEY = 8
TOO_FAST = dt.timedelta(seconds=2)
"""Nobody tells a story in less; a program does."""
EVIDENCE = "image/*,application/pdf,video/mp4,video/3gpp"
"""What a phone offers to choose; `image/*` offers its camera too. What is taken, the content decides."""


def new_key() -> str:
    """128 random bits. The receipt code is made from it, so nobody may guess it."""
    return secrets.token_urlsafe(16)


class ReportForm(Form):
    key = HiddenField()
    opened = HiddenField()
    """Unix seconds at which the form was first shown. Naive programs send it back at once; it is
    no proof of anything, so it needs no signature."""
    website = StringField("Kosongkan kolom ini", render_kw={"tabindex": -1, "autocomplete": "off"})
    """A trap: people do not see it."""

    story = lines(
        "Apa yang terjadi?",
        asked("Ceritakan apa yang terjadi"),
        at_least(
            SHORTEST_STORY,
            "Tambahkan sedikit keterangan agar petugas tahu apa yang harus dicari",
        ),
        at_most(LONGEST_TEXT, "Cerita"),
    )
    photos = MultipleFileField("Foto", render_kw={"accept": EVIDENCE})
    place = line(
        "Di mana tempatnya?",
        asked("Tulis tempat kejadian atau patokan terdekat"),
        at_most(LONGEST_LINE, "Nama tempat"),
        render_kw={"autocomplete": "off"},
    )
    kecamatan = ChosenFrom("Kecamatan")
    latitude = HiddenField()
    longitude = HiddenField()
    accuracy = HiddenField()
    """Filled by the script after "Pakai lokasi saya", in degrees and metres."""
    name = line("Nama", at_most(LONGEST_NAME, "Nama"), render_kw={"autocomplete": "name"})
    phone = phone("Nomor HP atau WhatsApp")
    email = email("Surel")
    anonymous = tick("Sembunyikan nama saya dari dinas yang dilaporkan")
    confidential = tick("Jangan tampilkan laporan ini ke umum")
    about_conduct = tick("Laporan ini tentang perilaku petugas, misalnya pungli")
    about_service = tick("Laporan ini tentang pengelola layanan pengaduan")
    happened_on = Day("Tanggal kejadian")

    def __init__(self, formdata: Any, *, now: dt.datetime):
        # Of a form that was sent, what it does not say stays unsaid.
        opened = "" if formdata else str(int(now.timestamp()))
        super().__init__(formdata, data={"key": new_key(), "opened": opened})
        self.now = now
        self.places: Sequence[Place] = ()
        self.point: Point | None = None
        self.found: Found | None = None
        """The area that the point lies in; the view looks it up."""
        self.outside = False
        if not re.fullmatch(rf"[\x21-\x7e]{{{SHORTEST_KEY},100}}", self.key.data or ""):
            self.key.data = new_key()

    def offer(self, places: Sequence[Place]) -> None:
        """The kecamatan of the city, to choose from."""
        self.places = places
        named = [SelectChoice(one.code, one.name) for one in places]
        self.kecamatan.choices = [SelectChoice("", "Saya tidak tahu"), *named]

    @property
    def chosen_place(self) -> Place | None:
        return next((one for one in self.places if one.code == self.kecamatan.data), None)

    def validate_happened_on(self, field: Day) -> None:
        if field.data and field.data > wita_date(self.now):
            raise ValidationError("Tanggal kejadian tidak boleh sesudah hari ini")

    def validate_latitude(self, field: Any) -> None:
        """S-10. What is no place is forgotten at once, for nobody can mend a hidden field."""
        hidden = (self.latitude, self.longitude, self.accuracy)
        try:
            self.point = read_point(*(one.data or "" for one in hidden))
        except NotAPlace:
            for one in hidden:
                one.data = ""
            raise ValidationError(
                "Lokasi dari HP tidak terbaca. Periksa tempatnya, lalu tekan lagi"
            ) from None

    @property
    def point_words(self) -> str:
        words = "Dengan titik lokasi dari HP"
        if self.outside:
            return f"{words}. Titik itu di luar kota. Periksa tempatnya."
        if self.found is None:
            return f"{words}."
        return f"{words}: {', '.join(dict.fromkeys(self.found.names))}."

    @property
    def area_id(self) -> int | None:
        """What was chosen goes before what was measured, unless that is a part of it."""
        chosen = self.chosen_place.id if self.chosen_place else None
        if self.found is None or (chosen and chosen != self.found.kecamatan_id):
            return chosen
        return self.found.area_id

    @property
    def about_officers(self) -> bool:
        """Hidden twice over, whatever the two boxes say (`services.submission`)."""
        return bool(self.about_conduct.data or self.about_service.data)

    @property
    def hides_name(self) -> bool:
        return bool(self.anonymous.data) or self.about_officers

    @property
    def hides_report(self) -> bool:
        return bool(self.confidential.data) or self.about_officers

    @property
    def has_contact(self) -> bool:
        return bool(self.phone.data or self.email.data)

    @property
    def looks_like_a_bot(self) -> bool:
        opened = self.opened.data or ""
        # Without the time there is nothing to suspect: the field is no duty of other programs.
        age = self.now.timestamp() - int(opened) if re.fullmatch(r"\d{1,12}", opened) else None
        return bool(self.website.data) or (age is not None and age < TOO_FAST.total_seconds())

    def submission(self, *, quarantined: bool) -> Submission:
        return Submission(
            key=self.key.data or "",
            story=self.story.data or "",
            place=self.place.data or "",
            area_id=self.area_id,
            point=self.point,
            outside=self.outside,
            happened_on=self.happened_on.data,
            anonymous=bool(self.anonymous.data),
            confidential=bool(self.confidential.data),
            about_conduct=bool(self.about_conduct.data),
            about_service=bool(self.about_service.data),
            identity=Identity(
                name=self.name.data or "",
                phone=self.phone.data or "",
                email=self.email.data or "",
            ),
            quarantined=quarantined,
        )

    def decided(self) -> list[tuple[str, str]]:
        """Everything that the check page sends on, as a browser would: photos wait already."""
        texts = [
            (name, self[name].data or "")
            for name in ("key", "opened", "website", "story", "place", "kecamatan")
        ]
        where = ("latitude", "longitude", "accuracy")
        optional = ("name", "phone", "email", *(where if self.point else ()))
        texts += [(name, self[name].data) for name in optional if self[name].data]
        if self.happened_on.data:
            texts.append(("happened_on", self.happened_on.data.isoformat()))
        boxes = ("anonymous", "confidential", "about_conduct", "about_service")
        return texts + [(name, "y") for name in boxes if self[name].data]
