"""What the rules on siting and drinking water need from beyond the subject itself."""

from datetime import date

import pytest
import shapely

from parcels.register.layers import (
    DIVISION,
    PLOT,
    RESTRICTION_AREA,
    WATER_SOURCE,
    WATER_ZONE,
)
from parcels.register.repository import Moment
from screening.themes import THEMES, with_shorelines
from tests.integration.register_rows import change, narrow
from tests.integration.test_gather import (
    BORDER,
    METRE_EAST,
    PARCEL_WEST_OF_BORDER,
    add,
    eastward,
    gathered,
)

DAY = date(2026, 3, 1)
SHORES = with_shorelines(THEMES, 3000.0, 1000.0)
MAIN = "yangtze_main_shoreline"


def around_border(connection, themes=THEMES):
    narrow(connection, "999901")
    return gathered(connection, PARCEL_WEST_OF_BORDER, Moment(DAY), themes)


def add_counties(connection):
    for county, west in (("999901", 113.9), ("999902", BORDER)):
        with change(connection, county) as opened:
            box = shapely.box(west, 34.6, west + 0.1, 34.7)
            shape = shapely.multipolygons([box])
            names = {"name_zh": county, "mapped_area_m2": 1.0}
            add(connection, opened, DIVISION, county, county, shape, **names)


def attributes_of(found, theme):
    (feature,) = [f for f in found.features if f.theme == theme]
    return feature.attributes


class TestZonesOfPlots:
    """A plot brings the zones it overlaps, also beside the land asked about."""

    def zones_of(self, connection, plot, zone):
        with change(connection) as opened:
            values = {"stage": "contaminated"}
            add(connection, opened, PLOT, "P1", "999901", plot, **values)
            values = {
                "source_code": "S1",
                "level": "level_2",
                "basis": "approved",
                "mapped_area_m2": 1.0,
            }
            add(connection, opened, WATER_ZONE, "Z1", "999901", zone, **values)
        return attributes_of(around_border(connection), "plot")["water_zones"]

    def test_zone_beside_the_subject(self, service):
        with service(scope="9999", role="admin") as connection:
            plot, zone = eastward(-160, -60), eastward(-210, -150)
            (found,) = self.zones_of(connection, plot, zone)
        assert found["code"] == "Z1"
        # 10 m of the strip, 111 m high; mean width 2A/P of a 10 × 111 m rectangle.
        assert found["area_m2"] == pytest.approx(1109, rel=0.01)
        assert found["width_m"] == pytest.approx(2 * 1109 / 242, rel=0.01)

    def test_zone_the_plot_does_not_meet(self, service):
        with service(scope="9999", role="admin") as connection:
            found = self.zones_of(connection, eastward(-160, -60), eastward(-260, -180))
        assert found is None

    def test_plot_known_as_a_point_lies_in_the_zone_around_it(self, service):
        point = shapely.Point(BORDER - 80 * METRE_EAST, 34.6505)
        with service(scope="9999", role="admin") as connection:
            (found,) = self.zones_of(connection, point, eastward(-100, -60))
        assert (found["area_m2"], found["width_m"]) == (None, None)


class TestZonesOfSources:
    """A source says which zones are drawn for it."""

    @pytest.mark.parametrize(
        ("source_code", "basis", "bases"),
        [
            ("S1", "approved", ["approved"]),
            ("S1", "hj338_default", ["hj338_default"]),
            ("S2", "approved", None),
        ],
    )
    def test_bases_of_its_own_zones(self, service, source_code, basis, bases):
        intake = shapely.Point(BORDER - 500 * METRE_EAST, 34.6505)
        with service(scope="9999", role="admin") as connection:
            with change(connection) as opened:
                values = {"name": "清溪", "source_type": "river"}
                add(connection, opened, WATER_SOURCE, "S1", "999901", intake, **values)
                values = {
                    "source_code": source_code,
                    "level": "level_1",
                    "basis": basis,
                    "mapped_area_m2": 1.0,
                }
                zone = eastward(-600, -400)
                add(connection, opened, WATER_ZONE, "Z1", "999901", zone, **values)
            found = attributes_of(around_border(connection), "water_source")
        assert found["zone_bases"] == bases


class TestShorelines:
    """Read 3 km around where a project asks for them, also across the border."""

    def add_shoreline(self, connection, division, from_m, to_m, theme=MAIN):
        with change(connection, division) as opened:
            values = {"theme": theme, "mapped_area_m2": 1.0}
            shape = eastward(from_m, to_m)
            add(
                connection, opened, RESTRICTION_AREA, "SHORE", division, shape, **values
            )

    @pytest.mark.parametrize(("themes", "count"), [(THEMES, 0), (SHORES, 1)])
    def test_far_shoreline_is_read_where_it_is_asked_for(self, service, themes, count):
        with service(scope="9999", role="admin") as connection:
            add_counties(connection)
            self.add_shoreline(connection, "999901", -2600, -2500)
            found = around_border(connection, themes)
        assert [f.theme for f in found.features] == [MAIN] * count

    def test_near_shoreline_is_read_once(self, service):
        with service(scope="9999", role="admin") as connection:
            add_counties(connection)
            self.add_shoreline(connection, "999901", -150, -50)
            found = around_border(connection, SHORES)
        assert [f.theme for f in found.features] == [MAIN]

    def test_other_areas_are_read_no_farther(self, service):
        with service(scope="9999", role="admin") as connection:
            add_counties(connection)
            self.add_shoreline(connection, "999901", -2600, -2500, "scenic_area")
            found = around_border(connection, SHORES)
        assert found.features == ()

    @pytest.mark.parametrize(
        ("from_m", "relation", "within_m"),
        [(2500, "within", 3000.0), (900, "within", 1000.0), (0, "adjoining", None)],
    )
    def test_shoreline_over_the_border_is_told_by_its_ring(
        self, service, from_m, relation, within_m
    ):
        with service(scope="9999", role="admin") as connection:
            add_counties(connection)
            self.add_shoreline(connection, "999902", from_m, from_m + 100)
            found = around_border(connection, SHORES)
        (hit,) = found.border
        assert (hit.theme, hit.relation, hit.within_m, hit.division_code) == (
            MAIN,
            relation,
            within_m,
            "999902",
        )
        assert found.features == ()

    def test_county_two_kilometres_away_is_asked(self, service):
        west = BORDER - 2500 * METRE_EAST
        far = shapely.multipolygons(
            [shapely.box(west - 100 * METRE_EAST, 34.65, west, 34.651)]
        )
        with service(scope="9999", role="admin") as connection:
            add_counties(connection)
            narrow(connection, "999901")
            usual, shores = (
                gathered(connection, far, Moment(DAY), themes)
                for themes in (THEMES, SHORES)
            )
        assert [county.division_code for county in usual.counties] == ["999901"]
        assert {county.division_code for county in shores.counties} == {
            "999901",
            "999902",
        }
