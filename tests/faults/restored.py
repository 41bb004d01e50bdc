"""Promise 17, the drill: a city is backed up while phones report, and brought back on an empty machine.

How much is lost at most (RPO) is the time between two backups and what one takes; how long it takes (RTO) is measured
from the empty machine to the first page of the restored city.
"""

import io
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from lapor_web import embedded
from lapor_web.backup.contents import count_tables
from lapor_web.backup.repository import open_existing, read_key
from lapor_web.backup.restore import choose
from lapor_web.models import Agency, Report, ReporterIdentity
from lapor_web.services import identity
from lapor_web.services.attachments import Owner, Upload, accept
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.keys import Keys
from lapor_web.services.storage import Folder

from .city import City, city
from .phones import Crowd

MINUTES_BETWEEN_BACKUPS = 10
MINUTES_LOST_AT_MOST, MINUTES_TO_RESTORE = 15, 30
PHOTO_OF_EVERY = 10
"""Reports; of which each has one of some 100 kB."""
NAME = "Wulandari Sejati"


def run(*, reports: int = 100_000) -> list[str]:
    with city() as one, city() as empty:
        empty.secret = one.secret
        key = one.folder.parent / "key"
        key.write_text(secrets.token_urlsafe(48))
        fill(one, reports)
        one.start()
        crowd = Crowd(one.address, 2).start()
        folder = str(one.folder.parent / "backups")
        first = timed(one, "backup", folder, "--kunci", str(key))
        second = timed(one, "backup", folder, "--kunci", str(key))
        crowd.stop()
        one.stop()
        restored = timed(empty, "restore", folder, "--kunci", str(key))
        with embedded.start(empty.folder):
            problems = compare(empty, Path(folder), key)
        began = time.monotonic()
        empty.start()
        whole = restored + time.monotonic() - began
        lost = MINUTES_BETWEEN_BACKUPS + second / 60
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(
            f"{reports} reports and {reports // PHOTO_OF_EVERY} photos, {size / 1e6:.0f} MB of backups: "
            f"the first {first:.0f} s, the next {second:.0f} s, restore {restored:.0f} s; "
            f"RPO {lost:.1f} min with one every {MINUTES_BETWEEN_BACKUPS} min, RTO {whole / 60:.1f} min; "
            f"{len(crowd.sent)} reports sent meanwhile"
        )
        empty.stop()
    if lost > MINUTES_LOST_AT_MOST:
        problems.append(f"up to {lost:.0f} minutes are lost")
    if whole > 60 * MINUTES_TO_RESTORE:
        problems.append(f"{whole / 60:.0f} minutes until the first page")
    return problems


def fill(one: City, reports: int) -> None:
    with embedded.start(one.folder) as server:
        lapor(one, "migrate")
        lapor(one, "seed")
        lapor(one, "sample", str(reports))
        with Session(sa.create_engine(server.url)) as session:
            add_what_is_sealed(session, one, reports)
            session.commit()


def add_what_is_sealed(session: Session, one: City, reports: int) -> None:
    keys, storage = Keys.from_secret(one.secret), Folder(one.folder / "lampiran")
    agency = session.scalars(sa.select(Agency)).one()
    chosen = session.scalars(
        sa.select(Report.id).order_by(Report.id).limit(reports // PHOTO_OF_EVERY)
    ).all()
    with_name = set(session.scalars(sa.select(ReporterIdentity.report_id)))
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    for number, report_id in enumerate(chosen):
        if report_id not in with_name:
            session.add(identity.seal(report_id, Identity(name=NAME), keys=keys))
        noise.putpixel((0, 0), (number & 255, number >> 8 & 255, number >> 16))
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=95)
        now = session.scalar(sa.select(sa.func.now()))
        upload = Upload("foto.jpg", out.getvalue())
        owner = Owner(report_id, by_reporter=True)
        accept(session, agency, upload, owner, keys=keys, storage=storage, now=now)


def timed(one: City, *arguments: str) -> float:
    began = time.monotonic()
    print("  " + lapor(one, *arguments).splitlines()[0], flush=True)
    return time.monotonic() - began


def lapor(one: City, *arguments: str) -> str:
    command = [sys.executable, "-P", "-m", "lapor_web", *arguments]
    environ = {"PATH": os.environ["PATH"], **one.environ}
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise RuntimeError(f"lapor {arguments[0]}: {said.stderr}")
    return said.stdout


def compare(restored: City, folder: Path, key: Path) -> list[str]:
    """With the backup's own proof, read anew; and a name with the secret and without."""
    problems = []
    manifest = choose(open_existing(folder, read_key(key)), None)
    with restored.engine().connect() as connection:
        found = count_tables(connection)
    problems += [f"table {name} differs" for name in found if found[name] != manifest.tables[name]]
    stored = {path.name for path in (restored.folder / "lampiran").rglob("*") if path.is_file()}
    if missing := set(manifest.blobs) - stored:
        problems.append(f"{len(missing)} attachments are missing")
    with Session(restored.engine()) as session:
        row = session.scalars(
            sa.select(ReporterIdentity).where(ReporterIdentity.sealed.is_not(None)).limit(1)
        ).one()
        if not identity.open_sealed(row, keys=Keys.from_secret(restored.secret)).name:
            problems.append("a name is lost")
        try:
            identity.open_sealed(row, keys=Keys.from_secret("another secret " * 4))
            problems.append("a name can be read without the secret")
        except Unreadable:
            pass
    return problems
