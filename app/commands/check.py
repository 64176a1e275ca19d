"""`jingtu check`: whether everything is here that the service needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from app.settings import read_settings

if TYPE_CHECKING:
    from app.fitness import Finding
    from app.settings import Settings


def check() -> None:
    """Say whether machine, database and, while the service runs, its worker are fit.

    Ends with 1 when something is not, 6 when the database does not answer.
    """
    states = set()
    for finding in _look(read_settings()):
        # At once: what is known stands there even if the database does not answer.
        typer.echo(f"{finding.state:8} {finding.subject}: {finding.text}")
        states.add(finding.state)
    if "fault" in states:
        raise typer.Exit(1)


def _look(settings: Settings) -> Iterator[Finding]:
    from app.cluster import DataDirectoryLock, NoRegister, running_database
    from app.fitness import Finding, check_database, check_machine, check_worker

    yield from check_machine(settings)
    if DataDirectoryLock(settings.data_dir).is_held():
        yield from check_worker(settings)
    else:
        yield Finding("ok", "service", "does not run")
    try:
        with running_database(settings) as urls:
            yield from check_database(urls)
    except NoRegister as none:
        yield Finding("warning", "register", str(none))
