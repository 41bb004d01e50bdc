"""Kecamatan and kelurahan: their names, and a file of their outlines."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from gevent import monkey
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import ValidationError

from lapor_web import city
from lapor_web.body_size import takes_files
from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.fields import line
from lapor_web.extensions import db
from lapor_web.fields import VersionedForm
from lapor_web.models import Area, Subject
from lapor_web.services import area_names
from lapor_web.services.area_file import Shape, UnusableAreas, read_shapes
from lapor_web.services.configuration import Configuring, NotThisWay, refuse_if_overtaken

FILE = "wilayah.geojson"
LARGEST = 16 * 1024 * 1024
"""Bytes. What is larger is loaded by the command, on the server."""


class AreaForm(VersionedForm):
    name = line("Nama", "Tulis nama wilayah", longest=100)


class OutlinesForm(VersionedForm):
    file = FileField("Berkas GeoJSON", render_kw={"accept": ".geojson,.json"})

    def validate_file(self, field: Any) -> None:
        self.sent = request.files.get("file")
        if not self.sent or not self.sent.filename:
            raise ValidationError("Pilih berkas GeoJSON")


@bp.get("/wilayah", endpoint="areas")
def list_areas() -> ResponseReturnValue:
    return list_page(OutlinesForm())


@bp.post("/wilayah")
@takes_files
def load_outlines() -> ResponseReturnValue:
    form = OutlinesForm(request.form)

    def change(act: Configuring) -> str:
        try:
            count = area_names.load_outlines(act, shapes_of(request.files["file"]))
        except UnusableAreas as problem:
            raise NotThisWay("file", str(problem)) from problem
        return f"Batas {count} wilayah dimuat."

    return save(form, change, to=url_for(".areas"), again=list_page)


def shapes_of(sent: FileStorage) -> list[Shape]:
    """Raises UnusableAreas."""
    with TemporaryDirectory() as folder:
        path = Path(folder, FILE)
        sent.save(path)
        if path.stat().st_size > LARGEST:
            raise UnusableAreas(
                "Berkas ini lebih besar dari 16 MB. Sederhanakan batasnya,"
                " atau muat di server dengan lapor load-areas."
            )
        if not monkey.is_module_patched("threading"):
            return read_shapes(path)
        # In the loop it would stop every other request of the process.
        result, problem = gevent.get_hub().threadpool.apply(_read, (path,))
    if problem is not None:
        raise problem
    shapes: list[Shape] = result
    return shapes


def _read(path: Path) -> tuple[list[Shape], UnusableAreas | None]:
    """Refusals come back as values: a pool logs what is raised in it."""
    try:
        return read_shapes(path), None
    except UnusableAreas as problem:
        return [], problem


@bp.get("/wilayah/<code>")
def area(code: str) -> ResponseReturnValue:
    one = area_or_404(code)
    form = AreaForm(data={"name": one.name, "versi": version(Subject.AREA, code)})
    return area_page(form, one=one)


@bp.post("/wilayah/<code>")
def rename_area(code: str) -> ResponseReturnValue:
    area_or_404(code)
    form = AreaForm(request.form)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.AREA, code, form.version)
        area_names.rename_area(act, area_or_404(code), form.name.data)
        return f"Wilayah {form.name.data} tersimpan."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return area_page(form, status, one=area_or_404(code), **more)

    return save(form, change, to=url_for(".areas"), again=again)


def area_or_404(code: str) -> Area:
    one = area_names.find_area(db.session(), city.current_agency().id, code)
    if one is None:
        abort(404)
    return one


def list_page(form: VersionedForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    session, agency_id = db.session(), city.current_agency().id
    return show(
        "areas",
        status,
        form=form,
        areas=area_names.list_areas(session, agency_id),
        drawn=area_names.drawn(session, agency_id),
        **more,
    )


def area_page(
    form: VersionedForm, status: int = 200, *, one: Area, **more: Any
) -> ResponseReturnValue:
    return show("area", status, form=form, one=one, **more)
