"""What must be true of a city after whatever happened to it (promise 1)."""

import os
import subprocess
import sys

import sqlalchemy as sa

from lapor_web import create_app
from lapor_web.extensions import db
from lapor_web.models import Attachment, Report
from lapor_web.services.attachments import Copy, read

from .city import City
from .phones import Sent

NOTHING_WITHOUT = {
    "reports without history": """
        SELECT count(*) FROM report r
        WHERE NOT EXISTS (SELECT FROM history h WHERE h.report_id = r.id)""",
    "reports without a message": """
        SELECT count(*) FROM report r
        WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.report_id = r.id)""",
    "reports that are there twice": """
        SELECT count(*) FROM (SELECT FROM report GROUP BY story HAVING count(*) > 1) AS twice""",
}


def problems_of(city: City, sent: list[Sent], *, others: int = 0) -> list[str]:
    """None, if nothing that somebody was told of is lost. `others` were sent by nobody of the crowd."""
    found = []
    with city.engine().connect() as connection:
        for words, query in NOTHING_WITHOUT.items():
            if count := connection.scalar(sa.text(query)):
                found.append(f"{count} {words}")
        stored = dict(connection.execute(sa.select(Report.number, Report.story)).all())
    lost = [one.number for one in sent if stored.get(one.number) != one.story]
    if lost:
        found.append(f"{len(lost)} acknowledged reports lost: {lost[:5]}")
    if extra := len(stored) - len(sent) - others:
        found.append(f"{extra} reports that no phone was told of")
    return found + photo_problems(city, sent) + counter_problems(city)


def photo_problems(city: City, sent: list[Sent]) -> list[str]:
    """Each photo that was sent is with its report, and its bytes can be read."""
    found, app = [], create_app(configuration(city))
    with app.app_context():
        kept = app.extensions["lapor_city"].keys
        from lapor_web.city import storage

        for number in (one.number for one in sent if one.has_photo):
            rows = db.session.scalars(
                sa.select(Attachment)
                .join(Report, Report.id == Attachment.report_id)
                .where(Report.number == number)
            ).all()
            if not rows:
                found.append(f"{number} lost its photo")
            for row in rows:
                read(row, Copy.ORIGINAL, keys=kept, storage=storage())
        db.session.remove()
        db.engine.dispose()
    return found


def configuration(city: City) -> dict[str, str]:
    url = city.engine().url.render_as_string(hide_password=False)
    return {
        "SECRET_KEY": city.secret,
        "SQLALCHEMY_DATABASE_URI": url,
        "LAPOR_STORAGE": str(city.folder / "lampiran"),
    }


def counter_problems(city: City) -> list[str]:
    command = [sys.executable, "-P", "-m", "lapor_web", "recount"]
    environ = {"PATH": os.environ["PATH"], **city.environ}
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return [] if said.returncode == 0 else [f"counters differ: {said.stderr.strip()}"]
