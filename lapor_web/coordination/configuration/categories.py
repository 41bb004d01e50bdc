"""Categories: two levels of subjects, each with the office that usually handles it."""

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectChoice

from lapor_web import city
from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.fields import line
from lapor_web.coordination.configuration.officers import opd_choices
from lapor_web.coordination.configuration.offices import code_of
from lapor_web.extensions import db
from lapor_web.fields import ChosenFrom, VersionedForm
from lapor_web.models import Category, Subject
from lapor_web.services import subjects
from lapor_web.services.configuration import Configuring, refuse_if_overtaken


class NewCategoryForm(VersionedForm):
    name = line("Nama", "Tulis nama kategori", longest=100)
    parent = ChosenFrom("Di bawah kategori", choices=[])
    opd = ChosenFrom("Biasanya ditangani", choices=[])

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        tree = subjects.in_order(db.session(), city.current_agency().id)
        self.parent.choices = [
            SelectChoice("", "Kategori utama"),
            *(
                SelectChoice(one.main.code, one.main.name)
                for one in tree
                if one.main.active or one.main.code == self.parent.data
            ),
        ]
        self.opd.choices = [SelectChoice("", "Belum ditentukan"), *opd_choices(self.opd.data)]

    @property
    def facts(self) -> subjects.Facts:
        return subjects.Facts(
            self.name.data, self.parent.data or None, self.opd.data or None, self.is_active
        )

    @property
    def is_active(self) -> bool:
        return True


class CategoryForm(NewCategoryForm):
    active = BooleanField("Masih dipakai")

    @property
    def is_active(self) -> bool:
        return bool(self.active.data)

    @classmethod
    def of(cls, one: Category) -> "CategoryForm":
        parent = db.session.get(Category, one.parent_id) if one.parent_id else None
        return cls(
            data={
                "name": one.name,
                "parent": parent.code if parent else "",
                "opd": code_of(one.opd_id),
                "active": one.active,
                "versi": version(Subject.CATEGORY, one.code),
            }
        )


@bp.get("/kategori", endpoint="categories")
def list_categories() -> ResponseReturnValue:
    return list_page(NewCategoryForm())


@bp.post("/kategori")
def add_category() -> ResponseReturnValue:
    form = NewCategoryForm(request.form)

    def change(act: Configuring) -> str:
        return f"Kategori {subjects.add_subject(act, form.facts).name} ditambahkan."

    return save(form, change, to=url_for(".categories"), again=list_page)


@bp.get("/kategori/<code>")
def category(code: str) -> ResponseReturnValue:
    one = category_or_404(code)
    return category_page(CategoryForm.of(one), one=one)


@bp.post("/kategori/<code>")
def change_category(code: str) -> ResponseReturnValue:
    category_or_404(code)
    form = CategoryForm(request.form)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.CATEGORY, code, form.version)
        one = category_or_404(code)
        subjects.change_subject(act, one, form.facts)
        return f"Kategori {one.name} tersimpan."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return category_page(form, status, one=category_or_404(code), **more)

    return save(form, change, to=url_for(".categories"), again=again)


def category_or_404(code: str) -> Category:
    one = subjects.find_subject(db.session(), city.current_agency().id, code)
    if one is None:
        abort(404)
    return one


def list_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    tree = subjects.in_order(db.session(), city.current_agency().id)
    return show("categories", status, form=form, tree=tree, **more)


def category_page(
    form: VersionedForm, status: int = 200, *, one: Category, **more: Any
) -> ResponseReturnValue:
    return show("category", status, form=form, one=one, **more)
