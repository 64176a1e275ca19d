"""`jingtu calendar`: load the working days of a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from app.commands.register import fit_database
from app.refusals import InvalidSettings
from app.settings import read_settings
from parcels.refusal import Refusal

commands = typer.Typer(help="Working days by year.", no_args_is_help=True)


@commands.command()
def load(
    year: Annotated[int, typer.Argument(min=1949, max=2999)],
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="JSON as PUT /v1/calendars takes it",
        ),
    ],
) -> None:
    """Load a year after the State Council's notice of holidays."""
    from app.database import Database
    from app.schemas.calendars import CalendarRequest
    from app.security.principals import Principal
    from parcels.tasks.calendars import load_calendar

    try:
        wanted = CalendarRequest.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise InvalidSettings(f"{file}: {error}") from error
    asker = Principal(UUID(int=0), "jingtu calendar", "admin", "*")
    with fit_database(read_settings()) as urls:
        database = Database(urls.service, pool_size=1)
        try:
            with database.transaction(asker) as connection:
                load_calendar(
                    connection,
                    year,
                    wanted.days_off,
                    wanted.days_worked,
                    source=wanted.source,
                    actor=asker.name,
                )
        except Refusal as error:
            raise InvalidSettings(f"{file}: {error}") from error
        finally:
            database.close()
    typer.echo(f"{year} loaded")
