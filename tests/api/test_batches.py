"""Many questions in one order: each answered once, whatever happens to the worker."""

import csv
import io
import json
from uuid import UUID

import psycopg
import pytest

from app import batch_jobs as batch_jobs_module
from app.batch_jobs import ASK_BATCH, batch_jobs
from app.database import Database
from app.database_errors import DatabaseUnavailable
from screening.gate import Gate
from screening.rule_sets import read_rule_sets
from tests.api.bodies import NO_SUCH_ID, THEIRS, parcel_code, square

TRANSFER = {"transaction": "transfer"}
OURS = [{"subject": {"parcel_code": parcel_code(number)}} for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def database(api_urls):
    database = Database(api_urls.service, pool_size=2)
    yield database
    database.close()


@pytest.fixture(scope="module")
def job():
    (job,) = batch_jobs(Gate(read_rule_sets()))
    return job


def order(api, questions=OURS, **more):
    body = {**TRANSFER, "questions": questions, **more}
    return api.post("/v1/gate/batch", body)


def progress(api, batch):
    return api.get(batch["links"]["self"]).json()


def results(api, batch, **query):
    return api.get(batch["links"]["results"], params=query)


def test_a_batch_is_queued_and_says_where_to_look(api):
    answer = order(api)
    assert answer.status_code == 202, answer.text
    batch = answer.json()
    assert answer.headers["location"] == batch["links"]["self"]
    assert (batch["state"], batch["total"], batch["answered"]) == ("waiting", 3, 0)
    assert batch["counts"] == {"waiting": 3}


def queued(urls, batch):
    """The jobs of a batch that wait: their priorities, in the order of queueing."""
    statement = (
        "select priority from queue.procrastinate_jobs"
        " where status = 'todo' and args ->> 'work_id' = %s order by id"
    )
    with psycopg.connect(urls.owner) as owner:
        return [row[0] for row in owner.execute(statement, [batch["id"]])]


def test_who_has_less_in_hand_comes_first(api, api_urls):
    busy = [order(api).json() for _ in range(3)]
    other = api.as_("registrar")
    seldom = order(other).json()
    places = [queued(api_urls, batch)[0] for batch in (*busy, seldom)]
    assert places[0] > places[1] > places[2]
    assert 0 > places[3] > places[2]
    for asker, batches in ((api, busy), (other, [seldom])):
        for batch in batches:
            asker.send("DELETE", batch["links"]["self"])


def test_a_long_batch_makes_room_for_others_between_its_questions(
    api, api_urls, database, job, monkeypatch
):
    monkeypatch.setattr(batch_jobs_module, "_TURN_S", 0.0)
    monkeypatch.setattr(batch_jobs_module, "_AT_ONCE", 1)
    batch = order(api).json()
    for answered in (1, 2, 3):
        before = len(queued(api_urls, batch))
        job.run(database, batch["id"])
        assert progress(api, batch)["answered"] == answered
        assert len(queued(api_urls, batch)) == before + (answered < 3)
    assert progress(api, batch)["state"] == "done"


def test_every_question_becomes_a_decision(api, database, job):
    batch = order(api).json()
    job.run(database, batch["id"])
    done = progress(api, batch)
    assert (done["state"], done["answered"]) == ("done", 3)
    lines = results(api, batch).json()["items"]
    assert [line["number"] for line in lines] == [1, 2, 3]
    for line, question in zip(lines, OURS, strict=True):
        decision = api.get(f"/v1/gate/decisions/{line['decision_id']}").json()
        assert decision["subject"]["parcel_codes"] == [
            question["subject"]["parcel_code"]
        ]
        assert decision["outcome"] == line["outcome"]
        assert decision["certificate_number"] == line["certificate_number"]


def test_a_question_that_cannot_be_asked_says_why_and_stops_no_other(
    api, database, job
):
    questions = [OURS[0], {"subject": {"parcel_code": parcel_code(77)}}, OURS[1]]
    batch = order(api, questions).json()
    job.run(database, batch["id"])
    assert progress(api, batch)["counts"]["refused"] == 1
    first, refused, last = results(api, batch).json()["items"]
    assert parcel_code(77) in refused["problem"]
    assert (refused["outcome"], refused["decision_id"]) == (None, None)
    assert first["decision_id"] and last["decision_id"]


def test_a_question_that_replaces_what_it_cannot_stops_no_other(api, database, job):
    other = api.post("/v1/gate/decisions", TRANSFER | OURS[1]).json()
    questions = [
        {**OURS[0], "replaces": NO_SUCH_ID},
        {**OURS[0], "replaces": other["id"]},
        {**OURS[1], "replaces": other["id"]},
        {**OURS[1], "replaces": other["id"]},
    ]
    batch = order(api, questions).json()
    job.run(database, batch["id"])
    assert progress(api, batch)["state"] == "done"
    missing, foreign, taken, ended = results(api, batch).json()["items"]
    assert NO_SUCH_ID in missing["problem"] and "取代" in ended["problem"]
    assert other["certificate_number"] in foreign["problem"]
    assert taken["problem"] is None and taken["decision_id"]


def test_a_batch_goes_on_where_its_worker_was_killed(api, database, job, monkeypatch):
    batch = order(api).json()
    asked = []
    real = Gate.ask_several

    def fails_at_the_second(self, *given, **named):
        asked.append(given)
        if len(asked) == 2:
            raise DatabaseUnavailable("killed")
        return real(self, *given, **named)

    monkeypatch.setattr(Gate, "ask_several", fails_at_the_second)
    monkeypatch.setattr("app.batch_jobs._TOGETHER", 1)
    with pytest.raises(DatabaseUnavailable):
        job.run(database, batch["id"])
    first = results(api, batch).json()["items"]
    assert [bool(line["decision_id"]) for line in first] == [True, False, False]
    job.run(database, batch["id"])
    second = results(api, batch).json()["items"]
    assert second[0] == first[0]
    assert all(line["decision_id"] for line in second)
    assert len(asked) == 4


def test_lines_that_cannot_be_asked_together_are_asked_one_by_one(
    api, database, job, monkeypatch
):
    batch = order(api).json()
    asked = []
    real = Gate.ask_several

    def fails_together(self, connection, asker, questions, **named):
        asked.append(len(questions))
        if len(questions) > 1:
            raise RuntimeError("one of them")
        return real(self, connection, asker, questions, **named)

    monkeypatch.setattr(Gate, "ask_several", fails_together)
    job.run(database, batch["id"])
    assert asked == [3, 1, 1, 1]
    assert progress(api, batch)["state"] == "done"
    lines = results(api, batch).json()["items"]
    assert all(line["decision_id"] for line in lines)


def test_after_a_lost_database_no_line_is_asked_again_before_it_was_looked(
    api, database, job, monkeypatch
):
    """It may have been committed: the next run reads which lines are open."""
    batch = order(api).json()
    asked = []

    def lost(self, connection, asker, questions, **named):
        asked.append(len(questions))
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(Gate, "ask_several", lost)
    with pytest.raises(DatabaseUnavailable):
        job.run(database, batch["id"])
    assert asked == [3]


def test_a_dry_batch_records_nothing(api, database, job):
    batch = order(api, dry_run=True).json()
    before = api.get("/v1/gate/decisions").json()["items"][:1]
    job.run(database, batch["id"])
    lines = results(api, batch).json()["items"]
    assert all(line["outcome"] and not line["decision_id"] for line in lines)
    assert api.get("/v1/gate/decisions").json()["items"][:1] == before


def test_the_blocks_of_a_plan_are_checked_one_by_one(api, database, job):
    blocks = [
        {
            "type": "Feature",
            "geometry": square(114.05 + place / 100, 34.65),
            "properties": {
                "reference": f"A-0{place}",
                "planned_use": {"scheme": "gb50137_2011", "code": code},
                "colour": "red",
            },
        }
        for place, code in enumerate(("R", "M"))
    ]
    body = {
        "transaction": "detailed_plan",
        "blocks": {"type": "FeatureCollection", "features": blocks},
    }
    batch = api.post("/v1/gate/batch", body).json()
    job.run(database, batch["id"])
    drawn = json.loads(results(api, batch, format="geojson").content)["features"]
    assert [one["properties"]["reference"] for one in drawn] == ["A-00", "A-01"]
    assert all(one["geometry"]["type"] == "MultiPolygon" for one in drawn)
    assert all(one["properties"]["outcome"] for one in drawn)


def test_results_come_as_a_table_without_formulas(api, database, job):
    batch = order(api, [{**OURS[0], "reference": "=1+1"}]).json()
    job.run(database, batch["id"])
    text = results(api, batch, format="csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reference"] == "'=1+1"
    assert row["parcel_codes"] == parcel_code(1)


def test_results_come_page_by_page(api, database, job):
    batch = order(api).json()
    page = results(api, batch, limit=2).json()
    assert ([line["number"] for line in page["items"]], page["next"]) == ([1, 2], 2)
    rest = results(api, batch, limit=2, after=page["next"]).json()
    assert ([line["number"] for line in rest["items"]], rest["next"]) == ([3], None)


def test_a_cancelled_batch_asks_nothing_more(api, database, job):
    batch = order(api).json()
    assert api.send("DELETE", batch["links"]["self"]).json()["state"] == "cancelled"
    job.run(database, batch["id"])
    assert progress(api, batch)["counts"] == {"waiting": 3}
    again = api.send("DELETE", batch["links"]["self"])
    assert again.status_code == 409


def test_a_batch_that_failed_for_good_says_so(api, database, job):
    batch = order(api).json()
    job.give_up(database, batch["id"])
    failed = progress(api, batch)
    assert failed["state"] == "failed" and failed["failure"]


def test_another_county_sees_nothing_of_a_batch(api):
    batch = order(api).json()
    other = api.as_("planner_other_county")
    for path in batch["links"].values():
        assert other.get(path).status_code == 404
    assert other.send("DELETE", batch["links"]["self"]).status_code == 404


def test_a_batch_runs_under_the_rights_of_its_asker(api, database, job):
    theirs = [{"subject": {"parcel_code": parcel_code(1, THEIRS)}}]
    batch = order(api, theirs).json()
    job.run(database, batch["id"])
    assert progress(api, batch)["counts"] == {"refused": 1}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], ""),
        ({}, ""),
        ({"questions": []}, "/questions"),
        ({"questions": OURS, "blocks": {}}, ""),
        ({"questions": OURS, "colour": 1}, "/colour"),
        ({"questions": OURS, "dry_run": "yes"}, "/dry_run"),
        ({"questions": OURS, "dry_run": 0}, "/dry_run"),
        (
            {**TRANSFER, "questions": [OURS[0], {**OURS[0], "dry_run": True}]},
            "/questions/1/dry_run",
        ),
        ({"questions": [1]}, "/questions/0"),
        ({"questions": OURS}, "/questions/0/transaction"),
        ({**TRANSFER, "questions": [OURS[0], {}]}, "/questions/1/subject"),
        ({**TRANSFER, "questions": [{**OURS[0], "projet": {}}]}, "/questions/0/projet"),
        ({**TRANSFER, "blocks": {"type": "Feature"}}, "/blocks"),
        (
            {"blocks": {"type": "FeatureCollection", "features": [7]}},
            "/blocks/features/0",
        ),
    ],
)
def test_a_batch_with_a_fault_is_refused_whole(api, body, where):
    answer = api.post("/v1/gate/batch", body)
    assert answer.status_code == 422, answer.text
    pointers = [fault["pointer"] for fault in answer.json()["errors"]]
    assert where in pointers


def test_more_questions_than_a_batch_holds_are_refused(api):
    answer = order(api, OURS * 3334)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["found"] == "10002"


def test_ten_thousand_questions_are_taken_at_once(api):
    batch = order(api, (OURS * 3334)[:10_000]).json()
    assert batch["counts"] == {"waiting": 10_000}
    api.send("DELETE", batch["links"]["self"])


def test_who_may_not_ask_may_not_order(api):
    assert order(api.as_("surveyor")).status_code == 403
    assert order(api.as_(None)).status_code == 401


@pytest.mark.parametrize("name", [NO_SUCH_ID, "x"])
def test_a_batch_that_does_not_exist_is_not_found(api, name):
    assert api.get(f"/v1/gate/batch/{name}").status_code == 404
    assert api.get(f"/v1/gate/batch/{name}/results").status_code == 404


def test_a_batch_is_queued_with_its_row(api, api_urls):
    batch = order(api).json()
    with psycopg.connect(api_urls.superuser) as connection:
        row = connection.execute(
            "select task_name from queue.procrastinate_jobs"
            " where args->>'work_id' = %s",
            (str(UUID(batch["id"])),),
        ).fetchone()
    assert row == (ASK_BATCH,)
