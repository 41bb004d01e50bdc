"""The city's name, colours and number prefix."""

from dataclasses import asdict
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import ValidationError

from lapor_web import city, clock
from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.fields import line
from lapor_web.fields import VersionedForm
from lapor_web.models import Agency, Subject
from lapor_web.palette import USUAL, Palette, problem
from lapor_web.services import city_facts
from lapor_web.services.configuration import Configuring, refuse_if_overtaken
from lapor_web.services.numbers import format_number
from lapor_web.services.working_days import wita_date
from lapor_web.text import clean_line

COLOURS = ("main", "ribbon")
HOW_MANY_WORDS = "Tulis jumlah kata dengan angka, misalnya 2"


def colour(label: str) -> Any:
    return StringField(
        label,
        filters=[lambda typed: clean_line(typed).lower()],
        render_kw={"type": "color"},
    )


class CityForm(VersionedForm):
    service_name = line("Nama layanan", "Tulis nama layanan, misalnya Lapor Samarinda", longest=40)
    city_name = line("Nama kota", "Tulis nama kota, misalnya Kota Samarinda", longest=60)
    name = line("Nama instansi", "Tulis nama instansi, misalnya Pemerintah Kota Samarinda")
    number_prefix = line("Awalan nomor laporan", "Tulis awalan nomor, misalnya SMR", longest=5)
    answer_words = line("Kata yang perlu ada dalam jawaban pertama", HOW_MANY_WORDS, longest=2)
    main = colour("Warna tombol dan tautan")
    ribbon = colour("Warna pita")

    @classmethod
    def of(cls, agency: Agency) -> "CityForm":
        palette = Palette.of(agency.colours)
        return cls(
            data={
                "service_name": agency.service_name,
                "city_name": agency.city_name or agency.name,
                "name": agency.name,
                "number_prefix": agency.number_prefix,
                "answer_words": str(agency.answer_words),
                "main": palette.main,
                "ribbon": palette.ribbon,
                "versi": version(Subject.CITY, city_facts.KEY),
            }
        )

    def validate_answer_words(self, field: Any) -> None:
        if not (field.data or "").isdecimal():
            raise ValidationError(HOW_MANY_WORDS)

    def validate_main(self, field: Any) -> None:
        refuse_unreadable(field)

    def validate_ribbon(self, field: Any) -> None:
        refuse_unreadable(field)

    @property
    def colours(self) -> dict[str, str]:
        return {name: self[name].data for name in COLOURS}


def refuse_unreadable(field: Any) -> None:
    if sentence := problem(field.name, field.data or ""):
        raise ValidationError(sentence)


@bp.get("/kota")
def this_city() -> ResponseReturnValue:
    return city_page(CityForm.of(city.current_agency()))


@bp.post("/kota")
def change_city() -> ResponseReturnValue:
    form = CityForm(request.form)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.CITY, city_facts.KEY, form.version)
        city_facts.change_city(
            act,
            service_name=form.service_name.data,
            city_name=form.city_name.data,
            name=form.name.data,
            number_prefix=form.number_prefix.data,
            answer_words=int(form.answer_words.data),
            colours=form.colours,
            usual=asdict(USUAL),
        )
        return "Keterangan kota tersimpan."

    return save(form, change, to=url_for(".this_city"), again=city_page)


def city_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    agency = city.current_agency()
    year = wita_date(clock.now()).year
    return show(
        "this_city",
        status,
        form=form,
        example=format_number(agency.number_prefix, year, 482),
        former=agency.former_prefixes,
        usual=USUAL,
        **more,
    )
