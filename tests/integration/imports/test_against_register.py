"""What the register says against a file: squares of 10 m beside those it holds."""

import pytest
import shapely

from parcels.area import measure_area
from parcels.register.layers import LAYERS
from parcels.surveys.register_codes import REFERENCES
from parcels.surveys.reports import list_issues
from tests.integration.conftest import CONTEXT
from tests.integration.imports.import_steps import FIRST, SECOND, request, sheet
from tests.survey_files import (
    PARCEL_FIELDS,
    dbf,
    parcel_code,
    parcels_zip,
    shapes,
    square_at,
    zipped,
)


def parcels(*squares, first=1, county="999901"):
    """Return a file of parcels, coded from a serial number on."""
    rows = [
        (parcel_code(first + i, county), "甲", one.area)
        for i, one in enumerate(squares)
    ]
    return parcels_zip(list(squares), rows)


@pytest.fixture
def told(service, send):
    """Commit a first file of parcels, send a second one; give its issues."""

    def run(held, sent, declared=None):
        with service() as connection:
            assert send(connection, held, request(FIRST)).state == "committed"
            upload = send(connection, sent, declared or request(SECOND))
            return list_issues(connection, upload.id)

    return run


def only(issues, *kinds):
    return [(one.row, one.kind) for one in issues if not kinds or one.kind in kinds]


def test_file_that_repeats_what_is_held_has_no_issue(told):
    squares = [square_at(0, 0), square_at(10, 0)]
    assert told(parcels(*squares), parcels(*squares)) == []


def test_ground_of_an_object_that_is_not_in_the_file_is_an_error_with_its_polygon(told):
    (issue,) = told(
        parcels(square_at(0, 0)), parcels(square_at(40, 0), square_at(5, 0), first=2)
    )
    assert (issue.row, issue.kind, issue.severity) == (2, "register_overlap", "error")
    assert issue.details["other_code"] == parcel_code(1)
    assert issue.details["code"] == parcel_code(3)
    assert issue.details["area_m2"] == pytest.approx(50, abs=0.05)
    assert measure_area(issue.geometry) == pytest.approx(50, abs=0.05)
    assert parcel_code(1) in issue.message("zh")


def test_one_square_metre_is_slight(told):
    issues = told(parcels(square_at(0, 0)), parcels(square_at(9.91, 0), first=2))
    assert only(issues) == [(1, "register_overlap_slight")]


def test_neighbour_that_meets_its_boundary_has_no_issue(told):
    assert told(parcels(square_at(0, 0)), parcels(square_at(10, 0), first=2)) == []


@pytest.mark.parametrize(
    ("distance", "count"), [(0.0005, 0), (0.03, 1), (0.049, 1), (0.06, 0)]
)
def test_edge_beside_a_registered_one_is_told_with_its_vertices(told, distance, count):
    issues = told(
        parcels(square_at(0, 0)), parcels(square_at(10 + distance, 0), first=2)
    )
    assert only(issues) == [(1, "register_edge_not_matched")] * count
    if issues:
        assert issues[0].geometry.geom_type == "MultiPoint"
        assert issues[0].details["distance_m"] == pytest.approx(distance, abs=2e-3)


def test_whole_update_makes_room_for_its_rows(told):
    declared = request(SECOND, update="whole")
    sent = parcels(square_at(5, 0), first=2)
    issues = told(parcels(square_at(0, 0)), sent, declared)
    assert only(issues) == [(None, "whole_update_ends_many")]


def test_what_ended_before_the_file_holds_leaves_its_ground(service, send):
    ended = PARCEL_FIELDS + (("valid_to", "C", 10, 0),)
    held = zipped(
        dict(
            zip(
                ("a.shp", "a.shx", "a.dbf"),
                (
                    *shapes([square_at(0, 0)]),
                    dbf(ended, [(parcel_code(1), "甲", 100.0, "2024-06-01")]),
                ),
                strict=True,
            )
        )
    )
    with service() as connection:
        assert send(connection, held, request(FIRST)).state == "committed"
        again = send(connection, parcels(square_at(0, 0)), request(SECOND))
        other = send(connection, parcels(square_at(0, 0), first=2), request(SECOND))
        issues = list_issues(connection, again.id)
    assert only(issues) == [(1, "code_ended")]
    assert issues[0].details["ended_on"] == "2024-06-01"
    # The first of the two stands again since the day before.
    assert other.issue_counts == {"register_overlap": 1}


def test_row_with_a_fault_of_its_own_is_asked_as_well(told):
    rows = [("12345", "甲", 100.0)]
    issues = told(parcels(square_at(0, 0)), parcels_zip([square_at(5, 0)], rows))
    assert only(issues) == [(1, "code_malformed"), (1, "register_overlap")]


def table(layer, *lines):
    return sheet(*lines), request(SECOND, layer=layer, crs=None, encoding="utf-8")


def test_reference_to_nothing_is_an_error_where_it_is_required(service, send):
    data, declared = table(
        "plot_event", ["SJBH", "DKBM", "SJ"], ["E-1", "DK-1", "survey"]
    )
    with service() as connection:
        upload = send(connection, data, declared, "a.csv")
        (issue,) = list_issues(connection, upload.id)
    assert (issue.kind, issue.severity) == ("reference_unknown", "error")
    assert (issue.field, issue.value) == ("DKBM", "DK-1")
    assert "地块" in issue.message("zh") and "plot" in issue.message("en")


def test_zone_of_a_source_that_is_not_registered_yet_stands(service, send):
    fields = (("BHQDM", "C", 10, 0), ("SYDM", "C", 10, 0), ("JB", "C", 10, 0))
    data = area_file(
        (*fields, ("YJ", "C", 20, 0)), ("Z-1", "S-1", "level_1", "approved")
    )
    with service() as connection:
        upload = send(connection, data, request(layer="water_zone"))
        issues = list_issues(connection, upload.id)
    assert only(issues) == [(1, "reference_unmatched")]


def test_reference_to_a_held_object_has_no_issue(service, send):
    plot = sheet(["DKBM", "JD", "X", "Y"], ["DK-1", "candidate", 3846000, 38500000])
    data, declared = table(
        "plot_event", ["SJBH", "DKBM", "SJ"], ["E-1", "DK-1", "survey"]
    )
    with service() as connection:
        where = request(FIRST, layer="plot", encoding="utf-8")
        assert send(connection, plot, where, "a.csv").state == "committed"
        assert send(connection, data, declared, "b.csv").state == "committed"


def test_predecessor_may_be_older_than_the_register(service, send):
    data, declared = table(
        "parcel_lineage",
        ["BGBH", "YZDDM", "XZDDM", "BGLX"],
        ["L-1", parcel_code(8), parcel_code(9), "split"],
    )
    with service() as connection:
        upload = send(connection, data, declared, "a.csv")
        issues = list_issues(connection, upload.id)
    assert {one.kind for one in issues} == {"reference_unmatched"}


def test_river_refers_to_a_reach_of_its_own_file(service, send):
    line = [(38_500_000.0, 3_846_000.0), (38_500_100.0, 3_846_000.0)]
    lines = [shapely.LineString(line), shapely.LineString(line[::-1])]
    fields = (("HLDM", "C", 10, 0), ("XYDM", "C", 10, 0))
    shp, shx = shapes(lines)
    rows = dbf(fields, [("R1", "R2"), ("R2", "R9")])
    with service() as connection:
        upload = send(
            connection,
            zipped({"r.shp": shp, "r.shx": shx, "r.dbf": rows}),
            request(layer="river"),
        )
        issues = list_issues(connection, upload.id)
    assert only(issues) == [(2, "reference_unmatched")]


def test_every_reference_names_its_layer():
    named = {one.name for layer in LAYERS for one in layer.attributes if one.reference}
    assert named == set(REFERENCES)


def land(code, scheme="gbt21010_2017", first=1):
    """Return a file with one parcel of a class, 10 m square."""
    fields = PARCEL_FIELDS + (("DLBM", "C", 8, 0), ("DLBZ", "C", 20, 0))
    shp, shx = shapes([square_at(0, 0)])
    rows = dbf(fields, [(parcel_code(first), "甲", 100.0, code, scheme)])
    return zipped({"p.shp": shp, "p.shx": shx, "p.dbf": rows})


def area_file(fields, row, east=5.0):
    shp, shx = shapes([square_at(east, 0)])
    return zipped({"a.shp": shp, "a.shx": shx, "a.dbf": dbf(fields, [row])})


@pytest.mark.parametrize(
    ("code", "told_of"), [("0701", 1), ("0201", 1), ("0101", 0), (None, 0)]
)
def test_basic_farmland_lies_on_cultivated_land(told, code, told_of):
    fields = (("QYDM", "C", 10, 0), ("ZT", "C", 40, 0))
    data = area_file(fields, ("A-1", "permanent_basic_farmland"))
    held = land(code) if code else parcels(square_at(0, 0))
    issues = told(held, data, request(SECOND, layer="restriction_area"))
    found = [one for one in issues if one.kind == "basic_farmland_not_cultivated"]
    assert len(found) == told_of
    if found:
        assert found[0].details["area_m2"] == pytest.approx(50, abs=0.05)
        assert code in found[0].message("en")


@pytest.mark.parametrize(
    ("role", "told_of"),
    [("registrar", 1), ("agriculture", 1), ("planner", 0), ("surveyor", 0)],
)
def test_a_theme_that_another_department_leads_is_an_error_of_its_row(
    service, send, role, told_of
):
    fields = (("QYDM", "C", 10, 0), ("ZT", "C", 40, 0))
    data = area_file(fields, ("A-1", "permanent_basic_farmland"))
    with service(role=role) as connection:
        upload = send(connection, data, request(FIRST, layer="restriction_area"))
        issues = list_issues(connection, upload.id)
    assert only(issues) == [(1, "theme_of_others")] * told_of


@pytest.mark.parametrize(("code", "told_of"), [("0701", 1), ("0201", 0)])
def test_unit_of_farmland_lies_on_farmland(told, code, told_of):
    fields = (("LBBM", "C", 10, 0), ("ZLLB", "C", 40, 0))
    data = area_file(fields, ("U-1", "safe_use"))
    issues = told(land(code), data, request(SECOND, layer="farmland_unit"))
    assert only(issues) == [(1, "unit_on_built_land")] * told_of


def test_code_taken_in_another_division_is_told(service, send):
    fields = (("LBBM", "C", 10, 0), ("ZLLB", "C", 40, 0))
    row = ("U-1", "safe_use")
    with service(scope="9999") as connection:
        there = request(FIRST, layer="farmland_unit", division="999902")
        first = send(connection, area_file(fields, row, 500.0), there)
        assert first.state == "committed"
        here = request(FIRST, layer="farmland_unit")
        upload = send(connection, area_file(fields, row), here)
        (issue,) = list_issues(connection, upload.id)
    assert (issue.kind, issue.value) == ("code_elsewhere", "U-1")
    assert issue.details["other_division"] == "999902"
    assert issue.lonlat is not None


def test_other_counties_stay_unseen(service, send):
    with service(scope="9999") as connection:
        there = request(FIRST, division="999902")
        held = parcels(square_at(0, 0), county="999902")
        assert send(connection, held, there).state == "committed"
        seen = send(connection, parcels(square_at(5, 0), first=2))
        assert seen.issue_counts == {"register_overlap": 1}
        connection.execute(CONTEXT, {"scope": "999901", "role": "surveyor"})
        unseen = send(connection, parcels(square_at(5, 0), first=3))
        assert unseen.issue_counts == {}
