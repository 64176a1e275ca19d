"""Which outlines do these boundary points draw? (core).

界址点成果表: one line a point with the code of its parcel, the number of its ring
(圈号), its own number and its coordinates. Points follow the boundary in the order of
the file; a ring may repeat its first point at its end. A cell left blank, as merged
cells of a sheet are, means the same parcel and ring as the line before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry import MultiPolygon, Polygon

from parcels.register.layers import Layer, Shape
from parcels.surveys.issues import Issues
from parcels.surveys.mapping import FieldMapping
from parcels.surveys.parsing import to_text
from parcels.surveys.points import CoordinateFields, read_coordinates
from parcels.surveys.raw import RawBatch, RawLayer

RING_FIELDS: Final = ("圈号", "地块圈号", "界址圈号", "环号", "QH", "RING")
POINT_FIELDS: Final = ("界址点号", "点号", "界址点编号", "JZDH", "JZD", "DH", "POINT")
_LEAST: Final = 4
Coordinates = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ListFields:
    """Columns of a list of boundary points: key of the object, ring, coordinates."""

    key: str
    ring: str | None
    place: CoordinateFields


def find_list_fields(
    raw: RawLayer, mapping: FieldMapping, place: CoordinateFields | None, layer: Layer
) -> ListFields | None:
    """Return the columns of a list of boundary points; None for any other table.

    A layer that takes points as well needs a column of ring or point numbers.
    """
    if raw.has_geometry or place is None or mapping.code is None:
        return None
    if layer.shape not in (Shape.AREA, Shape.AREA_OR_NONE, Shape.PLACE):
        return None
    names = {name.strip().upper(): name for name in reversed(raw.fields)}
    ring = next((names[one] for one in RING_FIELDS if one in names), None)
    point = next((names[one] for one in POINT_FIELDS if one in names), None)
    if layer.shape is Shape.PLACE and ring is None and point is None:
        return None
    return ListFields(mapping.code, ring, place)


def assemble_outlines(raw: RawLayer, fields: ListFields) -> RawLayer:
    """Return a layer with one row an object: its outline, and its first values.

    The row number is that of its first point. An object with a point that cannot be
    read has no outline.
    """
    return replace(raw, has_geometry=True, batches=_assemble(raw.batches, fields))


def _assemble(batches: Iterator[RawBatch], fields: ListFields) -> Iterator[RawBatch]:
    parts = list(batches)
    if not parts:
        return
    rows = np.concatenate([part.rows for part in parts])
    columns = {
        name: pa.chunked_array([part.columns[name] for part in parts]).combine_chunks()
        for name in parts[0].columns
    }
    issues = tuple(issue for part in parts for issue in part.issues)
    yield _draw(rows, columns, fields, issues)


def _draw(
    rows: npt.NDArray[np.int32],
    columns: Mapping[str, pa.Array],
    fields: ListFields,
    issues: tuple[Issues, ...],
) -> RawBatch:
    xy, told = read_coordinates(columns, rows, fields.place)
    keys = _filled(columns[fields.key])
    rings = None if fields.ring is None else to_text(columns[fields.ring]).to_pylist()
    places = group_lines(keys)
    outlines = [_outline(xy[one], _ring_numbers(rings, one)) for one in places]
    firsts = np.array([one[0] for one in places], dtype=np.int64)
    kept = {
        name: _first_values(column, places)
        for name, column in columns.items()
        if name not in (*fields.place, fields.ring)
    }
    kept[fields.key] = pa.array([keys[int(one)] for one in firsts], pa.string())
    geometry = pa.array(shapely.to_wkb(np.array(outlines, dtype=object)), pa.binary())
    return RawBatch(rows[firsts], kept, geometry, (*issues, *told))


def _filled(column: pa.Array) -> list[str | None]:
    """Return texts; a blank is what stood before it."""
    filled: list[str | None] = pc.fill_null_forward(to_text(column)).to_pylist()
    return filled


def group_lines(keys: Sequence[str | None]) -> list[npt.NDArray[np.int64]]:
    """Return the places of each key's lines, keys in the order of the file."""
    groups: dict[str | None, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)
    return [np.array(one, dtype=np.int64) for one in groups.values()]


def _ring_numbers(
    rings: Sequence[str | None] | None, places: npt.NDArray[np.int64]
) -> list[str]:
    numbers, last = [], "1"
    for place in places.tolist():
        last = (rings[place] if rings is not None else None) or last
        numbers.append(last)
    return numbers


def _outline(xy: Coordinates, rings: Sequence[str]) -> Any:
    """Return the polygon of an object's points; None if one is missing."""
    if not np.isfinite(xy).all():
        return None
    return draw_outline([xy[one] for one in group_lines(rings)])


def draw_outline(rings: Sequence[Coordinates]) -> Polygon | MultiPolygon:
    """Return the area that rings enclose, in whatever order and direction they come.

    A ring within a shell is its hole; a ring within a hole is a shell again. A ring
    that is none (two points, a crossing) stays as it is drawn and is told later.
    """
    drawn = [Polygon(_closed(one)) for one in rings]
    drawn.sort(key=lambda one: -one.area)
    shells: list[tuple[Polygon, list[Polygon]]] = []
    for ring in drawn:
        shell = _shell_around(ring, shells)
        if shell is None:
            shells.append((ring, []))
        else:
            shell.append(ring)
    parts = [
        Polygon(shell.exterior, [hole.exterior for hole in holes])
        for shell, holes in shells
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _shell_around(
    ring: Polygon, shells: list[tuple[Polygon, list[Polygon]]]
) -> list[Polygon] | None:
    """Return the holes of the shell a ring lies in, None if it is a shell itself."""
    middle = _inner_point(ring)
    for shell, holes in reversed(shells):
        if shell.is_valid and shell.contains(middle):
            inside_hole = any(one.is_valid and one.contains(middle) for one in holes)
            return None if inside_hole else holes
    return None


def _inner_point(ring: Polygon) -> Any:
    return ring.representative_point() if ring.is_valid else ring.exterior.centroid


def _closed(ring: Coordinates) -> Coordinates:
    """Return a ring that ends where it begins, of four points at least."""
    closed = ring if (ring[0] == ring[-1]).all() else np.vstack((ring, ring[:1]))
    while len(closed) < _LEAST:
        closed = np.vstack((closed, closed[-1:]))
    return closed


def _first_values(column: pa.Array, places: list[npt.NDArray[np.int64]]) -> pa.Array:
    """Return the first value of each object that is not null."""
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    chosen = [one[np.argmax(valid[one])] for one in places]
    return column.take(pa.array(chosen, pa.int64()))
