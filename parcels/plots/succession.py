"""How are plots split or merged? Successors take over lists and history (service).

Nothing is deleted: predecessors end in law on the day, successors begin on it with the
same stage, lists, and copies of papers, pollutants and parties; an event on either side
names the other. Boundaries may move, but no ground of a plot falls out of the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
import sqlalchemy as sa
from geoalchemy2.elements import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.crs import STORAGE_SRID
from parcels.plots.events import write_event
from parcels.plots.inheritance import inherit, unite_parties
from parcels.plots.lists import keeper_level
from parcels.plots.occurrence import LEVEL_NAMES, level_of, reaches
from parcels.plots.records import (
    PlotRecord,
    Row,
    add_row,
    is_valid,
    open_of_plot,
    read_record,
)
from parcels.plots.refusals import SuccessionNotPossible
from parcels.register import history
from parcels.register.edit import lock_county
from parcels.register.layers import (
    PLOT,
    PLOT_DOCUMENT,
    PLOT_LIST_MEMBERSHIP,
    PLOT_PARTY,
    PLOT_POLLUTANT,
    Layer,
)
from parcels.register.repository import today

TOLERANCE_M2: Final = 1.0
"""Ground that may differ between predecessors and successors; a project default."""

_EVENTS: Final = {
    "split": ("split_into", "split_from"),
    "merge": ("merged_into", "merged_from"),
}


@dataclass(frozen=True, slots=True)
class Successor:
    """A plot that comes out of a split or merge.

    `geometry` is EPSG:4490, a MultiPolygon or a Point; `values` are columns of its own
    (name, accuracy, stated area).
    """

    code: str
    geometry: BaseGeometry
    values: Row


@dataclass(frozen=True, slots=True)
class Succession:
    """A split or merge as it was entered."""

    kind: str
    on: date
    stage: str
    held: bool
    lists: tuple[str, ...]
    change: int


def succeed(
    connection: sa.Connection,
    codes: Sequence[str],
    successors: Sequence[Successor],
    division: str,
    on: date,
    *,
    reason: str,
    actor: str,
    scope: str,
) -> Succession:
    """Let successors take the place of plots from a day on: one change.

    Raises
    ------
    SuccessionNotPossible
        If it is neither split nor merge, the plots differ in stage, something happened
        after the day, ground would be lost, or the office does not keep their lists.
    AlreadyRegistered
        If a successor's code is taken.
    """
    lock_county(connection, division)
    records = [read_record(connection, code, division) for code in codes]
    kind = _check_kind(codes, successors)
    _check_days(records, on, today(connection))
    rows = [row for record in records if (row := record.in_force(on)) is not None]
    _check_stages(rows)
    lists = sorted(frozenset().union(*(record.lists_on(on) for record in records)))
    _check_level(frozenset(lists), scope)
    _check_ground([to_shape(row["geom"]) for row in rows], successors)
    change = history.open_change(
        connection, actor=actor, division_code=division, reason=f"{kind}: {reason}"
    )
    inherited = inherit(rows)
    found = [_found_of(connection, record, on) for record in records]
    _end(connection, change, records, successors, kind, on, inherited["stage"], reason)
    for one in successors:
        _begin(connection, change, one, records, on, inherited)
        _note(
            connection, change, one.code, _EVENTS[kind][1], codes, on, inherited, reason
        )
        _hand_on_found(connection, change, one, found, on)
    number = history.number_change(connection, change)
    stage, held = inherited["stage"], bool(inherited["held"])
    return Succession(kind, on, stage, held, tuple(lists), number)


def _check_kind(codes: Sequence[str], successors: Sequence[Successor]) -> str:
    named = [*codes, *(one.code for one in successors)]
    if len(set(named)) < len(named):
        raise SuccessionNotPossible(
            "code_named_twice",
            "每个地块编码只能出现一次，后续地块须用新编码。",
            "every plot code may be named once; successors take new codes.",
        )
    if len(codes) == 1 and len(successors) > 1:
        return "split"
    if len(codes) > 1 and len(successors) == 1:
        return "merge"
    raise SuccessionNotPossible(
        "neither_split_nor_merge",
        "分割为一个地块变多个，合并为多个地块变一个。",
        "a split makes several plots of one, a merge one of several.",
    )


def _check_days(records: Sequence[PlotRecord], on: date, now: date) -> None:
    if on > now:
        raise SuccessionNotPossible(
            "not_in_future",
            f"日期 {on} 晚于今天 {now}。",
            f"the day {on} is after today, {now}.",
        )
    for record in records:
        row = record.in_force(on)
        if row is None or min(one["valid_from"] for one in record.versions) >= on:
            raise SuccessionNotPossible(
                "not_in_force",
                f"地块 {record.code} 在 {on} 之前没有有效版本。",
                f"plot {record.code} is not on record before {on}.",
            )
        rows = (*record.versions, *record.events, *record.memberships)
        if any(one["valid_from"] > on for one in rows):
            raise SuccessionNotPossible(
                "later_history",
                f"地块 {record.code} 在 {on} 之后还有记录，不能以该日分割或合并。",
                f"plot {record.code} has history after {on}; take a later day.",
            )


def _check_stages(rows: Sequence[Row]) -> None:
    stages = sorted({row["stage"] for row in rows})
    if len(stages) > 1:
        raise SuccessionNotPossible(
            "stages_differ",
            f"各地块阶段不同（{'、'.join(stages)}），须阶段相同方可合并。",
            f"the plots are in different stages ({', '.join(stages)}); merge plots of"
            " one stage.",
        )
    if stages == ["closed_error"]:
        raise SuccessionNotPossible(
            "closed_error",
            "误列地块不能分割或合并。",
            "a mistaken entry has no successor.",
        )


def _check_level(lists: frozenset[str], scope: str) -> None:
    needed = keeper_level(lists)
    if not reaches(level_of(scope), needed):
        name = LEVEL_NAMES[needed]
        raise SuccessionNotPossible(
            "level",
            f"须由{name.zh}或以上部门办理：其名录由该级管理（产品设计，非法律规定）。",
            f"done by the {name.en} level or above, which keeps the plot's list"
            " (the project's own choice, not law).",
        )


def _check_ground(
    before: Sequence[BaseGeometry], successors: Sequence[Successor]
) -> None:
    """Refuse lost ground, and ground of two successors; points cannot be compared."""
    areas = [one for one in before if shapely.get_dimensions(one) == 2]
    after = [one.geometry for one in successors]
    if not areas:
        return
    if any(shapely.get_dimensions(one) < 2 for one in after):
        raise SuccessionNotPossible(
            "boundary_needed",
            "原地块有边界，后续地块也须给出边界。",
            "the plots have boundaries; give those of the successors too.",
        )
    united = shapely.union_all(after)
    lost_m2 = _area_m2(shapely.difference(shapely.union_all(areas), united))
    if lost_m2 > TOLERANCE_M2:
        raise SuccessionNotPossible(
            "ground_lost",
            f"后续地块未覆盖原地块 {lost_m2:.2f} 平方米；请调整边界。",
            f"{lost_m2:.2f} m2 of the plots lie in no successor; correct the"
            " boundaries.",
        )
    doubled_m2 = sum(map(_area_m2, after)) - _area_m2(united)
    if doubled_m2 > TOLERANCE_M2:
        raise SuccessionNotPossible(
            "successors_overlap",
            f"后续地块相互重叠 {doubled_m2:.2f} 平方米；请调整边界。",
            f"successors overlap by {doubled_m2:.2f} m2; correct the boundaries.",
        )


def _area_m2(geometry: BaseGeometry) -> float:
    parts = shapely.get_parts(geometry)
    polygons = [one for one in parts if shapely.get_dimensions(one) == 2]
    if not polygons:
        return 0.0
    return float(measure_area(shapely.multipolygons(polygons)))


def _end(
    connection: sa.Connection,
    change: history.Change,
    records: Sequence[PlotRecord],
    successors: Sequence[Successor],
    kind: str,
    on: date,
    stage: str,
    reason: str,
) -> None:
    for record in records:
        values = {
            "event": _EVENTS[kind][0],
            "from_stage": stage,
            "to_stage": stage,
            "related_codes": [one.code for one in successors],
            "note": reason,
        }
        write_event(connection, change, record, on, values)
        history.end_version(connection, change, PLOT, record.code, on)
        for row in record.memberships:
            if is_valid(row, on):
                history.end_version(
                    connection, change, PLOT_LIST_MEMBERSHIP, row["code"], on
                )
        for layer, rows in _found_of(connection, record, on):
            for row in rows:
                history.end_version(connection, change, layer, row["code"], on)


def _found_of(
    connection: sa.Connection, record: PlotRecord, on: date
) -> list[tuple[Layer, list[Row]]]:
    """Return a plot's pollutants and its parties on a day."""
    pollutants = open_of_plot(connection, PLOT_POLLUTANT, record.code)
    parties = history.open_versions(connection, PLOT_PARTY, record.code)
    return [
        (PLOT_POLLUTANT, [row for row in pollutants if is_valid(row, on)]),
        (PLOT_PARTY, [row for row in parties if is_valid(row, on)]),
    ]


def _begin(
    connection: sa.Connection,
    change: history.Change,
    successor: Successor,
    records: Sequence[PlotRecord],
    on: date,
    inherited: Row,
) -> None:
    geometry = successor.geometry
    columns: dict[str, Any] = {
        **inherited,
        **successor.values,
        "geom": WKBElement(shapely.to_wkb(geometry), srid=STORAGE_SRID),
        "mapped_area_m2": _area_m2(geometry) or None,
    }
    add_row(connection, change, PLOT, successor.code, on, columns)
    listed: set[str] = set()
    for record in records:
        for row in record.memberships:
            if is_valid(row, on) and row["list"] not in listed:
                listed.add(row["list"])
                _hand_on(connection, change, PLOT_LIST_MEMBERSHIP, row, successor, on)
        for row in record.documents:
            _hand_on(connection, change, PLOT_DOCUMENT, row, successor, on)


def _hand_on(
    connection: sa.Connection,
    change: history.Change,
    layer: Layer,
    row: Row,
    successor: Successor,
    on: date,
) -> None:
    """Write a predecessor's membership or paper again for a successor."""
    values = {attribute.name: row[attribute.name] for attribute in layer.attributes}
    values["plot_code"] = successor.code
    code = f"{successor.code}/{row['code']}"
    if layer is PLOT_LIST_MEMBERSHIP:
        code = f"{successor.code}-{row['list']}"
    add_row(connection, change, layer, code, on, values)


def _hand_on_found(
    connection: sa.Connection,
    change: history.Change,
    successor: Successor,
    found: Sequence[Sequence[tuple[Layer, Sequence[Row]]]],
    on: date,
) -> None:
    """Write pollutants and parties again for a successor; a merge names all parties."""
    pairs = [pair for one in found for pair in one]
    for layer, rows in pairs:
        if layer is PLOT_POLLUTANT:
            for row in rows:
                _hand_on(connection, change, layer, row, successor, on)
    parties = [row for layer, rows in pairs if layer is PLOT_PARTY for row in rows]
    if parties:
        values = unite_parties(parties)
        add_row(connection, change, PLOT_PARTY, successor.code, on, values)


def _note(
    connection: sa.Connection,
    change: history.Change,
    code: str,
    event: str,
    codes: Sequence[str],
    on: date,
    inherited: Row,
    reason: str,
) -> None:
    record = PlotRecord(code, change.division_code, (), (), (), ())
    values = {
        "event": event,
        "from_stage": inherited["stage"],
        "to_stage": inherited["stage"],
        "related_codes": list(codes),
        "note": reason,
    }
    write_event(connection, change, record, on, values)
