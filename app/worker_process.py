"""The process that runs jobs: imports, screening runs, seals of the ledger."""

from __future__ import annotations

from app.children import end_with_parent
from app.logs import set_up_logging
from app.refusals import told_plainly
from app.settings import read_settings


def main() -> None:
    """Work through the queue until a stop signal comes."""
    end_with_parent()
    with told_plainly():
        from app.jobs import run_worker
        from app.upload_jobs import upload_jobs
        from app.uploads import find_archive

        settings = read_settings()
        set_up_logging(settings)
        run_worker(settings, upload_jobs(find_archive(settings)))


if __name__ == "__main__":
    main()
