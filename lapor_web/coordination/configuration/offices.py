"""Offices: the tree of them, one of them, and a new one."""

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectChoice

from lapor_web import city
from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.fields import line
from lapor_web.coordination.configuration.officers import opd_choices
from lapor_web.coordination.configuration.words import OPD_KIND
from lapor_web.extensions import db
from lapor_web.fields import ChosenFrom, VersionedForm
from lapor_web.models import Opd, Subject
from lapor_web.services import offices
from lapor_web.services.configuration import Configuring, refuse_if_overtaken

KINDS = [SelectChoice("", "Pilih"), *(SelectChoice(*one) for one in OPD_KIND.items())]


class OfficeForm(VersionedForm):
    name = line("Nama lengkap", "Tulis nama lengkap OPD")
    short_name = line("Nama singkat", "Tulis nama yang dikenal warga, misalnya Dishub", longest=60)
    kind = ChosenFrom("Jenis", "Pilih jenisnya", choices=KINDS)
    parent = ChosenFrom("Induk", choices=[])
    reports_as = ChosenFrom("Dihitung di baris", choices=[])
    needs_approval = BooleanField("Penyelesaian perlu persetujuan atasan")
    keywords = line("Kata kunci", longest=500)
    active = BooleanField("Masih bekerja", default=True)

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.parent.choices = [SelectChoice("", "Tidak ada"), *opd_choices(self.parent.data)]
        self.reports_as.choices = [
            SelectChoice("", "Baris sendiri"),
            *opd_choices(self.reports_as.data),
        ]

    @classmethod
    def of(cls, opd: Opd) -> "OfficeForm":
        return cls(
            data={
                "name": opd.name,
                "short_name": opd.short_name,
                "kind": opd.kind,
                "parent": code_of(opd.parent_id),
                "reports_as": code_of(opd.reports_as_id),
                "needs_approval": opd.needs_approval,
                "keywords": ", ".join(opd.keywords.split("|")),
                "active": opd.active,
                "versi": version(Subject.OPD, opd.code),
            }
        )

    @property
    def facts(self) -> offices.Facts:
        """Of a form that was validated."""
        words = (self.keywords.data or "").replace("|", ",").split(",")
        return offices.Facts(
            name=self.name.data,
            short_name=self.short_name.data,
            kind=self.kind.data,
            parent=self.parent.data or None,
            reports_as=self.reports_as.data or None,
            needs_approval=self.needs_approval.data,
            keywords="|".join(word.strip() for word in words if word.strip()),
            active=self.active is None or self.active.data,
        )


class NewOfficeForm(OfficeForm):
    active = None
    code = line("Kode", "Tulis kode, misalnya DISHUB. Tidak dapat diganti nanti", longest=40)


def code_of(opd_id: int | None) -> str:
    return db.session.get_one(Opd, opd_id).code if opd_id else ""


@bp.get("/opd", endpoint="offices")
def list_offices() -> ResponseReturnValue:
    return list_page(NewOfficeForm())


@bp.post("/opd")
def add_office() -> ResponseReturnValue:
    form = NewOfficeForm(request.form)

    def change(act: Configuring) -> str:
        opd = offices.add_office(act, form.code.data, form.facts)
        return f"{opd.name} ditambahkan."

    return save(form, change, to=url_for(".offices"), again=list_page)


@bp.get("/opd/<code>")
def office(code: str) -> ResponseReturnValue:
    opd = office_or_404(code)
    return office_page(OfficeForm.of(opd), opd=opd)


@bp.post("/opd/<code>")
def change_office(code: str) -> ResponseReturnValue:
    office_or_404(code)
    form = OfficeForm(request.form)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.OPD, code, form.version)
        opd = office_or_404(code)
        offices.change_office(act, opd, form.facts)
        return f"{opd.name} tersimpan."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return office_page(form, status, opd=office_or_404(code), **more)

    return save(form, change, to=url_for(".offices"), again=again)


def office_or_404(code: str) -> Opd:
    opd = offices.find_office(db.session(), city.current_agency().id, code)
    if opd is None:
        abort(404)
    return opd


def list_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    tree = offices.in_order(db.session(), city.current_agency().id)
    return show("offices", status, form=form, tree=tree, kinds=OPD_KIND, **more)


def office_page(
    form: VersionedForm, status: int = 200, *, opd: Opd, **more: Any
) -> ResponseReturnValue:
    into = db.session.get(Opd, opd.merged_into_id) if opd.merged_into_id else None
    held = offices.count_open(db.session(), opd.id)
    return show("office", status, form=form, opd=opd, into=into, held=held, **more)
