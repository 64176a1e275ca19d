"""A decision whose answer a later change makes another is told of; no other is."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from parcels.register.conversation import converse
from parcels.register.statements import Statements, asked
from screening import gate
from tests.api.bodies import OURS, THEIRS, comb, entry, new_code, parcel, square
from tests.api.plot_lives import decide as decide_on
from tests.api.plot_lives import propose

STATEMENTS = Statements(Path(gate.__file__).parent / "sql" / "impact.sql")
_places = itertools.count()
WEST, SOUTH = 114.02, 34.62


@pytest.fixture
def place():
    """A parcel-sized square that no other test of this file is near to."""
    number = next(_places)
    return WEST + 0.006 * (number % 10), SOUTH + 0.012 * (number // 10)


def decide(api, place, transaction="transfer"):
    """Have the gate decide on a square, for the record."""
    body = {"transaction": transaction, "subject": {"geometry": square(*place)}}
    answer = api.post("/v1/gate/decisions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def tasks_of(api, decision):
    """The tasks about a decision, ended or not."""
    return api.get("/v1/tasks", params={"decision": decision["id"]}).json()["items"]


def list_plot(api, code, place, **more):
    """Enter a plot on a square."""
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "contaminated",
        **entry("contaminated"),
        "valid_from": "2024-01-01",
        "geometry": square(*place),
        **more,
    }
    return api.create("/v1/plots", body)


def standing(api, decision):
    """How a decision stands."""
    found = api.get(decision["links"]["self"], headers={"Accept-Language": "en"})
    return found.json()["standing"]


def verified(api, decision):
    """What anybody is told of a certificate."""
    number = decision["certificate_number"]
    return api.as_(None).get(f"/verify/{number}").json()["state"]


def test_a_plot_listed_later_affects_the_decision_on_its_land(api, place, compare):
    decision = decide(api, place)
    list_plot(api, "P-LISTED", place)
    assert verified(api, decision) == "in_force"
    compare()
    assert verified(api, decision) == "affected"
    (event,) = standing(api, decision)["events"]
    difference = event["difference"]
    assert (event["kind"], event["since"]) == ("affected", decision["as_of"])
    assert difference["outcome"]["before"] == decision["outcome"]
    changed = {one["rule"]: one for one in difference["rules"]}
    assert changed["B07"]["after"] == "matched"
    assert changed["B07"]["reason"]
    assert "; now matched: B07" in event["reason"]
    tasks = api.get("/v1/tasks?kind=decision_affected").json()["items"]
    (task,) = [one for one in tasks if one["decision_id"] == decision["id"]]
    assert (task["bureau"], task["state"]) == ("NR", "open")
    assert decision["certificate_number"] in task["title"]
    assert "；新符合规则 B07" in task["title"]


def test_a_decision_is_compared_however_much_its_land_crosses_since(
    api, place, compare
):
    """To ask of it anew is refused; whoever holds the certificate is told."""
    subject = {"geometry": comb(*place, 0.001, teeth=300, lying=False)}
    question = {"transaction": "transfer", "subject": subject}
    decision = api.create("/v1/gate/decisions", question)
    list_plot(api, "P-COMB", place, geometry=comb(*place, 0.001, 300, lying=True))
    anew = api.post("/v1/gate/decisions", question)
    assert anew.json()["reason"] == "too_intricate"
    compare()
    assert verified(api, decision) == "affected"


def test_a_decision_that_saw_the_listing_is_not_affected(api, place, compare):
    list_plot(api, "P-SEEN", place)
    decision = decide(api, place)
    compare()
    assert verified(api, decision) == "in_force"


def test_what_merely_lies_near_is_not_reported(api, place, compare):
    west, south = place
    decision = decide(api, (west, south))
    list_plot(api, "P-NEAR", (west + 0.0015, south))
    compare()
    assert standing(api, decision)["events"] == []


def test_every_decision_says_up_to_which_change_it_was_compared(api, place, compare):
    decision = decide(api, place)
    seen = decision["data_versions"]["change"]
    assert standing(api, decision)["checked_up_to"] == seen
    api.create("/v1/parcels", parcel(new_code(), place[0] + 0.05, place[1]))
    compare()
    assert standing(api, decision)["checked_up_to"] > seen


def test_a_plot_that_is_withdrawn_affects_decisions_too(api, offices, place, compare):
    list_plot(api, "P-ENDED", place)
    decision = decide(api, place)
    plot = "/v1/plots/P-ENDED"
    proposal = propose(offices, plot, "entry", on="2025-01-01").json()["code"]
    compare()
    assert standing(api, decision)["events"] == []
    ended = decide_on(offices, plot, "entry_withdrawn", proposal)
    assert ended.status_code == 201, ended.text
    compare()
    (event,) = standing(api, decision)["events"]
    rules = {one["rule"]: one for one in event["difference"]["rules"]}
    assert (rules["B07"]["before"], rules["B07"]["after"]) == (
        "matched",
        "not_matched",
    ) or (rules["B07"]["after"] == "unknown")


def test_a_parcel_that_is_split_leaves_nothing_to_decide(api, place, compare):
    code = new_code()
    api.create("/v1/parcels", parcel(code, *place))
    body = {"transaction": "transfer", "subject": {"parcel_code": code}}
    decision = api.post("/v1/gate/decisions", body).json()
    etag = api.get(f"/v1/parcels/{code}").headers["etag"]
    ended = api.as_("admin").post(
        f"/v1/parcels/{code}/end",
        {"on": "2025-01-01", "reason": "分割"},
        headers={"If-Match": etag},
    )
    assert ended.status_code in (200, 204), ended.text
    compare()
    (event,) = standing(api, decision)["events"]
    assert code in event["difference"]["impossible"]
    assert event["difference"]["outcome"]["after"] is None


def test_a_change_across_the_border_counts_and_is_not_shown(api, compare):
    # 18 m from the border, the plot right behind it.
    body = {
        "transaction": "grant",
        "subject": {"geometry": square(114.0988, 34.69)},
        "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
    }
    decision = api.post("/v1/gate/decisions", body).json()
    list_plot(api, "P-THEIRS", (114.1, 34.69), division_code=THEIRS)
    compare()
    (event,) = standing(api, decision)["events"]
    assert (event["kind"], event["change"]) == ("affected", None)
    assert [one["rule"] for one in event["difference"]["rules"]] == ["H02"]
    assert "P-THEIRS" not in str(event)


def test_what_ends_a_decision_ends_its_watch(api, place, compare):
    decision = decide(api, place)
    api.post(f"{decision['links']['self']}/annul", {"reason": "撤回"})
    list_plot(api, "P-AFTER", place)
    compare()
    assert [one["kind"] for one in standing(api, decision)["events"]] == ["annulled"]


def test_what_begins_on_a_later_day_is_reported_on_that_day(
    api, place, compare, api_urls
):
    decision = decide(api, place)
    today = date.fromisoformat(decision["as_of"])
    later = today + timedelta(days=5)
    list_plot(api, "P-BEGINS", place, valid_from=later.isoformat())
    compare()
    assert standing(api, decision)["state"] == "in_force"
    # What the round of that day does: the clock is the database's.
    days = {"day": today, "today": later, "head": 10**9}
    with psycopg.connect(api_urls.superuser) as owner:
        converse(owner, [asked(STATEMENTS["compare_days"], days)])
    compare()
    (event,) = standing(api, decision)["events"]
    assert event["since"] == later.isoformat()


def test_a_decision_that_knew_of_a_later_day_is_reported_too(
    api, place, compare, api_urls
):
    today = date.fromisoformat(decide(api, place)["as_of"])
    list_plot(api, "P-KNOWN", place, valid_from=(today + timedelta(days=1)).isoformat())
    decision = decide(api, place)
    compare()
    days = {"day": today, "today": today + timedelta(days=1), "head": 10**9}
    with psycopg.connect(api_urls.superuser) as owner:
        converse(owner, [asked(STATEMENTS["compare_days"], days)])
    compare()
    assert standing(api, decision)["state"] == "affected"


def test_the_same_change_is_reported_once(api, place, compare):
    decision = decide(api, place)
    list_plot(api, "P-ONCE", place)
    compare()
    compare()
    assert len(standing(api, decision)["events"]) == 1


def test_a_decision_stands_again_when_its_first_answer_comes_back(
    api, offices, place, compare
):
    decision = decide(api, place)
    list_plot(api, "P-MISTAKE", place)
    compare()
    assert verified(api, decision) == "affected"
    plot = "/v1/plots/P-MISTAKE"
    proposal = propose(offices, plot, "entry", on="2024-01-01").json()["code"]
    done = decide_on(offices, plot, "entry_withdrawn", proposal)
    assert done.status_code == 201, done.text
    compare()
    assert verified(api, decision) == "in_force"
    kinds = [one["kind"] for one in standing(api, decision)["events"]]
    assert kinds == ["affected", "stands_again"]
    (task,) = tasks_of(api, decision)
    assert task["state"] == "withdrawn"
    steps = api.get(f"/v1/tasks/{task['id']}").json()["steps"]
    assert "the first answer holds again" in steps[-1]["note"]
    list_plot(api, "P-MISTAKE-2", place)
    compare()
    assert verified(api, decision) == "affected"
    states = sorted(one["state"] for one in tasks_of(api, decision))
    assert states == ["open", "withdrawn"]


def test_another_answer_that_is_not_the_first_leaves_it_affected(
    api, offices, place, compare
):
    decision = decide(api, place)
    list_plot(api, "P-STAYS", place)
    list_plot(api, "P-MISTAKEN", place)
    compare()
    plot = "/v1/plots/P-MISTAKEN"
    proposal = propose(offices, plot, "entry", on="2024-01-01").json()["code"]
    assert decide_on(offices, plot, "entry_withdrawn", proposal).status_code == 201
    compare()
    assert verified(api, decision) == "affected"
