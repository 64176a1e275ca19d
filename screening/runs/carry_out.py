"""Carry a run out: plan it, read piece after piece, work, hand on the rows (service).

Everything is read in one snapshot of the database, by one connection; pieces that have
been read are worked on side by side while the next is read. Rows leave in the order of
the pieces, so the result and its digest do not depend on who was faster.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import shapely
import sqlalchemy as sa

from parcels.codes import WHOLE_COUNTRY
from parcels.register.repository import Moment, last_change
from screening.engine import describe_engine
from screening.rule_set import RuleSets
from screening.runs.coverage import read_coverage
from screening.runs.kind import Kind, RunOrder
from screening.runs.kinds import KINDS
from screening.runs.repository import Run, write_line
from screening.runs.row import MOST_ROWS, Row, TooManyRows
from screening.upstream.elevation import describe_elevation

AHEAD: Final = 4
"""Pieces that are read and not yet handed on, at most; bounds the memory of a run."""


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of one piece as they are kept, and how far the run is with them."""

    lines: list[bytes]
    geometries: list[bytes | None]
    done: int
    of: int


@dataclass(slots=True)
class Outcome:
    """What is told of a run as a whole; complete once every piece was handed on."""

    data_versions: Mapping[str, Any]
    coverage: list[dict[str, Any]]
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    _digest: Any = field(default_factory=hashlib.sha256)

    def take(self, kind: Kind, rows: list[Row]) -> tuple[list[bytes], list[Any]]:
        """Count rows and add them to the digest; return them as they are kept."""
        lines = [write_line(row) for row in rows]
        geometries = [_wkb(row) for row in rows]
        for row, line, geometry in zip(rows, lines, geometries, strict=True):
            self._digest.update(b"%d %d\n" % (len(line), len(geometry or b"")))
            self._digest.update(line)
            self._digest.update(geometry or b"")
            for name, more in kind.tally(row).items():
                self.counts[name] += more  # type: ignore[assignment]
        self.rows += len(rows)
        return lines, geometries

    @property
    def sha256(self) -> bytes:
        """Digest of every row in order: equal data and program, equal digest."""
        found: bytes = self._digest.digest()
        return found

    def summary(self) -> dict[str, Any]:
        """Return the summary: rows, the kind's counts and sums, and the coverage."""
        counts = {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in sorted(self.counts.items())
        }
        return {"rows": self.rows, "counts": counts, "coverage": self.coverage}


def _elevation_of(order: RunOrder) -> dict[str, Any] | None:
    """Return what is known of the elevation model of a run; None without one.

    Raises
    ------
    ElevationUnusable
        If it cannot be used.
    """
    if order.elevation is None:
        return None
    source = describe_elevation(order.elevation)
    return {
        "name": source.name,
        "sha256": source.sha256,
        "cell_m": source.cell_m,
        "data_date": source.data_date,
        "origin": source.origin,
    }


def _wkb(row: Row) -> bytes | None:
    if row.geometry is None:
        return None
    written: bytes = shapely.to_wkb(row.geometry)
    return written


class Carrier:
    """Carries runs out with the rule sets of a deployment."""

    def __init__(
        self,
        rule_sets: RuleSets,
        executor: Executor,
        elevation: Path | None = None,
    ) -> None:
        self._rule_sets = rule_sets
        self._executor = executor
        self._elevation = elevation
        describe_engine()

    def begin(self, connection: sa.Connection, run: Run) -> tuple[RunOrder, Outcome]:
        """Return what a run is to do and an empty outcome, with what it rests on.

        Parameters
        ----------
        connection
            One snapshot (REPEATABLE READ) under the asker's rights.
        """
        known = None if run.known_at == last_change(connection) else run.known_at
        moment = Moment(run.as_of, known)
        own = () if run.division_code == WHOLE_COUNTRY else (run.division_code,)
        rules = self._rule_sets.find(own).at(run.as_of)
        order = RunOrder(
            run.kind,
            run.parameters,
            moment,
            run.division_code,
            rules.parameters,
            self._rule_sets,
            self._elevation,
        )
        versions: dict[str, Any] = {
            "change": run.known_at,
            "as_of": run.as_of.isoformat(),
            "rule_set": {
                "id": rules.rule_set.id,
                "version": rules.rule_set.version,
                "sha256": rules.rule_set.sha256,
            },
            "engine": describe_engine(),
        }
        kind = KINDS[run.kind]
        if kind.uses_elevation:
            versions["elevation"] = _elevation_of(order)
        coverage = read_coverage(connection, order, kind.themes(run.parameters))
        return order, Outcome(versions, coverage)

    def carry_out(
        self, connection: sa.Connection, order: RunOrder, outcome: Outcome
    ) -> Iterator[Written]:
        """Yield the rows piece by piece; `outcome` grows with them.

        Raises
        ------
        TooManyRows
            As soon as there are more than `MOST_ROWS`.
        Refusal
            Whatever the kind refuses.
        """
        kind = KINDS[order.kind]
        pieces = kind.plan(connection, order)
        yield Written([], [], 0, len(pieces))
        for done, rows in enumerate(self._work(connection, order, pieces), start=1):
            if outcome.rows + len(rows) > MOST_ROWS:
                raise TooManyRows(MOST_ROWS)
            lines, geometries = outcome.take(kind, rows)
            yield Written(lines, geometries, done, len(pieces))

    def _work(
        self, connection: sa.Connection, order: RunOrder, pieces: Any
    ) -> Iterator[list[Row]]:
        kind = KINDS[order.kind]
        under_way: deque[Future[list[Row]]] = deque()
        try:
            for piece in pieces:
                material = kind.read(connection, order, piece)
                under_way.append(self._executor.submit(kind.work, material))
                if len(under_way) >= AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
