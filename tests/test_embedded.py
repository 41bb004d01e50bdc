"""The embedded server, started for real: who gets in, and what is left when things are killed."""

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from lapor_web import embedded, processes

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")

STARTER = """
import sys, time
from pathlib import Path
from lapor_web import embedded
server = embedded.start(Path(sys.argv[1]), durable=False)
print(server.url, server.started_here is not None, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def data_dir():
    """Not tmp_path: that lies under a folder that no other user may enter."""
    parent = Path(tempfile.mkdtemp(prefix="lapor-test-"))
    parent.chmod(0o711)
    yield parent / "database"
    eventually(lambda: not postgres_of(parent / "database"))
    shutil.rmtree(parent)


@pytest.fixture
def server(data_dir):
    with embedded.start(data_dir, durable=False) as server:
        yield server


@pytest.fixture
def starter(data_dir):
    """Starts the server of a folder from another process."""
    processes = []

    def start(data_dir):
        process = subprocess.Popen(
            [sys.executable, "-c", STARTER, data_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def ask(url, question):
    with psycopg.connect(conninfo(url)) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def conninfo(url, **changes):
    url = make_url(url)
    parts = {"user": url.username, "password": url.password, "dbname": url.database, **url.query}
    return psycopg.conninfo.make_conninfo(**(parts | changes))


def postgres_of(data_dir):
    """The numbers of all PostgreSQL processes that work in a folder."""
    cluster = data_dir.joinpath("cluster").resolve()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("cwd").readlink() == cluster:
                found.append(int(process.name))
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return found


def postmaster_of(data_dir):
    return int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])


@contextlib.contextmanager
def process_of_the_servers_user(data_dir):
    owner = (data_dir / "cluster").stat()
    account = (owner.st_uid, owner.st_gid) if os.geteuid() == 0 else None
    command = processes.tethered(["sleep", "600"], account=account)
    with subprocess.Popen(command, cwd="/") as process:
        try:
            eventually(lambda: b"sleep" in Path(f"/proc/{process.pid}/comm").read_bytes())
            yield process
        finally:
            process.kill()


def eventually(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


# Use -------------------------------------------------------------------------------------------


def test_it_speaks_utf8_and_utc(server):
    assert ask(server.url, "SHOW server_encoding") == "UTF8"
    assert ask(server.url, "SHOW timezone") == "UTC"
    assert ask(server.url, "SELECT upper('é')") == "É"


def test_the_extensions_and_databases_the_application_needs_can_be_made(server):
    ask(server.url, "CREATE EXTENSION pg_trgm")

    with psycopg.connect(conninfo(server.url), autocommit=True) as connection:
        connection.execute("CREATE DATABASE another")

    assert ask(server.url, "SELECT similarity('jalan', 'jalan')") == 1


def test_data_survives_stop_and_start(data_dir):
    with embedded.start(data_dir) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert postgres_of(data_dir) == []

    with embedded.start(data_dir) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_durable_data_is_written_through(data_dir):
    with embedded.start(data_dir) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(server.url, f"SHOW {setting}") == "on"


def test_throw_away_data_is_not(server):
    assert ask(server.url, "SHOW fsync") == "off"


def test_pg_dump_is_of_the_servers_version(server):
    dump = subprocess.run(
        [embedded.binary("pg_dump"), conninfo(server.url)], capture_output=True, text=True
    )

    assert dump.returncode == 0, dump.stderr


def test_an_unknown_program_is_named():
    with pytest.raises(embedded.EmbeddedDatabaseError, match="pg_nothing"):
        embedded.binary("pg_nothing")


# Shared ----------------------------------------------------------------------------------------


def test_the_address_is_known_only_while_it_runs(data_dir):
    assert embedded.running_url(data_dir) is None

    with embedded.start(data_dir, durable=False) as server:
        assert embedded.running_url(data_dir) == server.url

    assert embedded.running_url(data_dir) is None


def test_looking_for_a_server_makes_no_folder(data_dir):
    embedded.running_url(data_dir)

    assert not data_dir.exists()


def test_a_second_command_uses_the_running_server_and_does_not_stop_it(server, data_dir, starter):
    second = starter(data_dir)
    url, started_here = second.stdout.readline().split()
    second.communicate()

    assert (url, started_here) == (server.url, "False")
    assert ask(server.url, "SELECT 1") == 1


def test_two_commands_at_once_start_one_server(data_dir, starter):
    commands = [starter(data_dir) for _ in range(2)]
    answers = [command.stdout.readline().split() for command in commands]

    assert answers[0][0] == answers[1][0]
    assert sorted(answer[1] for answer in answers) == ["False", "True"]


def test_a_forked_copy_of_the_starter_does_not_stop_it(server):
    server._starter = os.getpid() + 1

    server.stop()

    server._starter = os.getpid()
    assert ask(server.url, "SELECT 1") == 1


# Who gets in -----------------------------------------------------------------------------------


def test_a_wrong_password_is_refused(server):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(conninfo(server.url, password="guess"))


def test_nobody_signs_in_as_superuser(server):
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(conninfo(server.url, user="postgres"))

    assert ask(server.url, "SHOW is_superuser") == "off"


def test_nothing_listens_on_tcp(server, data_dir):
    ours = set()
    for descriptor in Path(f"/proc/{postmaster_of(data_dir)}/fd").iterdir():
        ours.add(os.readlink(descriptor))
    listening = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    }

    assert any(name.startswith("socket:") for name in ours)
    assert not ours & listening


def test_no_other_user_reads_data_password_or_log(server, data_dir):
    for name in ("cluster", "socket", "password", "postgres.log", "running", "lock"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) & 0o077 == 0, name
    assert (data_dir / "password").stat().st_uid == os.geteuid()


def test_the_password_stands_in_no_log_and_no_list_of_processes(server, data_dir):
    password = make_url(server.url).password
    arguments = Path(f"/proc/{postmaster_of(data_dir)}/cmdline").read_text()

    assert password not in (data_dir / "postgres.log").read_text()
    assert password not in arguments


def test_the_server_does_not_see_our_environment(data_dir, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")

    with embedded.start(data_dir, durable=False):
        environment = Path(f"/proc/{postmaster_of(data_dir)}/environ").read_bytes()

    assert b"LC_ALL" in environment
    assert b"do-not-tell" not in environment


def test_rows_do_not_reach_the_log(server, data_dir):
    ask(server.url, "CREATE TABLE people (phone text PRIMARY KEY)")
    ask(server.url, "INSERT INTO people VALUES ('0812-3456')")

    with (
        psycopg.connect(conninfo(server.url)) as connection,
        pytest.raises(psycopg.errors.UniqueViolation),
    ):
        connection.execute("INSERT INTO people VALUES (%s)", ["0812-3456"])

    log = (data_dir / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "0812-3456" not in log


# Killed ----------------------------------------------------------------------------------------


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(server, data_dir):
    assert os.getsid(postmaster_of(data_dir)) != os.getsid(0)


def test_no_postgres_is_left_when_the_starter_is_killed(data_dir, starter):
    process = starter(data_dir)
    process.stdout.readline()
    assert postgres_of(data_dir)

    process.kill()

    eventually(lambda: not postgres_of(data_dir))


def test_it_starts_again_at_once_after_the_starter_was_killed(data_dir, starter):
    process = starter(data_dir)
    url = process.stdout.readline().split()[0]
    ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    process.kill()
    process.wait()

    with embedded.start(data_dir) as server:
        assert server.started_here
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_an_open_session_does_not_keep_a_killed_starters_server_alive(data_dir, starter):
    process = starter(data_dir)
    url = process.stdout.readline().split()[0]

    with psycopg.connect(conninfo(url)):
        process.kill()
        eventually(lambda: not postgres_of(data_dir))


def test_a_server_whose_starter_is_gone_is_not_handed_out(server, data_dir, monkeypatch):
    """It may look ready for a moment still, but is about to shut down."""
    monkeypatch.setattr(embedded.server, "SECONDS_TO_STOP", 0.1)
    (data_dir / "running").write_text(str(os.getppid()))

    with pytest.raises(embedded.EmbeddedDatabaseError, match="belum juga berhenti"):
        embedded.running_url(data_dir)


def test_it_starts_over_what_a_killed_server_left(data_dir):
    server = embedded.start(data_dir)
    ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.started_here.kill()
    server.started_here.wait()
    eventually(lambda: postgres_of(data_dir) == [])
    assert embedded.running_url(data_dir) is None

    # Its number now belongs to another process of the same user, as happens in containers.
    with process_of_the_servers_user(data_dir) as other:
        sockets = data_dir / "socket"
        for left in (data_dir / "cluster" / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
            left.write_text(f"{other.pid}\n{data_dir}/cluster\n0\n5432\n{sockets}\n\n")

        with embedded.start(data_dir) as server:
            assert ask(server.url, "SELECT answer FROM kept") == 42


def test_it_starts_over_a_half_built_cluster(data_dir, starter):
    process = starter(data_dir)
    eventually(lambda: list(data_dir.glob("cluster.new-*/base")))
    process.kill()
    process.wait()
    assert not (data_dir / "cluster").exists()

    with embedded.start(data_dir, durable=False) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert list(data_dir.glob("cluster.new-*")) == []


def test_a_thread_may_not_start_it(data_dir):
    """The kernel would stop the server as soon as the thread ends."""
    refused = []

    def start():
        with pytest.raises(RuntimeError, match="main thread"):
            embedded.start(data_dir, durable=False)
        refused.append(True)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert refused


# Places ----------------------------------------------------------------------------------------


def test_folders_that_exist_keep_their_modes(data_dir):
    data_dir.mkdir(mode=0o751)
    before = [stat.S_IMODE(path.stat().st_mode) for path in (data_dir, *data_dir.parents)]

    embedded.start(data_dir, durable=False).stop()

    after = [stat.S_IMODE(path.stat().st_mode) for path in (data_dir, *data_dir.parents)]
    assert after == before


def test_a_long_path_gets_a_short_socket(data_dir):
    deep = data_dir / ("long" * 25)

    with embedded.start(deep, durable=False) as server:
        sockets = Path(make_url(server.url).query["host"])
        assert ask(server.url, "SELECT 1") == 1
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700

    assert not sockets.exists()
    assert not (deep / "socket").is_symlink()


@root_only
def test_durable_data_is_refused_where_the_servers_user_cannot_come(tmp_path):
    with pytest.raises(embedded.EmbeddedDatabaseError, match=r"tidak dapat masuk ke .*chmod o\+x"):
        embedded.start(tmp_path / "database")


@root_only
def test_throw_away_data_goes_where_the_servers_user_can_come(tmp_path):
    with embedded.start(tmp_path / "database", durable=False) as server:
        home = (tmp_path / "database" / "cluster").resolve().parent
        assert ask(server.url, "SELECT 1") == 1
        assert embedded.running_url(tmp_path / "database") == server.url

    assert not home.exists()
    assert not (tmp_path / "database" / "cluster").is_symlink()


@root_only
def test_a_throw_away_folder_is_used_again_after_a_start_that_failed(tmp_path, monkeypatch):
    cluster = tmp_path / "cluster"
    monkeypatch.setitem(embedded.SETTINGS, "max_connections", "none")
    with pytest.raises(embedded.EmbeddedDatabaseError, match="max_connections"):
        embedded.start(tmp_path, durable=False)
    home = cluster.readlink().parent
    monkeypatch.undo()

    with embedded.start(tmp_path, durable=False) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert cluster.readlink().parent == home

    assert not home.exists()


@root_only
def test_programs_are_copied_where_the_servers_user_cannot_read_the_wheel(
    data_dir, tmp_path, monkeypatch
):
    wheel = embedded.package()
    shutil.copytree(wheel / "pginstall", tmp_path / wheel.name / "pginstall", symlinks=True)
    libraries = wheel.with_name(wheel.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, tmp_path / libraries.name, symlinks=True)
    monkeypatch.setattr(embedded.place, "package", lambda: tmp_path / wheel.name)

    with embedded.start(data_dir, durable=False) as server:
        program = os.readlink(f"/proc/{postmaster_of(data_dir)}/exe")
        assert ask(server.url, "SELECT 1") == 1

    assert program.startswith(str(data_dir))


@root_only
def test_the_server_does_not_run_as_root(server, data_dir):
    assert Path(f"/proc/{postmaster_of(data_dir)}").stat().st_uid != 0


# Errors ----------------------------------------------------------------------------------------


def test_a_cluster_of_another_version_says_what_to_do(data_dir):
    embedded.start(data_dir, durable=False).stop()
    (data_dir / "cluster" / "PG_VERSION").write_text("12\n")

    with pytest.raises(embedded.EmbeddedDatabaseError, match="versi PostgreSQL lain"):
        embedded.start(data_dir)

    assert embedded.running_url(data_dir) is None


def test_a_lost_password_says_what_to_do(data_dir):
    embedded.start(data_dir, durable=False).stop()
    (data_dir / "password").unlink()

    with pytest.raises(embedded.EmbeddedDatabaseError, match=r"kata sandi .* hilang"):
        embedded.start(data_dir)


def test_a_file_in_place_of_the_folder_says_what_to_do(data_dir):
    data_dir.write_text("")

    with pytest.raises(embedded.EmbeddedDatabaseError, match="bukan folder"):
        embedded.start(data_dir)


def test_another_platform_is_referred_to_a_database_of_its_own(data_dir, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")

    with pytest.raises(embedded.EmbeddedDatabaseError, match="DATABASE_URL"):
        embedded.start(data_dir)


def test_a_missing_wheel_is_named(monkeypatch):
    monkeypatch.setattr(embedded.place, "WHEEL", "no-such-wheel")

    with pytest.raises(embedded.EmbeddedDatabaseError, match="no-such-wheel tidak terpasang"):
        embedded.binary("postgres")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("initdb: error: could not write file: No space left on device", "Ruang disk habis"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "Memori"),
        ("could not open file: Permission denied", "Izin ditolak"),
        ("x\n2025 UTC [7] FATAL:  something new\nbye", "FATAL:  something new"),
        ("", "tanpa pesan"),
    ],
)
def test_errors_are_told_in_indonesian(said, advice):
    assert advice in embedded.advice(said, "log")
