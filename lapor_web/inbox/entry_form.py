"""What an officer types in for somebody who came, called or wrote."""

import datetime as dt
import re
import secrets
from typing import Any

from wtforms import BooleanField, Form, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from lapor_web import clock, labels
from lapor_web.fields import ChosenFrom, is_email
from lapor_web.inbox.choices import of_words
from lapor_web.inbox.fields import LONGEST_PLACE, Moment, Photos, day, line, lines
from lapor_web.models import Area, Channel, User
from lapor_web.services.identity import Identity
from lapor_web.services.numbers import bare_tracking_id
from lapor_web.services.submission import Entry, Submission
from lapor_web.services.working_days import WITA, wita_date
from lapor_web.text import clean_line

SHORTEST_STORY = 15
KEY_CHARACTERS = 64
CHANNELS = {one: words for one, words in labels.CHANNEL.items() if one is not Channel.WEB}
"""What comes by the web comes by itself."""


def new_key() -> str:
    return secrets.token_urlsafe(24)


def _digits(typed: str | None) -> str:
    """A telephone number as people write it, without spaces, dots and hyphens."""
    return re.sub(r"[\s.\-()]", "", clean_line(typed))


class EntryForm(Form):
    key = HiddenField(validators=[Length(min=16, max=KEY_CHARACTERS)])
    channel = ChosenFrom("Kanal", "Pilih kanalnya", choices=of_words(CHANNELS, "Pilih"))
    received_at = Moment("Diterima", [InputRequired("Tulis kapan laporan diterima")])
    source_account = line("Nomor atau akun asal", longest=100)
    tracking_id = StringField(
        "Tracking ID SP4N-LAPOR!",
        [Optional(), Regexp(r"\d{1,15}\Z", message="Tracking ID hanya angka")],
        filters=[lambda typed: bare_tracking_id(clean_line(typed))],
    )
    story = lines("Apa yang terjadi?", "Ceritakan apa yang terjadi")
    place = line("Di mana tempatnya?", "Tulis tempat kejadian atau patokan", longest=LONGEST_PLACE)
    area = ChosenFrom("Wilayah", choices=[])
    happened_on = day("Tanggal kejadian")
    photos = Photos("Foto, atau pindaian surat")
    name = line("Nama pelapor", longest=120)
    phone = StringField(
        "Nomor HP atau telepon",
        [Optional(), Regexp(r"\+?\d{6,15}\Z", message="Nomor telepon 6 sampai 15 angka")],
        filters=[_digits],
    )
    email = StringField("Surel", [is_email], filters=[clean_line])
    anonymous = BooleanField("Anonim: nama disembunyikan dari dinas yang dilaporkan")
    confidential = BooleanField("Rahasia: tidak tampil ke umum")
    about_conduct = BooleanField("Tentang perilaku petugas, misalnya pungli")
    about_service = BooleanField("Tentang pengelola layanan pengaduan")

    def __init__(
        self, formdata: Any, areas: dict[str, Area], choices: list[Any], channel: str = ""
    ):
        now = clock.now().astimezone(WITA).replace(tzinfo=None, second=0, microsecond=0)
        usual = {"key": new_key(), "received_at": now, "channel": channel}
        super().__init__(formdata, data=usual)
        self.areas = areas
        self.area.choices = choices

    def validate_story(self, field: Any) -> None:
        if len(field.data) < SHORTEST_STORY:
            raise ValidationError("Tambahkan sedikit keterangan agar petugas tahu apa yang dicari")

    def validate_received_at(self, field: Any) -> None:
        if field.data and field.data.replace(tzinfo=WITA) > clock.now():
            raise ValidationError("Tanggal diterima belum lewat. Pilih hari ini atau sebelumnya")

    def validate_happened_on(self, field: Any) -> None:
        if field.data and field.data > wita_date(clock.now()):
            raise ValidationError("Tanggal kejadian belum lewat. Pilih hari ini atau sebelumnya")

    def submission(self, officer: User) -> Submission:
        area = self.areas.get(self.area.data)
        received_at = self.received_at.data.replace(tzinfo=WITA).astimezone(dt.UTC)
        return Submission(
            key=self.key.data,
            story=self.story.data,
            place=self.place.data,
            area_id=area.id if area else None,
            happened_on=self.happened_on.data,
            anonymous=self.anonymous.data,
            confidential=self.confidential.data,
            about_conduct=self.about_conduct.data,
            about_service=self.about_service.data,
            identity=Identity(self.name.data, self.phone.data, self.email.data),
            entry=Entry(
                officer=officer,
                channel=Channel(self.channel.data),
                received_at=received_at,
                source_account=self.source_account.data or None,
                tracking_id=self.tracking_id.data or None,
            ),
        )
