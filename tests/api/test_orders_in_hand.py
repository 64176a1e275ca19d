"""One client queues so much and no more, however many requests come at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.keys import create_client
from tests.api.bodies import OURS, parcel_code
from tests.api.conftest import Api, serve
from tests.api.survey_uploads import send, survey
from tests.survey_files import square_at

MOST = 3
QUESTION = {"subject": {"parcel_code": parcel_code(1)}}
BATCH = {"transaction": "transfer", "questions": [QUESTION]}
SQUARE = square_at(0.0, 0.0)
RUN = {"kind": "receptors", "parameters": {}}


@pytest.fixture(scope="module")
def client(api_urls, _register, data_dir):
    """The application of the other tests with a limit that is soon reached."""
    with serve(api_urls, data_dir, orders_in_hand=MOST) as client:
        yield client


@pytest.fixture
def make_api(client, api_urls):
    """Make a caller with a key of his own."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)

    def make(role="planner", scope=OURS):
        name = f"{role} {uuid4()}"
        with engine.begin() as connection:
            key = create_client(connection, name=name, role=role, scope=scope)[1]
        return Api(client, {name: key}, name)

    return make


@pytest.fixture
def api(make_api):
    return make_api()


def batch(api, **more):
    return api.post("/v1/gate/batch", BATCH, **more)


def run(api):
    return api.post("/v1/screening/runs", RUN)


def fill(api):
    """Order as much as a client may have; return the batches."""
    answers = [batch(api) for _ in range(MOST)]
    assert [one.status_code for one in answers] == [202] * MOST
    return [one.json() for one in answers]


def refused(answer):
    assert answer.status_code == 429, answer.text
    assert answer.headers["retry-after"]
    return answer.json()


def test_one_more_is_refused_with_the_number_and_what_to_do(api):
    fill(api)
    problem = refused(batch(api))
    assert problem["type"].endswith("too-much-in-hand")
    assert f" {MOST} " in problem["detail"] and "取消" in problem["detail"]
    english = Api(api.client, api.keys, api.role, {"Accept-Language": "en"})
    assert f"You have {MOST} " in refused(batch(english))["detail"]


def test_batches_runs_and_surveys_count_together(make_api):
    api = make_api("admin", "*")
    assert batch(api).status_code == 202
    assert run(api).status_code == 202
    sent = send(api, survey("659971", {1: SQUARE}), division="659971")
    assert sent.status_code == 202, sent.text
    refused(batch(api))
    refused(run(api))
    refused(send(api, survey("659971", {2: SQUARE}), division="659971"))


def test_the_same_file_sent_again_is_no_further_order(make_api):
    api = make_api("admin", "*")
    data = survey("659972", {1: SQUARE})
    first = send(api, data, division="659972")
    batch(api)
    batch(api)
    again = send(api, data, division="659972")
    assert again.status_code == 202, again.text
    assert again.json()["id"] == first.json()["id"]


def test_an_answer_is_repeated_whatever_is_in_hand(api):
    key = {"headers": {"Idempotency-Key": str(uuid4())}}
    first = batch(api, **key)
    batch(api)
    batch(api)
    assert batch(api, **key).json()["id"] == first.json()["id"]


def test_what_is_cancelled_makes_room(api):
    cancelled, *_ = fill(api)
    api.send("DELETE", cancelled["links"]["self"])
    assert batch(api).status_code == 202
    refused(batch(api))


def test_what_others_have_in_hand_does_not_count(make_api):
    fill(make_api())
    assert batch(make_api()).status_code == 202


def test_of_many_requests_at_once_no_more_are_taken(api):
    together = threading.Barrier(16)

    def ask(number):
        together.wait()
        return batch(api).status_code

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, range(16)))
    assert sorted(answers) == [202] * MOST + [429] * (16 - MOST)
