"""Flow over grids small enough to draw, and against a second library."""

import numpy as np
import pytest

from screening.upstream.flow import (
    NOWHERE,
    count_upstream,
    find_catchment,
    route,
    trace,
)

NAN = np.nan


def flow_of(*rows, column_m=10.0, row_m=10.0):
    return route(np.array(rows, dtype=np.float64), column_m, row_m)


def test_water_takes_the_steepest_of_eight_ways():
    # East falls 2 m on 10 m, south-east 2.5 m on 14.1 m: east is the steeper.
    flow = flow_of([9, 9, 9, 9], [9, 5, 3, 1], [9, 9, 2.5, 9], [9, 9, 9, 9])
    assert flow.down[5] == 6
    # With cells twice as wide east falls 2 m on 20 m, and south-east is the steeper.
    flow = flow_of(
        [9, 9, 9, 9], [9, 5, 3, 1], [9, 9, 2.5, 9], [9, 9, 9, 9], column_m=20.0
    )
    assert flow.down[5] == 10


def test_a_pit_is_filled_to_its_way_out():
    flow = flow_of(
        [9, 9, 9, 9, 9],
        [9, 2, 9, 9, 9],
        [9, 9, 6, 4, 3],
        [9, 9, 9, 9, 9],
    )
    assert flow.level[1, 1] == 6
    assert trace(flow, 6, 99) == [6, 12, 13, 14]


def test_water_crosses_flat_ground_to_its_outlet():
    flat = np.full((5, 7), 4.0)
    flat[[0, -1], :] = 9.0
    flat[:, 0] = 9.0
    flat[2, 6] = 1.0
    flow = route(flat, 10.0, 10.0)
    for cell in np.flatnonzero(flat == 4.0).tolist():
        assert trace(flow, cell, 99)[-1] == 20


def test_water_leaves_beside_ground_without_height():
    flow = flow_of([9, 9, 9, 9], [9, 5, NAN, 9], [9, 9, 9, 9])
    assert flow.down[5] == 5 and flow.edge[1, 1]
    assert flow.down[6] == NOWHERE


def test_no_cell_is_a_pit_and_no_way_comes_back():
    rough = np.random.default_rng(7).integers(0, 20, (60, 50)).astype(np.float64)
    rough[20:24, 20:30] = NAN
    flow = route(rough, 10.0, 12.0)
    for cell in np.flatnonzero(np.isfinite(rough)).tolist():
        way = trace(flow, cell, 3001)
        assert len(way) <= 3000 and flow.edge.flat[way[-1]]
        levels = flow.level.flat[way]
        assert (np.diff(levels) <= 0).all()


def test_a_catchment_is_what_drains_to_its_outlet():
    # A valley along the middle row, falling to the east.
    flow = flow_of(
        [9.0, 8.5, 8.0, 7.5],
        [5.0, 4.0, 3.0, 2.0],
        [9.0, 8.5, 8.0, 7.5],
    )
    outlet = np.zeros(flow.shape, dtype=bool)
    outlet[1, 2] = True
    found = find_catchment(flow, outlet)
    assert found.sum() == count_upstream(flow)[6]
    assert found[:, :2].all() and found[1, 2] and not found[1, 3]


def test_every_cell_is_counted_once_where_water_leaves():
    rough = np.random.default_rng(3).normal(size=(40, 30))
    rough[5, 5] = NAN
    flow = route(rough, 10.0, 10.0)
    leaves = flow.down == np.arange(flow.down.size)
    assert count_upstream(flow)[leaves].sum() == rough.size - 1


def test_equal_grids_give_equal_ways():
    rough = np.random.default_rng(5).integers(0, 3, (40, 40)).astype(np.float64)
    first, again = route(rough, 10.0, 10.0), route(rough.copy(), 10.0, 10.0)
    assert (first.down == again.down).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_second_library_finds_the_same_ways(seed):
    """fastscapelib (C++), on rough slopes without pits or ties."""
    import fastscapelib as fs

    rng = np.random.default_rng(seed)
    rows, columns = 70, 50
    y, x = np.mgrid[0:rows, 0:columns]
    ground = 3.0 * x + 2.0 * y + rng.uniform(0, 1, (rows, columns))
    flow = route(ground, 30.0, 20.0)
    grid = fs.RasterGrid([rows, columns], [20.0, 30.0], fs.NodeStatus.FIXED_VALUE)
    graph = fs.FlowGraph(grid, [fs.SingleFlowRouter()])
    graph.update_routes(ground)
    theirs = graph.impl().receivers[:, 0].reshape(rows, columns)
    ours = flow.down.reshape(rows, columns)
    inner = (slice(1, -1), slice(1, -1))
    assert (ours[inner] == theirs[inner]).all()
