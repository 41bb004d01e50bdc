"""Promise 5: a full disk. Writing is answered with 503, reading goes on, there is no half file, and with room
again everything goes on by itself."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from serving_city import eventually

from .city import City, city
from .phones import Client, Crowd, hidden_in, jpeg
from .proof import problems_of

MEGABYTES = 400
PAGES = ("/", "/laporan", "/statistik", "/lacak", "/lapor")


def run() -> list[str]:
    with small_disk() as disk, city(str(disk)) as one:
        one.start()
        one.wait_until_well()
        before = Crowd(one.address, 4).start()
        time.sleep(4)
        before.stop()
        filler = disk / "filler"
        fill(filler)
        problems = while_full(one)
        filler.unlink()
        began = time.monotonic()
        eventually(lambda: sends_a_report(one), 60)
        took = time.monotonic() - began
        after = Crowd(one.address, 4).start()
        time.sleep(4)
        after.stop()
        one.wait_until_well()
        if halves := list((one.folder / "lampiran").rglob("*.part")):
            problems.append(f"{len(halves)} half files")
        sent = before.sent + after.sent
        problems += problems_of(one, sent, others=1)
        print(f"{len(before.sent)} reports before, {len(after.sent)} after; "
              f"{took:.1f} s from room on the disk to a report that was taken")  # fmt: skip
        one.stop()
    return problems


def while_full(one: City) -> list[str]:
    problems = []
    for turn in range(20):
        client = Client(one.address)
        for page in PAGES:
            if (status := client.ask(page).status) != 200:
                problems.append(f"{page} is {status} while the disk is full")
        form = hidden_in(client.ask("/lapor").body, "/lapor")
        form |= {"story": "Tidak akan masuk", "place": "Jalan Antasari"}
        answer = client.send_with_photo("/lapor", form, jpeg())
        if answer.status != 503 or not answer.headers["Retry-After"]:
            problems.append(f"try {turn}: a photo is answered with {answer.status}")
        decided = form | {"key": form.get("key", "")}
        if (status := client.send("/lapor/kirim", decided).status) != 503:
            problems.append(f"try {turn}: a report is answered with {status}")
        time.sleep(0.5)
    return problems


def sends_a_report(one: City) -> bool:
    client = Client(one.address)
    form = hidden_in(client.ask("/lapor").body, "/lapor")
    checked = client.send(
        "/lapor",
        form
        | {
            "story": "Lampu jalan padam sejak kemarin malam",
            "place": "Jalan Antasari",
            "phone": "081234567890",
        },
    )
    decided = hidden_in(checked.body, "/lapor/kirim") if checked.status == 200 else {}
    return bool(decided) and client.send("/lapor/kirim", decided).status == 303


def fill(path: Path) -> None:
    """To the last block."""
    with path.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
            file.flush()


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """Needs the right to mount."""
    with tempfile.TemporaryDirectory(prefix="lapor-disk-", dir="/var/tmp") as folder:
        size = f"size={MEGABYTES}m,mode=0711"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
