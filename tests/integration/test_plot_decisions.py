"""The plots and decisions of `jingtu screen plot_decisions`, against geopandas.

Plots and land are drawn in metres of the 3-degree zone whose middle runs through the
place (EPSG:4547): there plane and ellipsoid agree, and the answers can be done in the
head.
"""

import json
import math
import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from shapely import Point, box
from typer.testing import CliRunner

from app.cli import cli
from parcels.register.history import end_object
from parcels.register.layers import PLOT
from tests.integration.register_rows import add_plot, change, element

ZONE, STORED = 4547, 4490
EAST_M, NORTH_M = 500_000, 3_846_000
"""The middle of the zone at 34.74°N."""
NOON = datetime.fromisoformat("2026-02-01T12:00+08:00")
INSERT = sa.text(
    "insert into decision values (:id, :certificate_number, :division_code, 'grant',"
    " :outcome, '{}', '2026-02-01', 1, :recorded_at, null, :id, 'test',"
    " convert_to(:record, 'UTF8'), sha256(''), st_geomfromwkb(:geom, 4490))"
)
RECORD = {"request": {"planned_use": {"scheme": "gbt21010_2017", "code": "0701"}}}


def drawn(shape):
    """What is drawn in metres from the place, in degrees."""
    shape = shapely.transform(shape, lambda xy: xy + (EAST_M, NORTH_M))
    return geopandas.GeoSeries([shape], crs=ZONE).to_crs(STORED).iloc[0]


def multi(shape):
    parts = shape.geoms if hasattr(shape, "geoms") else [shape]
    return shapely.MultiPolygon(list(parts))


@dataclass
class Ground:
    """A register that is drawn on, and what the command says of it."""

    registry: object
    jingtu: object
    plots: dict = field(default_factory=dict)
    land: dict = field(default_factory=dict)

    def plot(self, code, shape, **more):
        place = drawn(shape if shape.geom_type == "Point" else multi(shape))
        with self.registry.service() as connection, change(connection) as opened:
            add_plot(connection, opened, code=code, geom=element(place), **more)
        self.plots[code] = (shape, more)

    def decide(self, name, shape, at=NOON, division="999901", outcome="allow"):
        values = {
            "id": uuid.uuid4(),
            "certificate_number": name,
            "division_code": division,
            "outcome": outcome,
            "recorded_at": at,
            "record": json.dumps(RECORD),
            "geom": shapely.to_wkb(drawn(multi(shape))),
        }
        with self.registry.owner() as connection:
            connection.execute(INSERT, values)
        self.land[name] = shape

    def told(self, *more):
        """Rows of the command, by plot and decision."""
        rows = [feature["properties"] for feature in self.jingtu(*more)]
        return {(row["plot_code"], row["certificate_number"]): row for row in rows}


@pytest.fixture
def ground(registry, tmp_path, fresh_database_urls, monkeypatch):
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))

    def jingtu(*more):
        path = tmp_path / "rows.geojson"
        given = ("--division", "999901", "--output", str(path), *more)
        done = CliRunner().invoke(cli, ["screen", "plot_decisions", *given])
        assert done.exit_code == 0, done.output
        return json.loads(path.read_bytes())["features"]

    return Ground(registry, jingtu)


def square(west, south, side):
    return box(west, south, west + side, south + side)


def by_geopandas(ground):
    """Ground in common of every plot and the land that touches it, in m²."""
    found = {}
    land = geopandas.GeoSeries(ground.land)
    for code, (shape, known) in ground.plots.items():
        wide = known.get("accuracy_m", 0)
        wide += math.sqrt(known.get("stated_area_m2", 0) / math.pi)
        bare = shape.geom_type == "Point" and not wide
        near = land.distance(shape) - wide <= (50 if bare else 0.5)
        for name in land[near].index:
            found[code, name] = land[name].intersection(shape).area
    return found


def test_rows_are_those_drawn_by_hand(ground):
    ground.plot("A", square(0, 0, 100))
    ground.plot("B", square(100, 0, 100))
    ground.plot("BARE", Point(400, 50))
    ground.plot("WIDE", Point(600, 50), accuracy_m=10.0, stated_area_m2=314.159)
    ground.plot("ALONE", square(1000, 0, 100))
    ground.plot("LEAD", square(0, 0, 100), stage="candidate")
    ground.plot("SLIP", square(0, 0, 100), stage="closed_error")
    ground.decide("all-of-A", square(0, 0, 100))
    ground.decide("half-over", square(50, 50, 100))
    ground.decide("0.4-off-A", square(-50.4, 20, 50))
    ground.decide("0.6-off-A", square(-50.6, 20, 50))
    ground.decide("40-off-BARE", square(440, 40, 20))
    ground.decide("51-off-BARE", square(451, 40, 20))
    ground.decide("19-off-WIDE", square(619, 40, 20))
    ground.decide("21-off-WIDE", square(621, 40, 20))
    parts = shapely.MultiPolygon([square(10, 10, 10), square(3000, 0, 10)])
    ground.decide("in-parts", parts)
    told = {
        pair: (row["ring"], row["overlap_m2"]) for pair, row in ground.told().items()
    }
    assert told == {
        ("A", "all-of-A"): ("on", pytest.approx(10_000, rel=1e-4)),
        ("A", "half-over"): ("on", pytest.approx(2_500, rel=1e-4)),
        ("A", "0.4-off-A"): ("adjoining", 0),
        ("A", "in-parts"): ("on", pytest.approx(100, rel=1e-4)),
        ("B", "all-of-A"): ("adjoining", 0),
        ("B", "half-over"): ("on", pytest.approx(2_500, rel=1e-4)),
        ("BARE", "40-off-BARE"): ("cannot_be_placed", 0),
        ("WIDE", "19-off-WIDE"): ("cannot_be_placed", 0),
        ("ALONE", None): (None, None),
    }


def test_rows_are_those_of_geopandas(ground):
    chance = random.Random(20260201)

    def place():
        return chance.uniform(0, 1500), chance.uniform(0, 1500)

    for number in range(40):
        ground.plot(f"P-{number}", square(*place(), chance.uniform(20, 120)))
    for number in range(10):
        ground.plot(f"BARE-{number}", Point(*place()))
        known = {"accuracy_m": chance.uniform(1, 60), "stated_area_m2": 5_000.0}
        ground.plot(f"WIDE-{number}", Point(*place()), **known)
    for number in range(200):
        ground.decide(f"D-{number}", square(*place(), chance.uniform(5, 150)))
    told = ground.told()
    expected = by_geopandas(ground)
    assert len(expected) > 100
    assert {pair for pair in told if pair[1]} == set(expected)
    for pair, area in expected.items():
        assert told[pair]["overlap_m2"] == pytest.approx(area, rel=1e-3, abs=0.05)
    asked = {code for code, _ in expected}
    alone = {code for code, name in told if name is None}
    assert alone == set(ground.plots) - asked


def test_both_days_of_a_span_belong_to_it(ground):
    ground.plot("A", square(0, 0, 100))
    midnight = datetime.fromisoformat("2026-02-01T00:00+08:00")
    moment = timedelta(microseconds=1)
    ground.decide("before", square(0, 0, 50), midnight - moment)
    ground.decide("first", square(0, 0, 50), midnight)
    ground.decide("last", square(0, 0, 50), midnight + timedelta(days=1) - moment)
    ground.decide("after", square(0, 0, 50), midnight + timedelta(days=1))

    def told(**span):
        given = [("--parameter", f"{name}={day}") for name, day in span.items()]
        rows = ground.told(*(one for pair in given for one in pair))
        return [name for _, name in rows]

    assert told(recorded_from="2026-02-01", recorded_to="2026-02-01") == [
        "first",
        "last",
    ]
    assert told(recorded_to="2026-01-31") == ["before"]
    assert told(recorded_from="2026-02-02") == ["after"]
    everything = told(recorded_from="0001-01-01", recorded_to="9999-12-31")
    assert everything == ["before", "first", "last", "after"]


def test_decisions_of_a_plot_are_numbered_as_they_were_recorded(ground):
    ground.plot("A", square(0, 0, 100), planned_use_scheme="gbt21010_2017")
    ground.decide("later", square(0, 0, 50), NOON + timedelta(hours=1), outcome="deny")
    ground.decide("earlier", square(0, 0, 100))
    rows = ground.told()
    assert [(name, row["decision"]) for (_, name), row in rows.items()] == [
        ("earlier", 1),
        ("later", 2),
    ]
    later = rows["A", "later"]
    assert (later["outcome"], later["standing"]) == ("deny", "in_force")
    assert (later["use"], later["plot_use"]) == ("gbt21010_2017.0701", None)
    assert later["recorded_on"] == "2026-02-01"


def test_another_divisions_decisions_and_plots_are_not_told(ground):
    ground.plot("A", square(0, 0, 100))
    ground.decide("theirs", square(0, 0, 100), division="999902")
    assert list(ground.told()) == [("A", None)]


def test_plots_are_read_as_of_the_day_asked_for(ground):
    ground.plot("A", square(0, 0, 100), valid_from=date(2024, 3, 1))
    ground.decide("first", square(0, 0, 100))
    assert list(ground.told("--as-of", "2024-03-01")) == [("A", "first")]
    assert not ground.told("--as-of", "2024-02-29")
    with ground.registry.service() as connection, change(connection) as opened:
        end_object(connection, opened, PLOT, "A", date(2025, 1, 1))
    assert not ground.told()
    assert list(ground.told("--as-of", "2024-12-31")) == [("A", "first")]
