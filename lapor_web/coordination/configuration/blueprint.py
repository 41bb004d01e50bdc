"""Where the configuration lives, and what every page of it does alike."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.dates import moment
from lapor_web.extensions import db
from lapor_web.fields import VersionedForm
from lapor_web.models import Role, Subject
from lapor_web.services.configuration import (
    ChangedMeanwhile,
    Configuring,
    NotThisWay,
    configure,
    version_of,
)
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("configuration", __name__, url_prefix="/koordinasi/pengaturan")

admit_keepers = admit(Role.COORDINATOR)
admit_inspectors = admit(Role.COORDINATOR, Role.INSPECTOR)
OF_INSPECTORS = frozenset(
    f"{bp.name}.{name}"
    for name in (
        *("history", "index", "officers", "invite", "officer", "change_officer"),
        *("invite_again", "drop_code"),
    )
)
"""What coordinators did with all of it the Inspektorat reads, and it keeps its own accounts."""


@bp.before_request
def admit_by_page() -> None:
    """All the rest is the coordinator's to keep."""
    (admit_inspectors if request.endpoint in OF_INSPECTORS else admit_keepers)()


def show(name: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A screen. Its links and forms are boosted by htmx, which swaps what lies inside its frame."""
    return render_template(f"coordination/configuration/{name}.html", **context), status


def begin() -> Configuring:
    return configure(db.session(), city.current_agency().id, user=signed_in_user(), now=clock.now())


def version(subject: Subject, key: str) -> str:
    """What the form of that thing remembers."""
    return str(version_of(db.session(), city.current_agency().id, subject, key))


def save(
    form: VersionedForm,
    change: Callable[[Configuring], str],
    *,
    to: str,
    again: Callable[..., ResponseReturnValue],
) -> ResponseReturnValue:
    """The one way to change something: committed, said, and on to `to`; or `again` shows what was
    typed with what is wrong (422), or with who was faster (409). `change` gives the sentence."""
    if not form.validate():
        return again(form, 422)
    try:
        said = change(begin())
    except ChangedMeanwhile as overtaken:
        who, at = overtaken.by.doer_name, moment(overtaken.by.at)
        db.session.rollback()
        return again(form, 409, overtaken=f"{who} mengubah ini {at}")
    except NotThisWay as refusal:
        db.session.rollback()
        form.refuse(refusal.field, refusal.sentence)
        return again(form, 422)
    db.session.commit()
    flash(said)
    return redirect(to, 303)
