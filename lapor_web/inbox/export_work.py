"""Makes the file of a list, in the worker: of what its maker may see now, and nobody else's name."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Select

from lapor_web import city, clock, labels
from lapor_web.extensions import db
from lapor_web.handouts import cells, spreadsheet
from lapor_web.handouts.cells import Cell, Table
from lapor_web.inbox.address import read_place
from lapor_web.inbox.blueprint import COPIES
from lapor_web.inbox.export import NOT_COPIED
from lapor_web.models import LongJob
from lapor_web.services import inbox, register, sessions, sp4n_copies
from lapor_web.services.desk import VIEWS, Desk
from lapor_web.services.long_jobs import Product, Progress, Refused
from lapor_web.services.register import RegisterRow
from lapor_web.services.working_days import wita_date

MOST_ROWS = 20_000
HEAD = (
    *("Nomor", "Tracking ID", "Judul", "Isi", "Klasifikasi", "Kategori", "Disposisi ke"),
    *("Tanggal Masuk", "Tanggal Disposisi", "Tanggal Tindak Lanjut", "Batas Tindak Lanjut"),
    "Berkas",
)
"""Of the side register that offices keep by hand."""
TOO_MANY = (
    f"Daftar ini berisi lebih dari {MOST_ROWS // 1000}.000 laporan. Persempit dulu dengan penyaring, "
    "misalnya per bulan, lalu unduh lagi."
)
NOT_ANY_MORE = "Daftar ini tidak lagi untuk peran Anda."


def make_export(row: LongJob, progress: Progress) -> Product:
    session, given = db.session(), row.arguments
    ids, name = select_list(desk_of(row), given)
    total = register.count(session, ids, MOST_ROWS)
    if total > MOST_ROWS:
        raise Refused(TOO_MANY)
    lines = []
    for done, one in enumerate(register.read_rows(session, ids), 1):
        lines.append(as_cells(one))
        if done % register.AT_A_TIME == 0:
            progress(done, total)
    table = Table("Laporan", HEAD, lines)
    now = clock.now()
    file_name = f"laporan-{name}-{wita_date(now).isoformat()}"
    if given["format"] == "csv":
        return Product(f"{file_name}.csv", spreadsheet.CSV_TYPE, spreadsheet.as_csv(table))
    content = spreadsheet.as_xlsx([table], title=row.title, said_at=now)
    return Product(f"{file_name}.xlsx", spreadsheet.XLSX_TYPE, content)


def desk_of(row: LongJob) -> Desk:
    """As it is now: rights may have changed since it was asked for."""
    session, now = db.session(), clock.now()
    user = sessions.find_officer(session, row.user_id, row.arguments.get("substitution"), now)
    if user is None or user.role not in VIEWS:
        raise Refused(NOT_ANY_MORE)
    return Desk.of(session, user, city.current_agency(), wita_date(now))


def select_list(desk: Desk, given: dict[str, object]) -> tuple[Select[int], str]:
    if given["list"] == NOT_COPIED:
        if desk.user.role not in COPIES:
            raise Refused(NOT_ANY_MORE)
        return sp4n_copies.select_ids(desk), NOT_COPIED
    place = given["place"]
    assert isinstance(place, dict)  # noqa: S101  the view wrote it
    asked = read_place(desk, place).asked
    found = given.get("found")
    if isinstance(found, list):
        # Any word stands for the one that was typed: the reports that it found are given.
        asked = replace(asked, search="*", found=tuple(found))
    return inbox.select_ids(desk, asked), asked.view.value


def as_cells(one: RegisterRow) -> list[Cell]:
    return [
        cells.text(one.number),
        cells.text(one.tracking_id),
        cells.text(one.title),
        cells.text(one.text[: spreadsheet.LONGEST_CELL - 1]),
        cells.text(labels.CLASSIFICATION[one.classification] if one.classification else ""),
        cells.text(one.category),
        cells.text(one.holder),
        *map(cells.day, days_of(one)),
        cells.whole(one.files),
    ]


def days_of(one: RegisterRow) -> Iterable[dt.date | None]:
    return one.received_on, one.disposed_on, one.followed_up_on, one.follow_up_due_on
