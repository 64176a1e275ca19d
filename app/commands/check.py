"""`jingtu check`: whether everything is here that the service needs."""

from __future__ import annotations

import typer

from app.settings import read_settings


def check() -> None:
    """Say whether machine and database are fit; ends with 1 when something is not."""
    from app.cluster import running_database
    from app.fitness import check_database, check_machine

    settings = read_settings()
    findings = list(check_machine(settings))
    with running_database(settings) as urls:
        findings += check_database(urls)
    for finding in findings:
        typer.echo(f"{finding.state:8} {finding.subject}: {finding.text}")
    if any(finding.state == "fault" for finding in findings):
        raise typer.Exit(1)
