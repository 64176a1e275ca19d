"""The command `jingtu`: one line per command, each a small module of its own.

A command reads the settings, does its work through the same use cases as the API, and
tells an expected failure in plain words on standard error with an exit code of its own
(see `app.refusals`). Modules with heavy imports are loaded by the command that needs
them.
"""

from __future__ import annotations

import io
import sys

import typer

from app.commands import (
    backup,
    calendar,
    check,
    database,
    export,
    gate,
    import_,
    keys,
    ledger,
    samples,
    screen,
    serve,
    users,
    worker,
)
from app.refusals import told_plainly

cli = typer.Typer(
    name="jingtu",
    help="Land-parcel registry and soil-risk screening 净土.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.command()(serve.serve)
cli.command()(worker.worker)
cli.command()(check.check)
cli.add_typer(database.commands, name="db")
cli.command("import")(import_.import_file)
cli.command()(export.export)
cli.add_typer(calendar.commands, name="calendar")
cli.command()(screen.screen)
cli.command()(gate.gate)
cli.command()(backup.backup)
cli.command()(backup.restore)
cli.add_typer(keys.commands, name="keys")
cli.add_typer(users.commands, name="users")
cli.add_typer(ledger.commands, name="ledger")
cli.add_typer(samples.commands, name="samples")


def main() -> None:
    """Run the command line; the entry point of the installed program."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Chinese letters must not end the service.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with told_plainly():
        cli()


if __name__ == "__main__":
    main()
