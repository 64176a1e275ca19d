"""Overlays against PostGIS's set query, in the same plane coordinates."""

import numpy as np
import shapely
import sqlalchemy as sa

from screening.overlay_layers import Layer, join_pairs, overlay_layers
from tests.unit.screening.test_overlay_layers import random_layers, to_metres

_LOAD = sa.text(
    "create temporary table {name} as select place - 1 as id, st_geomfromwkb(wkb) geom"
    " from unnest(cast(:shapes as bytea[])) with ordinality sent(wkb, place)"
)
_OVERLAY = sa.text(
    "select l.id, r.id, st_area(st_intersection(l.geom, r.geom))"
    " from one l join other r on st_intersects(l.geom, r.geom)"
)


def load(connection, name, shapes):
    statement = sa.text(_LOAD.text.format(name=name))
    connection.execute(statement, {"shapes": list(shapely.to_wkb(shapes))})


def test_pairs_and_areas_are_those_of_postgis(schema):
    left, right = random_layers(8, 620)
    pairs = join_pairs(
        overlay_layers(Layer.of(left), Layer.of(right), keep_pieces=True)
    )
    ours = dict(
        zip(
            zip(pairs.left.tolist(), pairs.right.tolist(), strict=True),
            shapely.area(to_metres(pairs.pieces)).tolist(),
            strict=True,
        )
    )
    with schema.owner() as connection:
        load(connection, "one", to_metres(left))
        load(connection, "other", to_metres(right))
        theirs = {(a, b): area for a, b, area in connection.execute(_OVERLAY)}
        connection.rollback()
    # What is no more than a touch is in one list and not in the other.
    alone = ours.keys() ^ theirs.keys()
    assert max((ours.get(p, 0) + theirs.get(p, 0) for p in alone), default=0) < 0.001
    both = sorted(ours.keys() & theirs.keys())
    assert len(both) > 10_000
    expected = np.array([theirs[pair] for pair in both])
    found = np.array([ours[pair] for pair in both])
    np.testing.assert_array_less(np.abs(found - expected), 1e-6 * expected + 0.001)
