"""Real layers laid on one another: known answers, and those of geopandas."""

import geopandas
import numpy as np
import pytest
import shapely

from screening.overlay_layers import Layer, join_pairs, overlay_layers
from screening.overlay_shares import measure_covered
from tests.real_surveys import REAL_DATA, read_amherst

pytestmark = REAL_DATA


def layer(frame):
    return Layer.of(np.array(frame.to_crs(4490).geometry.values, dtype=object))


def test_zones_that_overlap_each_other_count_once_on_real_parcels():
    zones, parcels = read_amherst()
    left, right = layer(parcels), layer(zones)
    pairs = join_pairs(overlay_layers(left, right, keep_pieces=True))
    covered = measure_covered(pairs, left, list(zones["ZONE_TYPE"]), 1.0, 0.1)
    assert len(covered) == 4
    assert sum(each.area_m2 for each in covered) == pytest.approx(388_250, abs=5)


def test_a_citys_parcels_give_the_pairs_and_shares_of_geopandas(paris):
    drawn = np.array(paris.to_crs(4490).geometry.values, dtype=object)
    parcels = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    rings = shapely.buffer(shapely.centroid(parcels[::50]), 0.001, quad_segs=32)
    pairs = join_pairs(
        overlay_layers(Layer.of(parcels), Layer.of(rings), keep_pieces=True)
    )
    theirs = geopandas.overlay(
        geopandas.GeoDataFrame({"a": range(len(parcels))}, geometry=parcels),
        geopandas.GeoDataFrame({"b": range(len(rings))}, geometry=rings),
    )
    found = dict(
        zip(
            zip(pairs.left.tolist(), pairs.right.tolist(), strict=True),
            shapely.area(pairs.pieces).tolist(),
            strict=True,
        )
    )
    expected = dict(
        zip(zip(theirs["a"], theirs["b"], strict=True), theirs.area, strict=True)
    )
    assert len(found) > 3000
    assert all(
        found.get(pair, 0.0) == pytest.approx(area, rel=1e-6, abs=1e-13)
        for pair, area in expected.items()
    )
    assert all(found[pair] < 1e-13 for pair in found.keys() - expected.keys())
