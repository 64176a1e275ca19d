"""`jingtu export FILE`: a layer of the register, as it was on a day, as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands.asker import (
    AsOf,
    BadArgument,
    LayerName,
    RoleName,
    asker_of,
    terminal_language,
)
from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.database import Database
    from app.security.principals import Principal
    from parcels.exports.export import Exported
    from parcels.exports.formats import ExportFormat
    from parcels.exports.not_held import NotHeld
    from parcels.register.layers import Layer

Target = Annotated[
    Path,
    typer.Argument(
        dir_okay=False,
        help="File to write: .zip (shapefile), .gpkg, .parquet or .fgb.",
    ),
]
DivisionCode = Annotated[
    str, typer.Option(help="Division whose objects are exported, with those below.")
]
FormatName = Annotated[
    Literal["shp", "gpkg", "parquet", "fgb"] | None,
    typer.Option("--format", help="Format; by the file's ending if not given."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file.")]


class NotExported(CannotRun):
    """The layer cannot be written as asked; nothing was left behind."""

    exit_code = 8


def export(
    file: Target,
    layer: LayerName,
    division: DivisionCode,
    as_of: AsOf = None,
    form: FormatName = None,
    role: RoleName = "surveyor",
    overwrite: Overwrite = False,
) -> None:
    """Write a layer of the register to a file; for a shapefile tell what is not held.

    Ends with 0 when it is written, 2 for an argument that cannot be used, 8 when the
    format cannot hold the layer. The file appears whole or not at all.
    """
    from app.commands.register import fit_database
    from app.database import Database

    chosen = _format_of(file, form)
    wanted = _find_layer(layer)
    if file.exists() and not overwrite:
        raise BadArgument(f"{file} exists; --overwrite replaces it.")
    if not file.parent.is_dir():
        raise BadArgument(f"{file.parent} is no folder.")
    asker = asker_of(role, division, None)
    with fit_database(read_settings()) as urls:
        database = Database(urls.service, pool_size=1, statement_timeout_s=0)
        try:
            done = _export(database, asker, wanted, as_of, file, chosen)
        finally:
            database.close()
    typer.echo(f"{file}: {done.rows} objects")
    if done.not_held:
        _tell(done.not_held, wanted)


def _format_of(file: Path, form: ExportFormat | None) -> ExportFormat:
    from parcels.exports.formats import ENDINGS

    if form is not None:
        return form
    for known, ending in ENDINGS.items():
        if file.suffix.lower() == ending:
            return known
    raise BadArgument(
        f"{file}: say --format, or end the name in {', '.join(ENDINGS.values())}"
    )


def _find_layer(name: str) -> Layer:
    from app.upload_form import find_layer
    from parcels.refusal import Refusal

    try:
        return find_layer(name)
    except Refusal as refusal:
        raise BadArgument(f"{refusal.zh}\n{refusal.en}") from refusal


def _export(
    database: Database,
    asker: Principal,
    layer: Layer,
    as_of: datetime | None,
    file: Path,
    form: ExportFormat,
) -> Exported:
    """Gather and write beside the target, then give it its name."""
    from parcels.codes import WHOLE_COUNTRY
    from parcels.exports.export import Wanted, gather_rows, write_export
    from parcels.exports.formats import ENDINGS
    from parcels.refusal import Refusal
    from parcels.register.repository import resolve_moment

    day = as_of.date() if as_of else None
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as name:
        folder = Path(name)
        with database.transaction(asker, snapshot=True, read_only=True) as connection:
            moment = resolve_moment(connection, day)
            division = None if asker.scope == WHOLE_COUNTRY else asker.scope
            wanted = Wanted(layer, moment, division)
            gather_rows(connection, wanted, folder)
        written = folder / f"{layer.name}{ENDINGS[form]}"
        try:
            done = write_export(wanted, folder, written, form)
        except Refusal as refusal:
            raise NotExported(f"{refusal.zh}\n{refusal.en}") from refusal
        written.replace(file)
    return done


def _tell(losses: Sequence[NotHeld], layer: Layer) -> None:
    """Say how much of what kind a .dbf does not hold, and where the list is."""
    from parcels.exports.not_held import count_kinds, describe
    from parcels.exports.shapefile import LIST_SUFFIX

    language = terminal_language()
    for kind in count_kinds(losses):
        first = next(one for one in losses if one.kind == kind)
        number = sum(one.kind == kind for one in losses)
        typer.echo(f"{kind} ({number}): {first.field}: {describe(first, language)}")
    typer.echo(f"The whole list is {layer.name}{LIST_SUFFIX} in the file.")
