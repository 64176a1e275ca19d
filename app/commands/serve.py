"""`jingtu serve`: the whole service in the foreground."""

from __future__ import annotations

from app.settings import read_settings


def serve() -> None:
    """Run database, API, pages and worker until Ctrl-C or SIGTERM."""
    from app.supervisor import Supervisor, say_aloud

    Supervisor(read_settings(), say_aloud).run()
