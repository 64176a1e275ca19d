"""`jingtu ledger …`: proof that nothing recorded was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.settings import Settings
    from parcels.ledger.head import SignedHead
    from parcels.ledger.verify import Report

commands = typer.Typer(help="The ledger (存证账本).", no_args_is_help=True)
_SHOWN: Final = 200

HeadFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--heads",
        exists=True,
        dir_okay=False,
        readable=True,
        help="File of heads kept elsewhere; repeatable. That of the data directory is"
        " always compared.",
    ),
]


class LedgerNotIntact(CannotRun):
    """Something was found that the ledger says otherwise; it stands above."""

    exit_code = 9


class HeadsUnusable(CannotRun):
    """A file of kept heads cannot be read; the text names file and line."""

    exit_code = 2


@commands.callback()
def _group() -> None:
    """Keep `verify` a command of its own: typer would fold a single one away."""


@commands.command()
def verify(heads: HeadFiles = None) -> None:
    """Recompute the whole ledger and compare it with every row and every kept head.

    Ends with 0 when all of it fits, 9 when something does not; each thing is named.
    """
    from app.cluster import running_database
    from parcels.ledger.kept import UnreadableHeads

    settings = read_settings()
    kept = _read_kept(settings, heads or [])
    try:
        with running_database(settings) as urls:
            report, decisions = _verify(urls.owner, settings, kept)
    except UnreadableHeads as error:
        raise HeadsUnusable(str(error)) from error
    _tell(report, decisions)


def _read_kept(settings: Settings, files: Iterable[Path]) -> Iterator[SignedHead]:
    from app.sealing import find_ledger_folder
    from parcels.ledger.kept import HEADS_FILE, KeptHeads

    own = find_ledger_folder(settings) / HEADS_FILE
    for path in ([own] if own.exists() else []) + list(files):
        yield from KeptHeads(path)


def _verify(
    url: str, settings: Settings, kept: Iterable[SignedHead]
) -> tuple[Report, int]:
    import sqlalchemy as sa

    from app.migration import sqlalchemy_url
    from app.sealing import find_public_key
    from parcels.ledger.rows import check_changes
    from parcels.ledger.verify import verify_ledger
    from screening.decision_check import check_decisions, check_events

    own = find_public_key(settings)
    trusted = set() if own is None else {own}
    engine = sa.create_engine(
        sqlalchemy_url(url), isolation_level="REPEATABLE READ", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.execute(sa.text("set transaction read only"))
        report = verify_ledger(connection, kept, trusted)
        check_changes(connection, report)
        check_events(connection, report)
        return report, check_decisions(connection, report)


def _tell(report: Report, decisions: int) -> None:
    for found in report.found[:_SHOWN]:
        typer.echo(f"{found.kind}: {found.text('zh')}\n    {found.text('en')}")
    if len(report.found) > _SHOWN:
        typer.echo(f"... and {len(report.found) - _SHOWN} more")
    typer.echo(
        f"{report.sealed} entries sealed, {report.waiting} waiting, {report.heads}"
        f" heads signed, {report.kept_heads} kept outside, {decisions} decisions."
    )
    if not report.is_intact:
        raise LedgerNotIntact(
            "账本与所存数据不符，见上。\n"
            "The ledger and the data do not agree; see above."
        )
    typer.echo("账本完整。 The ledger is intact.")
