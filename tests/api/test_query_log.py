"""Every answered question about land is in the ledger: who, when, what, the result."""

import orjson
import psycopg
import pytest

from tests.api.bodies import OURS, entry, parcel_code, square
from tests.api.test_gate import QUESTION, ask

EXTRACT = f"/v1/parcels/{parcel_code(1)}/extract"


@pytest.fixture
def entries(api_urls):
    """Read the entries of queries as the owner, the latest last."""

    def read():
        with psycopg.connect(api_urls.owner) as connection:
            rows = connection.execute(
                "select content from registry.ledger_entry where kind = 'query'"
                " order by recorded_at, id"
            ).fetchall()
        return [orjson.loads(content) for (content,) in rows]

    return read


def entry_of(api, answer):
    """Return what is written of an answer that names its entry."""
    proof = api.get(f"/v1/ledger/proof?entry={answer.headers['ledger-entry']}").json()
    return orjson.loads(proof["content"])


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_an_extract_is_entered_with_its_soil_result(api, form):
    answer = api.get(f"{EXTRACT}?format={form}")
    written = entry_of(api, answer)
    body = written["body"]
    assert written["division_code"] == OURS
    assert body["query"] == "extract"
    assert body["asked"] == {"parcel_codes": [parcel_code(1)]}
    assert body["asked_by"]["actor"] == "planner"
    assert body["asked_by"]["scope"] == OURS
    assert body["result"]["plots"] == []
    if form == "json":
        extract = answer.json()
        statuses = {theme["theme"]: theme["status"] for theme in extract["themes"]}
        assert body["result"]["themes"] == statuses
        assert body["change"] == extract["known_at"]


def test_an_extract_names_the_plots_that_were_found(api):
    place = square(114.07, 34.67, 0.001)
    plot = {
        "plot_code": "P-LOG",
        "division_code": OURS,
        "stage": "contaminated",
        **entry("contaminated"),
        "valid_from": "2024-01-01",
        "geometry": place,
    }
    api.create("/v1/plots", plot)
    answer = api.post("/v1/extracts", {"geometry": place})
    body = entry_of(api, answer)["body"]
    assert body["result"]["plots"] == [
        {"code": "P-LOG", "stage": "contaminated", "relation": "on"}
    ]
    assert body["result"]["themes"]["plot"] == "concerned"
    assert body["asked"]["geometry_wkb"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"code": parcel_code(2)}, [parcel_code(2)]), ({"code": parcel_code(99)}, [])],
)
def test_a_look_up_is_entered_with_what_it_found(api, asked, found):
    body = entry_of(api, api.post("/v1/parcels/lookup", asked))["body"]
    assert (body["query"], body["asked"]) == ("lookup", asked)
    assert body["result"] == {"parcel_codes": found}


def test_a_look_up_of_a_place_is_entered(api):
    answer = api.post("/v1/parcels/lookup", {"point": [114.5, 34.9]})
    assert entry_of(api, answer)["body"]["asked"]["geometry_wkb"]


def test_a_decision_that_was_only_tried_is_entered_as_a_question(api, entries):
    answer = ask(api, QUESTION | {"dry_run": True, "reference": "tried"})
    body = entries()[-1]["body"]
    assert body["query"] == "dry_run"
    assert body["request"]["reference"] == "tried"
    assert body["outcome"] == answer.json()["outcome"]


def test_a_question_that_was_refused_is_not_an_answer(api, entries):
    before = len(entries())
    assert api.get(f"/v1/parcels/{parcel_code(99)}/extract").status_code == 404
    assert len(entries()) == before


def test_who_asks_for_the_whole_country_is_entered_too(api):
    answer = api.as_("admin").post("/v1/parcels/lookup", {"code": parcel_code(98)})
    assert answer.status_code == 200
    assert entry_of(api.as_("admin"), answer)["body"]["asked_by"]["scope"]


def plot_of(code):
    return {
        "plot_code": code,
        "division_code": OURS,
        "stage": "contaminated",
        **entry("contaminated"),
        "valid_from": "2024-01-01",
        "geometry": square(114.08, 34.67, 0.0001),
    }


def test_a_pull_of_plots_from_the_feed_is_entered_once_with_what_was_told(api, entries):
    made = [api.create("/v1/plots", plot_of(f"P-PULL-{i}")) for i in (1, 2)]
    follower, before = api.as_("auditor"), made[0]["change"] - 1
    known = len(entries())
    query = {"after": before, "division": OURS}
    answer = follower.get("/v1/plots/changes", params=query)
    items = answer.json()["items"]
    assert len(entries()) == known + 1
    written = entry_of(api, answer)
    body = written["body"]
    assert (body["query"], body["asked_by"]["actor"]) == ("changes", "auditor")
    assert written["division_code"] == OURS and written["recorded_at"]
    assert body["asked"] == {"layer": "plot", "division": OURS}
    first, last = items[0], items[-1]
    assert body["result"] == {
        "versions": len(items),
        "first": {"change": first["change"], "version": first["version"]},
        "last": {"change": last["change"], "version": last["version"]},
    }
    assert {one["version"] for one in made} <= {one["version"] for one in items}


def test_a_pull_enters_what_stands_on_its_page_alone(api):
    made = [api.create("/v1/plots", plot_of(f"P-PAGE-{i}")) for i in (1, 2)]
    query = {"after": made[0]["change"] - 1, "limit": 1}
    answer = api.get("/v1/plots/changes", params=query)
    told = entry_of(api, answer)["body"]["result"]
    assert told["versions"] == 1 and told["first"] == told["last"]
    assert told["last"]["version"] == made[0]["version"]


@pytest.mark.parametrize("path", ["plots", "parcels"])
def test_a_pull_that_tells_nothing_or_no_plots_is_not_entered(api, entries, path):
    end = api.get(f"/v1/{path}/changes?limit=1000").json()["complete_to"]
    known = len(entries())
    after = end if path == "plots" else 0
    answer = api.get(f"/v1/{path}/changes", params={"after": after})
    assert answer.status_code == 200 and "ledger-entry" not in answer.headers
    assert len(entries()) == known


def test_plots_taken_away_as_a_file_are_entered_with_their_number(api, entries):
    api.create("/v1/plots", plot_of("P-FILE"))
    query = {
        "format": "gpkg",
        "stage": "contaminated",
        "bbox": "114.07,34.6,114.1,34.7",
    }
    answer = api.get("/v1/plots", params=query)
    body = entry_of(api, answer)["body"]
    listed = api.get("/v1/plots", params={**query, "format": "json", "limit": 1000})
    assert body["query"] == "export"
    assert body["asked"] == {
        "layer": "plot",
        "division": OURS,
        "format": "gpkg",
        "filters": {"stage": "contaminated"},
        "bbox": ["114.07", "34.6", "114.1", "34.7"],
    }
    assert body["result"] == {"objects": len(listed.json()["items"])}
    known = len(entries())
    assert "ledger-entry" not in api.get("/v1/parcels?format=gpkg").headers
    assert len(entries()) == known
