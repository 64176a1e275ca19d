"""Real soil samples go from their files to judged points, categories and report.

The data lie beside the project (see `tests.real_surveys`); their places are moved into
the invented county, their figures are as measured.
"""

import io

import geopandas
import numpy as np
import pandas as pd
import shapely

from parcels.register.repository import Moment
from parcels.surveys.reports import list_issues
from parcels.surveys.request import UploadRequest
from screening.categories.gather import gather_material, with_parameters
from screening.categories.loader import read_settings
from screening.categories.rows import CategoryMaterial, propose
from screening.standards.loader import read_standards
from tests.integration.imports.import_steps import FIRST, kinds
from tests.real_surveys import DATA, REAL_DATA

pytestmark = REAL_DATA
COUNTY = "999901"
SINU, MEUSE = DATA / "soil_sinu", DATA / "soil_meuse"
SINU_MOVED = (190.0, 26.2)
"""Degrees from the Sinú to the invented county."""
ELEMENTS = ["Cd", "Hg", "Pb", "Cr"]
"""What was measured there of the five: no arsenic."""


def declare(layer, mapping=None, **more):
    return UploadRequest(
        layer, COUNTY, FIRST, encoding="utf-8", mapping=mapping or {}, **more
    )


def written(frame):
    return frame.to_csv(index=False).encode()


def sent(send, connection, data, declared, name):
    upload = send(connection, data, declared, name)
    assert upload.state == "committed", kinds(upload)
    return upload


def fields(send, connection, lonlat, land_use="0103"):
    """Enter one square unit a place, in rows that do not overlap."""
    half = 0.0005
    frame = geopandas.GeoDataFrame(
        {
            "LBBM": [f"{COUNTY}{number:06d}" for number in range(1, len(lonlat) + 1)],
            "ZLLB": "未划分",
            "DLBZ": "gbt21010_2017",
            "DLBM": land_use,
        },
        geometry=[
            shapely.box(x - half, y - half, x + half, y + half) for x, y in lonlat
        ],
        crs=4490,
    )
    declared = declare("farmland_unit", crs=4490)
    data = frame.to_json().encode()
    sent(send, connection, data, declared, "单元.geojson")


def divided(connection, **parameters):
    settings = with_parameters(read_settings(), parameters)
    material = gather_material(
        connection, Moment(FIRST), COUNTY, settings, read_standards()
    )
    rows = propose(CategoryMaterial(COUNTY, material, settings))
    units = [row.values for row in rows if row.values["record"] == "unit"]
    questions = [row.values for row in rows if row.values["record"] == "question"]
    return material, units, questions


def expected_cadmium(frame):
    """Class of cadmium on dry land by GB 15618-2018, figures typed again."""
    ph = frame["pH"].to_numpy()
    screening = np.where(ph > 7.5, 0.6, 0.3)
    intervention = np.select([ph <= 5.5, ph <= 6.5, ph <= 7.5], [1.5, 2.0, 3.0], 4.0)
    cadmium = frame["Cd"].to_numpy()
    return 1 + (cadmium > screening) + (cadmium > intervention)


def test_sinu_goes_from_file_to_categories(service, send):
    sites = pd.read_csv(SINU / "sampling-locations.csv")
    measured = pd.read_csv(SINU / "all-measurements.csv")
    points = pd.DataFrame(
        {
            "DWBM": sites["Location"],
            "JZ": "土壤",
            "经度": sites["Longitude"] + SINU_MOVED[0],
            "纬度": sites["Latitude"] + SINU_MOVED[1],
        }
    )
    mapping = {
        "point_code": "Location",
        "horizon": "Position",
        "campaign": "Season",
        "unit": "=mg/kg",
    }
    with service(role="admin") as connection:
        point_file = declare("monitoring_point", crs=4490)
        sent(send, connection, written(points), point_file, "点位.csv")
        fields(send, connection, points[["经度", "纬度"]].to_numpy())
        raw = (SINU / "all-measurements.csv").read_bytes()
        upload = sent(send, connection, raw, declare("sample_result", mapping), "a.csv")
        assert upload.row_count == len(measured) == 100
        # Cd, Cr, Hg, Ni, Pb, Zn and pH; the rest of the columns is no chemistry.
        assert upload.comparison["new"] == 700
        material, units, _ = divided(connection, elements=ELEMENTS)
    surface = measured[measured["Position"] == "surface"]
    latest = surface[surface["Season"] == "rainy"].sort_values("Location")
    assert material.soil.code.tolist() == latest["Location"].tolist()
    assert material.soil.classes[:, 0].tolist() == expected_cadmium(latest).tolist()
    by_unit = {one["unit_code"]: one for one in units}
    assert len(by_unit) == 25
    assert {one["origin"] for one in units} == {"points"}
    assert all(one["category"] != "unclassified" for one in units)


def test_meuse_without_ph_says_so_and_divides_nothing(service, send):
    measured = pd.read_csv(MEUSE / "meuse.txt")
    measured.insert(0, "DWBM", [f"M{number:03d}" for number in range(1, 156)])
    points = pd.DataFrame(
        {
            "DWBM": measured["DWBM"],
            "JZ": "土壤",
            "东坐标": measured["x"] + 300_000,
            "北坐标": measured["y"] + 3_516_000,
        }
    )
    place = {"east": "东坐标", "north": "北坐标"}
    with service(role="admin") as connection:
        point_file = declare("monitoring_point", place, crs=4547)
        sent(send, connection, written(points), point_file, "点位.csv")
        table = measured.drop(columns=["x", "y"])
        buffer = io.BytesIO()
        table.to_excel(buffer, index=False)
        # A sheet knows its own encoding.
        declared = UploadRequest(
            "sample_result", COUNTY, FIRST, mapping={"unit": "=mg/kg"}
        )
        upload = sent(send, connection, buffer.getvalue(), declared, "结果.xlsx")
        # Cadmium, copper, lead, zinc of 155 samples.
        assert (upload.row_count, upload.comparison["new"]) == (155, 620)
        told = {one.kind for one in list_issues(connection, upload.id)}
        assert told <= {"value_outlying", "result_repeated"}
        fields(send, connection, [(114.0, 34.75)])
        material, units, questions = divided(connection)
    assert len(material.soil) == 155
    assert not material.soil.classes.any()
    (unit,) = units
    assert unit["category"] == "unclassified"
    checks = [one["check"] for one in questions]
    assert checks.count("point_not_judged") == 155
