"""The job of a screening run: carry it out and keep its rows.

It begins anew whatever an earlier attempt wrote; between two pieces it looks whether
the run is still wanted. It runs under the rights its asker has now.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.database import Database
from app.jobs import RUNS, Job, defer
from app.security.principals import Principal
from app.work_rows import WorkRows
from parcels.refusal import Refusal
from screening.rule_set import RuleSets
from screening.runs.carry_out import Carrier, Outcome, Written
from screening.runs.repository import (
    Run,
    begin_run,
    fail_run,
    finish_run,
    note_progress,
    write_lines,
)

CARRY_OUT_RUN: Final = "carry_out_run"

_ROWS: Final = WorkRows(
    "run_screening",
    sa.text(
        "select id, name, role, scope, registry.person_of(id)"
        " from registry.run_asker(:id)"
    ),
    sa.text("select registry.give_up_run(:id, cast(:why as jsonb))"),
)


class RunNotWanted(Exception):
    """The run was cancelled while it was carried out."""


def run_jobs(
    rule_sets: RuleSets, executor: Executor, elevation: Path | None = None
) -> tuple[Job, ...]:
    """Return the kind of job that screening runs need."""
    carrier = Carrier(rule_sets, executor, elevation)
    return (Job(CARRY_OUT_RUN, partial(_run, carrier), _ROWS.give_up),)


def queue_run(connection: sa.Connection, run_id: UUID) -> None:
    """Queue the job that carries a run out."""
    defer(connection, CARRY_OUT_RUN, run_id, queue=RUNS)


def _run(carrier: Carrier, database: Database, work_id: str) -> None:
    asker = _ROWS.find_asker(database, work_id)
    if asker is None:
        # Ended meanwhile, or the asker is gone: the database knows which.
        _ROWS.fail_without_asker(database, work_id)
        return
    carry_out_run(carrier, database, asker, UUID(work_id))


def carry_out_run(
    carrier: Carrier, database: Database, asker: Principal, run_id: UUID
) -> None:
    """Carry a run out for a caller; what cannot be done is written into the run."""
    with database.transaction(asker) as connection:
        run = begin_run(connection, run_id)
    if run is None:
        return
    # A run reads under the division it was ordered for, however far its asker sees now.
    own = replace(asker, scope=run.division_code)
    try:
        _carry_out(carrier, database, own, run)
    except RunNotWanted:
        return
    except Refusal as refusal:
        with database.transaction(own) as connection:
            fail_run(connection, run.id, refusal)


def _carry_out(
    carrier: Carrier, database: Database, asker: Principal, run: Run
) -> None:
    with database.transaction(asker, snapshot=True, read_only=True) as reading:
        order, outcome = carrier.begin(reading, run)
        first = 1
        for written in carrier.carry_out(reading, order, outcome):
            _keep(database, asker, run, written, first)
            first += len(written.lines)
    _finish(database, asker, run, outcome)


def _keep(
    database: Database, asker: Principal, run: Run, written: Written, first: int
) -> None:
    """Write the rows of one piece and how far the run is, both or neither."""
    rows = first - 1 + len(written.lines)
    progress = {"done": written.done, "of": written.of, "rows": rows}
    with database.transaction(asker) as connection:
        if not note_progress(connection, run.id, progress):
            raise RunNotWanted
        write_lines(connection, run.id, first, written.lines, written.geometries)


def _finish(database: Database, asker: Principal, run: Run, outcome: Outcome) -> None:
    with database.transaction(asker) as connection:
        finish_run(
            connection,
            run.id,
            outcome.summary(),
            outcome.data_versions,
            outcome.sha256,
        )
