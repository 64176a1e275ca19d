"""The kind `plot_decisions`: plots on a register, and decisions on their land (shell).

Plots are read as the register stood at the run's moment; decisions as they stand when
it is carried out, so a repetition tells later ones too. Every decision of the asker's
divisions counts, whatever became of it. Decisions have no index by place: one pass over
them finds the plots near each, and a piece is some of those plots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import shapely
import sqlalchemy as sa
from psycopg.rows import dict_row, tuple_row

from parcels.register.repository import span_of_days
from parcels.register.statements import Statements, as_known_now, as_known_then, fetch
from parcels.texts import Text
from screening.distance import expand_bounds
from screening.neighbourhood import Feature
from screening.runs.asked import ParameterFault
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.plot_decision_rows import (
    COLUMNS,
    PlotDecisionMaterial,
    list_plot_decisions,
    tally_plot_decisions,
)
from screening.runs.row import MOST_ROWS, Field, TooManyRows
from screening.runs.tiles import division_prefix
from screening.surroundings import ADJOINING_M, BARE_POINT_M

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "plot_decisions.sql")
_PIECE: Final = 500
"""Plots, and decisions near them, of one piece; one plot may have more."""
_NORTHERNMOST: Final = 54.0


class Piece(NamedTuple):
    """Versions of plots, and ids of the decisions that may be about their land."""

    plots: list[int]
    decisions: set[UUID]


def _fetch(
    connection: sa.Connection, order: RunOrder, name: str, row_factory: Any, **more: Any
) -> list[Any]:
    moment = order.moment
    known = as_known_now if moment.known_at is None else as_known_then
    values = {"as_of": moment.as_of, "known_at": moment.known_at, **more}
    return fetch(connection, known(_SQL[name]), values, row_factory)


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Piece]:
    wide = {"division": division_prefix(order), "most": MOST_ROWS + 1}
    listed = _fetch(connection, order, "listed", tuple_row, **wide)
    begins, over = _span(order.parameters)
    near = _fetch(
        connection,
        order,
        "near",
        tuple_row,
        adjoining_deg=_degrees(ADJOINING_M),
        bare_point_deg=_degrees(BARE_POINT_M + ADJOINING_M),
        recorded_from=begins,
        recorded_before=over,
        **wide,
    )
    if max(len(listed), len(near)) > MOST_ROWS:
        raise TooManyRows(MOST_ROWS)
    decisions: defaultdict[int, list[UUID]] = defaultdict(list)
    for plot, decision in near:
        decisions[plot].append(decision)
    pieces = [Piece([], set())]
    for (plot,) in listed:
        if len(pieces[-1].plots) + len(pieces[-1].decisions) >= _PIECE:
            pieces.append(Piece([], set()))
        pieces[-1].plots.append(plot)
        pieces[-1].decisions.update(decisions[plot])
    return pieces


def _degrees(metres: float) -> float:
    """Return degrees that hold so many metres to each side, all over the country."""
    _, _, east, _ = expand_bounds((0.0, _NORTHERNMOST, 0.0, _NORTHERNMOST), metres)
    return east


def _span(parameters: Mapping[str, Any]) -> tuple[Any, Any]:
    first, last = (
        None if name not in parameters else date.fromisoformat(parameters[name])
        for name in ("recorded_from", "recorded_to")
    )
    return span_of_days(first, last)


def _read(
    connection: sa.Connection, order: RunOrder, piece: Piece
) -> PlotDecisionMaterial:
    plots = _fetch(connection, order, "plots", dict_row, versions=piece.plots)
    made = _fetch(connection, order, "decisions", dict_row, ids=list(piece.decisions))
    return PlotDecisionMaterial(
        [_plot(row) for row in plots],
        [_decision(number, row) for number, row in enumerate(made)],
    )


def _plot(row: Mapping[str, Any]) -> Feature:
    return Feature(
        theme="plot",
        layer="plot",
        code=row["code"],
        name=row["name"],
        category=row["stage"],
        division_code=row["division_code"],
        geometry=shapely.from_wkb(row["geom"]),
        attributes={
            "lists": "; ".join(row["lists"]) or None,
            "held": row["held"],
            "plot_use": _use(row["planned_use_scheme"], row["planned_use_code"]),
            "plot_area_m2": row["area_m2"],
        },
        accuracy_m=row["accuracy_m"],
        stated_area_m2=row["stated_area_m2"],
        version_id=row["version_id"],
    )


def _decision(number: int, row: Mapping[str, Any]) -> Feature:
    """Return the land of a decision; its number stands for the version of an object."""
    use = row["planned_use"] or {}
    return Feature(
        theme="decision",
        layer="decision",
        code=row["certificate_number"],
        name=None,
        category=row["outcome"],
        division_code=row["division_code"],
        geometry=shapely.from_wkb(row["geom"]),
        attributes={
            "transaction": row["transaction"],
            "use": _use(use.get("scheme"), use.get("code")),
            "standing": row["state"],
            "as_of": row["as_of"].isoformat(),
            "recorded_on": row["recorded_on"].isoformat(),
            "parcel_codes": "; ".join(row["parcel_codes"]) or None,
        },
        version_id=number,
    )


def _use(scheme: str | None, code: str | None) -> str | None:
    return f"{scheme}.{code}" if scheme and code else None


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return ("plot",)


def _check(parameters: Mapping[str, Any]) -> Sequence[ParameterFault]:
    first, last = parameters.get("recorded_from"), parameters.get("recorded_to")
    if first is None or last is None or first <= last:
        return ()
    text = Text(
        f"不应早于 recorded_from（{first}）；请更正其中之一。",
        f"must not be before recorded_from ({first}); correct one of them.",
    )
    return [ParameterFault("/parameters/recorded_to", "order_reversed", text, last)]


PLOT_DECISIONS: Final = Kind(
    "plot_decisions",
    Text("污染地块用地核查台账", "Registered plots and the decisions about their land"),
    Text(
        "列出各名录地块（含已移出的）及本辖区就其用地出具的全部核查意见书；没有意见书的"
        "地块一并列出。",
        "Lists every plot that is on a register, or once was, with every decision of"
        " this division about its land; plots nobody has asked about are listed too.",
    ),
    (
        DIVISION_FIELD,
        Field(
            "recorded_from",
            Text("意见书出具日自", "Decisions recorded from"),
            "date",
            hint=Text("含当日；不填为最早", "that day too; the first when left out"),
        ),
        Field(
            "recorded_to",
            Text("意见书出具日至", "Decisions recorded up to"),
            "date",
            hint=Text("含当日；不填为最近", "that day too; the latest when left out"),
        ),
    ),
    COLUMNS,
    _plan,
    _read,
    list_plot_decisions,
    tally_plot_decisions,
    _themes,
    check=_check,
)
