"""What would a file change? Told before it is committed, and kept after."""

import pytest
import shapely

from tests.api.survey_uploads import codes, new_county, survey
from tests.survey_files import square_at

COUNTY = new_county(1)


def test_every_parcel_of_an_empty_county_is_new(bureau):
    ours = bureau(new_county(1))
    staged = ours.upload(survey(ours.county, {1: square_at(0, 0), 2: square_at(20, 0)}))
    found = ours.diff(staged)
    assert [one["fate"] for one in found["items"]] == ["new", "new"]
    assert found["summary"]["areas"]["new"]["area_after_m2"] == pytest.approx(
        200.0, abs=0.2
    )
    assert found["items"][0]["after"]["location"] == "地块1"
    assert found["items"][0]["geometry"]["type"] == "MultiPolygon"


@pytest.fixture
def changed(bureau):
    """An upload of which each parcel has another fate, staged."""
    ours = bureau(new_county(2))
    if not ours.parcels():
        ours.commit(
            survey(ours.county, {n: square_at(20 * n, 0) for n in (1, 2, 3, 4)})
        )
    data = survey(
        ours.county,
        {
            1: square_at(20, 0),
            2: shapely.box(*square_at(40, 0).bounds).buffer(1, join_style="mitre"),
            3: square_at(60, 0),
            5: square_at(100, 0),
        },
        name3="新名",
    )
    return ours, ours.upload(data, update="whole", valid_from="2025-01-01")


def test_each_fate_is_told(changed):
    ours, staged = changed
    one, two, three, four, five = codes(ours.county, 1, 2, 3, 4, 5)
    fates = {item["code"]: item["fate"] for item in ours.diff(staged)["items"]}
    assert fates == {
        five: "new",
        two: "changed_geometry",
        three: "changed_attributes",
        four: "missing",
        one: "identical",
    }


def test_what_is_said_otherwise_stands_beside_what_was(changed):
    ours, staged = changed
    (item,) = ours.diff(staged, fate="changed_attributes")["items"]
    assert item["changed"] == ["location"]
    assert (item["before"]["location"], item["after"]["location"]) == ("地块3", "新名")
    (moved,) = ours.diff(staged, fate="changed_geometry")["items"]
    before, after = moved["area_before_m2"], moved["area_after_m2"]
    assert (before, after) == (pytest.approx(100, abs=0.1), pytest.approx(144, abs=0.1))


def test_pages_of_a_diff_together_are_the_diff(changed):
    ours, staged = changed
    whole = [one["code"] for one in ours.diff(staged)["items"]]
    paged, after = [], 0
    while after is not None:
        page = ours.diff(staged, limit=2, after=after)
        paged += [one["code"] for one in page["items"]]
        after = page["next"]
    assert paged == whole and len(whole) == 5


def test_a_whole_update_ends_what_it_lacks_on_its_day(bureau):
    ours = bureau(new_county(3))
    ours.commit(survey(ours.county, {1: square_at(0, 0), 2: square_at(20, 0)}))
    ours.commit(
        survey(ours.county, {1: square_at(0, 0)}),
        update="whole",
        valid_from="2025-01-01",
    )
    one, two = codes(ours.county, 1, 2)
    assert set(ours.parcels("2024-12-31")) == {one, two}
    assert set(ours.parcels("2025-01-01")) == {one}


def test_a_partial_update_leaves_the_rest_alone(bureau):
    ours = bureau(new_county(4))
    ours.commit(survey(ours.county, {1: square_at(0, 0)}))
    done = ours.commit(survey(ours.county, {2: square_at(20, 0)}))
    assert done["comparison"]["missing"] == 0
    assert len(ours.parcels()) == 2


def lineage(ours, before, after):
    """Commit one survey after another as whole; return the pairs that are kept."""
    ours.commit(survey(ours.county, before))
    staged = ours.upload(
        survey(ours.county, after), update="whole", valid_from="2025-01-01"
    )
    told = {
        (one["fate"], one["predecessor_code"], one["code"])
        for one in ours.diff(staged)["items"]
        if one["predecessor_code"]
    }
    done = ours.order(staged, "commit", reason="已核对")
    assert done["state"] == "committed", done
    pairs = {(kind, int(old[-5:]), int(new[-5:])) for kind, old, new in told}
    return pairs, done


def test_a_split_is_kept_as_lineage(bureau):
    ours = bureau(new_county(5))
    halves = {2: shapely.box(0, 0, 5, 10), 3: shapely.box(5, 0, 10, 10)}
    pairs, done = lineage(
        ours,
        {1: square_at(0, 0)},
        {n: shapely.transform(h, moved_to(0, 0)) for n, h in halves.items()},
    )
    assert pairs == {("split", 1, 2), ("split", 1, 3)}
    assert done["comparison"]["lineage"] == {"split": 2}


def test_a_merge_is_kept_as_lineage(bureau):
    ours = bureau(new_county(6))
    pairs, _ = lineage(
        ours,
        {1: square_at(0, 0), 2: square_at(10, 0)},
        {3: square_at(0, 0).union(square_at(10, 0))},
    )
    assert pairs == {("merge", 1, 3), ("merge", 2, 3)}


def test_a_parcel_that_keeps_its_code_and_gives_some_ground_away_is_split(bureau):
    ours = bureau(new_county(7))
    halves = {1: shapely.box(0, 0, 5, 10), 2: shapely.box(5, 0, 10, 10)}
    pairs, _ = lineage(
        ours,
        {1: square_at(0, 0)},
        {n: shapely.transform(h, moved_to(0, 0)) for n, h in halves.items()},
    )
    assert pairs == {("split", 1, 2)}


def test_the_same_ground_under_a_new_code_is_renumbered(bureau):
    ours = bureau(new_county(8))
    pairs, _ = lineage(ours, {1: square_at(0, 0)}, {2: square_at(0, 0)})
    assert pairs == {("renumber", 1, 2)}


def test_two_parcels_that_move_their_border_are_no_split(bureau):
    ours = bureau(new_county(9))
    wide = {1: shapely.box(0, 0, 15, 10), 2: shapely.box(15, 0, 20, 10)}
    pairs, done = lineage(
        ours,
        {1: square_at(0, 0), 2: square_at(10, 0)},
        {n: shapely.transform(w, moved_to(0, 0)) for n, w in wide.items()},
    )
    assert pairs == set()
    assert done["comparison"]["changed_geometry"] == 2


def moved_to(east, north):
    """A transform from metres of a sketch to the survey's plane."""
    west, south = square_at(east, north).bounds[:2]
    return lambda points: points + (west, south)


def test_a_whole_update_that_ends_many_is_committed_for_a_reason_only(bureau):
    ours = bureau(new_county(10))
    ours.commit(survey(ours.county, {n: square_at(20 * n, 0) for n in range(1, 21)}))
    staged = ours.upload(
        survey(ours.county, {1: square_at(20, 0)}),
        update="whole",
        valid_from="2025-01-01",
    )
    assert staged["issue_counts"] == {"whole_update_ends_many": 1}
    commit = f"{staged['links']['self']}/commit"
    refused = ours.api.post(commit, {})
    assert (refused.status_code, refused.json()["kinds"]) == (
        409,
        ["whole_update_ends_many"],
    )
    (issue,) = ours.api.get(staged["links"]["issues"]).json()["items"]
    assert (issue["row"], issue["severity"]) == (None, "warning")
    assert "20 个有效对象中的 19 个" in issue["message"]
    done = ours.order(staged, "commit", reason="已核对：其余宗地已注销")
    assert done["state"] == "committed"


def test_a_whole_update_that_ends_few_needs_no_word(bureau):
    ours = bureau(new_county(11))
    ours.commit(survey(ours.county, {n: square_at(20 * n, 0) for n in range(1, 21)}))
    staged = ours.upload(
        survey(ours.county, {n: square_at(20 * n, 0) for n in range(1, 19)}),
        update="whole",
        valid_from="2025-01-01",
    )
    assert (staged["comparison"]["missing"], staged["issue_counts"]) == (2, {})
