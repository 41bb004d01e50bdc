"""Database and attachments in a folder, consistent with one another, and back again.

In the folder:

    cadangan.json           what all backups here share: whether they are encrypted, and the key's salt
    kunci                   held while a command writes here
    lampiran/ab/abcd…       attachments, each once: a name never gets other bytes
    20261124T160000Z/       one backup, named by its instant in UTC
        database            pg_dump's own format
        manifest            what is in it: rows and a hash of each table, a hash of each attachment

A backup is written under a name with a dot in front and gets its own when it lasts, so that one that was
cut off is never taken for one. Encrypted, all but the first file is unreadable without the key.
SECRET_KEY is in none of them: sealed names, receipt codes and attachments stay unreadable without it.
"""

from lapor_web.backup.errors import BackupProblem

__all__ = ["BackupProblem"]
