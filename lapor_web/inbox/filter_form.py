"""The form that narrows a list, drawn when it is asked for: `?saring=ya`."""

from typing import Any

from flask import request
from sqlalchemy import select
from wtforms import Form, SelectChoice, SelectField
from wtforms.fields import BooleanField

from lapor_web import labels
from lapor_web.extensions import db
from lapor_web.fields import Day
from lapor_web.inbox.address import Place
from lapor_web.inbox.choices import known_areas, load_areas, of_words
from lapor_web.inbox.narrowing import chips_of, colleagues_of
from lapor_web.inbox.words import FLAG
from lapor_web.models import Category, Opd, User
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_filters import Assignee

ANY = "Semua"


class FilterForm(Form):
    """No CSRF: its address may be sent to somebody. What it holds is read by `narrowing`."""

    status = SelectField("Status", choices=of_words(labels.STATUS, ANY))
    klasifikasi = SelectField("Klasifikasi", choices=of_words(labels.CLASSIFICATION, ANY))
    kategori = SelectField("Kategori")
    opd = SelectField("Pemegang")
    wilayah = SelectField("Wilayah")
    kanal = SelectField("Kanal", choices=of_words(labels.CHANNEL, ANY))
    tanda = SelectField("Tanda", choices=of_words(FLAG, ANY))
    petugas = SelectField("Petugas")
    dari = Day("Masuk sejak")
    sampai = Day("Masuk sampai")
    lewat = BooleanField("Hanya yang lewat tenggat")

    @classmethod
    def of(cls, desk: Desk, place: Place) -> "FilterForm":
        form = cls(data={**place.narrowed, "lewat": "lewat" in place.narrowed})
        for day in (form.dari, form.sampai):
            day.data, day.raw_data = None, [place.narrowed.get(day.name, "")]
        own = db.session()
        categories = select(Category).where(Category.agency_id == desk.agency.id, Category.active)
        named = own.scalars(categories.order_by(Category.name))
        form.kategori.choices = [_any(), *(SelectChoice(one.code, one.name) for one in named)]
        form.wilayah.choices = [_any(), *known_areas(load_areas(own, desk.agency.id))[1:]]
        people = select(User).where(colleagues_of(desk), User.active).order_by(User.name, User.id)
        form.petugas.choices = [
            _any(),
            SelectChoice(Assignee.ME.value, "Saya"),
            SelectChoice(Assignee.NOBODY.value, "Belum ditugaskan"),
            *(SelectChoice(one.username, one.name) for one in own.scalars(people)),
        ]
        form.ask_for_holders(desk)
        return form

    def ask_for_holders(self, desk: Desk) -> None:
        """Of the city, or of one's own units where there are several."""
        opds = select(Opd).where(Opd.agency_id == desk.agency.id, Opd.active)
        if not desk.sees_city:
            opds = opds.where(Opd.id.in_(desk.units))
        found = list(db.session.scalars(opds.order_by(Opd.name)))
        self.opd.choices = [_any(), *(SelectChoice(one.code, one.name) for one in found)]
        if len(found) <= 1:
            del self.opd


def _any() -> SelectChoice:
    return SelectChoice("", ANY)


def filtering(desk: Desk, place: Place) -> dict[str, Any]:
    """Of a list: what it is narrowed to, and the form where it is asked for."""
    wanted = request.args.get("saring") == "ya"
    return {
        "chips": chips_of(place.narrowed, desk.agency.id) if place.narrowed else [],
        "filter_form": FilterForm.of(desk, place) if wanted else None,
    }
