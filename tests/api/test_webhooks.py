"""Whoever registered for it is told of a decision: surely, signed, under one id."""

import itertools
from contextlib import contextmanager

import psycopg
import pytest
import shapely

from app.database import Database
from app.delivery import Deliverer
from screening.notices.address import parse_networks
from tests.api.bodies import OURS, new_code, parcel, square
from tests.api.plot_lives import happen
from tests.api.receivers import is_signed, receiver

LOOPBACK = parse_networks("127.0.0.0/8")
_places = itertools.count()


@pytest.fixture
def deliver(api_urls):
    """Send what is due, as a worker does all the time; as if nothing had to wait."""
    database = Database(api_urls.service, pool_size=6)

    def run(allowed=LOOPBACK):
        with psycopg.connect(api_urls.owner, autocommit=True) as owner:
            owner.execute(
                "update registry.webhook_delivery set next_attempt_at = now()"
            )
        Deliverer(database, allowed).run()

    yield run
    database.close()


@pytest.fixture
def settings(api, monkeypatch):
    """Allow notices to this machine, as a deployment may."""
    services = api.client.app.state.services
    allowed = services.settings.model_copy(update={"webhook_networks": "127.0.0.0/8"})
    monkeypatch.setattr(services, "settings", allowed)


@contextmanager
def registered(api, *statuses, role="permit_system", events=("decision.annulled",)):
    """A receiver that is registered for events of decisions."""
    with receiver(*statuses) as found:
        body = {"url": found.url, "events": list(events)}
        answer = api.as_(role).post("/v1/webhooks", body)
        assert answer.status_code == 201, answer.text
        found.webhook = answer.json()
        yield found
        api.as_(role).send("DELETE", found.webhook["links"]["self"])


def annul(api, role="planner"):
    """Have a decision made and annulled; return it."""
    code = new_code()
    west = 114.02 + 0.002 * next(_places)
    api.create("/v1/parcels", parcel(code, west, 34.66))
    body = {
        "transaction": "transfer",
        "subject": {"parcel_code": code},
        "reference": "卷 7",
    }
    decision = api.as_(role).post("/v1/gate/decisions", body).json()
    path = f"{decision['links']['self']}/annul"
    assert api.as_(role).post(path, {"reason": "误办"}).status_code == 200
    return decision


def deliveries(api, found, role="permit_system"):
    """What became of the notices to a receiver."""
    path = found.webhook["links"]["deliveries"]
    return api.as_(role).get(path).json()["items"]


def test_a_notice_comes_signed_and_says_which_decision(api, settings, deliver):
    with registered(api) as found:
        decision = annul(api)
        deliver()
        ((headers, body),) = found.taken
        (notice,) = found.notices.values()
        (delivery,) = deliveries(api, found)
    assert is_signed(found.webhook["secret"], headers, body)
    assert notice["type"] == "decision.annulled"
    assert notice["data"]["decision"] == decision["id"]
    assert (notice["data"]["reference"], notice["data"]["reason"]) == ("卷 7", "误办")
    assert (delivery["state"], delivery["last_status"]) == ("delivered", 204)
    assert delivery["id"] == headers["webhook-id"]
    assert delivery["body"] == notice


def test_the_other_department_is_told_of_a_plots_event(api, settings, deliver, plot):
    with registered(api, role="planner", events=("plot.event",)) as found:
        happen(api, plot, "listed", level="county")
        deliver()
        (notice,) = found.notices.values()
    assert notice["type"] == "plot.event"
    told = notice["data"]
    assert told["plot_code"] == plot.rpartition("/")[2]
    assert (told["event"], told["from_stage"], told["to_stage"]) == (
        "listed",
        "candidate",
        "suspected",
    )
    assert told["lists_entered"] == ["suspected"]


def test_an_event_that_is_refused_is_told_to_nobody(api, settings, deliver, plot):
    with registered(api, role="planner", events=("plot.event",)) as found:
        answer = api.as_("registrar").post(f"{plot}/events", {"event": "listed"})
        assert answer.status_code == 409
        deliver()
    assert not found.taken


def test_a_split_is_told(api, offices, settings, deliver):
    whole = shapely.box(114.0212, 34.6232, 114.0232, 34.6242)
    body = {
        "plot_code": "P-TOLD",
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2020-01-01",
        "geometry": shapely.geometry.mapping(whole),
    }
    api.create("/v1/plots", body)
    halves = [
        {"plot_code": f"P-TOLD-{side}", "geometry": square(west, 34.6232)}
        for side, west in (("W", 114.0212), ("E", 114.0222))
    ]
    split = {"predecessors": ["P-TOLD"], "successors": halves, "on": "2026-05-01"}
    with registered(api, role="planner", events=("plot.succession",)) as found:
        answer = offices.as_("registrar-county").post(
            "/v1/plots/successions", {**split, "reason": "宗地分割"}
        )
        assert answer.status_code == 201, answer.text
        deliver()
        (notice,) = found.notices.values()
    told = notice["data"]
    assert (told["kind"], told["predecessors"]) == ("split", ["P-TOLD"])
    assert told["successors"] == ["P-TOLD-W", "P-TOLD-E"]


@pytest.mark.parametrize("event", ["plot.event", "plot.succession"])
def test_who_may_not_read_plots_is_not_told_of_them(api, settings, event):
    body = {"url": "http://127.0.0.1:9/", "events": ["decision.annulled", event]}
    answer = api.as_("permit_system").post("/v1/webhooks", body)
    assert answer.status_code == 403, answer.text


def test_what_fails_is_sent_again_under_the_same_id(api, settings, deliver):
    with registered(api, 500, 301) as found:
        annul(api)
        deliver()
        assert deliveries(api, found)[0]["last_status"] == 500
        deliver()
        # A redirect is not followed: it might lead into the network.
        assert "301" in deliveries(api, found)[0]["last_failure"]
        deliver()
        deliver()
    assert len(found.taken) == 3
    assert len(set(found.ids)) == 1


def test_given_up_it_can_be_seen_and_sent_again(api, settings, deliver):
    with registered(api, *[503] * 16) as found:
        annul(api)
        for _ in range(18):
            deliver()
        assert len(found.taken) == 16
        (dead,) = (
            api.as_("permit_system")
            .get(found.webhook["links"]["deliveries"] + "?state=dead")
            .json()["items"]
        )
        path = f"{found.webhook['links']['deliveries']}/{dead['id']}/redeliver"
        assert api.as_("permit_system").post(path).status_code == 202
        deliver()
        assert deliveries(api, found)[0]["state"] == "delivered"
    assert len(set(found.ids)) == 1


def test_an_attempt_that_was_lost_is_made_again_under_the_same_id(
    api, settings, deliver, api_urls
):
    """As after kill -9 between the sending and the note that it was taken."""
    with registered(api) as found:
        annul(api)
        deliver()
        with psycopg.connect(api_urls.owner, autocommit=True) as owner:
            owner.execute(
                "update registry.webhook_delivery set state = 'waiting',"
                " delivered_at = null where id = %s",
                [found.ids[0]],
            )
        deliver()
    assert len(found.ids) == 2
    assert len(set(found.ids)) == 1


def test_after_a_new_secret_both_sign_for_a_day(api, settings, deliver):
    with registered(api) as found:
        path = f"{found.webhook['links']['self']}/secret"
        rotated = api.as_("permit_system").post(path)
        annul(api)
        deliver()
        ((headers, body),) = found.taken
    assert rotated.json()["earlier_secret_until"]
    assert rotated.json()["secret"] != found.webhook["secret"]
    for secret in (rotated.json()["secret"], found.webhook["secret"]):
        assert is_signed(secret, headers, body)


def test_nobody_is_told_of_another_division(api, settings, deliver):
    with registered(api, role="planner_other_county") as theirs:
        annul(api)
        deliver()
        assert theirs.taken == []
        assert deliveries(api, theirs, "planner_other_county") == []


def test_a_receiver_is_its_own_clients_and_an_administrators(api, settings):
    with registered(api) as found:
        path = found.webhook["links"]["self"]
        for role, status in (
            ("permit_system", 200),
            ("admin", 200),
            ("planner", 404),
            ("planner_other_county", 404),
            ("auditor", 403),
        ):
            assert api.as_(role).get(path).status_code == status
            assert api.as_(role).get(f"{path}/deliveries").status_code == status
            own = {
                one["id"]
                for one in api.as_(role).get("/v1/webhooks").json().get("items", [])
            }
            assert (found.webhook["id"] in own) == (status == 200)
        shown = api.as_("permit_system").get(path).json()
        assert shown["secret"] is None
        assert api.as_("planner").post(f"{path}/secret").status_code == 404
        assert api.as_("planner").send("DELETE", path).status_code == 404


def test_what_is_removed_gets_nothing_any_more(api, settings, deliver):
    with registered(api) as found:
        annul(api)
        api.as_("permit_system").send("DELETE", found.webhook["links"]["self"])
        deliver()
    assert found.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "http://permits.example.gov.cn/jingtu",
        "https://10.0.0.7/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.7]/",
        "https://[64:ff9b::a00:7]/",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "http://localhost:8080/",
        "https://user@permits.example.gov.cn/",
        "https://permits.example.gov.cn/#part",
        "https://permits.example.gov.cn:99999/",
        "https://permits.example.gov.cn/a b",
        "ftp://permits.example.gov.cn/",
        "permits.example.gov.cn",
        "https://",
    ],
)
def test_no_notice_goes_to_such_an_address(api, url):
    answer = api.post("/v1/webhooks", {"url": url, "events": ["decision.affected"]})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("address-refused")


def test_a_name_that_leads_inside_is_found_out_when_it_is_sent(api, settings, deliver):
    with registered(api) as found:
        annul(api)
        deliver(())
        (delivery,) = deliveries(api, found)
    assert found.taken == []
    assert "internal network" in delivery["last_failure"]


def test_an_event_that_does_not_exist_is_refused(api):
    body = {"url": "https://permits.example.gov.cn/", "events": ["decision.eaten"]}
    assert api.post("/v1/webhooks", body).status_code == 422


def test_under_one_key_a_receiver_is_registered_once(api):
    body = {"url": "https://permits.example.gov.cn/", "events": ["decision.affected"]}
    headers = {"Idempotency-Key": "webhook-once"}
    first = api.post("/v1/webhooks", body, headers=headers)
    again = api.post("/v1/webhooks", body, headers=headers)
    assert first.json() == again.json()
    api.send("DELETE", first.json()["links"]["self"])
