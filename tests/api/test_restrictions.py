"""Limits to approvals of a county: who enters them, and what the gate makes of them."""

import psycopg
import pytest
import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.keys import create_client
from tests.api.bodies import OURS, THEIRS, square

PATH = f"/v1/divisions/{THEIRS}/restriction"
"""A county of rule set Liangshan, where rule I05 stands."""
ORDER = {
    "restricted": True,
    "on": "2026-03-01",
    "reason": "优先保护类耕地减少",
    "document": "环限批〔2026〕1号",
}


@pytest.fixture(scope="module")
def bureau(_register, api_urls):
    """The ecology-environment officer of that county."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        name = "registrar of theirs"
        key = create_client(connection, name=name, role="registrar", scope=THEIRS)[1]
    _register.keys["their_registrar"] = key
    return _register.as_("their_registrar")


def approvals_limited(api):
    """Ask what rule I05 says of a new plant in the county today."""
    question = {
        "transaction": "siting",
        "subject": {"geometry": square(114.15, 34.65)},
        "planned_use": {"scheme": "ydyh_2023", "code": "1101"},
        "dry_run": True,
    }
    answer = api.as_("planner_other_county").post("/v1/gate/decisions", question)
    assert answer.status_code == 200, answer.text
    found = {one["rule"]: one for one in answer.json()["findings"]}
    return found["I05"]["status"] == "matched" if "I05" in found else False


def test_a_limit_holds_in_the_gate_from_its_day_until_it_is_lifted(api, bureau):
    before = bureau.get(f"/v1/divisions/{THEIRS}").json()
    assert not approvals_limited(api)
    answer = bureau.post(PATH, ORDER)
    assert answer.status_code == 200, answer.text
    assert answer.json()["restricted"] is True
    assert approvals_limited(api)
    day_before = bureau.get(f"/v1/divisions/{THEIRS}", params={"as_of": "2026-02-28"})
    assert day_before.json()["restricted"] is None
    lifted = ORDER | {"restricted": False, "on": "2026-06-01"}
    assert bureau.post(PATH, lifted).status_code == 200
    assert not approvals_limited(api)
    after = bureau.get(f"/v1/divisions/{THEIRS}").json()
    own = {"restricted", "valid_from", "version", "change", "recorded_at", "source"}
    assert {k: v for k, v in before.items() if k not in own} == {
        k: v for k, v in after.items() if k not in own
    }


def test_the_change_says_why_and_by_which_document(api, bureau, api_urls):
    order = ORDER | {"on": "2026-07-01"}
    change = bureau.post(PATH, order).json()["change"]
    with psycopg.connect(api_urls.owner) as connection:
        ((actor, reason),) = connection.execute(
            "select actor, reason from registry.change where number = %s", [change]
        ).fetchall()
    assert actor == "registrar of theirs"
    assert order["reason"] in reason and order["document"] in reason
    assert bureau.post(PATH, order | {"restricted": False}).status_code == 200


def entries(api):
    answer = api.get("/v1/approval-restrictions")
    assert answer.status_code == 200, answer.text
    return [
        tuple(one[name] for name in ("division_code", "restricted", "on", "reason"))
        for one in answer.json()["items"]
    ]


def test_who_may_reads_from_when_on_what_ground_and_by_whom(api, bureau):
    lifted = {"restricted": False, "on": "2026-09-01", "reason": "已补划"}
    bureau.post(PATH, ORDER | {"on": "2026-08-01"})
    bureau.post(PATH, ORDER | lifted)
    item = bureau.get(f"/v1/divisions/{THEIRS}")
    later = item.json() | {"name_en": "Renamed", "valid_from": "2026-10-01"}
    renamed = api.as_("admin").put(
        f"/v1/divisions/{THEIRS}", later, headers={"If-Match": item.headers["etag"]}
    )
    assert renamed.status_code == 200, renamed.text
    assert entries(bureau)[:2] == [
        (THEIRS, False, "2026-09-01", "已补划 (环限批〔2026〕1号)"),
        (THEIRS, True, "2026-08-01", "优先保护类耕地减少 (环限批〔2026〕1号)"),
    ]
    (first, *_) = bureau.get("/v1/approval-restrictions").json()["items"]
    assert first["actor"] == "registrar of theirs"


def test_what_another_county_limits_is_not_ones_own_business(api):
    assert THEIRS not in {county for county, *_ in entries(api.as_("registrar"))}
    query = {"division": THEIRS}
    asked = api.as_("registrar").get("/v1/approval-restrictions", params=query)
    assert asked.status_code == 403
    assert THEIRS in {county for county, *_ in entries(api.as_("admin"))}


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"restricted": False, "on": "2027-01-01"}, 409, "stands_already"),
        ({"on": "2019-12-31"}, 404, None),
        ({"on": "2021-01-01"}, 409, "later_on_record"),
        ({"document": " "}, 422, None),
    ],
)
def test_what_cannot_be_entered_is_refused_with_words(bureau, change, status, reason):
    answer = bureau.post(PATH, ORDER | change)
    assert answer.status_code == status, answer.text
    assert reason in (None, answer.json()["reason"])


def test_another_county_is_not_ones_own(api):
    answer = api.as_("registrar").post(PATH, ORDER | {"on": "2028-01-01"})
    assert answer.status_code == 403
    nowhere = f"/v1/divisions/{OURS[:5]}9/restriction"
    assert api.as_("registrar").post(nowhere, ORDER).status_code in {403, 404}


def test_the_bureau_changes_nothing_else_of_a_county_in_the_database(api_urls):
    with psycopg.connect(api_urls.service) as connection:
        connection.execute("select set_config('jingtu.scope', %s, true)", [THEIRS])
        connection.execute("select set_config('jingtu.role', 'registrar', true)")
        ((change,),) = connection.execute(
            "insert into registry.change (actor, division_code, reason)"
            " values ('x', %s, 'x') returning id",
            [THEIRS],
        ).fetchall()
        ((version, object_id),) = connection.execute(
            "update registry.division set closed_by = %s where code = %s"
            " and closed_by is null and valid_to is null"
            " returning version_id, object_id",
            [change, THEIRS],
        ).fetchall()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "insert into registry.division (object_id, code, division_code,"
                " valid_from, opened_by, name_zh, mapped_area_m2, geom)"
                " select object_id, code, division_code, valid_from, %s, '改名',"
                " mapped_area_m2, geom from registry.division where version_id = %s",
                [change, version],
            )
