"""A private PostgreSQL server in a folder, for a machine without a database of its own.

In the folder:

    lock       held while a command decides whether to start, use or stop the server
    running    locked by PostgreSQL itself as long as any of its processes lives; holds the starter's id
    password   the one way in, readable by the folder's owner only
    cluster/   the data, readable by the server's own user only
    socket/    where the server listens; there is no TCP
    postgres.log
"""

from lapor_web.embedded.errors import EmbeddedDatabaseError, advice
from lapor_web.embedded.place import binary, package
from lapor_web.embedded.server import SETTINGS, Server, running_url, start

__all__ = [
    "SETTINGS",
    "EmbeddedDatabaseError",
    "Server",
    "advice",
    "binary",
    "package",
    "running_url",
    "start",
]
