"""The rows of a checked file as they are drawn around a fault."""

import pytest
import shapely

from parcels.crs import transform_to_storage
from parcels.surveys.shown_rows import WHOLE_VERTICES
from tests.api.survey_uploads import codes, new_county
from tests.survey_files import EAST, NORTH, parcels_zip, square_at

BOW_TIE = shapely.Polygon(
    [(EAST + x, NORTH + y) for x, y in ((100, 0), (110, 10), (110, 0), (100, 10))]
)


@pytest.fixture(scope="session")
def counties():
    """Numbers of counties for these tests."""
    return iter(range(60, 99))


@pytest.fixture
def send_rows(bureau, counties):
    """Send some polygons as rows of a new county; return bureau and upload."""

    def send(*polygons):
        ours = bureau(new_county(next(counties)))
        named = codes(ours.county, *range(1, len(polygons) + 1))
        rows = [(code, "甲", 100.0) for code in named]
        return ours, ours.upload(parcels_zip(list(polygons), rows))

    return send


def around(polygon, metres=0.0):
    """Return the box of a square of the survey as a parameter."""
    box = transform_to_storage(
        shapely.buffer(polygon, metres, join_style="mitre"), 4526
    )
    return ",".join(f"{side:.9f}" for side in box.bounds)


def rows(ours, upload, **query):
    answer = ours.api.get(upload["links"]["rows"], params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(page):
    return [one["row"] for one in page["items"]]


def test_rows_in_a_box_are_given_with_code_and_shape(send_rows):
    near, beside, far = square_at(0, 0), square_at(5, 0), square_at(300, 0)
    ours, upload = send_rows(near, beside, far)
    page = rows(ours, upload, bbox=around(near, 1))
    assert page["kept"] and numbers(page) == [1, 2]
    first = page["items"][0]
    assert first["code"] == codes(ours.county, 1)[0]
    assert (first["drawn"], first["note"], first["cut"]) == ("usable", None, False)
    shape = shapely.from_geojson(str(first["geometry"]).replace("'", '"'))
    stored = transform_to_storage(near, 4526)
    assert shapely.hausdorff_distance(shape, stored) < 1e-9


def test_a_bow_tie_is_drawn_as_sent_and_says_so(send_rows):
    ours, upload = send_rows(square_at(0, 0), BOW_TIE)
    (row,) = rows(ours, upload, bbox=around(shapely.box(*BOW_TIE.bounds)))["items"]
    assert (row["row"], row["drawn"]) == (2, "as_sent")
    assert "不能使用" in row["note"]
    assert row["geometry"]["type"] == "MultiLineString"
    assert len(row["geometry"]["coordinates"][0]) == 5


def test_a_row_that_could_not_be_placed_says_so(send_rows):
    ours, upload = send_rows(square_at(0, 0), square_at(9e6, 0), None)
    page = rows(ours, upload, row=[2, 3])
    assert [(one["row"], one["drawn"]) for one in page["items"]] == [
        (2, "not_placed"),
        (3, "not_placed"),
    ]
    assert all(one["geometry"] is None and one["note"] for one in page["items"])


def test_rows_set_aside_and_rows_accepted_are_each_their_own(send_rows):
    # Accepted and faulty rows lie in files of their own, in turn.
    squares = [square_at(20 * n, 0) for n in range(6)]
    squares[1] = squares[4] = BOW_TIE
    ours, upload = send_rows(*squares)
    page = rows(ours, upload)
    assert numbers(page) == [1, 2, 3, 4, 5, 6]
    assert [one["drawn"] for one in page["items"]] == [
        "usable",
        "as_sent",
        "usable",
        "usable",
        "as_sent",
        "usable",
    ]
    for one, square in zip(page["items"], squares, strict=True):
        west = transform_to_storage(square.centroid, 4526).x
        shape = shapely.from_geojson(str(one["geometry"]).replace("'", '"'))
        assert shape.envelope.centroid.x == pytest.approx(west, abs=1e-8)


def test_named_rows_are_given_wherever_they_lie(send_rows):
    ours, upload = send_rows(*(square_at(30 * n, 0) for n in range(4)))
    page = rows(ours, upload, bbox=around(square_at(0, 0)), row=4)
    assert numbers(page) == [1, 4]


def test_pages_go_on_after_the_last_row(send_rows):
    ours, upload = send_rows(*(square_at(30 * n, 0) for n in range(5)))
    seen, after = [], 0
    while after is not None:
        page = rows(ours, upload, limit=2, after=after)
        seen += numbers(page)
        after = page["next"]
    assert seen == [1, 2, 3, 4, 5]


def test_of_a_huge_outline_only_the_lines_in_the_box_are_given(send_rows):
    huge = shapely.segmentize(square_at(0, 0, 400), 1.0)
    assert shapely.get_num_coordinates(huge) > WHOLE_VERTICES
    ours, upload = send_rows(huge, square_at(-20, 100))
    corner = square_at(-5, -5)
    page = rows(ours, upload, bbox=around(corner))
    (row,) = page["items"]
    assert row["row"] == 1 and row["cut"]
    lines = shapely.from_geojson(str(row["geometry"]).replace("'", '"'))
    # Five metres along two sides of the corner.
    assert lines.bounds == pytest.approx(
        transform_to_storage(square_at(0, 0, 5), 4526).bounds, abs=1e-6
    )
    assert shapely.get_num_coordinates(lines) < 20


def test_of_a_huge_outline_around_the_box_nothing_is_drawn(send_rows):
    huge = shapely.segmentize(square_at(0, 0, 400), 1.0)
    ours, upload = send_rows(huge, square_at(-20, 100))
    (row,) = rows(ours, upload, bbox=around(square_at(200, 200)))["items"]
    assert (row["row"], row["cut"], row["geometry"]) == (1, True, None)


def test_rows_come_as_geojson_when_asked(send_rows):
    ours, upload = send_rows(square_at(0, 0))
    answer = ours.api.send(
        "GET", upload["links"]["rows"], headers={"Accept": "application/geo+json"}
    )
    collection = answer.json()
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert collection["type"] == "FeatureCollection"
    (feature,) = collection["features"]
    assert feature["properties"]["row"] == 1
    assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_after_the_commit_the_register_draws_them(send_rows):
    ours, upload = send_rows(square_at(0, 0))
    ours.order(upload, "commit", reason="已核对")
    page = rows(ours, upload)
    assert page == {"kept": False, "items": [], "next": None}


def test_rows_of_another_division_do_not_exist(send_rows, bureau, counties):
    _, upload = send_rows(square_at(0, 0))
    others = bureau(new_county(next(counties)))
    answer = others.api.get(upload["links"]["rows"])
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "nan,0,1,1"},
        {"row": "0"},
        {"row": list(range(1, 102))},
        {"limit": 1001},
        {"tile": "1"},
    ],
)
def test_what_cannot_be_asked_is_refused(send_rows, query):
    ours, upload = send_rows(square_at(0, 0))
    answer = ours.api.get(upload["links"]["rows"], params=query)
    assert answer.status_code == 422, answer.text
