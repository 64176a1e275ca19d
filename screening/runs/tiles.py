"""Which pieces is a layer cut into, and what does one piece read? (shell).

A tile takes the features whose south-west corner lies in it, so every feature belongs
to one tile and to no other, whatever else the register holds; around them it reads as
far as the kind asks (the halo).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.codes import WHOLE_COUNTRY
from parcels.register.repository import Moment
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    ewkb,
    fetch,
)
from screening.distance import Bounds, expand_bounds, measure_widening
from screening.neighbourhood import Feature
from screening.runs.kind import RunOrder
from screening.surroundings import BARE_POINT_M

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "run_layers.sql")
_READ: Final = (
    "select f.version_id, f.code, f.name, f.category, f.division_code, f.accuracy_m,"
    " f.stated_area_m2, f.mapped_area_m2, f.valid_from, f.attributes,"
    " st_asbinary(f.geom)"
    " from ({layer}) f order by f.division_code, f.code, f.version_id"
)
_COUNT: Final = (
    "select floor(st_xmin(f.geom) / %(side)s)::integer,"
    " floor(st_ymin(f.geom) / %(side)s)::integer, count(*)"
    " from ({layer}) f group by 1, 2 order by 1, 2"
)
LAYERS_READ: Final = tuple(_SQL)
"""Layers that runs can read: those with a place."""

TILE_DEG: Final = 0.05
"""Side of a tile: some five kilometres, 16,000 parcels of a dense county."""
_EVERYWHERE: Final[Bounds] = (-180.0, -90.0, 180.0, 90.0)


class Tile(NamedTuple):
    """A square of the ground, by column and row of `TILE_DEG`; what begins there."""

    column: int
    row: int
    features: int

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        west, south = self.column * TILE_DEG, self.row * TILE_DEG
        return west, south, west + TILE_DEG, south + TILE_DEG


@dataclass(frozen=True, slots=True)
class LayerRead:
    """A layer as a kind reads it.

    `categories` are values of the layer's own class (`run_layers.sql`), `codes` those
    of its objects; None means all.
    """

    layer: str
    categories: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None


def plan_tiles(
    connection: sa.Connection, order: RunOrder, layers: Sequence[LayerRead]
) -> list[Tile]:
    """Return the tiles in which something of these layers begins, west to east."""
    counts: dict[tuple[int, int], int] = {}
    for wanted in layers:
        values = {**_values(order, wanted, _EVERYWHERE), "side": TILE_DEG}
        statement = _statement(_COUNT, wanted.layer, order.moment)
        for column, row, many in fetch(connection, statement, values, tuple_row):
            counts[column, row] = counts.get((column, row), 0) + many
    return [Tile(*place, many) for place, many in sorted(counts.items())]


def read_tile(
    connection: sa.Connection, order: RunOrder, tile: Tile, layers: Sequence[LayerRead]
) -> list[Feature]:
    """Return the features of layers that begin in a tile, by layer and code."""
    found = read_box(connection, order, tile.bounds, layers)
    return [feature for feature in found if _begins_in(tile, feature.geometry)]


def _begins_in(tile: Tile, geometry: BaseGeometry) -> bool:
    west, south, _, _ = geometry.bounds
    place = np.floor(west / TILE_DEG), np.floor(south / TILE_DEG)
    return place == (tile.column, tile.row)


def read_around(
    connection: sa.Connection,
    order: RunOrder,
    sources: Sequence[Feature],
    reach_m: float,
    layers: Sequence[LayerRead],
) -> list[Feature]:
    """Return what of layers may lie within a distance of any of the sources.

    Sources known as points are widened; what is read is widened by its own reach.
    """
    if not sources:
        return []
    reach_m += max(_widening(source) for source in sources)
    bounds = shapely.total_bounds([source.geometry for source in sources]).tolist()
    box = expand_bounds((bounds[0], bounds[1], bounds[2], bounds[3]), reach_m)
    return read_box(connection, order, box, layers)


def _widening(feature: Feature) -> float:
    if shapely.get_dimensions(feature.geometry) != 0:
        return 0.0
    known = measure_widening(feature.accuracy_m, feature.stated_area_m2)
    return max(known.metres, BARE_POINT_M)


def read_box(
    connection: sa.Connection,
    order: RunOrder,
    bounds: Bounds,
    layers: Sequence[LayerRead],
) -> list[Feature]:
    """Return the features of layers that a box meets, in order of layer and code."""
    found: list[Feature] = []
    for wanted in layers:
        statement = _statement(_READ, wanted.layer, order.moment)
        values = _values(order, wanted, bounds)
        rows = fetch(connection, statement, values, tuple_row)
        shapes = shapely.from_wkb([row[-1] for row in rows])
        found += [
            _feature(wanted.layer, row, shape)
            for row, shape in zip(rows, shapes, strict=True)
        ]
    return found


def _statement(frame: str, layer: str, moment: Moment) -> str:
    known = as_known_now if moment.known_at is None else as_known_then
    return frame.replace("{layer}", known(_SQL[layer]))


def _values(order: RunOrder, wanted: LayerRead, bounds: Bounds) -> dict[str, Any]:
    return {
        "box": ewkb(shapely.box(*bounds)),
        "categories": _listed(wanted.categories),
        "codes": _listed(wanted.codes),
        "division": division_prefix(order),
        "as_of": order.moment.as_of,
        "known_at": order.moment.known_at,
    }


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def division_prefix(order: RunOrder) -> str:
    """Return the division prefix of what is read; empty for the whole country."""
    narrower = order.parameters.get("division")
    scope = "" if order.scope == WHOLE_COUNTRY else order.scope
    if narrower and str(narrower).startswith(scope):
        return str(narrower)
    return scope


def _feature(layer: str, row: tuple[Any, ...], geometry: BaseGeometry) -> Feature:
    attributes: Mapping[str, Any] = row[9]
    return Feature(
        theme=row[3] if layer == "restriction_area" else layer,
        layer=layer,
        code=row[1],
        name=row[2],
        category=row[3],
        division_code=row[4],
        geometry=geometry,
        attributes={**attributes, "mapped_area_m2": row[7]},
        accuracy_m=row[5],
        stated_area_m2=row[6],
        data_date=row[8],
        version_id=row[0],
    )
