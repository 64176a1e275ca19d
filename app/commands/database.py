"""`jingtu db …`: the schema of the database."""

from __future__ import annotations

import typer

from app.settings import read_settings

commands = typer.Typer(help="The schema of the database.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keep `upgrade` a command of its own: typer would fold a single one away."""


@commands.command()
def upgrade() -> None:
    """Create the schema or bring it to this program's; safe to repeat."""
    from app.cluster import running_database
    from app.migration import newest_revision
    from app.migration import upgrade as bring_up_to_date

    with running_database(read_settings(), say=typer.echo, make=True) as urls:
        bring_up_to_date(urls.owner, urls.superuser)
    typer.echo(f"The database has schema {newest_revision()}.")
