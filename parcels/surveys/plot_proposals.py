"""What of a file of plots is for two persons to change? (shell).

A row that says otherwise what an event has brought, or where a listed plot lies, does
not change it: the register's value stays, and committing the file proposes the
correction (T21P), which another person approves or refuses like any other. Everything
else of the row is written. `parcels.plots.guarded` says which fields these are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.plots.boundary import parse_boundary
from parcels.plots.correction_guards import PROPOSED
from parcels.plots.corrections import CORRECTABLE
from parcels.plots.entries import ENTRY_FIELDS
from parcels.plots.guarded import (
    FINDINGS,
    GEOMETRY,
    REACH,
    find_kept_findings,
    find_moved,
)
from parcels.plots.lifecycle import columns_set
from parcels.plots.proposals import find_decision
from parcels.plots.records import add_row, free_code
from parcels.plots.refusals import BoundaryNotUsable
from parcels.plots.restating import NOTHING
from parcels.plots.transitions import TRANSITION_OF
from parcels.register import history, tables
from parcels.register.layers import PLOT_DOCUMENT, PLOT_EVENT
from parcels.surveys.issues import Issues
from parcels.surveys.staged_file import GEOMETRY as GEOM
from parcels.surveys.staging import Staging

_ROWS: Final = ARRAY(sa.Integer())
_ASKED: Final = (*sorted(FINDINGS), *REACH)
_KNOWN: Final = ("stage", "held", *_ASKED)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A field that a row says otherwise and that two persons have to change.

    Attributes
    ----------
    field
        Attribute, or ``geometry``.
    found, value
        What the register says and what the file says, as a correction writes it.
    possible
        Whether a correction can be proposed: the plot is no mistaken entry, and what
        the file says can be restated.
    """

    row: int
    code: str
    division: str
    on: date
    field: str
    found: str
    value: str
    possible: bool


def read_guarded(connection: sa.Connection, staging: Staging) -> list[Guarded]:
    """Return what staged rows of plots say that one person does not change."""
    if staging.layer.name != "plot":
        return []
    statement = _beside_register(staging)
    found = [dict(row) for row in connection.execute(statement).mappings()]
    events = read_events(connection, sorted({row["code"] for row in found}))
    guarded: list[Guarded] = []
    for row in found:
        of_plot = events.get((row["division_code"], row["code"]), [])
        guarded += _of_row(row, staging.given, of_plot)
    return guarded


def _beside_register(staging: Staging) -> sa.Select[Any]:
    """Select rows with the version of their plot in force on their day."""
    rows, layer = staging.table, tables.TABLES["plot"]
    said = [name for name in _ASKED if name in staging.given]
    return sa.select(
        rows.c.row_number,
        rows.c.code,
        rows.c.division_code,
        staging.day.label("day"),
        sa.func.st_asbinary(rows.c[GEOM]).label("place"),
        sa.func.st_asbinary(layer.c.geom).label("place_before"),
        *(rows.c[name].label(f"said_{name}") for name in said),
        *(layer.c[name].label(f"held_{name}") for name in _KNOWN),
    ).join_from(rows, layer, staging.in_force(tables.TABLES["plot"]))


def read_events(
    connection: sa.Connection, codes: Sequence[str]
) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Return the open events of plots by division and code, in their order."""
    event = tables.TABLES["plot_event"]
    statement = (
        sa.select(event)
        .where(event.c.plot_code == sa.any_(sa.literal(codes, ARRAY(sa.Text()))))
        .where(event.c.closed_by.is_(None))
        .order_by(event.c.valid_from, event.c.version_id)
    )
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault((row["division_code"], row["plot_code"]), []).append(dict(row))
    return found


def _of_row(
    row: Mapping[str, Any], given: Sequence[str], events: Sequence[Mapping[str, Any]]
) -> Iterator[Guarded]:
    before = {name: row[f"held_{name}"] for name in _KNOWN}
    wanted = {name: row[f"said_{name}"] for name in _ASKED if name in given}
    past = [one["event"] for one in events if one["valid_from"] <= row["day"]]
    brought = frozenset[str]().union(*map(columns_set, past))
    place, other = (_geometry(row[name]) for name in ("place_before", "place"))
    names = find_kept_findings(before, wanted, brought)
    names += find_moved(before, place, wanted, other)
    living = before["stage"] in TRANSITION_OF[PROPOSED].from_stages
    for name in names:
        if name == GEOMETRY:
            found, value = _place_text(place), _place_text(other)
            possible = other is not None and _is_usable(value)
        else:
            found, value, possible = _text(before[name]), _text(wanted[name]), True
        yield Guarded(
            row["row_number"],
            row["code"],
            row["division_code"],
            row["day"],
            name,
            found,
            value,
            living and possible,
        )


def _geometry(wkb: Any) -> Any:
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def _place_text(place: Any) -> str:
    return NOTHING if place is None else shapely.to_geojson(place)


def _is_usable(text: str) -> bool:
    try:
        parse_boundary(text)
    except BoundaryNotUsable:
        return False
    return True


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    return str(value).lower() if isinstance(value, bool) else str(value)


def tell_guarded(
    guarded: Sequence[Guarded], fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Give an issue for each guarded field of a row: proposed, or kept for good."""
    for kind, possible in (("plot_correction", True), ("plot_kept", False)):
        for name in sorted({one.field for one in guarded if one.possible == possible}):
            alike = [
                one for one in guarded if one.field == name and one.possible == possible
            ]
            title = CORRECTABLE[name]
            shown = name != GEOMETRY
            yield Issues(
                kind,
                np.array([one.row for one in alike], np.int32),
                fields.get(name),
                [one.value if shown else None for one in alike],
                {
                    "attribute": name,
                    "code": [one.code for one in alike],
                    "title_zh": title.zh,
                    "title_en": title.en.lower(),
                    "found": [one.found if shown else "" for one in alike],
                },
            )


def withhold(connection: sa.Connection, staging: Staging) -> list[Guarded]:
    """Let staged rows say what the register says where two persons have to change it.

    Returns what the file said there. Where a plot came from stays as it is, too, unless
    the row brings another stage (`plot_entries`): a file that leaves it blank does not
    make it forgotten.
    """
    guarded = read_guarded(connection, staging)
    rows, layer = staging.table, tables.TABLES["plot"]
    for name in sorted({one.field for one in guarded}):
        numbers = [one.row for one in guarded if one.field == name]
        _restore(
            connection,
            staging,
            _columns_of(staging, name),
            rows.c.row_number == sa.any_(sa.literal(numbers, _ROWS)),
        )
    origin = [name for name in ENTRY_FIELDS if name in staging.given]
    if staging.layer.name == "plot" and origin and "stage" in staging.given:
        same = rows.c.stage == layer.c.stage
        if "held" in staging.given:
            held, before = rows.c.held, sa.func.coalesce(layer.c.held, sa.false())
            same &= sa.or_(held.is_(None), held == before)
        _restore(connection, staging, origin, same)
    return guarded


def _columns_of(staging: Staging, name: str) -> list[str]:
    if name != GEOMETRY:
        return [name]
    measured = "mapped_area_m2"
    return [GEOM, measured] if measured in staging.given else [GEOM]


def _restore(
    connection: sa.Connection,
    staging: Staging,
    columns: Sequence[str],
    chosen: sa.ColumnElement[bool],
) -> None:
    rows, layer = staging.table, tables.TABLES["plot"]
    values = {
        name: sa.func.st_setsrid(layer.c.geom, 0) if name == GEOM else layer.c[name]
        for name in columns
    }
    connection.execute(
        sa.update(rows)
        .values(values)
        .where(staging.in_force(tables.TABLES["plot"]), chosen)
    )


def write_proposals(
    connection: sa.Connection,
    change: history.Change,
    guarded: Sequence[Guarded],
    reason: str,
    source: str,
) -> None:
    """Propose under the open change what a file says; nothing that waits already.

    Parameters
    ----------
    source
        Which upload says so, for the note of the event and the paper it is.
    """
    events = read_events(connection, sorted({one.code for one in guarded}))
    for one in guarded:
        known = events.get((one.division, one.code), [])
        if not one.possible or _waits(known, one):
            continue
        own = history.Change(change.id, change.actor, one.division)
        paper = free_code(connection, PLOT_DOCUMENT, f"{one.code}-U{change.id}")
        named = {"plot_code": one.code, "document_type": "other"}
        add_row(connection, own, PLOT_DOCUMENT, paper, one.on, named)
        event = {
            "plot_code": one.code,
            "event": PROPOSED,
            "step": TRANSITION_OF[PROPOSED].number,
            "documents": [paper],
            "details": {
                "correction": "field",
                "reason": reason,
                "wrong_field": one.field,
                "right_value": one.value,
            },
            "note": f"{source}, {one.row}",
        }
        code = free_code(connection, PLOT_EVENT, f"{one.code}-P{change.id}")
        add_row(connection, own, PLOT_EVENT, code, one.on, event)


def _waits(events: Sequence[Mapping[str, Any]], one: Guarded) -> bool:
    """Whether the same correction was proposed and nobody has decided on it."""
    return any(
        row["event"] == PROPOSED
        and (row["details"] or {}).get("wrong_field") == one.field
        and (row["details"] or {}).get("right_value") == one.value
        and find_decision(events, row["code"]) is None
        for row in events
    )
