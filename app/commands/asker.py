"""In whose name does a command ask, and of what? Arguments that commands share.

A role and a division, as a key would have them; a layer; a day.
"""

from __future__ import annotations

import getpass
import os
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.refusals import CannotRun

if TYPE_CHECKING:
    from app.security.principals import Principal
    from parcels.refusal import Language

RoleName = Annotated[str, typer.Option(help="Role to act in.")]
Actor = Annotated[
    str | None, typer.Option(help="Name kept with the change; your login else.")
]

LayerName = Annotated[
    str, typer.Option(help="Layer of the register, as in URLs (parcels) or singular.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day in law; today by default."),
]


class BadArgument(CannotRun):
    """An argument cannot be used; the text says which and why."""

    exit_code = 2


def asker_of(role: str, division: str, actor: str | None) -> Principal:
    """Return the asker of a command.

    Raises
    ------
    BadArgument
        If there is no such role or division.
    """
    from app.security.principals import Principal
    from parcels.codes import InvalidCode, normalise_division

    try:
        scope = normalise_division(division)
        name = actor or getpass.getuser()
        return Principal(UUID(int=0), name, role, scope)  # type: ignore[arg-type]
    except (InvalidCode, ValueError) as error:
        raise BadArgument(str(error)) from error


def terminal_language() -> Language:
    """Return the language of the terminal."""
    return "zh" if os.environ.get("LANG", "").startswith("zh") else "en"
