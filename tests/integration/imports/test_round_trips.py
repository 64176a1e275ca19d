"""A layer comes back as it was written: texts to the byte, ground to 1e-9°."""

import json
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcels.area import measure_area
from parcels.surveys.examine import examine
from parcels.surveys.examine_files import FACTS_FILE, ISSUES_FILE, ROWS_FILE
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.read import SurveyFile
from parcels.surveys.request import UploadRequest
from parcels.surveys.staged_file import open_staged
from tests.survey_files import parcel_code

REQUEST = UploadRequest("parcel", "999901", date(2024, 1, 1), 4490)
SIDE = 0.001
SAME_GROUND = 1e-9
NAMES = ("parcel_code", "location", "legacy_code", "registered_area_m2")
DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}

# What an attribute may hold: no control characters, no blanks around it, not empty.
text = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=("Cc", "Cs", "Cn", "Co")),
    min_size=1,
    max_size=40,
).map(str.strip)
texts = st.none() | text.filter(bool)
row = st.tuples(texts, texts, st.floats(0.3, 0.7), st.floats(0.3, 0.7))


def cell(place, dent_x, dent_y):
    """Return the n-th cell of a row of cells, with a dent in its upper edge."""
    west, south = 114.0 + place * SIDE, 34.75
    top = south + SIDE
    dent = (west + dent_x * SIDE, top - dent_y * SIDE / 2)
    corners = [(west, south), (west + SIDE, south), (west + SIDE, top), dent]
    return shapely.multipolygons([shapely.Polygon([*corners, (west, top)])])


def columns_of(rows):
    """Return columns and WKB of rows that are valid in every respect."""
    cells = [cell(i, x, y) for i, (_, _, x, y) in enumerate(rows)]
    return {
        "parcel_code": [parcel_code(i + 1) for i in range(len(rows))],
        "location": [one for one, _, _, _ in rows],
        "legacy_code": [one for _, one, _, _ in rows],
        "registered_area_m2": measure_area(np.array(cells, dtype=object)).tolist(),
    }, shapely.to_wkb(np.array(cells, dtype=object))


def write(path, columns, wkb):
    """Write a layer in the format of the path's extension."""
    if path.suffix == ".parquet":
        facts = {"encoding": "WKB", "geometry_types": ["MultiPolygon"]}
        facts["crs"] = json.loads(pyproj.CRS("EPSG:4490").to_json())
        meta = {"version": "1.1.0", "primary_column": "g", "columns": {"g": facts}}
        table = pa.table({**columns, "g": pa.array(wkb, pa.binary())})
        pq.write_table(
            table.replace_schema_metadata({b"geo": json.dumps(meta).encode()}), path
        )
        return
    values = [np.array(one, dtype=object) for one in columns.values()]
    values[-1] = values[-1].astype(np.float64)
    pyogrio.raw.write(
        path,
        wkb,
        values,
        list(columns),
        driver=DRIVERS[path.suffix[1:]],
        crs="EPSG:4490",
        geometry_type="MultiPolygon",
        # FlatGeobuf sorts rows by place unless told not to.
        layer_options={} if path.suffix == ".gpkg" else {"SPATIAL_INDEX": "NO"},
    )


@pytest.fixture
def bring_back(tmp_path_factory):
    """Write rows in a format and examine the file; give what would be staged."""

    def run(suffix, columns, wkb):
        folder = tmp_path_factory.mktemp("trip")
        path, results, scratch = folder / f"a.{suffix}", folder / "r", folder / "s"
        results.mkdir()
        scratch.mkdir()
        write(path, columns, wkb)
        file = SurveyFile(path, path.name, scratch)
        examine(file, REQUEST, Ground(), Limits(), results)
        assert json.loads((results / FACTS_FILE).read_text())["rows"] == len(wkb)
        with pa.memory_map(str(results / ISSUES_FILE)) as source:
            issues = pa.ipc.open_file(source).read_all()
        with open_staged(results / ROWS_FILE) as reader:
            return reader.read_all(), issues.filter(
                pa.compute.equal(issues["severity"], "error")
            )

    return run


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "parquet"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(row, min_size=1, max_size=6))
def test_layer_comes_back_as_it_was_written(bring_back, suffix, rows):
    columns, wkb = columns_of(rows)
    staged, errors = bring_back(suffix, columns, wkb)
    assert errors["kind"].to_pylist() == []
    assert staged["code"].to_pylist() == columns["parcel_code"]
    for name in NAMES[1:]:
        assert staged[name].to_pylist() == columns[name]
    ground = shapely.from_wkb(staged["geom"].to_numpy(zero_copy_only=False))
    far = shapely.hausdorff_distance(ground, shapely.from_wkb(wkb))
    assert (far <= SAME_GROUND).all()
    assert (shapely.get_num_coordinates(ground) == 6).all()
