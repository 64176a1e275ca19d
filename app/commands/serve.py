"""`jingtu serve`: the whole service in the foreground."""

from __future__ import annotations

from app.settings import read_settings


def serve() -> None:
    """Run database, API, pages and worker until Ctrl-C or SIGTERM.

    Exit codes: 0 stopped by a signal, 2 settings, 3 port in use, 4 already running on
    this data directory, 5 disk full, 6 database, 7 a process keeps failing, 1 other.
    """
    from app.supervisor import Supervisor, say_aloud

    Supervisor(read_settings(), say_aloud).run()
