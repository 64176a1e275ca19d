"""`jingtu check`: whether everything is here that the service needs."""

from __future__ import annotations

import typer

from app.settings import read_settings


def check() -> None:
    """Say whether machine, database and, while the service runs, its worker are fit.

    Ends with 1 when something is not.
    """
    from app.cluster import DataDirectoryLock, NoRegister, running_database
    from app.fitness import Finding, check_database, check_machine, check_worker

    settings = read_settings()
    findings = list(check_machine(settings))
    if DataDirectoryLock(settings.data_dir).is_held():
        findings += check_worker(settings)
    else:
        findings.append(Finding("ok", "service", "does not run"))
    try:
        with running_database(settings) as urls:
            findings += check_database(urls)
    except NoRegister as none:
        findings.append(Finding("warning", "register", str(none)))
    for finding in findings:
        typer.echo(f"{finding.state:8} {finding.subject}: {finding.text}")
    if any(finding.state == "fault" for finding in findings):
        raise typer.Exit(1)
