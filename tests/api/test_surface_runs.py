"""A surface over HTTP: six points of one county, its terms and its GeoTIFF."""

import numpy as np
import pytest
import rasterio
from shapely.geometry import shape

from tests.api.bodies import THEIRS

COMMON = {"division_code": THEIRS, "valid_from": "2020-01-01"}
WEST, SOUTH = 114.12, 34.62


@pytest.fixture(scope="module", autouse=True)
def points(_register):
    """Zinc that grows by 10 mg/kg a step to the east, in two rows of three."""
    for number in range(6):
        east, north = number % 3, number // 3
        place = [WEST + 0.002 * east, SOUTH + 0.002 * north]
        point = {
            "code": f"SF-{number}",
            "medium": "soil",
            "geometry": {"type": "Point", "coordinates": place},
            **COMMON,
        }
        _register.create("/v1/monitoring-points", point)
        result = {
            "code": f"SF-{number}-Zn",
            "point_code": f"SF-{number}",
            "sample_code": "S",
            "sampled_on": "2020-05-01",
            "analyte": "Zn",
            "value": 50.0 + 10.0 * east,
            "unit": "mg/kg",
            **COMMON,
        }
        _register.create("/v1/samples", result)


@pytest.fixture
def run(api, runs):
    caller = api.as_("planner_other_county")

    def carry_out(kind, **parameters):
        return caller, runs.done(caller, kind, **parameters)

    return carry_out


def test_a_surface_tells_its_terms_and_comes_as_geotiff(run, tmp_path):
    caller, found = run("surface", item="Zn", cell_m=20)
    assert found["state"] == "done", found["failure"]
    results = found["links"]["results"]
    terms = caller.get(results).json()["items"][0]["values"]
    assert (terms["method"], terms["points"]) == ("inverse_distance", 6)
    assert found["summary"]["counts"]["point"] == 6
    path = tmp_path / "zinc.tif"
    path.write_bytes(caller.get(results, params={"format": "tif"}).content)
    with rasterio.open(path) as raster:
        value = raster.read(1)
        assert raster.crs.to_epsg() == terms["srid"]
        assert raster.res == (20.0, 20.0)
        assert raster.tags()["item"] == "Zn" and "no category" in raster.tags()["note"]
    known = np.isfinite(value)
    assert known.sum() == found["summary"]["counts"]["cell"]
    assert 50.0 <= value[known].min() and value[known].max() <= 70.0
    middle = value[:, value.shape[1] // 2]
    assert np.nanmean(middle) == pytest.approx(60.0, abs=2.0)


def test_a_surface_comes_in_steps_for_a_map(run):
    caller, found = run("surface", item="Zn", cell_m=20)
    path = f"/v1/screening/runs/{found['id']}/surface"
    said = caller.get(path).json()
    assert (said["item"], said["band"], said["bands"]) == ("Zn", "value", ["value"])
    counts = found["summary"]["counts"]
    assert sum(one["cells"] for one in said["steps"]) == counts["cell"]
    lowest, highest = (shape(said["steps"][n]["geometry"]) for n in (0, -1))
    assert lowest.centroid.x < highest.centroid.x, "zinc grows to the east"
    assert (said["steps"][0]["low"], said["steps"][-1]["high"]) == (50.0, 70.0)
    answer = caller.get(path, params={"band": "deviation"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "no_band")


def test_another_division_sees_no_surface_of_ours(run, api):
    _, found = run("surface", item="Zn", cell_m=20)
    path = f"/v1/screening/runs/{found['id']}/surface"
    assert api.as_("planner").get(path).status_code == 404


def test_too_few_points_end_the_run_with_words(run):
    _, found = run("surface", item="Ni")
    assert found["state"] == "failed"
    assert "少于 5 个" in found["failure"]


def test_another_kind_of_run_has_no_raster(run):
    caller, found = run("farmland_trend")
    answer = caller.get(found["links"]["results"], params={"format": "tif"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "no_raster")
    answer = caller.get(f"/v1/screening/runs/{found['id']}/surface")
    assert (answer.status_code, answer.json()["reason"]) == (422, "no_raster")
