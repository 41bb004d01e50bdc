"""What can be wrong, in one Indonesian sentence that says what to do."""

import contextlib
import errno
from collections.abc import Iterator


class BackupProblem(Exception):
    """Nothing was changed, or all of it was taken back; the sentence is for whoever typed the command."""


class Damaged(BackupProblem):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"Cadangan rusak: {what} tidak utuh. Pakai cadangan lain dengan --dari, atau salinan lain "
            "dari folder ini."
        )


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """For what reads and writes files."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupProblem(f"Ruang disk habis{where}. Kosongkan ruang, lalu ulangi.") from None
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise BackupProblem(
                f"Izin ditolak{where}. Beri pengguna ini hak atas folder cadangan, lalu ulangi."
            ) from None
        raise BackupProblem(
            f"Folder cadangan tidak dapat dipakai: {error.strerror}{where}."
        ) from None
