"""`jingtu ledger …`: proof that nothing recorded was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

import typer

from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.database import Database
    from app.settings import Settings
    from parcels.ledger.head import SignedHead
    from parcels.ledger.verify import Report
    from screening.gate import Gate
    from screening.replay import Replay

commands = typer.Typer(help="The ledger (存证账本).", no_args_is_help=True)
_SHOWN: Final = 200
_ANOTHER_ENGINE: Final = (
    "标有 another engine 的由另一版本的程序作出：以 --from record 复核结果同样不同的，"
    "是规则或文字随版本变化（见 CHANGELOG.md），而非登记数据被改动。",
    "Those marked as of another engine were judged by another version of this program:"
    " what differs in the same way --from record comes of its rules or words"
    " (CHANGELOG.md), not of the register.",
)

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


Source = Annotated[
    Literal["record", "register"],
    typer.Option("--from", help="Recorded facts, or the register as it was known."),
]


class LedgerNotIntact(CannotRun):
    """Something was found that the ledger says otherwise; it stands above."""

    exit_code = 9


class DecisionsDiffer(CannotRun):
    """Decisions come out otherwise when they are judged again; they stand above."""

    exit_code = 9


class HeadsUnusable(CannotRun):
    """A file of kept heads cannot be read; the text names file and line."""

    exit_code = 2


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


@commands.command("new-key")
def new_key() -> None:
    """Make another key to sign with where the old one is lost for good.

    Ends with 2 while there is a key: what it signed stands and falls with it.
    """
    from app.commands.asker import BadArgument
    from app.sealing import find_ledger_folder
    from parcels.ledger.keys import KEY_FILE, make_another_key

    settings = read_settings()
    folder = find_ledger_folder(settings)
    if (folder / KEY_FILE).exists():
        raise BadArgument(f"{folder / KEY_FILE} is there; nothing is made.")
    if not folder.is_dir() and not _has_register(settings):
        raise BadArgument(
            f"There is no register in {settings.data_dir}; nothing is made. Name its"
            " folder with JINGTU_DATA_DIR."
        )
    key = make_another_key(folder)
    typer.echo(f"{folder / KEY_FILE}: {key.public_key.hex()}")


def _has_register(settings: Settings) -> bool:
    """Whether the data directory is a register's, if its ledger is lost too."""
    from app.cluster.place import find_place

    if settings.has_own_cluster:
        return find_place(settings.data_dir) is not None
    return settings.data_dir.is_dir()


@commands.command()
def replay(source: Source = "register") -> None:
    """Judge every recorded decision again and name those that come out otherwise.

    From the register as it was known then: a version that a decision rests on and that
    somebody altered shows here. Ends with 0 when all come out the same, else 9.
    """
    from app.commands.register import fit_database
    from app.database import Database

    differing = replayed = 0
    with fit_database(read_settings()) as urls:
        database = Database(urls.service, pool_size=1, statement_timeout_s=0)
        try:
            for record in _read_records(urls.owner):
                replayed += 1
                differing += not _comes_out_the_same(database, record, source)
        finally:
            database.close()
    typer.echo(f"{replayed} decisions replayed from the {source}, {differing} differ.")
    if differing:
        raise DecisionsDiffer(
            f"有核查意见复核结果不同，见上。{_ANOTHER_ENGINE[0]}\n"
            f"Some decisions come out otherwise; see above. {_ANOTHER_ENGINE[1]}"
        )


def _read_records(url: str) -> Iterator[dict[str, Any]]:
    import orjson
    import psycopg

    with (
        psycopg.connect(url) as connection,
        connection.cursor("records") as cursor,
    ):
        cursor.itersize = 500
        query = "select record from registry.decision order by recorded_at, id"
        for (written,) in cursor.execute(query):
            yield orjson.loads(written)


def _comes_out_the_same(
    database: Database, record: dict[str, Any], source: Literal["record", "register"]
) -> bool:
    """Judge one decision again; say what differs."""
    from parcels.refusal import Refusal

    try:
        found = _judge_again(database, record, source)
    except Refusal as refusal:
        typer.echo(f"{record['id']}: {refusal.zh}\n    {refusal.en}")
        return False
    if found.is_equal:
        return True
    rules = [difference.rule for difference in found.comparison.rules]
    changed = [*rules, *found.comparison.members, *found.reread]
    engine = "" if record["engine"] == found.engine else " (another engine)"
    typer.echo(f"{record['id']}: {', '.join(changed)}{engine}")
    return False


def _judge_again(
    database: Database, record: dict[str, Any], source: Literal["record", "register"]
) -> Replay:
    from app.security.principals import Principal
    from screening.replay import replay_from_record, replay_from_register, scope_of

    gate = _gate()
    if source == "record":
        return replay_from_record(gate.rule_sets, record)
    asker = Principal(UUID(int=0), "replay", "auditor", scope_of(record))
    with database.transaction(asker, snapshot=True, read_only=True) as connection:
        return replay_from_register(connection, gate, record)


@cache
def _gate() -> Gate:
    from app.own_rule_sets import find_rule_sets
    from screening.gate import Gate

    return Gate(find_rule_sets(read_settings()))


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
    from parcels.ledger.rows import check_changes, check_task_events
    from parcels.ledger.verify import verify_ledger
    from screening.decision_check import check_decisions, check_events
    from screening.indicators.snapshot_check import check_snapshots

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
        check_task_events(connection, report)
        check_snapshots(connection, report)
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
