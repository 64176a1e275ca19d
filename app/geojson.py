"""Geometry as callers send it: GeoJSON in any supported system → stored geometry.

Every fault says where it is: the JSON Pointer of the ring or position and, once the
numbers can be read, the coordinate itself. Longitude comes before latitude, east
before north. Altitudes are dropped: the register is flat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.problems import Fault
from app.request_errors import InvalidRequest
from app.validation import json_pointer, show
from parcels.crs import (
    CHINA_BOUNDS,
    STORAGE_SRID,
    parse_srid,
    transform_to_storage,
)
from parcels.degrees import parse_position
from parcels.refusal import Refusal
from parcels.texts import Text
from parcels.validity import explain

POLYGONS: Final = ("Polygon", "MultiPolygon")
MOST_VERTICES: Final = 200_000
"""Vertices of one geometry; a project default."""

_Place = tuple[object, ...]


class _Wrong(Exception):
    def __init__(self, place: _Place, reason: str, text: Text, found: object) -> None:
        super().__init__(text.en)
        self.fault = Fault("body", json_pointer(place), reason, text, show(found))


def read_geometry(
    value: object,
    allowed: Sequence[str],
    *,
    crs: object = None,
    place: _Place = ("geometry",),
    checked: bool = True,
    most_vertices: int = MOST_VERTICES,
) -> BaseGeometry:
    """Return a GeoJSON geometry as stored: EPSG:4490, two dimensions, valid.

    Parameters
    ----------
    value
        What stood in the body.
    allowed
        GeoJSON types that are taken. A Polygon or LineString becomes a Multi of one.
    crs
        EPSG number or ``"EPSG:n"``; None is EPSG:4490.
    place
        Path of the geometry in the body.
    checked
        False leaves the place in China and validity to who asks (subjects).
    most_vertices
        More are refused before anything is built of them.

    Raises
    ------
    InvalidRequest
        With the place of the fault.
    """
    try:
        built = _build(value, allowed, place, most_vertices)
        stored = _to_storage(built, crs, place)
        return _check(stored, place) if checked else stored
    except _Wrong as wrong:
        raise InvalidRequest([wrong.fault]) from None


class NotACrs(Refusal):
    """What is named as a CRS is no EPSG number."""

    def __init__(self) -> None:
        super().__init__(
            "crs", "应为 EPSG 编号，如 4526。", "must be an EPSG number such as 4526."
        )


def read_position(
    text: str, *, crs: object = None, place: _Place = ("geometry",)
) -> dict[str, Any]:
    """Return the GeoJSON point of a text in degrees, minutes and seconds (度分秒).

    Raises
    ------
    InvalidRequest
        If it is no position in China, or comes with a CRS of metres.
    NotACrs
        If the CRS is no EPSG number.
    """
    found = parse_position(text)
    if found is not None and read_srid(crs) == STORAGE_SRID:
        return {"type": "Point", "coordinates": list(found)}
    wrong = Text(
        "应为 GeoJSON 几何，或 34°45′47.62″ N, 114°18′36.56″ E 这样的度分秒坐标"
        "（CGCS2000，在中国范围内）。",
        "must be a GeoJSON geometry, or a place in China in degrees, minutes and"
        " seconds of CGCS2000: 34°45′47.62″ N, 114°18′36.56″ E.",
    )
    raise InvalidRequest(
        [Fault("body", json_pointer(place), "position", wrong, show(text))]
    )


def read_srid(crs: object) -> int:
    """Return the EPSG number a caller names beside a geometry; 4490 for None.

    Raises
    ------
    NotACrs
        If it is no EPSG number.
    """
    if crs is None:
        return STORAGE_SRID
    text = str(crs) if isinstance(crs, int) and not isinstance(crs, bool) else crs
    srid = parse_srid(text) if isinstance(text, str) else None
    if srid is None:
        raise NotACrs
    return srid


def write_geometry(geometry: BaseGeometry | None) -> orjson.Fragment | None:
    """Return a geometry as GeoJSON for `orjson.dumps`, in full precision."""
    return None if geometry is None else orjson.Fragment(shapely.to_geojson(geometry))


def _build(
    value: object, allowed: Sequence[str], place: _Place, most_vertices: int
) -> BaseGeometry:
    if not isinstance(value, Mapping):
        text = Text("应为 GeoJSON 几何对象。", "must be a GeoJSON geometry object.")
        raise _Wrong(place, "geometry", text, value)
    kind = value.get("type")
    if kind not in allowed:
        listed = ", ".join(allowed)
        text = Text(f"类型应为 {listed} 之一。", f"must have a type of {listed}.")
        raise _Wrong((*place, "type"), "geometry_type", text, kind)
    unknown = value.keys() - {"type", "coordinates", "bbox"}
    if unknown:
        name = sorted(unknown)[0]
        text = Text(
            "几何对象只有 type 和 coordinates；坐标系请用与几何对象并列的 crs 给出。",
            "a geometry has type and coordinates only; give the CRS as `crs` beside"
            " it.",
        )
        raise _Wrong((*place, name), "extra_forbidden", text, value[name])
    place = (*place, "coordinates")
    count = _count_positions(value.get("coordinates"), _DEPTHS[kind])
    if count > most_vertices:
        text = Text(
            f"有 {count} 个顶点，超过 {most_vertices} 个；请简化。",
            f"has {count} vertices, more than {most_vertices}; simplify it.",
        )
        raise _Wrong(place, "too_many_vertices", text, count)
    return _BUILDERS[kind](value.get("coordinates"), place)


def _count_positions(value: object, depth: int) -> int:
    """Return how many positions lie so deep in lists; what is no list has none."""
    if not isinstance(value, list):
        return 0
    if depth == 1:
        return len(value)
    return sum(_count_positions(part, depth - 1) for part in value)


def _list(value: object, place: _Place) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    text = Text("应为非空的坐标列表。", "must be a list of coordinates, not empty.")
    raise _Wrong(place, "coordinates", text, value)


def _positions(value: object, place: _Place) -> NDArray[np.float64]:
    """Read a list of positions; names the first that is none."""
    positions = _list(value, place)
    if not _are_positions(positions):
        index = next(i for i, one in enumerate(positions) if not _is_position(one))
        text = Text(
            "应为两个或三个有限的数字。", "must be two or three finite numbers."
        )
        raise _Wrong((*place, index), "position", text, positions[index])
    if any(len(one) != 2 for one in positions):
        positions = [position[:2] for position in positions]
    return np.array(positions, dtype=np.float64)


def _are_positions(values: list[Any]) -> bool:
    """Return whether every value is a position, without a step of our own for each."""
    return (
        set(map(type, values)) == {list}
        and set(map(len, values)) <= {2, 3}
        and set(map(type, chain.from_iterable(values))) <= {int, float}
    )


def _is_position(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (2, 3)
        and all(type(number) in (int, float) for number in value)
    )


def _ring(value: object, place: _Place) -> NDArray[np.float64]:
    ring = _positions(value, place)
    if len(ring) < 4 or (ring[0] != ring[-1]).any():
        text = Text(
            f"环至少要有四个坐标且首尾相同；首点 {tuple(ring[0].tolist())}。",
            "a ring needs four positions and ends where it began;"
            f" it begins at {tuple(ring[0].tolist())}.",
        )
        raise _Wrong(place, "ring_not_closed", text, ring[-1].tolist())
    return ring


def _point(value: object, place: _Place) -> BaseGeometry:
    return shapely.Point(_positions([value], place)[0])


def _line(value: object, place: _Place) -> BaseGeometry:
    positions = _positions(value, place)
    if len(positions) < 2:
        text = Text("线至少要有两个坐标。", "a line needs two positions or more.")
        raise _Wrong(place, "line_too_short", text, positions.tolist())
    return shapely.LineString(positions)


def _polygon(value: object, place: _Place) -> BaseGeometry:
    rings = [
        _ring(ring, (*place, index)) for index, ring in enumerate(_list(value, place))
    ]
    return shapely.Polygon(rings[0], rings[1:])


def _each(
    value: object, place: _Place, build: Callable[[object, _Place], BaseGeometry]
) -> list[BaseGeometry]:
    return [
        build(part, (*place, index)) for index, part in enumerate(_list(value, place))
    ]


_DEPTHS: Final[dict[Any, int]] = {
    **{"Point": 0, "LineString": 1, "MultiLineString": 2},
    **{"Polygon": 2, "MultiPolygon": 3},
}
"""Lists in lists that hold the positions of each kind."""
_BUILDERS: Final[dict[Any, Callable[[object, _Place], BaseGeometry]]] = {
    "Point": _point,
    "LineString": lambda value, place: shapely.MultiLineString([_line(value, place)]),
    "MultiLineString": lambda value, place: shapely.MultiLineString(
        _each(value, place, _line)
    ),
    "Polygon": lambda value, place: shapely.MultiPolygon([_polygon(value, place)]),
    "MultiPolygon": lambda value, place: shapely.MultiPolygon(
        _each(value, place, _polygon)
    ),
}


def _to_storage(geometry: BaseGeometry, crs: object, place: _Place) -> BaseGeometry:
    try:
        srid = read_srid(crs)
        if srid == STORAGE_SRID:
            return geometry
        return transform_to_storage(geometry, srid)
    except Refusal as refusal:
        about_crs = isinstance(refusal, NotACrs) or refusal.reason.endswith(
            ("unknown", "convertible")
        )
        where = (*place[:-1], "crs") if about_crs else place
        text = Text(refusal.zh, refusal.en)
        raise _Wrong(where, refusal.reason, text, crs) from None


def _check(geometry: BaseGeometry, place: _Place) -> BaseGeometry:
    _check_inside_china(geometry, place)
    if shapely.is_valid(geometry):
        return geometry
    why = explain(shapely.is_valid_reason(geometry))
    where = f"{why.x:.15g}, {why.y:.15g}"
    text = Text(
        f"几何无效：{why.zh}，位置（{where}）；请修正后重试。",
        f"is not valid: {why.en} at ({where}); repair it and send it again.",
    )
    raise _Wrong(place, "geometry_invalid", text, where)


def _check_inside_china(geometry: BaseGeometry, place: _Place) -> None:
    coordinates = shapely.get_coordinates(geometry)
    west, south, east, north = CHINA_BOUNDS
    x, y = coordinates[:, 0], coordinates[:, 1]
    inside = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    if inside.all():
        return
    found = coordinates[int(np.flatnonzero(~inside)[0])].tolist()
    text = Text(
        f"坐标 ({found[0]!r}, {found[1]!r}) 不在中国范围内；"
        "请核对坐标系（crs）和坐标顺序（先经度后纬度）。",
        f"has a coordinate ({found[0]!r}, {found[1]!r}) outside China; check crs and"
        " the order (longitude before latitude).",
    )
    raise _Wrong(place, "outside_china", text, found)
