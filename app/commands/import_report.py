"""What `jingtu import` tells: the report on terminal and file, the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import typer

from app.database import Database
from app.refusals import CannotRun
from app.security.principals import Principal
from parcels.refusal import Language
from parcels.surveys.downloads import write_issues
from parcels.surveys.reports import IssueFilter, list_issues
from parcels.surveys.repository import Upload
from parcels.surveys.vector_files import Format

_SHOWN: Final = 50
_FACES: Final = {"error": "错误 error", "warning": "警告 warning", "info": "提示 note"}
_FATES: Final = ("new", "changed", "identical", "missing", "later")
_FORMS: Final[Mapping[str, Format]] = {
    ".csv": "csv",
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "gpkg",
}
_WAITS: Final[Mapping[Language, str]] = {
    "zh": "须由人确认：{names}。核对后加 --confirm，或用相应选项声明。",
    "en": "To be confirmed by a person: {names}. Add --confirm when you agree, or"
    " declare it.",
}


class NotImported(CannotRun):
    """The file has errors or cannot be taken; nothing was written."""

    exit_code = 8


class ToBeConfirmed(CannotRun):
    """What was guessed about the file has to be confirmed first."""

    exit_code = 11


class NotCommitted(CannotRun):
    """The file is good, but was not written: the text says why."""

    exit_code = 10


def report_form(report: Path) -> Format | None:
    """Return the form of a report by the ending of its name; None for no such form."""
    return _FORMS.get(report.suffix.lower())


def both(refusal: Any) -> str:
    """Return a refusal in both languages."""
    return f"{getattr(refusal, 'zh', '')}\n{getattr(refusal, 'en', refusal)}"


def tell(
    database: Database,
    principal: Principal,
    done: Upload,
    language: Language,
    report: Path | None,
) -> None:
    """Print the report; end with 8 when the file was not good, 11 when it waits."""
    if done.failure is not None:
        raise NotImported(done.failure[language])
    if done.state == "needs_confirmation":
        _tell_proposal(done.proposed or {}, language)
    with database.transaction(principal, read_only=True) as connection:
        shown = _tell_issues(connection, done, language)
        if report is not None:
            form = report_form(report)
            assert form is not None
            report.unlink(missing_ok=True)
            write_issues(connection, done, IssueFilter(), language, report, form)
    total = sum(done.issue_counts.values())
    if total > shown:
        typer.echo(f"... {total - shown} more; --report FILE.csv writes them all")
    typer.echo(
        f"upload {done.id}: {done.state}, {done.row_count} rows, "
        f"{done.error_count} errors, {total} issues in all"
    )
    if done.comparison is not None:
        typer.echo(", ".join(f"{key} {done.comparison[key]}" for key in _FATES))
    if done.error_count and done.state != "committed":
        raise typer.Exit(NotImported.exit_code)


def _tell_issues(connection: sa.Connection, done: Upload, language: Language) -> int:
    """Print the first issues; return how many."""
    first = list_issues(connection, done.id, limit=_SHOWN)
    for issue in first:
        typer.echo(f"{_FACES[issue.severity]}: {issue.message(language)}")
        typer.echo(f"    {issue.advice(language)}")
    return len(first)


def _tell_proposal(proposed: Mapping[str, Any], language: Language) -> None:
    for one in proposed["evidence"]:
        typer.echo(f"{one['subject']}: {one[language]}")
    for name in ("crs", "encoding", "member", "mapping"):
        typer.echo(f"{name} = {proposed[name]}")
    for row in proposed["samples"]:
        typer.echo(" | ".join(f"{field}={value}" for field, value in row.items()))
    names = ", ".join(proposed["must_confirm"])
    raise ToBeConfirmed(_WAITS[language].format(names=names))
