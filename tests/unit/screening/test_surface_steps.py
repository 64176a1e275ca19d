"""A surface in steps, on grids of few cells: who belongs where, and what they cover."""

import numpy as np
import pytest
import shapely

from parcels.crs import transform_from_storage
from screening.surfaces.classes import gather_steps, known_bands
from screening.surfaces.surface import Cells, Grid

SRID = 4547
GRID = Grid(500_000.0, 3_800_000.0, 10.0, 5, 2)


def cells(*values, deviation=np.nan, probability=np.nan):
    """Cells of the grid, row after row from the north-west."""
    places = np.arange(len(values))
    return Cells(
        places % GRID.columns,
        places // GRID.columns,
        np.array(values, float),
        np.full(len(values), deviation),
        np.full(len(values), probability),
    )


def steps(found, band="value"):
    return gather_steps(found, GRID, SRID, band)


def test_five_values_make_five_steps_and_an_end_belongs_below():
    found = steps(cells(1.0, 2.0, 3.0, 4.0, 5.0))
    assert [one.place for one in found] == [0, 1, 2, 3, 4]
    assert [one.cells for one in found] == [1] * 5
    assert (found[0].low, found[-1].high) == (1.0, 5.0)
    for lower, upper in zip(found, found[1:], strict=False):
        assert lower.high == upper.low
    for one, value in zip(found, (1.0, 2.0, 3.0, 4.0, 5.0), strict=True):
        assert one.low <= value <= one.high


def test_a_step_covers_its_own_cells_and_all_of_them_the_grid():
    found = steps(cells(1, 1, 1, 9, 9, 1, 1, 1, 9, 9))
    in_metres = [transform_from_storage(one.geometry, SRID) for one in found]
    assert [one.cells for one in found] == [6, 4]
    assert [round(one.area, 3) for one in in_metres] == [600.0, 400.0]
    west, south, east, north = in_metres[1].bounds
    corner = (500_030.0, 3_799_980.0, 500_050.0, 3_800_000.0)
    assert (west, south, east, north) == pytest.approx(corner, abs=1e-6)
    assert not shapely.intersection(*in_metres).area


def test_one_value_everywhere_is_one_step():
    (only,) = steps(cells(7.0, 7.0, 7.0))
    assert (only.place, only.low, only.high, only.cells) == (0, 7.0, 7.0, 3)


def test_cells_nothing_is_said_of_belong_to_no_step():
    found = steps(cells(1.0, np.nan, 2.0))
    assert sum(one.cells for one in found) == 2


def test_probabilities_have_steps_of_a_fifth_whatever_the_cells():
    found = steps(cells(1.0, 2.0, probability=0.2), "probability")
    assert [(one.place, one.low, one.high) for one in found] == [(0, 0.0, 0.2)]
    found = steps(cells(1.0, 2.0, probability=0.21), "probability")
    assert [(one.place, one.low, one.high) for one in found] == [(1, 0.2, 0.4)]


def test_ends_are_figures_of_three_digits():
    rng = np.random.default_rng(1)
    values = rng.lognormal(3, 1, 10)
    for one in steps(cells(*values)):
        assert float(f"{one.low:.3g}") == one.low
        assert one.cells >= 1


def test_inverse_distance_knows_values_alone():
    assert known_bands(cells(1.0)) == ("value",)
    full = cells(1.0, deviation=0.1, probability=0.5)
    assert known_bands(full) == ("value", "deviation", "probability")
