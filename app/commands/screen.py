"""`jingtu screen KIND`: carry a screening run out and write its rows to a file."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from app.commands.asker import (
    Actor,
    AsOf,
    BadArgument,
    RoleName,
    asker_of,
    terminal_language,
)
from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.database import Database
    from app.security.principals import Principal
    from parcels.refusal import Language
    from screening.runs.kind import Kind
    from screening.runs.repository import Run
    from screening.runs.row import Field

FORMS: Final = ("geojson", "gpkg", "parquet", "xlsx")


class RunFailed(CannotRun):
    """The run could not be carried out; the text says why."""

    exit_code = 8


KindName = Annotated[str, typer.Argument(help="Kind of run, e.g. receptors.")]
DivisionCode = Annotated[
    str, typer.Option(help="Code of the division that is screened.")
]
Output = Annotated[
    Path, typer.Option(help="File for the rows: .xlsx, .gpkg, .geojson or .parquet.")
]
Parameter = Annotated[
    list[str] | None,
    typer.Option(help="name=value; several values with commas; repeatable."),
]
FileLanguage = Annotated[
    Literal["zh", "en"] | None, typer.Option(help="Language of the file.")
]


def screen(
    kind: KindName,
    division: DivisionCode,
    output: Output,
    parameter: Parameter = None,
    as_of: AsOf = None,
    role: RoleName = "registrar",
    actor: Actor = None,
    language: FileLanguage = None,
) -> None:
    """Screen a division and write what was found; the run is kept in the register.

    Ends with 0 when the file is written, 2 for an argument that cannot be used, 8 when
    the run fails.
    """
    from app.commands.register import fit_database
    from app.database import Database

    if output.suffix.removeprefix(".") not in FORMS:
        known = ", ".join(f".{form}" for form in FORMS)
        raise BadArgument(f"--output {output}: the name must end in {known}")
    chosen, parameters = _read_order(kind, parameter or [])
    spoken = language or terminal_language()
    asker = _asker(role, division, actor)
    with fit_database(read_settings()) as urls:
        database = Database(urls.service, pool_size=3, statement_timeout_s=0)
        try:
            run = _carry_out(database, asker, chosen, parameters, as_of)
            if run.state != "done":
                raise RunFailed((run.failure or {}).get("en", run.state))
            _write(database, asker, run, output, spoken)
            typer.echo(f"{run.summary and run.summary['rows']} rows in {output}")
        finally:
            database.close()


def _asker(role: str, division: str, actor: str | None) -> Principal:
    from app.security.permissions import RIGHTS

    asker = asker_of(role, division, actor)
    if asker.role not in RIGHTS["run_screening"].roles:
        raise BadArgument(f"--role {role}: this role orders no screening")
    return asker


def _read_order(name: str, pairs: list[str]) -> tuple[Kind, dict[str, Any]]:
    from screening.runs.asked import InvalidParameters
    from screening.runs.kind import check_order
    from screening.runs.kinds import KINDS

    kind = KINDS.get(name)
    if kind is None:
        raise BadArgument(f"{name!r} is no kind of run; there are: {', '.join(KINDS)}")
    fields = {field.name: field for field in kind.fields}
    given: dict[str, Any] = {}
    for pair in pairs:
        key, _, text = pair.partition("=")
        given[key] = _value(fields[key], text) if key in fields else text
    try:
        return kind, check_order(given, kind)
    except InvalidParameters as invalid:
        told = "; ".join(f"{one.where}: {one.message.en}" for one in invalid.faults)
        raise BadArgument(told) from invalid


def _value(field: Field, text: str) -> Any:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    match field.type:
        case "choices" | "codes":
            return parts
        case "numbers":
            return [_number(part) for part in parts]
        case "number":
            return _number(text)
        case "polygon":
            return _polygon(text)
        case "yes_no":
            return {"true": True, "yes": True, "false": False, "no": False}.get(text)
        case _:
            return text


def _polygon(text: str) -> Any:
    """Return the GeoJSON of a text, or of the file it names after an @."""
    import json

    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError):
        return text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _carry_out(
    database: Database,
    asker: Principal,
    kind: Kind,
    parameters: dict[str, Any],
    as_of: datetime | None,
) -> Run:
    from app.asking import asked_by
    from app.elevation import find_elevation
    from app.own_rule_sets import find_rule_sets
    from app.run_jobs import carry_out_run
    from parcels.register.repository import today
    from screening.runs.carry_out import Carrier
    from screening.runs.repository import get_run, open_run

    with database.transaction(asker) as connection:
        day = as_of.date() if as_of else today(connection)
        run = open_run(connection, asked_by(asker), kind.name, parameters, day)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as executor:
        settings = read_settings()
        rule_sets = find_rule_sets(settings)
        carrier = Carrier(rule_sets, executor, find_elevation(settings))
        carry_out_run(carrier, database, asker, run.id)
    with database.transaction(asker, read_only=True) as connection:
        return get_run(connection, run.id)


def _write(
    database: Database, asker: Principal, run: Run, output: Path, language: Language
) -> None:
    from app.run_results import result_of
    from screening.runs.files import write_result_file

    form: Any = output.suffix.removeprefix(".")
    if form == "gpkg":
        # GDAL would add to a file that is there.
        output.unlink(missing_ok=True)
    with database.transaction(asker, read_only=True) as connection:
        write_result_file(result_of(connection, run, language), output, form)
