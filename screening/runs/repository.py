"""Runs and their results as the database keeps them (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.refusal import Refusal
from parcels.register.statements import Statements, execute, fetch
from parcels.texts import Text
from screening.gate import AskedBy
from screening.runs.row import Row

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "run.sql")
_AT_ONCE: Final = 2000


class RunNotFound(LookupError):
    """There is no such run in the caller's part of the country."""


class RunNotDone(Refusal):
    """A run has no result (yet): it waits, runs, failed or was cancelled."""

    def __init__(self, state: str) -> None:
        super().__init__(
            "run_not_done",
            f"该筛查任务尚无结果（{state}）。",
            f"The run has no result ({state}).",
        )


class RunEnded(Refusal):
    """The run is done, cancelled or failed; it cannot be cancelled any more."""

    def __init__(self, state: str) -> None:
        super().__init__(
            "run_ended",
            f"该筛查任务已结束（{state}），不能取消。",
            f"The run is ended ({state}) and cannot be cancelled.",
        )


@dataclass(frozen=True, slots=True)
class Run:
    """An order of a screening, how far it is and what came of it (筛查任务).

    `known_at` is None until it is begun; `result_sha256`, `summary` and
    `data_versions` until it is done. `repeats` is the run it was ordered to repeat.
    """

    id: UUID
    division_code: str
    kind: str
    parameters: Mapping[str, Any]
    as_of: date
    known_at: int | None
    state: str
    progress: Mapping[str, Any] | None
    data_versions: Mapping[str, Any] | None
    summary: Mapping[str, Any] | None
    result_sha256: bytes | None
    repeats: UUID | None
    actor: str
    ordered_at: datetime
    changed_at: datetime
    failure: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of a result as it was kept."""

    number: int
    row: Row


def open_run(
    connection: sa.Connection,
    asked_by: AskedBy,
    kind: str,
    parameters: Mapping[str, Any],
    as_of: date,
    *,
    known_at: int | None = None,
    repeats: UUID | None = None,
) -> Run:
    """Keep the order of a run; its parameters are checked before."""
    values = {
        "scope": asked_by.scope,
        "kind": kind,
        "parameters": orjson.dumps(parameters).decode(),
        "as_of": as_of,
        "known_at": known_at,
        "repeats": repeats,
        "actor": asked_by.name,
        "client_id": asked_by.client_id,
    }
    ((run_id,),) = fetch(connection, _SQL["open"], values, tuple_row)
    return get_run(connection, run_id)


def get_run(connection: sa.Connection, run_id: UUID) -> Run:
    """Return a run.

    Raises
    ------
    RunNotFound
        If the caller has none of that id.
    """
    rows = fetch(connection, _SQL["find"], {"id": run_id})
    if not rows:
        raise RunNotFound(str(run_id))
    return Run(**rows[0])


def list_runs(
    connection: sa.Connection,
    *,
    kind: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[Run]:
    """Return runs of the caller's divisions, the latest first."""
    time, run_id = before or (None, None)
    values = {"kind": kind, "before_time": time, "before_id": run_id, "limit": limit}
    return [Run(**row) for row in fetch(connection, _SQL["list"], values)]


def begin_run(connection: sa.Connection, run_id: UUID) -> Run | None:
    """Take a run up and clear what an earlier attempt wrote; None when it is ended."""
    if not fetch(connection, _SQL["begin"], {"id": run_id}):
        return None
    execute(connection, _SQL["clear"], {"id": run_id})
    return get_run(connection, run_id)


def note_progress(
    connection: sa.Connection, run_id: UUID, progress: Mapping[str, Any]
) -> bool:
    """Write how far a run is; False when it is not wanted any more."""
    values = {"id": run_id, "progress": orjson.dumps(progress).decode()}
    return bool(fetch(connection, _SQL["note"], values))


def write_lines(
    connection: sa.Connection,
    run_id: UUID,
    first: int,
    lines: Sequence[bytes],
    geometries: Sequence[bytes | None],
) -> None:
    """Write rows of a result, numbered from `first`; lines as `write_line` gives."""
    for start in range(0, len(lines), _AT_ONCE):
        values = {
            "id": run_id,
            "first": first + start,
            "lines": [line.decode() for line in lines[start : start + _AT_ONCE]],
            "geoms": list(geometries[start : start + _AT_ONCE]),
        }
        execute(connection, _SQL["write"], values)


def write_line(row: Row) -> bytes:
    """Return what is kept of a row besides its geometry, as sorted, compact JSON."""
    line = {"values": dict(row.values), "why": {"zh": row.why.zh, "en": row.why.en}}
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS)


def finish_run(
    connection: sa.Connection,
    run_id: UUID,
    summary: Mapping[str, Any],
    data_versions: Mapping[str, Any],
    sha256: bytes,
) -> bool:
    """Say that a run is done; False if it was cancelled meanwhile."""
    values = {
        "id": run_id,
        "summary": orjson.dumps(summary).decode(),
        "data_versions": orjson.dumps(data_versions).decode(),
        "sha256": sha256,
    }
    return bool(fetch(connection, _SQL["finish"], values))


def fail_run(connection: sa.Connection, run_id: UUID, refusal: Refusal) -> None:
    """Say in a run why it cannot be done."""
    why = {"reason": refusal.reason, "zh": refusal.zh, "en": refusal.en}
    _end(connection, run_id, "failed", orjson.dumps(why).decode())


def cancel_run(connection: sa.Connection, run_id: UUID) -> Run:
    """End a run that waits or runs.

    Raises
    ------
    RunNotFound, RunEnded
        If there is none, or it is ended already.
    """
    run = get_run(connection, run_id)
    if not _end(connection, run_id, "cancelled", None):
        raise RunEnded(get_run(connection, run.id).state)
    return get_run(connection, run_id)


def _end(
    connection: sa.Connection, run_id: UUID, state: str, failure: str | None
) -> bool:
    values = {"id": run_id, "state": state, "failure": failure}
    return bool(fetch(connection, _SQL["end"], values))


def list_results(
    connection: sa.Connection, run_id: UUID, *, after: int = 0, limit: int = 1000
) -> list[ResultRow]:
    """Return rows of a result after a number, in order; the first is 1."""
    values = {"id": run_id, "after": after, "limit": limit}
    found = fetch(connection, _SQL["results"], values)
    return [_read(row) for row in found]


def find_results(
    connection: sa.Connection, run_id: UUID, numbers: Sequence[int]
) -> list[ResultRow]:
    """Return the rows of these numbers, in order; what is not there is left out."""
    values = {"id": run_id, "numbers": list(numbers)}
    return [_read(row) for row in fetch(connection, _SQL["chosen"], values)]


def _read(row: Mapping[str, Any]) -> ResultRow:
    line, geom = row["line"], row["geom"]
    geometry = None if geom is None else shapely.from_wkb(geom)
    why = Text(line["why"]["zh"], line["why"]["en"])
    return ResultRow(row["number"], Row(line["values"], why, geometry))
