"""Make the database ready before the service answers; run by the supervisor.

A process of its own: what migrations and imports load into memory goes with it, and
a stop signal ends it at once (every step is one transaction or none).
"""

from __future__ import annotations

from app.children import end_with_parent
from app.cluster import database_urls
from app.document_scan import check_scanner
from app.elevation import check_elevation
from app.logs import set_up_logging
from app.migration import upgrade
from app.refusals import told_plainly
from app.samples import load_if_empty
from app.security.keys import ensure_demo_keys
from app.settings import Settings, read_settings
from app.stationery import find_signer


def prepare(settings: Settings) -> None:
    """Migrate; when demonstration is on, load the sample county and make its keys.

    Every step looks first and does only what is missing.

    Raises
    ------
    CannotRun
        If the database cannot be reached or brought to the present schema, or a file
        or command that a setting names cannot be used.
    """
    find_signer(settings)
    check_elevation(settings)
    check_scanner(settings.scan_command)
    urls = database_urls(settings)
    print("Bringing the database to the present schema ...", flush=True)
    upgrade(urls.owner, urls.superuser)
    if settings.demo:
        load_if_empty(settings)
    ensure_demo_keys(settings, urls.owner)


def main() -> None:
    """Prepare; tell a refusal in plain words and end with its exit code."""
    end_with_parent()
    with told_plainly():
        settings = read_settings()
        set_up_logging(settings)
        prepare(settings)


if __name__ == "__main__":
    main()
