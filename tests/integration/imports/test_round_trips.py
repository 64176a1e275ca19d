"""A layer comes back as it was written: texts to the byte, ground to 1e-9°."""

import csv
import json
import zipfile
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from parcels.area import measure_area
from parcels.exports.columns import exported_schema
from parcels.exports.export import ROWS_FILE as GATHERED
from parcels.exports.export import Wanted, rows_of, write_export
from parcels.exports.formats import ENDINGS, NotExportable
from parcels.register.layers import (
    LAYERS,
    PARCEL,
    PARCEL_LINEAGE,
    THEME_COVERAGE,
    Shape,
)
from parcels.register.repository import Moment
from parcels.surveys.examine import examine
from parcels.surveys.examine_files import FACTS_FILE, ISSUES_FILE, ROWS_FILE
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.read import SurveyFile
from parcels.surveys.request import UploadRequest
from parcels.surveys.staged_file import open_staged
from tests.exported_layers import cell, example_of, layers_of, text
from tests.survey_files import parcel_code

REQUEST = UploadRequest("parcel", "999901", date(2024, 1, 1), 4490)
SAME_GROUND = 1e-9
NAMES = ("parcel_code", "location", "legacy_code", "registered_area_m2")
DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}

texts = st.none() | text
row = st.tuples(texts, texts, st.floats(0.3, 0.7), st.floats(0.3, 0.7))


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
def examined(tmp_path_factory):
    """Examine a file; give what would be staged, and the errors."""

    def run(path, request, folder):
        results, scratch = folder / "r", folder / "s"
        results.mkdir()
        scratch.mkdir()
        examine(
            SurveyFile(path, path.name, scratch), request, Ground(), Limits(), results
        )
        with pa.memory_map(str(results / ISSUES_FILE)) as source:
            issues = pa.ipc.open_file(source).read_all()
        with open_staged(results / ROWS_FILE) as reader:
            return reader.read_all(), issues.filter(
                pa.compute.equal(issues["severity"], "error")
            )

    return run


@pytest.fixture
def bring_back(tmp_path_factory, examined):
    """Write rows in a format and examine the file; give what would be staged."""

    def run(suffix, columns, wkb):
        folder = tmp_path_factory.mktemp("trip")
        path = folder / f"a.{suffix}"
        write(path, columns, wkb)
        staged, errors = examined(path, REQUEST, folder)
        facts = json.loads((folder / "r" / FACTS_FILE).read_text())
        assert facts["rows"] == len(wkb)
        return staged, errors

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


@pytest.fixture
def export(tmp_path_factory):
    """Export versions of a layer; give the file, its folder and what was told."""

    def run(layer, versions, form):
        folder = tmp_path_factory.mktemp("export")
        schema = exported_schema(layer)
        with pa.OSFile(str(folder / GATHERED), "wb") as sink:
            with pa.ipc.new_file(sink, schema) as writer:
                writer.write_batch(rows_of(layer, versions))
        wanted = Wanted(layer, Moment(date(2024, 6, 1)))
        path = folder / f"{layer.name}{ENDINGS[form]}"
        return path, folder, write_export(wanted, folder, path, form)

    return run


def said(version, name):
    """Return what a version says of a column, as it is staged."""
    value = version.values[name]
    return ";".join(value) if isinstance(value, list) else value


def staged_as(layer, versions, staged, but=()):
    """Assert that rows are staged as the versions have them, but for some values."""
    rows = {row["code"]: row for row in staged.to_pylist()}
    assert rows.keys() == {one.code for one in versions}
    for one in versions:
        row = rows[one.code]
        assert row["division_code"] == one.division_code
        assert (row["valid_from"], row["valid_to"]) == (one.valid_from, one.valid_to)
        for attribute in layer.attributes:
            if not attribute.computed and (one.code, attribute.name) not in but:
                assert row[attribute.name] == said(one, attribute.name)
        if one.geometry is not None:
            ground = shapely.from_wkb(row["geom"])
            assert ground.geom_type == one.geometry.geom_type
            assert shapely.hausdorff_distance(ground, one.geometry) <= SAME_GROUND
            assert shapely.get_num_coordinates(ground) == (
                shapely.get_num_coordinates(one.geometry)
            )


TRIPS = [
    pytest.param(layer, form, id=f"{layer.name}-{form}")
    for layer in LAYERS
    for form in ("gpkg", "parquet", "fgb")
    if form != "fgb" or layer.shape is not Shape.NONE
]
any_layer = settings(
    max_examples=4,
    # A failing example is small as it is; making it smaller takes minutes.
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def declared(layer, **more):
    """Return the declaration of an exported file: nothing is left to guess."""
    crs = None if layer.shape is Shape.NONE else 4490
    return UploadRequest(layer.name, "999901", date(2024, 1, 1), crs, **more)


@pytest.mark.parametrize(("layer", "form"), TRIPS)
@any_layer
@given(data=st.data())
def test_exported_layer_comes_back_the_same(export, examined, layer, form, data):
    versions = data.draw(layers_of(layer))
    if form == "fgb":
        versions = [one for one in versions if one.geometry is not None]
        assume(versions)
    path, folder, told = export(layer, versions, form)
    assert told.rows == len(versions) and not told.not_held
    staged, errors = examined(path, declared(layer, mapping={}), folder)
    assert errors.to_pylist() == []
    staged_as(layer, versions, staged)


@pytest.mark.parametrize("layer", [PARCEL_LINEAGE, THEME_COVERAGE])
def test_flatgeobuf_takes_no_rows_without_ground(export, layer):
    versions = [example_of(layer, geometry=None)]
    with pytest.raises(NotExportable) as refused:
        export(layer, versions, "fgb")
    assert refused.value.reason == "format_needs_ground"


# Longer than a .dbf takes, and characters that GBK does not have.
wide = st.text(st.sampled_from("净土地块汞镉 aé€🌾龦"), min_size=1, max_size=200)
wide = wide.map(str.strip).filter(bool)
precise = st.floats(0.5, 1e15, allow_subnormal=False)
"""Numbers of up to 17 digits."""


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.name)
@any_layer
@given(data=st.data())
def test_shapefile_lists_what_it_does_not_hold(export, examined, layer, data):
    versions = data.draw(layers_of(layer, text | wide, precise))
    path, folder, told = export(layer, versions, "shp")
    lost = {(one.code, one.field) for one in told.not_held if one.code}
    staged = []
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".dbf")]
    for table in tables:
        (folder / table).mkdir()
        member = None if layer.shape is Shape.NONE else table.removesuffix(".dbf")
        asked = declared(layer, mapping={}, encoding="gbk", member=member)
        rows, errors = examined(path, asked, folder / table)
        assert errors.to_pylist() == []
        staged += rows.to_pylist()
    staged_as(layer, versions, pa.Table.from_pylist(staged), lost)
    rows = {row["code"]: row for row in staged}
    for one in versions:
        for attribute in layer.attributes:
            if not attribute.computed and (one.code, attribute.name) in lost:
                assert rows[one.code][attribute.name] != said(one, attribute.name)


def test_shapefile_speaks_of_every_loss(export):
    versions = [
        example_of(
            PARCEL,
            code=parcel_code(1),
            geometry=cell(0),
            location="净" * 200,
            legacy_code="a€🌾",
            registered_area_m2=8888.123456789012345e6 / 3,
        ),
        example_of(PARCEL, code=parcel_code(2), geometry=cell(1), location="净土路"),
    ]
    path, _, told = export(PARCEL, versions, "shp")
    found = {(one.kind, one.field, one.code) for one in told.not_held}
    assert {one for one in found if one[2]} == {
        ("text", "location", parcel_code(1)),
        ("character", "legacy_code", parcel_code(1)),
    }
    assert ("name", "parcel_code", None) in found
    assert ("null", "supplied", None) in found
    assert ("time", "recorded_at", None) in found
    with zipfile.ZipFile(path) as archive:
        assert archive.read("parcel.cpg") == b"GBK"
        listed = archive.read("parcel_not_held.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(listed.splitlines()))
    cut = next(row for row in rows if row["kind"] == "text")
    assert cut["value"] == "净" * 200 and cut["written"] == "净" * 127
    assert cut["dbf_field"] == "ZL" and cut["code"] == parcel_code(1)
