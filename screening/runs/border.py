"""What of other divisions lies near the features of a run? (shell).

A run reads its asker's divisions only. Features near their edge are asked about across
it by the one way there is (`registry.border_hits`): theme, relation and whom to ask. It
is told in fixed rings, however far the run looks: with rings of the asker's choice he
could measure a neighbour's feature by asking again and again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.codes import WHOLE_COUNTRY, division_contains
from parcels.register.layers import LAYER_BY_NAME
from parcels.register.statements import Statements, ewkb, fetch
from screening.distance import buffer_for_display, expand_bounds, measure_widening
from screening.neighbourhood import BorderHit, Feature
from screening.runs.kind import RunOrder
from screening.themes import RINGS_M

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "run_tiles.sql")
FIXED_RINGS_M: Final = (*RINGS_M, 2000.0, 5000.0, 10_000.0, 50_000.0)


@dataclass(frozen=True, slots=True)
class Across:
    """What another division has near one feature of the run."""

    feature: Feature
    hit: BorderHit


def read_border(
    connection: sa.Connection,
    order: RunOrder,
    features: Sequence[Feature],
    reach_m: float,
    themes: Collection[str] | None,
) -> list[Across]:
    """Return hits across the border for the features that may reach over it.

    Parameters
    ----------
    features
        Of the run's own divisions, EPSG:4490.
    reach_m
        How far around each is looked; told in the next wider of the fixed rings.
    themes
        Themes that matter; layers by their names, restriction areas by theme. None
        means every restriction area, whatever its theme.
    """
    if themes == ():
        return []
    near = list_near_border(connection, order, features, reach_m)
    if not near:
        return []
    rings = [ring for ring in FIXED_RINGS_M if ring < reach_m]
    rings.append(next((r for r in FIXED_RINGS_M if r >= reach_m), FIXED_RINGS_M[-1]))
    subjects = [_subject(feature) for feature in near]
    values = {
        "subjects": [shapely.to_wkb(subject) for subject in subjects],
        "boxes": [
            shapely.to_wkb(shapely.box(*expand_bounds(subject.bounds, rings[-1])))
            for subject in subjects
        ],
        "rings": rings,
        **_moment(order),
    }
    rows = fetch(connection, _SQL["border"], values, tuple_row)
    return [
        Across(near[place - 1], BorderHit(theme, relation, within_m, division))
        for place, theme, relation, within_m, division in rows
        if (theme not in LAYER_BY_NAME if themes is None else theme in themes)
    ]


def _subject(feature: Feature) -> Any:
    """Return the ground of a feature; a point stands for as far as it may reach."""
    shape = feature.geometry
    if shapely.get_dimensions(shape) != 0:
        return shape
    metres = measure_widening(feature.accuracy_m, feature.stated_area_m2).metres
    return buffer_for_display(shape, metres) if metres > 0 else shape


def list_near_border(
    connection: sa.Connection,
    order: RunOrder,
    features: Sequence[Feature],
    reach_m: float,
) -> list[Feature]:
    """Return the features whose search may leave the ground of the run's divisions."""
    if order.scope == WHOLE_COUNTRY or not features:
        return []
    boxes = [
        shapely.box(*expand_bounds(feature.geometry.bounds, reach_m))
        for feature in features
    ]
    bounds = shapely.total_bounds(boxes).tolist()
    values = {"box": ewkb(shapely.box(*bounds)), **_moment(order)}
    rows = fetch(connection, _SQL["counties"], values, tuple_row)
    own = {
        code: shapely.from_wkb(geom)
        for code, geom in rows
        if division_contains(order.scope, code)
    }
    ground = shapely.union_all(list(own.values())) if own else shapely.Polygon()
    shapely.prepare(ground)
    inside = shapely.covers(ground, boxes)
    return [
        feature
        for feature, within in zip(features, inside.tolist(), strict=True)
        if not within
    ]


def _moment(order: RunOrder) -> dict[str, Any]:
    return {"as_of": order.moment.as_of, "known_at": order.moment.known_at}
