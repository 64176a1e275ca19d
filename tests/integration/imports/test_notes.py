"""What is told of a file as a whole and keeps nothing out."""

import json
from types import SimpleNamespace

import pyproj
import shapely

from parcels.surveys.examine import _check_crs
from parcels.surveys.reports import list_issues
from tests.integration.imports.import_steps import request


def test_declared_system_is_used_and_the_files_own_word_told():
    wkt = pyproj.CRS.from_epsg(4547).to_wkt("WKT1_ESRI")
    raw = SimpleNamespace(crs=wkt, crs_implied=False)
    (issue,) = _check_crs(raw, request(crs=4526))
    assert (issue.kind, issue.rows) == ("crs_contradicts_file", None)
    assert issue.details == {"found": "EPSG:4547", "srid": 4526}
    assert _check_crs(raw, request(crs=4547)) == []


def test_heights_are_noted_once_for_the_file(service, send):
    point = shapely.Point(114.0, 34.75, 12.5)
    feature = {
        "type": "Feature",
        "properties": {"DWBM": "P-1"},
        "geometry": shapely.geometry.mapping(point),
    }
    data = json.dumps({"type": "FeatureCollection", "features": [feature]})
    declared = request(layer="monitoring_point", crs=4490, encoding=None)
    with service() as connection:
        upload = send(connection, data.encode(), declared, "a.geojson")
        (issue,) = list_issues(connection, upload.id)
    assert (issue.kind, issue.row) == ("heights_dropped", None)
    assert upload.state == "committed"
