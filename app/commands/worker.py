"""`jingtu worker`: a job worker of its own, beside or away from the service."""

from __future__ import annotations


def worker() -> None:
    """Run one job worker on the database of the settings until it is stopped."""
    from app.worker_process import main

    main()
