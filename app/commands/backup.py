"""`jingtu backup` and `jingtu restore`: the whole register in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.asker import BadArgument
from app.settings import read_settings
from app.stop_signals import ended_in_order

Target = Annotated[Path, typer.Argument(dir_okay=False, help="File to write (.tar).")]
Source = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, readable=True, help="File of `jingtu backup`."
    ),
]


def backup(file: Target) -> None:
    """Write everything the service keeps to one file; the service may run meanwhile.

    It holds the ledger's signing key: keep it like one. Ends with 0 when it is written,
    2 when the file exists, 8 when it cannot be made.
    """
    from app.backup import write_backup

    if file.exists():
        raise BadArgument(f"{file} exists; a backup overwrites nothing.")
    if not file.absolute().parent.is_dir():
        raise BadArgument(f"{file.parent} is no folder.")
    with ended_in_order():
        done = write_backup(read_settings(), file.absolute())
    typer.echo(f"{file}: {done.size / 1e6:.1f} MB, {done.files} files")


def restore(file: Source) -> None:
    """Make the register of a backup in an empty data directory.

    Ends with 0 when it is there, 8 when the file is no backup or the directory is not
    empty; then nothing was changed. `jingtu ledger verify` proves what was restored.
    """
    from app.backup import restore_backup

    settings = read_settings()
    with ended_in_order():
        made = restore_backup(settings, file, typer.echo)
    typer.echo(f"{settings.data_dir}: as of {made['created_at']}")
    typer.echo("Now run: jingtu ledger verify")
