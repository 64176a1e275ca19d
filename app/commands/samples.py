"""`jingtu samples …`: the invented sample county."""

from __future__ import annotations

import typer

from app.settings import read_settings

commands = typer.Typer(help="The invented sample county.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keep `load` a command of its own: typer would fold a single one away."""


@commands.command()
def load() -> None:
    """Load the sample county into an empty register; safe to repeat."""
    from app.commands.register import fit_database
    from app.samples import load_if_empty

    settings = read_settings()
    with fit_database(settings):
        loaded = load_if_empty(settings)
    if loaded:
        typer.echo(f"The sample county is loaded ({loaded} files).")
    else:
        typer.echo("Nothing was loaded: the register is not empty.")
