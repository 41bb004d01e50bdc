"""What lies on the officers' desks: answers written beforehand, and who is away this week."""

import datetime as dt

from lapor_web.models import CannedText
from lapor_web.services import absence
from lapor_web.services.absence import Wanted
from lapor_web.services.demo.corpus import FOLDER
from lapor_web.services.demo.scene import City
from lapor_web.services.seed_files import read_rows
from lapor_web.services.working_days import wita_date

AWAY = {"pupr2": "pupr", "atasan.kec.sungaikunjang": "kec.sungaikunjang"}
"""A colleague whose tasks one finds among one's own, and a supervisor whose desk one opens."""
SINCE, FOR = 1, 4
"""Working days."""


def lay_out(city: City, now: dt.datetime) -> None:
    write_canned_texts(city, now)
    send_on_leave(city, now)


def write_canned_texts(city: City, now: dt.datetime) -> None:
    for row in read_rows(FOLDER, "canned"):
        opd = city.opds.get(row["opd_code"])
        city.session.add(
            CannedText(
                agency_id=city.agency.id,
                opd_id=opd.id if opd else None,
                title=row["title"],
                text=row["text"],
                changed_at=now,
            )
        )


def send_on_leave(city: City, now: dt.datetime) -> None:
    """Each has said so themselves, on the first day of it."""
    today = wita_date(now)
    first, last = city.days.back(today, SINCE), city.days.add(today, FOR)
    for away, stays in AWAY.items():
        absent, substitute = city.officers.named[away], city.officers.named[stays]
        wanted = Wanted(absent, substitute, first, last)
        absence.set_substitute(city.session, absent, wanted, today=first, now=now)
