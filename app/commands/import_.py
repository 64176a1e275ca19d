"""`jingtu import FILE`: check a survey file and, if asked, write it to the register."""

from __future__ import annotations

import errno
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands.asker import (
    Actor,
    BadArgument,
    LayerName,
    RoleName,
    asker_of,
    terminal_language,
)
from app.settings import read_settings

if TYPE_CHECKING:
    from app.commands.import_report import NotCommitted
    from app.database import Database
    from app.security.principals import Principal
    from app.settings import Settings
    from parcels.surveys.repository import Upload
    from parcels.surveys.request import UploadRequest


SurveyFile = Annotated[
    Path,
    typer.Argument(
        help="Zipped shapefile or File Geodatabase, GeoPackage, GeoJSON, FlatGeobuf,"
        " GeoParquet, CSV or xlsx.",
    ),
]
DivisionCode = Annotated[
    str | None,
    typer.Option(
        help="Code of the division the file is about; not needed where the register"
        " draws one county alone."
    ),
]
Srid = Annotated[
    int | None,
    typer.Option(help="EPSG number of the coordinates, e.g. 4526; else proposed."),
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Text encoding of shapefiles and CSV: GBK, UTF-8; else found."),
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
Repairs = Annotated[
    list[str] | None,
    typer.Option("--repair", help="Kind of repair to make; repeatable."),
]
Confirm = Annotated[
    bool, typer.Option("--confirm", help="Take what is proposed for granted.")
]
Whole = Annotated[
    bool,
    typer.Option(
        "--whole", help="The file is all there is in the division; the rest ends."
    ),
]
Commit = Annotated[bool, typer.Option("--commit", help="Write it if it has no error.")]
SetAside = Annotated[
    bool,
    typer.Option(
        "--set-aside",
        help="With --commit: leave faulty rows out (both rows of an overlap).",
    ),
]
Reason = Annotated[
    str | None,
    typer.Option(help="With --commit: why the warnings are accepted."),
]
Report = Annotated[
    Path | None,
    typer.Option(help="Write every issue to this .csv, .geojson or .gpkg file."),
]
ReportLanguage = Annotated[
    Literal["zh", "en"] | None, typer.Option(help="Language of the report.")
]


def import_file(
    file: SurveyFile,
    layer: LayerName,
    division: DivisionCode = None,
    crs: Srid = None,
    encoding: Encoding = None,
    valid_from: ValidFrom = None,
    member: Member = None,
    mapping: Mapping = None,
    repair: Repairs = None,
    whole: Whole = False,
    confirm: Confirm = False,
    commit: Commit = False,
    set_aside: SetAside = False,
    reason: Reason = None,
    role: RoleName = "surveyor",
    actor: Actor = None,
    report: Report = None,
    language: ReportLanguage = None,
) -> None:
    """Check a survey file and report every fault; with --commit write it.

    Ends with 0 when the file is good (and, with --commit, written), 2 for an argument
    that cannot be used, 8 when it has errors or cannot be taken, 10 when it is good and
    was not written, 11 when something about it has to be confirmed.
    """
    from app.commands.import_report import tell
    from app.commands.register import fit_database
    from app.database import Database

    _check_file(file)
    _check_report(report)
    settings = read_settings()
    with fit_database(settings) as urls:
        database = Database(urls.service, pool_size=2, statement_timeout_s=0)
        try:
            division = division or _find_only_county(database, role, actor)
            principal = asker_of(role, division, actor)
            request = _request(
                database,
                principal,
                layer=layer,
                division_code=division,
                crs=crs,
                encoding=encoding,
                valid_from=valid_from,
                member=member,
                mapping=mapping,
                update="whole" if whole else "partial",
                repairs=tuple(repair or ()),
            )
            done = _check(settings, database, principal, file, request, confirm)
            refused = None
            if commit:
                terms: dict[str, object] = {"reason": reason, "set_aside": set_aside}
                done, refused = _commit(settings, database, principal, done, terms)
            tell(database, principal, done, language or terminal_language(), report)
            if refused is not None:
                raise refused
        finally:
            database.close()


def _find_only_county(database: Database, role: str, actor: str | None) -> str:
    """Return the one county the register draws, and say that it is taken."""
    from parcels.codes import WHOLE_COUNTRY
    from parcels.surveys.known_ground import list_counties

    asker = asker_of(role, WHOLE_COUNTRY, actor)
    with database.transaction(asker, read_only=True) as connection:
        found = list_counties(connection)
    if len(found) != 1:
        drawn = ", ".join(found) or "none"
        raise BadArgument(
            "--division is needed: the code of the division the file is about"
            f" (counties in the register: {drawn})"
        )
    typer.echo(f"division {found[0]}, the only county in the register")
    return found[0]


def _check_file(file: Path) -> None:
    """Refuse a file that cannot be read, before a database is started for it.

    It is not opened: a pipe can be read but once.
    """
    try:
        mode = file.stat().st_mode
        fault = errno.EISDIR if stat.S_ISDIR(mode) else errno.EACCES
        if stat.S_ISDIR(mode) or not os.access(file, os.R_OK):
            raise OSError(fault, os.strerror(fault))
    except OSError as error:
        raise BadArgument(_why_not(file, error)) from error


def _check_report(report: Path | None) -> None:
    """Refuse a report that could not be written once all is done."""
    from app.commands.import_report import report_form

    if report is None:
        return
    if report_form(report) is None:
        raise BadArgument(
            f"--report {report}: the name must end in .csv, .geojson or .gpkg"
        )
    try:
        os.scandir(report.parent).close()
        report.exists()
    except OSError as error:
        raise BadArgument(f"--report {_why_not(report, error)}") from error


def _why_not(file: Path, error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        longest = max(len(os.fsencode(part)) for part in file.parts)
        return (
            f"{str(file)[:40]}...: a name of {longest} bytes is longer than any file"
            " may have (255 as a rule); check it, or give the file a shorter one"
        )
    return f"{file}: {error.strerror}"


def _request(
    database: Database,
    principal: Principal,
    *,
    layer: str,
    valid_from: datetime | None,
    mapping: list[str] | None,
    **declared: object,
) -> UploadRequest:
    from app.commands.import_report import both
    from app.upload_form import find_layer
    from parcels.refusal import Refusal
    from parcels.surveys.imports import find_today
    from parcels.surveys.request import UploadRequest

    with database.transaction(principal, read_only=True) as connection:
        day = valid_from.date() if valid_from else find_today(connection)
    # Nothing said about fields leaves them open: what finds none is asked for.
    pairs = dict(pair.partition("=")[::2] for pair in mapping) if mapping else None
    try:
        return UploadRequest(
            layer=find_layer(layer).name,
            valid_from=day,
            mapping=pairs,
            **declared,  # type: ignore[arg-type]
        )
    except Refusal as refusal:
        raise BadArgument(both(refusal)) from refusal


def _check(
    settings: Settings,
    database: Database,
    principal: Principal,
    file: Path,
    request: UploadRequest,
    confirm: bool,
) -> Upload:
    """Receive a file and check it, twice if its first reading was only proposed."""
    from app.commands.import_progress import shown_progress
    from app.commands.import_report import NotImported, both
    from app.uploads import find_archive
    from parcels.refusal import Refusal
    from parcels.surveys import orders
    from parcels.surveys.imports import check_upload, receive_upload

    archive = find_archive(settings)
    try:
        with database.transaction(principal) as connection, file.open("rb") as source:
            received = receive_upload(
                connection, archive, source, file.name, request, actor=principal.name
            )
            with shown_progress() as watch:
                done = check_upload(connection, archive, received.id, watch=watch)
            if done.state != "needs_confirmation" or not confirm:
                return done
            proposed = done.proposed or {}
            agreed = {name: proposed[name] for name in proposed["must_confirm"]}
            orders.confirm(connection, done.id, agreed, principal.client_id)
            with shown_progress() as watch:
                return check_upload(connection, archive, done.id, watch=watch)
    except Refusal as refusal:
        raise NotImported(both(refusal)) from refusal


def _commit(
    settings: Settings,
    database: Database,
    principal: Principal,
    done: Upload,
    terms: dict[str, object],
) -> tuple[Upload, NotCommitted | None]:
    """Write a checked upload; one that cannot be is given back with the reason."""
    from app.commands.import_report import NotCommitted, both
    from app.uploads import find_archive
    from parcels.refusal import Refusal
    from parcels.surveys.committing import commit_upload

    faulty = done.error_count and not terms["set_aside"]
    if done.state not in ("checked", "staged") or faulty:
        return done, None
    archive = find_archive(settings)
    try:
        with database.transaction(principal) as connection:
            committed = commit_upload(
                connection, archive, done.id, actor=principal.name, terms=terms
            )
    except Refusal as refusal:
        return done, NotCommitted(both(refusal))
    archive.drop_staged(done.id)
    return committed, None
