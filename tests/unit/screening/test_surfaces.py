"""Surfaces between points, on answers one can do by hand and on the Meuse's zinc."""

import csv

import numpy as np
import pytest

from screening.runs.surface_rows import SurfaceMaterial, SurfacePoint, make_surface
from screening.surfaces.estimate import Samples, inverse_distance, krige
from screening.surfaces.surface import (
    NoSurface,
    choose_surface,
    fill,
    lay_grid,
)
from screening.surfaces.variogram import (
    MODELS,
    Variogram,
    fit_variogram,
    measure_lags,
)
from tests.real_surveys import DATA, WITH_DATA

LINE = Variogram("spherical", 0.0, 1.0, 1000.0)


def samples(*points):
    listed = np.array(points, np.float64)
    return Samples(listed[:, :2], listed[:, 2])


def at(estimator, known, *places, leave_out=False):
    return estimator(known, np.array(places, np.float64), leave_out)


def field(side=8, step=100.0, value=lambda x, y: x + y):
    """A square of points `step` apart."""
    axis = np.arange(side) * step
    east, north = (one.ravel() for one in np.meshgrid(axis, axis))
    return Samples(np.column_stack([east, north]), value(east, north))


@pytest.fixture(scope="module")
def zinc():
    with (DATA / "soil_meuse" / "meuse.txt").open() as file:
        rows = list(csv.DictReader(file))
    places = [(float(row["x"]), float(row["y"])) for row in rows]
    return Samples(np.array(places), np.array([float(row["zinc"]) for row in rows]))


def test_halfway_between_two_points_is_their_mean():
    known = samples((0, 0, 1.0), (100, 0, 3.0))
    for estimator in (krige(LINE), inverse_distance(1000.0)):
        assert at(estimator, known, (50, 0)).value == pytest.approx([2.0])


def test_kriging_of_two_points_is_what_the_system_gives_by_hand():
    # gamma(100) = 0.1495, gamma(50) = 0.0749375; l = 1/2 each:
    # mu = 0.0749375 - 0.1495/2, variance = 0.0749375 + mu.
    found = at(krige(LINE), samples((0, 0, 1.0), (100, 0, 3.0)), (50, 0))
    assert found.multiplier == pytest.approx([0.0001875])
    assert found.variance == pytest.approx([0.075125])


def test_a_point_is_its_own_value_and_without_it_the_others_say():
    known = field()
    for estimator in (krige(LINE), inverse_distance(1000.0)):
        assert estimator(known, known.places, False).value == pytest.approx(
            known.values
        )
    without = at(
        krige(LINE),
        samples((0, 0, 1.0), (100, 0, 3.0)),
        (0, 0),
        (100, 0),
        leave_out=True,
    )
    assert without.value == pytest.approx([3.0, 1.0])


def test_kriging_variance_is_nothing_at_a_point_and_grows_away_from_it():
    found = at(krige(LINE), field(), (0, 0), (50, 50), (900, 900))
    assert found.variance[0] == pytest.approx(0.0, abs=1e-12)
    assert 0 < found.variance[1] < found.variance[2]


def test_inverse_distance_weighs_by_the_square_and_says_nothing_far_away():
    known = samples((0, 0, 1.0), (300, 0, 11.0))
    found = at(inverse_distance(500.0), known, (100, 0), (1500, 0))
    # Weights 1/1 and 1/4: (1 + 11/4) / (5/4) = 3.
    assert found.value[0] == pytest.approx(3.0)
    assert np.isnan(found.value[1])
    assert np.isnan(found.variance).all()


@pytest.mark.parametrize("model", MODELS)
def test_a_variogram_is_found_again_in_lags_made_of_it(model):
    made = Variogram(model, 0.2, 0.8, 600.0)
    lags = measure_lags(field(12).places, field(12).values)
    lags = lags._replace(semivariance=made.at(lags.distance_m))
    found = fit_variogram(lags, model)
    assert found.range_m == pytest.approx(600.0, rel=0.05)
    assert found.nugget == pytest.approx(0.2, abs=0.03)
    assert found.nugget_ratio == pytest.approx(0.2, abs=0.03)


def test_lags_count_every_pair_once():
    # A row of four points 100 m apart reaches 150 m: three pairs, each (1)^2 / 2.
    row = samples(*((100.0 * n, 0.0, float(n)) for n in range(4)))
    lags = measure_lags(row.places, row.values)
    assert lags.pairs.tolist() == [3.0]
    assert (lags.distance_m[0], lags.semivariance[0]) == (100.0, 0.5)


@WITH_DATA
def test_the_variogram_of_the_meuse_is_the_published_one(zinc):
    """Log zinc, spherical: nugget 0.05, sill 0.59, range 897 m (gstat's manual)."""
    lags = measure_lags(zinc.places, np.log(zinc.values))
    found = fit_variogram(lags, "spherical")
    assert found.nugget == pytest.approx(0.05, abs=0.02)
    assert found.partial_sill == pytest.approx(0.59, abs=0.02)
    assert found.range_m == pytest.approx(897, rel=0.08)


@WITH_DATA
def test_skewed_zinc_is_kriged_in_logarithms_without_much_bias(zinc):
    found = choose_surface(zinc)
    assert found.logarithms and found.method == "ordinary_kriging"
    checked = found.validation
    assert checked.r2 > 0.6
    assert abs(checked.mean_error) < 0.02 * zinc.values.mean()


def test_few_points_and_points_without_structure_go_by_inverse_distance():
    assert choose_surface(field(5)).method == "inverse_distance"
    noise = np.random.default_rng(7).normal(10.0, 1.0, 64)
    assert choose_surface(Samples(field().places, noise)).method == "inverse_distance"
    assert choose_surface(field()).method == "ordinary_kriging"


def test_fewer_than_five_points_give_no_surface():
    with pytest.raises(NoSurface) as refused:
        choose_surface(samples(*((100.0 * n, 0.0, 1.0) for n in range(4))))
    assert refused.value.reason == "too_few_points"


def test_nothing_is_said_beyond_the_buffered_hull():
    found = choose_surface(field())
    grid, cells = lay_grid(found, 50.0)
    filled = fill(found, grid, cells, None)
    east = grid.west_m + (filled.column + 0.5) * 50.0
    assert east.min() > -100.0 and east.max() < 800.0
    corner = (filled.column == 0) & (filled.row == 0)
    assert not corner.any(), "the corner lies beyond the round of the hull"


def test_values_of_a_plane_come_back_and_its_threshold_divides_it():
    found = choose_surface(field())
    grid, cells = lay_grid(found, 50.0)
    filled = fill(found, grid, cells, 700.0)
    east = grid.west_m + (filled.column + 0.5) * 50.0
    north = grid.north_m - (filled.row + 0.5) * 50.0
    inside = (east > 0) & (east < 700) & (north > 0) & (north < 700)
    assert filled.value[inside] == pytest.approx((east + north)[inside], abs=12.0)
    low, high = (east + north) < 500, (east + north) > 900
    assert filled.probability[inside & low].max() < 0.05
    assert filled.probability[inside & high].min() > 0.95


def test_too_many_cells_are_refused_with_the_least_that_goes():
    with pytest.raises(NoSurface) as refused:
        lay_grid(choose_surface(field()), 1.0)
    assert refused.value.reason == "cell_too_small"
    assert lay_grid(choose_surface(field()), 3.0)[0].cell_m == 3.0


def grown(side=6, **more):
    return [
        SurfacePoint(
            f"P-{east}-{north}",
            114.0 + east * 0.001,
            34.6 + north * 0.001,
            float(1 + east + north),
            more.get("non_detect", False),
        )
        for east in range(side)
        for north in range(side)
    ]


def test_rows_tell_terms_points_and_cells_and_no_class():
    rows = make_surface(SurfaceMaterial(grown(), 30.0, 5.0))
    first, *others = rows
    assert first.values["method"] == "ordinary_kriging"
    assert first.values["points"] == 36 and first.values["srid"] == 4526
    kinds = {row.values["row"] for row in others}
    assert kinds == {"point", "cell"}
    assert sum(row.values["row"] == "point" for row in others) == 36
    assert not any("class" in name for row in rows for name in row.values)
    assert "sets no category" in first.why.en


def test_points_at_one_place_count_once_by_their_mean_and_are_told():
    twice = grown() + [SurfacePoint("Q", 114.0, 34.6, 3.0, False)]
    first, *others = make_surface(SurfaceMaterial(twice, 30.0, None))
    assert (first.values["points"], first.values["merged"]) == (36, 1)
    both = next(row for row in others if "Q" in (row.values.get("code") or ""))
    assert both.values["value"] == 2.0


def test_mostly_undetected_points_give_no_surface():
    with pytest.raises(NoSurface) as refused:
        make_surface(SurfaceMaterial(grown(non_detect=True), None, None))
    assert refused.value.reason == "mostly_non_detect"


def test_order_of_the_points_changes_nothing():
    one = make_surface(SurfaceMaterial(grown(), 30.0, 5.0))
    other = make_surface(SurfaceMaterial(grown()[::-1], 30.0, 5.0))
    values = [
        [r.values["value"] for r in rows if r.values["row"] == "cell"]
        for rows in (one, other)
    ]
    assert values[0] == pytest.approx(values[1], abs=1e-5)


def test_a_land_too_wide_for_a_zone_is_refused():
    far = [SurfacePoint("F", 120.0, 34.6, 1.0, False)]
    with pytest.raises(NoSurface) as refused:
        make_surface(SurfaceMaterial(grown() + far, None, None))
    assert refused.value.reason == "too_wide"
