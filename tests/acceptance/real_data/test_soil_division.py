"""Real soil from its files to judged points, categories, result layer and report.

Soil of the Sinú (25 sites, metals with pH, two seasons and depths) in Gongyi, with one
square of dry land a site. What comes of it is worked out beside it from the tables of
GB 15618 and the figures of the topsoil of the later season.
"""

import io

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from tests.domain_tables import TABLES
from tests.real_surveys import DATA, REAL_DATA, declare

pytestmark = REAL_DATA

GONGYI, MIDDLE = "410181", (113.05, 34.72)
ELEMENTS = ["Cd", "Hg", "Pb", "Cr"]
"""What was measured there of the five: no arsenic."""
CATEGORY = {1: "priority_protection", 2: "safe_use", 3: "strict_control"}


@pytest.fixture(scope="module")
def measured():
    table = pd.read_csv(DATA / "soil_sinu" / "all-measurements.csv")
    for name, middle in zip(("Longitude", "Latitude"), MIDDLE, strict=True):
        table[name] += middle - table[name].mean()
    return table


def fields_of(places):
    half = 0.0005
    return geopandas.GeoDataFrame(
        {
            "LBBM": [f"{GONGYI}{number:06d}" for number in range(1, len(places) + 1)],
            "ZLLB": "未划分",
            "DLBZ": "gbt21010_2017",
            "DLBM": "0103",
        },
        geometry=[
            shapely.box(x - half, y - half, x + half, y + half)
            for x, y in places[["Longitude", "Latitude"]].to_numpy()
        ],
        crs=4490,
    )


@pytest.fixture(scope="module")
def divided(registry, measured):
    """Load points, results and units from files; divide; return officer, run, rows."""
    places = measured.drop_duplicates("Location")
    points = places.rename(columns={"Location": "DWBM", "Longitude": "经度"})
    points = points.rename(columns={"Latitude": "纬度"}).assign(JZ="土壤")
    mapping = {"point_code": "Location", "horizon": "Position"}
    mapping |= {"campaign": "Season", "unit": "=mg/kg"}
    sheets = {"encoding": "utf-8"}
    for data, name, request in (
        (
            points[["DWBM", "JZ", "经度", "纬度"]].to_csv(index=False).encode(),
            "点位.csv",
            declare("monitoring_point", GONGYI, 4490, **sheets),
        ),
        (
            fields_of(places).to_json().encode(),
            "单元.geojson",
            declare("farmland_unit", GONGYI, 4490, **sheets),
        ),
        (
            (DATA / "soil_sinu" / "all-measurements.csv").read_bytes(),
            "检测结果.csv",
            declare("sample_result", GONGYI, None, mapping=mapping, **sheets),
        ),
    ):
        registry.take(data, name, request, "agriculture")
    officer = registry.officer(GONGYI, "agriculture")
    run, rows = registry.screen(officer, "farmland_categories", elements=ELEMENTS)
    return officer, run, [row["values"] for row in rows]


def limit_of(kind, element, ph):
    """Return the limit of dry land by the table alone."""
    table = pd.read_csv(TABLES / f"gb15618_{kind}.csv")
    above, to = table["ph_gt"].fillna(-np.inf), table["ph_le"].fillna(np.inf)
    here = table["land_type"].isin(("other", "all")) & (above < ph) & (ph <= to)
    (limit,) = table["value_mg_kg"][here & (table["pollutant_code"] == element)]
    return limit


def expected_classes(measured):
    """Return by site the class of each element: topsoil of the rainy season."""
    latest = measured[
        (measured["Position"] == "surface") & (measured["Season"] == "rainy")
    ]
    return {
        row["Location"]: {
            element: 1
            + (row[element] > limit_of("screening", element, row["pH"]))
            + (row[element] > limit_of("intervention", element, row["pH"]))
            for element in ELEMENTS
        }
        for _, row in latest.iterrows()
    }


def test_each_point_is_judged_as_the_table_says(registry, divided, measured):
    officer, *_ = divided
    for site, classes in expected_classes(measured).items():
        point = registry.fetch(officer, f"/v1/monitoring-points/{site}").json()
        # The register takes the land from the unit the point lies in.
        found = {name: point["judgement"]["classes"][name] for name in ELEMENTS}
        assert (point["judgement"]["land"], found) == ("dry_land", classes)


def test_each_unit_takes_the_worst_class_of_its_point(divided, measured):
    _, run, rows = divided
    units = [row for row in rows if row["record"] == "unit"]
    worst = [max(one.values()) for one in expected_classes(measured).values()]
    assert [one["category"] for one in units] == [CATEGORY[one] for one in worst]
    assert len({one["category"] for one in units}) >= 2, "not all alike"
    assert run["summary"]["counts"]["units.safe_use"] == worst.count(2)


def test_the_report_and_the_layer_say_the_same(registry, divided, measured):
    officer, run, rows = divided
    worst = [max(one.values()) for one in expected_classes(measured).values()]
    layer = registry.fetch(officer, f"/v1/screening/runs/{run['id']}/layer")
    frame = geopandas.read_file(io.BytesIO(layer.content))
    assert sorted(frame["ZH_CLASS"]) == sorted(worst)
    query = {"run": run["id"]}
    path = "/v1/reports/category_quality"
    sheet = registry.fetch(officer, path, **query, format="xlsx")
    areas = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[1].values)
    assert sum(row[3] for row in areas[1:]) == len(worst) == 25
    assert sum(row[4] for row in areas[1:]) == pytest.approx(
        sum(row["area_m2"] for row in rows if row["record"] == "unit"), abs=0.01
    )
    printed = registry.fetch(officer, path, **query)
    assert printed.content.startswith(b"%PDF")
