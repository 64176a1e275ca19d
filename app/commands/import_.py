"""`jingtu import FILE`: check a survey file and, if asked, write it to the register."""

from __future__ import annotations

import csv
import getpass
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
import typer

from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.database import Database
    from app.security.principals import Principal
    from app.settings import Settings
    from parcels.refusal import Language
    from parcels.surveys.repository import Upload
    from parcels.surveys.request import UploadRequest

_SHOWN = 50
_PAGE = 1000
_FACES = {"error": "错误 error", "warning": "警告 warning", "info": "提示 note"}


class NotImported(CannotRun):
    """The file has errors or cannot be taken; nothing was written."""

    exit_code = 8


class BadArgument(CannotRun):
    """An argument cannot be used; the text says which and why."""

    exit_code = 2


SurveyFile = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        help="Zipped shapefile, GeoPackage, GeoJSON, CSV or xlsx.",
    ),
]
LayerName = Annotated[str, typer.Option(help="Layer of the register, e.g. parcel.")]
DivisionCode = Annotated[
    str, typer.Option(help="Code of the division the file is about.")
]
Srid = Annotated[
    int | None, typer.Option(help="EPSG number of the coordinates, e.g. 4526.")
]
Encoding = Annotated[
    str | None, typer.Option(help="Text encoding of shapefiles and CSV: GBK, UTF-8.")
]
ValidFrom = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Day from which it holds; today by default."
    ),
]
Member = Annotated[
    str | None, typer.Option(help="Layer or sheet, if the file holds several.")
]
Mapping = Annotated[
    list[str] | None,
    typer.Option(help="attribute=FIELD, beyond the usual names; repeatable."),
]
Commit = Annotated[bool, typer.Option("--commit", help="Write it if it has no error.")]
RoleName = Annotated[str, typer.Option(help="Role to act in.")]
Actor = Annotated[
    str | None, typer.Option(help="Name kept with the change; your login else.")
]
Report = Annotated[
    Path | None, typer.Option(help="Write every issue to this CSV file.")
]
ReportLanguage = Annotated[
    Literal["zh", "en"] | None, typer.Option(help="Language of the report.")
]


def import_file(
    file: SurveyFile,
    layer: LayerName,
    division: DivisionCode,
    crs: Srid = None,
    encoding: Encoding = None,
    valid_from: ValidFrom = None,
    member: Member = None,
    mapping: Mapping = None,
    commit: Commit = False,
    role: RoleName = "surveyor",
    actor: Actor = None,
    report: Report = None,
    language: ReportLanguage = None,
) -> None:
    """Check a survey file and report every fault; with --commit write it.

    Ends with 0 when the file is good, 8 when it has errors or cannot be taken, 2 for
    an argument that cannot be used.
    """
    from app.cluster import running_database
    from app.database import Database

    settings = read_settings()
    with running_database(settings) as urls:
        database = Database(urls.service, pool_size=1, statement_timeout_s=0)
        try:
            principal = _principal(role, division, actor)
            request = _request(
                database,
                principal,
                layer=layer,
                division_code=division,
                crs=crs,
                encoding=encoding,
                valid_from=valid_from,
                member=member,
                mapping=mapping or [],
            )
            done = _import(settings, database, principal, file, request, commit)
            words = language or _language()
            _tell(database, principal, done, words, report)
        finally:
            database.close()


def _principal(role: str, division: str, actor: str | None) -> Principal:
    from app.security.principals import Principal
    from parcels.codes import InvalidCode, normalise_division

    try:
        scope = normalise_division(division)
        name = actor or getpass.getuser()
        return Principal(UUID(int=0), name, role, scope)  # type: ignore[arg-type]
    except (InvalidCode, ValueError) as error:
        raise BadArgument(str(error)) from error


def _request(
    database: Database,
    principal: Principal,
    *,
    valid_from: datetime | None,
    mapping: list[str],
    **declared: object,
) -> UploadRequest:
    from parcels.refusal import Refusal
    from parcels.surveys.imports import find_today
    from parcels.surveys.request import UploadRequest

    with database.transaction(principal, read_only=True) as connection:
        day = valid_from.date() if valid_from else find_today(connection)
    pairs = dict(pair.partition("=")[::2] for pair in mapping)
    try:
        return UploadRequest(
            valid_from=day,
            mapping=pairs,
            **declared,  # type: ignore[arg-type]
        )
    except Refusal as refusal:
        raise BadArgument(_both(refusal)) from refusal


def _import(
    settings: Settings,
    database: Database,
    principal: Principal,
    file: Path,
    request: UploadRequest,
    commit: bool,
) -> Upload:
    """Receive and check in one transaction; commit in the next if asked."""
    from app.uploads import find_archive
    from parcels.refusal import Refusal
    from parcels.surveys.committing import commit_upload
    from parcels.surveys.imports import check_upload, receive_upload

    archive = find_archive(settings)
    try:
        with database.transaction(principal) as connection, file.open("rb") as source:
            received = receive_upload(
                connection, archive, source, file.name, request, actor=principal.name
            )
            done = check_upload(connection, archive, received.id)
        if commit and done.state == "staged":
            with database.transaction(principal) as connection:
                return commit_upload(connection, archive, done.id, actor=principal.name)
    except Refusal as refusal:
        raise NotImported(_both(refusal)) from refusal
    return done


def _harmless(text: str | None) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    if text and text[0] in "=+-@\t\r":
        return f"'{text}"
    return text or ""


def _both(refusal: Exception) -> str:
    return f"{getattr(refusal, 'zh', '')}\n{getattr(refusal, 'en', refusal)}"


def _language() -> Language:
    return "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


def _tell(
    database: Database,
    principal: Principal,
    done: Upload,
    language: Language,
    report: Path | None,
) -> None:
    """Print the report; end with 8 when the file was not good."""
    if done.failure is not None:
        raise NotImported(done.failure[language])
    with database.transaction(principal, read_only=True) as connection:
        shown = _report(connection, done, language, report)
    total = sum(done.issue_counts.values())
    if total > shown:
        typer.echo(f"... {total - shown} more; --report FILE.csv writes them all")
    typer.echo(
        f"upload {done.id}: {done.state}, {done.row_count} rows, "
        f"{done.error_count} errors, {total} issues in all"
    )
    if done.comparison is not None:
        order = ("new", "changed", "identical", "later")
        typer.echo(", ".join(f"{key} {done.comparison[key]}" for key in order))
    if done.error_count:
        raise typer.Exit(NotImported.exit_code)


def _report(
    connection: sa.Connection, done: Upload, language: Language, report: Path | None
) -> int:
    """Print the first issues, write all to the report; return how many were printed."""
    from parcels.surveys.repository import list_issues

    first = list_issues(connection, done.id, limit=_SHOWN)
    for issue in first:
        typer.echo(f"{_FACES[issue.severity]}: {issue.message(language)}")
        typer.echo(f"    {issue.advice(language)}")
    if report is None:
        return len(first)
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(
            "number severity kind row field value longitude latitude message"
            " advice".split()
        )
        after = 0
        while issues := list_issues(connection, done.id, after=after, limit=_PAGE):
            for issue in issues:
                longitude, latitude = issue.lonlat or ("", "")
                sheet.writerow(
                    [
                        issue.number,
                        issue.severity,
                        issue.kind,
                        issue.row or "",
                        _harmless(issue.field),
                        _harmless(issue.value),
                        longitude,
                        latitude,
                        issue.message(language),
                        issue.advice(language),
                    ]
                )
            after = issues[-1].number
    return len(first)
