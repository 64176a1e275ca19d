"""Crops and ban areas: whose names meet, and what silence means."""

import pytest

from screening.truth import Truth
from tests.gate_builders import facts_of

FIELD = "ydyh_2023 0103"


def banned(crop: dict | None, **given: object) -> Truth:
    request = {
        "transaction": "farm_circulate",
        "planned_use": FIELD,
        "current_use": FIELD,
        "declared": {} if crop is None else {"crop": crop},
    }
    return facts_of(request | given).crop_is_banned


def area(*crops: str) -> dict:
    return {"overlaps": [{"theme": "crop_ban_area", "crops": list(crops)}]}


@pytest.mark.parametrize(
    ("listed", "grown", "value"),
    [
        ("水稻", "水稻", True),
        ("水稻", "优质水稻", True),
        ("水稻", "玉米、水稻", True),
        ("叶菜类", "叶菜", True),
        ("Rice", "rice", True),
        ("leaf vegetables", "vegetables for oil", False),
        ("水稻", "玉米", False),
    ],
)
def test_names_meet_when_one_holds_the_other(
    listed: str, grown: str, value: bool
) -> None:
    assert banned({"name": grown}, **area(listed)).value is value


def test_a_hit_shows_the_ban_area() -> None:
    (evidence,) = banned({"name": "水稻"}, **area("水稻")).evidence
    assert (evidence.theme, evidence.relation) == ("crop_ban_area", "on")


def test_one_of_several_crops_is_enough() -> None:
    assert banned({"name": "小麦"}, **area("水稻", "小麦")).is_true


def test_unnamed_crop_in_a_ban_area_waits_for_its_name() -> None:
    waiting = banned({"edible": False}, **area("水稻"))
    assert [(m.fact, m.cause) for m in waiting.missing] == [("crop", "not_declared")]


def test_stale_ban_areas_matter_on_strict_control_land_alone() -> None:
    crop = {"name": "水稻", "edible": True}
    strict = {"farmland": [{"category": "strict_control"}]}
    safe = {"farmland": [{"category": "safe_use"}]}
    assert banned(crop, stale=["crop_ban_area"], **strict).stale
    assert not banned(crop, stale=["crop_ban_area"], **safe).stale


def test_officer_is_shown_the_list() -> None:
    given = {"transaction": "farm_circulate", "planned_use": FIELD} | area("水稻")
    assert any("水稻" in note.zh for note in facts_of(given).notes)
    elsewhere = given | {"transaction": "transfer"}
    assert not any("水稻" in note.zh for note in facts_of(elsewhere).notes)
