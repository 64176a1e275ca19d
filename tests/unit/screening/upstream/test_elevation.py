"""Windows of elevation models: what is read, and what is refused in words."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.enums import Resampling

from parcels.local_plane import LocalPlane
from screening.upstream.elevation import (
    ElevationUnusable,
    describe_elevation,
    read_terrain,
)
from screening.upstream.flow import count_upstream, find_catchment, route

SAMPLE = Path(__file__).parents[4] / "data" / "samples" / "地面高程.tif"
ALL = (113.8, 34.6, 114.2, 34.8)
NORTH_UP = Affine(0.001, 0, 114.0, 0, -0.001, 34.7)


def write(path, heights, crs="EPSG:4490", transform=NORTH_UP, **more):
    values = np.array(heights)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype=values.dtype,
        crs=crs,
        transform=transform,
        **more,
    ) as raster:
        raster.write(values, 1)
    return path


def test_a_cell_is_as_large_as_it_is_on_the_ground(tmp_path):
    path = write(tmp_path / "dem.tif", np.ones((10, 10), np.float32))
    terrain = read_terrain(path, ALL)
    east, south = terrain.cell_size_m
    assert (round(east), round(south)) == (92, 111)
    assert describe_elevation(path).cell_m == pytest.approx(110.93, abs=0.02)


def test_only_the_window_is_read(tmp_path):
    heights = np.arange(100, dtype=np.float32).reshape(10, 10)
    path = write(tmp_path / "dem.tif", heights)
    terrain = read_terrain(path, (114.0031, 34.6941, 114.0049, 34.6959))
    assert terrain.heights.tolist() == [[43, 44], [53, 54]]
    assert not terrain.at_edge
    assert read_terrain(path, ALL).at_edge


def test_scale_and_missing_heights_are_read_as_the_file_says(tmp_path):
    path = tmp_path / "dem.tif"
    write(path, np.array([[105, -9999], [110, 120]], np.int16), nodata=-9999)
    with rasterio.open(path, "r+") as raster:
        raster.scales = (0.1,)
    heights = read_terrain(path, ALL).heights
    assert np.isnan(heights[0, 1])
    assert heights[1].tolist() == pytest.approx([11.0, 12.0])


def test_ground_that_the_model_does_not_show_has_no_terrain(tmp_path):
    path = write(tmp_path / "dem.tif", np.ones((10, 10), np.float32))
    assert read_terrain(path, (115.0, 34.6, 115.1, 34.7)) is None


def test_a_fine_model_is_read_coarser_and_says_so(tmp_path):
    path = write(tmp_path / "dem.tif", np.ones((100, 100), np.float32))
    terrain = read_terrain(path, ALL, most_cells=2500)
    assert terrain.shape == (50, 50) and terrain.coarsened == 2
    assert terrain.cell_m == pytest.approx(2 * 110.9, abs=0.2)


@pytest.fixture(scope="module")
def fine(tmp_path_factory):
    """Five thousand cells a side: 25 million, that fall to the east."""
    path = tmp_path_factory.mktemp("fine") / "dem.tif"
    heights = np.broadcast_to(np.arange(5000, 0, -1, dtype=np.int16), (5000, 5000))
    north_up = Affine(0.0001, 0, 114.0, 0, -0.0001, 34.7)
    return write(path, heights, transform=north_up, tiled=True, compress="DEFLATE")


WHOLE = (114.0, 34.2, 114.5, 34.7)


def test_a_large_model_is_worked_through_in_bounded_memory(fine):
    """Of 25 million cells no more than asked for are ever held, 8 bytes each."""
    tracemalloc.start()
    terrain = read_terrain(fine, WHOLE, most_cells=250_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert terrain.heights.size <= 251_001 and terrain.coarsened == 10
    assert peak < 20 * 8 * 250_000
    flow = route(terrain.heights, *terrain.cell_size_m)
    # Every row runs out to the east by itself.
    end = terrain.shape[1] - 1
    assert count_upstream(flow).reshape(terrain.shape)[1:-1, end].min() >= end


def test_a_window_of_too_many_cells_is_refused_with_what_to_do(fine, tmp_path):
    with pytest.raises(ElevationUnusable, match="25000000 cells.*gdaladdo"):
        read_terrain(fine, WHOLE, most_cells=250_000, most_read=10_000_000)
    small = (114.1, 34.5, 114.2, 34.6)
    assert read_terrain(fine, small, most_read=10_000_000) is not None
    path = tmp_path / "dem.tif"
    path.write_bytes(fine.read_bytes())
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4, 8], Resampling.average)
    terrain = read_terrain(path, WHOLE, most_cells=250_000, most_read=10_000_000)
    assert terrain.heights[100, 250] == pytest.approx(2494.5, abs=5)


def test_a_file_that_states_its_day_and_origin_is_believed():
    source = describe_elevation(SAMPLE)
    assert source.data_date == "2024-12-31"
    assert "Invented" in source.origin


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"crs": None}, "no coordinate system"),
        ({"transform": Affine.identity()}, "no place on the ground"),
        ({"transform": Affine(0.001, 0.0002, 114, 0, -0.001, 34.7)}, "not north up"),
        ({"crs": "EPSG:4610"}, "Xian 1980"),
    ],
)
def test_a_model_without_a_sure_place_is_refused(tmp_path, changes, said):
    path = write(tmp_path / "dem.tif", np.ones((4, 4), np.float32), **changes)
    with pytest.raises(ElevationUnusable, match=said):
        describe_elevation(path)


def test_an_unmarked_missing_height_is_refused_and_not_flowed_over(tmp_path):
    path = write(tmp_path / "dem.tif", np.array([[1, -9999], [2, 3]], np.float32))
    with pytest.raises(ElevationUnusable, match="-9999.*a_nodata"):
        read_terrain(path, ALL)


@pytest.mark.parametrize("content", [None, b"", b"no raster at all"])
def test_what_is_no_raster_is_refused(tmp_path, content):
    path = tmp_path / "dem.tif"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ElevationUnusable, match="JINGTU_ELEVATION"):
        describe_elevation(path)


def test_a_damaged_raster_is_refused(tmp_path):
    path = write(tmp_path / "dem.tif", np.ones((400, 400), np.float32))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(ElevationUnusable):
        read_terrain(path, ALL)


def test_a_place_is_found_in_the_cell_that_holds_it():
    terrain = read_terrain(SAMPLE, ALL)
    for cell in (0, 217, terrain.heights.size - 1):
        (place,) = terrain.centres([cell]).tolist()
        assert terrain.find_cell(*place) == cell


def test_the_outline_of_cells_has_their_area():
    terrain = read_terrain(SAMPLE, ALL)
    cells = np.zeros(terrain.shape, dtype=bool)
    cells[3:5, 7:10] = True
    outline = terrain.outline(cells)
    flat = LocalPlane.around(outline).to_plane(outline)
    assert flat.area == pytest.approx(6 * 2500, rel=1e-4)
    assert shapely.get_num_geometries(outline) == 1


def test_the_sample_county_drains_as_a_second_library_says():
    """fastscapelib: its own pit filling (priority flood) and its own router."""
    import fastscapelib as fs

    terrain = read_terrain(SAMPLE, ALL)
    heights = terrain.heights.copy()
    # Decimetres give many equal heights, which the two settle each in its own way: a
    # tilt far below a decimetre settles them for both.
    rows, columns = terrain.shape
    y, x = np.mgrid[0:rows, 0:columns]
    heights += 1e-4 * x + 0.7e-4 * y
    flow = route(heights, 50.0, 50.0)
    grid = fs.RasterGrid([rows, columns], [50.0, 50.0], fs.NodeStatus.FIXED_VALUE)
    graph = fs.FlowGraph(grid, [fs.PFloodSinkResolver(), fs.SingleFlowRouter()])
    filled = graph.update_routes(heights)
    assert np.abs(flow.level - filled).max() < 1e-9
    # A filled pit is flat, and each crosses it in its own way.
    pits = np.lib.stride_tricks.sliding_window_view(flow.level > heights, (3, 3))
    natural = ~pits.any(axis=(2, 3))
    theirs = graph.impl().receivers[:, 0].reshape(rows, columns)[1:-1, 1:-1]
    ours = flow.down.reshape(rows, columns)[1:-1, 1:-1]
    assert natural.mean() > 0.9
    assert (ours == theirs)[natural].all()
    # The rim drains inwards with us, not with them: some 3 % of the ground.
    count, drained = count_upstream(flow), graph.accumulate(np.full(grid.shape, 4e-4))
    mouth = int(np.argmax(count))
    assert mouth == int(np.argmax(drained))
    outlet = np.zeros(terrain.shape, dtype=bool)
    outlet.flat[mouth] = True
    assert find_catchment(flow, outlet).sum() == count[mouth]
    assert drained.flat[mouth] == pytest.approx(count[mouth], rel=0.03)
