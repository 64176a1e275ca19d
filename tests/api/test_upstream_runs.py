"""Upstream runs over HTTP: a pond on a slope that falls to a source, and its files."""

import io

import geopandas
import numpy as np
import openpyxl
import pytest
import rasterio
from affine import Affine

from parcels.local_plane import LocalPlane
from tests.api.bodies import OURS, square, with_exclave
from tests.api.runs import rows as rows_of

HERE = (114.3, 34.30)
"""The middle of a valley that falls to the east, in no other test's way: an exclave."""
COMMON = {"division_code": OURS, "valid_from": "2024-01-01"}


@pytest.fixture
def api(api):
    """The interface, answering in English."""
    return api.as_(api.role, **{"Accept-Language": "en"})


@pytest.fixture(scope="module")
def valley(tmp_path_factory):
    """Cells of some 50 m: 1 m down each to the east, 2 m up to the sides."""
    path = tmp_path_factory.mktemp("dem") / "valley.tif"
    rows, columns = 101, 201
    row, column = np.mgrid[0:rows, 0:columns]
    heights = 500.0 - column + 2.0 * np.abs(row - rows // 2)
    west = HERE[0] - 0.0005 * (columns // 2 + 0.5)
    north = HERE[1] + 0.0005 * (rows // 2 + 0.5)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float32",
        crs="EPSG:4490",
        transform=Affine(0.0005, 0, west, 0, -0.0005, north),
    ) as raster:
        raster.write(heights.astype("float32"), 1)
        raster.update_tags(TIFFTAG_DATETIME="2024:05:01 00:00:00")
    return path


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A pond; a source 2 km below it, one above it; a school by the way, one aside."""
    lon, lat = HERE
    admin, path = _register.as_("admin"), f"/v1/divisions/{OURS}"
    box = lon - 0.05, lat - 0.03, lon + 0.05, lat + 0.03
    body = with_exclave(admin.get(path).json(), *box)
    drawn = admin.put(path, body, headers={"If-Match": "*"})
    assert drawn.status_code == 200, drawn.text
    _register.create(
        "/v1/facilities",
        {
            "code": "UP-POND",
            "kind": "tailings_pond",
            "name": "上坝尾矿库",
            "geometry": square(lon - 0.0005, lat - 0.0005),
            **COMMON,
        },
    )
    for code, east, north in (("UP-LOW", 0.02, 0.0), ("UP-HIGH", -0.02, 0.0)):
        place = {"type": "Point", "coordinates": [lon + east, lat + north]}
        _register.create(
            "/v1/water-sources",
            {
                "code": code,
                "name": code,
                "source_type": "river",
                "status": "in_use",
                "accuracy_m": 5.0,
                "geometry": place,
                **COMMON,
            },
        )
    for code, east, north in (("UP-BY", 0.005, 0.0005), ("UP-ASIDE", 0.0, 0.006)):
        _register.create(
            "/v1/receptors",
            {
                "code": code,
                "kind": "school",
                "name": code,
                "geometry": square(lon + east, lat + north),
                **COMMON,
            },
        )


def carry_out(api, runs, elevation, **parameters):
    return runs.done(api, "upstream", elevation=elevation, **parameters)


def rows(api, run, **wanted):
    return {
        row["values"]["code"]: row
        for row in rows_of(api, run)
        if wanted.items() <= row["values"].items()
    }


def test_terrain_tells_the_source_below_from_the_one_above(api, runs, valley):
    run = carry_out(api, runs, valley, questions=["ponds_water"])
    found = rows(api, run, source_code="UP-POND")
    low, high = found["UP-LOW"]["values"], found["UP-HIGH"]["values"]
    assert (low["outcome"], low["method"]) == ("upstream", "terrain")
    assert (high["outcome"], high["along_m"]) == ("not_upstream", None) or (
        high["outcome"] == "unknown" and "ends there" in found["UP-HIGH"]["why"]
    )
    # From the pond's edge, 0.0005° east of the middle, to the source: 0.0195°.
    a = LocalPlane(*HERE).coordinates_to_plane(
        np.array([[HERE[0] + 0.0005, HERE[1]], [HERE[0] + 0.02, HERE[1]]])
    )
    assert low["along_m"] == pytest.approx(float(a[1, 0] - a[0, 0]), abs=1.0)
    assert low["data_date"] == "2024-05-01" and low["cell_m"] == pytest.approx(
        55.5, abs=0.2
    )
    assert "valley.tif" in found["UP-LOW"]["why"]
    assert run["data_versions"]["elevation"]["name"] == "valley.tif"
    assert len(run["data_versions"]["elevation"]["sha256"]) == 64


def test_without_terrain_or_river_only_the_distance_is_known(api, runs):
    run = carry_out(api, runs, None, questions=["ponds_water", "overhead_ponds"])
    for code in ("UP-LOW", "UP-HIGH", "UP-BY"):
        row = rows(api, run, source_code="UP-POND")[code]
        values = row["values"]
        assert (values["outcome"], values["method"]) == ("unknown", "straight")
        assert values["distance_m"] > 0 and "distance only" in row["why"]
    assert run["data_versions"]["elevation"] is None


def test_a_school_by_the_way_makes_an_overhead_pond(api, runs, valley):
    run = carry_out(api, runs, valley, questions=["overhead_ponds"])
    found = rows(api, run, source_code="UP-POND")
    by, aside = found["UP-BY"]["values"], found["UP-ASIDE"]["values"]
    assert by["outcome"] == "downstream" and 0 < by["along_m"] < 1000
    assert by["limit_m"] == 1000 and by["beside_m"] <= 100
    assert aside["outcome"] == "not_downstream" and aside["distance_m"] < 1000
    assert "project default" in found["UP-BY"]["why"]


def test_a_catchment_is_drawn_measured_and_listed(api, runs, valley):
    run = carry_out(api, runs, valley, questions=["catchments"], sources=["UP-LOW"])
    items = api.get(run["links"]["results"]).json()["items"]
    first = items[0]["values"]
    assert (first["row"], first["source_code"]) == ("catchment", "UP-LOW")
    assert first["area_m2"] > 1e6 and first["complete"] is False
    assert "at least as large" in items[0]["why"]
    inside = {row["values"]["code"]: row["values"] for row in items[1:]}
    assert inside["UP-POND"]["along_m"] == pytest.approx(1840, abs=60)


def test_a_place_outside_the_model_has_no_known_catchment(api, runs, valley):
    run = carry_out(
        api,
        runs,
        valley,
        questions=["catchments"],
        longitude=110.0,
        latitude=30.0,
    )
    (row,) = api.get(run["links"]["results"]).json()["items"]
    assert row["values"]["outcome"] == "unknown"


def test_half_a_place_is_refused_with_what_to_do(api):
    body = {"kind": "upstream", "parameters": {"longitude": 114.0}}
    answer = api.post("/v1/screening/runs", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/parameters/latitude"


def test_a_model_that_cannot_be_used_fails_the_run_in_words(api, runs, tmp_path):
    broken = tmp_path / "dem.tif"
    broken.write_bytes(b"nothing")
    run = carry_out(api, runs, broken)
    assert run["state"] == "failed" and "JINGTU_ELEVATION" in run["failure"]


def test_the_same_run_gives_the_same_digest(api, runs, valley):
    first = carry_out(api, runs, valley, questions=["ponds_water"])
    again = carry_out(api, runs, valley, questions=["ponds_water"])
    assert first["result_sha256"] == again["result_sha256"]


def test_every_form_of_the_result_can_be_opened(api, runs, valley, tmp_path):
    run = carry_out(api, runs, valley, sources=["UP-LOW"])
    total = run["summary"]["rows"]
    for form in ("geojson", "gpkg", "parquet"):
        answer = api.get(run["links"]["results"], params={"format": form})
        path = tmp_path / f"rows.{form}"
        path.write_bytes(answer.content)
        read = geopandas.read_parquet if form == "parquet" else geopandas.read_file
        assert len(read(path)) == total
    answer = api.get(run["links"]["results"], params={"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert "valley.tif" in about["Elevation model"]
    answer = api.get(run["links"]["results"], params={"format": "pdf"})
    assert answer.content.startswith(b"%PDF")
