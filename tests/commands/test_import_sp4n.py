import os
import subprocess
import sys
from pathlib import Path

import pytest
from sp4n_exports import ARCHIVED, FINISHED, ON_HOLD, USUAL, as_csv, as_xlsx
from sqlalchemy import func, select

from lapor_web.cli import make_parser
from lapor_web.commands import CommandRefused
from lapor_web.models import HistoryEntry, Report, ReporterIdentity
from lapor_web.services import sp4n_file as file
from lapor_web.services.seed import seed

REFUSED = USUAL | {file.TRACKING_ID: "7000004", file.STATUS: "Entah"}


@pytest.fixture
def lapor(app, db, tmp_path, capsys):
    """Runs the command on a file of that content; gives what it printed."""
    seed(db.session(), "samarinda")
    db.session.commit()

    def lapor(content: bytes, *options: str) -> list[str]:
        path = tmp_path / "ekspor.csv"
        path.write_bytes(content)
        chosen = make_parser().parse_args(["import-sp4n", *options, str(path)])
        assert chosen.command.run(app, chosen) in {None, 0}
        return capsys.readouterr().out.splitlines()

    return lapor


def count(db, table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_it_tells_what_came_in_and_names_what_did_not(db, lapor):
    printed = lapor(as_csv([FINISHED, ARCHIVED, ON_HOLD, REFUSED]))

    assert printed == [
        "3 baru, 0 diubah, 0 sama, 0 bentrok, 1 ditolak.",
        "Menurut file ini: 3 laporan = 1 Ditunda + 1 Selesai + 1 Diarsipkan; 2 terdisposisi.",
        "Laju tidak dapat dihitung dari ekspor ini: tidak ada tanggal disposisi dan tindak lanjut.",
        "Ditolak:",
        "baris 5: Status Laporan tidak dikenal: “Entah”",
    ]
    db.session.rollback()
    assert count(db, Report) == 3


def test_csv_then_xlsx_of_the_same_changes_nothing(db, lapor):
    lapor(as_csv([FINISHED, ARCHIVED]))

    printed = lapor(as_xlsx([FINISHED, ARCHIVED]))

    assert printed[0] == "0 baru, 0 diubah, 2 sama, 0 bentrok, 0 ditolak."
    assert count(db, HistoryEntry) == 2


def test_a_trial_run_tells_the_same_and_stores_nothing(db, lapor):
    told = lapor(as_csv([FINISHED, REFUSED]), "--dry-run")

    assert told[0] == "Uji coba: tidak ada yang disimpan."
    assert count(db, Report) == 0


def test_it_prints_no_word_of_a_reporter(lapor):
    rows = [FINISHED, FINISHED | {file.TITLE: "Judul lain"}, REFUSED]

    printed = "\n".join(lapor(as_csv(rows)))

    for column in (file.NAME, file.TITLE, file.FIRST_TEXT, file.LAST_TEXT):
        assert USUAL[column] not in printed


def test_what_is_no_export_leaves_the_database_as_it_was(db, lapor):
    lapor(as_csv([FINISHED]))

    with pytest.raises(CommandRefused):
        lapor(as_csv([ARCHIVED]).decode("utf-8-sig").encode("utf-16"))

    assert count(db, Report) == 1


def test_under_a_secret_that_does_not_last_no_name_is_sealed(app, db, lapor, monkeypatch):
    monkeypatch.setitem(app.config, "SECRET_KEY_LASTS", False)

    printed = lapor(as_csv([FINISHED]))

    assert "SECRET_KEY" in printed[-1]
    assert (count(db, Report), count(db, ReporterIdentity)) == (1, 0)


def test_a_file_that_is_not_there_is_one_sentence_and_exit_1(server, tmp_path):
    refused = run_apart("import-sp4n", "tidak-ada.csv", url=server.url, folder=tmp_path)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == ["File tidak-ada.csv tidak ditemukan. Periksa namanya."]


def test_before_seed_it_says_what_comes_first(server, empty_database, tmp_path):
    url = empty_database("not_seeded")
    (tmp_path / "ekspor.csv").write_bytes(as_csv([FINISHED]))
    run_apart("migrate", url=url, folder=tmp_path)

    refused = run_apart("import-sp4n", "ekspor.csv", url=url, folder=tmp_path)

    assert (refused.returncode, "lapor seed" in refused.stderr) == (1, True)


def run_apart(*arguments: str, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    code = "from lapor_web.cli import main; raise SystemExit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=kept | {"DATABASE_URL": url},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
