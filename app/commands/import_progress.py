"""How far `jingtu import` is: a bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from parcels.surveys.progress import Progress as Stand
from parcels.surveys.progress import Step, Watch

_STEPS: Final[dict[Step, str]] = {
    "read": "读取 reading",
    "check": "检查 checking",
    "compare": "比对 comparing",
}


@contextmanager
def shown_progress() -> Iterator[Watch | None]:
    """Show a bar for the block; gives what is to be told how far it is.

    None, and nothing is shown, where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} 行 rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_STEPS["read"], total=None, rows=0)

        def watch(stand: Stand) -> None:
            bar.update(
                task,
                description=_STEPS[stand.step],
                rows=stand.rows,
                completed=stand.checks_done,
                total=stand.checks or None,
            )

        yield watch
