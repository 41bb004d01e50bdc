"""A server's life: started once, used by whoever comes, stopped by whoever started it."""

import contextlib
import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url

from lapor_web.embedded.errors import (
    EmbeddedDatabaseError,
    ProgramFailed,
    explained,
    refuse_other_platforms,
)
from lapor_web.embedded.files import (
    decision,
    hold_running,
    is_held,
    make_folder,
    private,
    remove,
    wait_for,
)
from lapor_web.embedded.place import (
    ENVIRONMENT,
    Site,
    find_site,
    make_temporary_folder,
)
from lapor_web.processes import tethered

# Neither is a superuser, so that a hole in the application opens no way to files or programs,
# and so that nothing works here that a managed server would refuse.
ROLE = DATABASE = "lapor"

PORT = "5432"  # only a part of the socket's name
LONGEST_SOCKET_FOLDER = 85  # sockaddr_un takes 107 bytes, file name included

SECONDS_TO_START = 300.0  # after a crash a large database takes its time
SECONDS_TO_STOP = 60.0
SECONDS_TO_QUIT = 10.0

CLEAN_SHUTDOWN = signal.SIGINT  # drops the sessions, unlike SIGTERM, which waits for them

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # DETAIL quotes rows, and rows are about people.
    "log_error_verbosity": "terse",
}
SETTINGS_FOR_THROW_AWAY_DATA = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass
class Server:
    """A server that runs. Whoever started it stops it; for all others `stop` does nothing."""

    url: str
    data_dir: Path
    started_here: "subprocess.Popen[bytes] | None" = None
    leftovers: Sequence[Path] = ()
    durable: bool = True
    _starter: int = field(default_factory=os.getpid)

    def stop(self) -> None:
        process = self.started_here
        if process is None or self._starter != os.getpid():
            return
        with decision(self.data_dir) if self.data_dir.is_dir() else contextlib.nullcontext():
            end(process)
            for path in self.leftovers:
                remove(path)
        self.started_here = None

    def has_died(self) -> bool:
        """Whether somebody ended it who is not us, with SIGKILL say."""
        return self.started_here is not None and self.started_here.poll() is not None

    def start_again(self) -> None:
        """After `has_died`: at the same address. Raises EmbeddedDatabaseError, and may be called again
        when what stood in its way is gone."""
        with explained(self.data_dir), decision(self.data_dir):
            if not wait_for(lambda: not is_held(self.data_dir / "running"), SECONDS_TO_STOP):
                raise EmbeddedDatabaseError(
                    f"Sisa basis data yang mati di {self.data_dir} belum juga berhenti."
                )
            with hold_running(self.data_dir) as lock:
                site = find_site(self.data_dir, lock, durable=self.durable)
                sockets = Path(str(make_url(self.url).query["host"]))
                # Those of the dead one stand in the way of nothing but themselves.
                for socket in sockets.glob(".s.PGSQL*"):
                    socket.unlink()
                forget_dead_postmaster(site.cluster)
                self.started_here = spawn(site, sockets)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(data_dir: Path, *, durable: bool = True) -> Server:
    """The server of `data_dir`: the running one, else a new one that lives until `stop`.

    It ends with this process, too, even when that is killed. Call it on the main thread: the kernel
    takes the end of the thread that starts a program for the end of its parent.

    Without `durable` the data is thrown away: written carelessly, and kept in a temporary folder when
    the server's user cannot come into `data_dir`.
    """
    refuse_other_platforms()
    data_dir = Path(data_dir).absolute()
    with explained(data_dir):
        make_folder(data_dir)
        with decision(data_dir):
            url = url_of_running(data_dir)
            return Server(url, data_dir) if url else launch(data_dir, durable=durable)


def running_url(data_dir: Path) -> str | None:
    """Where the server of `data_dir` answers, or None when nobody has started it."""
    data_dir = Path(data_dir).absolute()
    if not (data_dir / "lock").exists():
        return None
    with explained(data_dir), decision(data_dir):
        return url_of_running(data_dir)


# Starting --------------------------------------------------------------------------------------


def launch(data_dir: Path, *, durable: bool) -> Server:
    with hold_running(data_dir) as lock:
        site = find_site(data_dir, lock, durable=durable)
        password = keep_password(data_dir)
        if not site.cluster.exists():
            create_cluster(site, password)
        sockets = make_socket_folder(site)
        forget_dead_postmaster(site.cluster)
        process = spawn(site, sockets)
    throw_away = [] if site.home == data_dir else [site.home, data_dir / "cluster"]
    return Server(
        url_at(sockets, password),
        data_dir,
        process,
        [*throw_away, sockets, data_dir / "socket"],
        durable,
    )


def spawn(site: Site, sockets: Path) -> "subprocess.Popen[bytes]":
    settings = SETTINGS | {"unix_socket_directories": str(sockets)}
    if not site.durable:
        settings |= SETTINGS_FOR_THROW_AWAY_DATA
    command: list[str | Path] = [site.programs / "postgres", "-D", site.cluster]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with site.open_log() as log:
        process = subprocess.Popen(  # noqa: S603 - a program of the wheel
            tethered(command, death_signal=CLEAN_SHUTDOWN, account=site.account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[site.lock],
            start_new_session=True,  # Ctrl-C is for the starter, which stops the server in order
            cwd="/",
            env=ENVIRONMENT,
        )
        wait_until_ready(process, site.cluster)
    return process


def wait_until_ready(process: "subprocess.Popen[bytes]", cluster: Path) -> None:
    def ready() -> bool:
        if process.poll() is not None:
            raise ProgramFailed
        postmaster = read_postmaster(cluster)
        return postmaster is not None and postmaster.pid == process.pid and postmaster.ready

    try:
        if not wait_for(ready, SECONDS_TO_START):
            raise ProgramFailed
    except BaseException:  # Ctrl-C, too, leaves no server that nobody knows of
        end(process)
        raise


def end(process: "subprocess.Popen[bytes]") -> None:
    steps = [
        (CLEAN_SHUTDOWN, SECONDS_TO_STOP),
        (signal.SIGQUIT, SECONDS_TO_QUIT),  # at once; the next start repairs
        (signal.SIGKILL, None),
    ]
    for number, patience in steps:
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def create_cluster(site: Site, password: str) -> None:
    """Built under another name, so that a half-built one is never taken for the database."""
    for half_built in site.home.glob("cluster.new-*"):
        remove(half_built)
    new = Path(tempfile.mkdtemp(prefix="cluster.new-", dir=site.home))
    site.give(new)
    initdb: list[str | Path] = [
        site.programs / "initdb",
        f"--pgdata={new}",
        "--username=postgres",
        "--auth=reject",
        "--encoding=UTF8",
        # The same order and the same letters on every machine, whatever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C.UTF-8",
    ]
    site.run(*initdb, *([] if site.durable else ["--no-sync"]))
    # Nobody can sign in as the superuser, so the one role that can is made without a server.
    site.run(
        *(site.programs / "postgres", "--single", "-D", new, "-c", "exit_on_error=on", "postgres"),
        text=f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n",
    )
    (new / "pg_hba.conf").write_text(f"local all {ROLE} scram-sha-256\n")
    new.rename(site.cluster)


def keep_password(data_dir: Path) -> str:
    path = data_dir / "password"
    if path.exists():
        return path.read_text()
    if (data_dir / "cluster").exists():
        raise EmbeddedDatabaseError(
            f"Berkas kata sandi basis data {path} hilang. Kembalikan berkas itu, atau pulihkan "
            "cadangan ke folder baru dengan lapor restore."
        )
    password = secrets.token_urlsafe(32)
    with open(path.with_suffix(".new"), "w", opener=private) as file:
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".new").rename(path)
    return password


def make_socket_folder(site: Site) -> Path:
    """A fresh one each time: sockets of a server that was killed only stand in the way."""
    link = site.data_dir / "socket"
    folder = site.home / "socket"
    if link.is_symlink():
        remove(link.readlink())
    for old in (link, folder):
        remove(old)
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        folder.mkdir(0o700)
    else:
        folder = make_temporary_folder(site.account)
        link.symlink_to(folder)
    site.give(folder)
    return folder


# What is there already -------------------------------------------------------------------------


@dataclass(frozen=True)
class Postmaster:
    """What PostgreSQL tells about itself in postmaster.pid."""

    pid: int
    sockets: Path
    ready: bool


def read_postmaster(cluster: Path) -> Postmaster | None:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")
    except (FileNotFoundError, IndexError, ValueError):
        return None  # not there, or still being written


def url_of_running(data_dir: Path) -> str | None:
    """To be asked under `decision`; waits for the end of a server whose starter was killed."""
    cluster = data_dir / "cluster"
    if not is_held(data_dir / "running"):
        return None
    postmaster = read_postmaster(cluster)
    starter = int((data_dir / "running").read_text() or 0)
    if postmaster and postmaster.ready and parent_of(postmaster.pid) == starter:
        return url_at(postmaster.sockets, keep_password(data_dir))
    # The kernel has told it to shut down, or is about to.
    if not wait_for(lambda: not is_held(data_dir / "running"), SECONDS_TO_STOP):
        raise EmbeddedDatabaseError(
            f"Basis data lama di {data_dir} belum juga berhenti. Tunggu sebentar lalu ulangi; "
            f"bila tetap begitu, hentikan proses postgres nomor {postmaster.pid if postmaster else '?'}."
        )
    return None


def forget_dead_postmaster(cluster: Path) -> None:
    """PostgreSQL would take any living process with the dead server's number for that server.

    In a container numbers are small, and the same ones come back at every start.
    """
    path = cluster / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid = int(path.read_text().splitlines()[0])
        if not is_postgres(pid):
            path.unlink()


def is_postgres(pid: int) -> bool:
    try:
        program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return program.endswith(b"postgres")


def parent_of(pid: int) -> int | None:
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(after_the_name.split()[1])


def url_at(sockets: Path, password: str) -> str:
    where = {"host": str(sockets), "port": PORT}
    url = URL.create("postgresql+psycopg", ROLE, password, database=DATABASE, query=where)
    return url.render_as_string(hide_password=False)
