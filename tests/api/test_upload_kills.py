"""A worker that is killed at any moment leaves an import whole or absent.

Moments are chosen with a fixed seed over the time an import takes. A few of a small
file in every run; twenty of a large one under the mark `long`.
"""

import os
import random
import signal
import subprocess
import sys
import time

import psycopg
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.main import create_app
from app.migration import sqlalchemy_url
from app.security.keys import create_client
from app.settings import Settings
from tests.api.conftest import Api
from tests.api.survey_uploads import codes, new_county, send
from tests.survey_files import parcels_zip, square_at

WORKER = """
import sys
from app.worker import run_worker
from app.settings import Settings
from app.upload_jobs import upload_jobs
from app.uploads import find_archive
settings = Settings(database_url=sys.argv[1], data_dir=sys.argv[2])
print("ready", flush=True)
run_worker(settings, upload_jobs(find_archive(settings)))
"""
FILLS_ALWAYS = """
import parcels.register.filling
parcels.register.filling.LEAST_ROWS = 1
"""
FILLING = """
select 1 from pg_locks where relation = 'registry.parcel'::regclass
and mode = 'AccessExclusiveLock' and granted
"""
PATIENCE_S = 240
SEED = 20240601


class Service:
    """An application of its own and the worker processes that serve it."""

    def __init__(self, urls, data_dir):
        self.urls, self.data_dir = urls, data_dir
        self.worker = None
        engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
        with engine.begin() as connection:
            made = create_client(connection, name="s", role="surveyor", scope="65")
        self.client = TestClient(create_app(Settings(data_dir=data_dir), urls.service))
        self.client.__enter__()
        self.api = Api(self.client, {"s": made[1]}, "s")

    def start_worker(self, prepared=""):
        command = [
            sys.executable,
            "-c",
            prepared + WORKER,
            self.urls.service,
            str(self.data_dir),
        ]
        self.worker = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.worker.stdout.readline() == b"ready\n"

    def kill_worker(self):
        os.kill(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.worker.stdout.close()

    def close(self):
        if self.worker is not None and self.worker.poll() is None:
            self.kill_worker()
        self.client.__exit__(None, None, None)

    def count(self, county):
        """Count open parcels of a county as its owner sees them."""
        with psycopg.connect(self.urls.owner) as connection:
            return connection.execute(
                "select count(*), count(distinct opened_by) from registry.parcel"
                " where closed_by is null and division_code = %s",
                (county,),
            ).fetchone()

    def empty(self):
        """Take every parcel away, so that the next county fills the layer."""
        with psycopg.connect(self.urls.owner) as connection:
            connection.execute("alter table registry.parcel disable trigger user")
            connection.execute("truncate registry.parcel")
            connection.execute("alter table registry.parcel enable trigger user")

    def indexes(self):
        """Return the definitions of the indexes of parcels."""
        with psycopg.connect(self.urls.owner) as connection:
            return set(
                connection.execute(
                    "select indexdef from pg_indexes"
                    " where schemaname = 'registry' and tablename = 'parcel'"
                ).fetchall()
            )

    def order_and_wait_for_filling(self, path):
        """Order the commit; return when its indexes are set aside, or it is done."""
        with psycopg.connect(self.urls.owner, autocommit=True) as connection:
            assert self.api.post(f"{path}/commit", {}).status_code == 202
            while not connection.execute(FILLING).fetchone():
                if self.api.get(path).json()["state"] == "committed":
                    return False
        return True

    def wait(self, path, state):
        """Return an upload when nothing is ordered of it any more, and check it."""
        until = time.monotonic() + PATIENCE_S
        while True:
            upload = self.api.get(path).json()
            if upload["under_way"] is None:
                assert state in (None, upload["state"]), upload
                return upload
            assert time.monotonic() < until, upload
            time.sleep(0.02)

    def drive(self, path, until):
        """Order the commit as soon as it can be; return the upload at the end."""
        while True:
            upload = self.api.get(path).json()
            if upload["state"] == "staged" and upload["under_way"] is None:
                answer = self.api.post(f"{path}/commit", {})
                assert answer.status_code == 202, answer.text
            if upload["state"] in ("committed", "failed", "checked"):
                return upload
            if time.monotonic() > until:
                return upload
            time.sleep(0.02)


@pytest.fixture
def running(fresh_database_urls, tmp_path):
    """An application without a worker yet."""
    found = Service(fresh_database_urls, tmp_path)
    yield found
    found.close()


def county_file(county, count):
    """Parcels of a county on ground of its own: counties do not overlap."""
    south = 5_000.0 * (int(county) % 100)
    squares = [
        square_at(10.0 * (i % 250), south + 10.0 * (i // 250)) for i in range(count)
    ]
    named = zip(codes(county, *range(1, count + 1)), squares, strict=True)
    return parcels_zip(squares, [(code, "地块", one.area) for code, one in named])


def take_time(running, rows):
    """Import once undisturbed; return how many seconds it took."""
    county = new_county(0)
    running.start_worker()
    sent = send(running.api, county_file(county, rows), division=county)
    began = time.monotonic()
    done = running.drive(sent.headers["location"], began + PATIENCE_S)
    assert done["state"] == "committed", done
    return time.monotonic() - began


def import_and_kill(running, trial, rows, after_s):
    """Import a county, kill the worker once, start another; check what is there."""
    county = new_county(trial)
    data = county_file(county, rows)
    sent = send(running.api, data, division=county)
    path = sent.headers["location"]
    running.drive(path, time.monotonic() + after_s)
    running.kill_worker()
    running.start_worker()
    assert running.count(county)[0] in (0, rows)
    done = running.drive(path, time.monotonic() + PATIENCE_S)
    assert done["state"] == "committed", (after_s, done)
    assert (done["under_way"], done["refusal"]) == (None, None)
    assert running.count(county) == (rows, 1)
    same = send(running.api, data, division=county, valid_from="2024-01-01")
    again = running.drive(same.headers["location"], time.monotonic() + PATIENCE_S)
    assert again["comparison"]["identical"] == rows
    assert running.count(county) == (rows, 1)


def test_of_two_commits_at_once_one_wins_whole(running):
    county, paths = new_county(0), []
    running.start_worker()
    for name in ("甲", "乙"):
        squares = [square_at(10.0 * i, 0.0) for i in range(500)]
        rows = [(code, name, 100.0) for code in codes(county, *range(1, 501))]
        sent = send(running.api, parcels_zip(squares, rows), division=county)
        paths.append(sent.headers["location"])
    uploads = [running.wait(path, "staged") for path in paths]
    answers = [running.api.post(f"{path}/commit", {}) for path in paths]
    uploads = [running.wait(path, None) for path in paths]
    assert sorted(one["state"] for one in uploads) == ["committed", "staged"]
    # The later one is told at once when the earlier was quick, else by the worker.
    (loser,) = (one for one in uploads if one["state"] == "staged")
    late = {one.json()["reason"] for one in answers if one.status_code == 409}
    assert (late or {loser["refusal"]["reason"]}) == {"register_moved"}
    assert running.count(county) == (500, 1)
    answer = running.api.get(f"/v1/parcels?division={county}&limit=1000")
    assert len({one["location"] for one in answer.json()["items"]}) == 1


def leftovers(running, *folders):
    uploads = running.data_dir / "uploads"
    return [
        one for name in folders or ("scratch",) for one in (uploads / name).iterdir()
    ]


def kill_at_random_moments(running, rows, times):
    duration_s = take_time(running, rows)
    chance = random.Random(SEED)
    for trial in range(1, times + 1):
        import_and_kill(running, trial, rows, chance.uniform(0, duration_s))
    assert leftovers(running) == []


def test_an_import_of_a_killed_worker_is_whole_or_absent(running):
    kill_at_random_moments(running, rows=2_000, times=3)


@pytest.mark.parametrize(
    ("rows", "times", "longest_s"),
    [(2_000, 3, 0.2), pytest.param(100_000, 10, 3.0, marks=pytest.mark.long)],
)
def test_a_layer_that_a_killed_worker_filled_is_whole_or_empty(
    running, rows, times, longest_s
):
    chance = random.Random(SEED)
    before, seen = running.indexes(), 0
    for trial in range(times):
        running.empty()
        running.start_worker(FILLS_ALWAYS)
        county = new_county(trial)
        sent = send(running.api, county_file(county, rows), division=county)
        path = sent.headers["location"]
        running.wait(path, "staged")
        seen += running.order_and_wait_for_filling(path)
        time.sleep(chance.uniform(0, longest_s))
        running.kill_worker()
        assert running.count(county)[0] in (0, rows)
        assert running.indexes() == before
        running.start_worker(FILLS_ALWAYS)
        done = running.drive(path, time.monotonic() + PATIENCE_S)
        assert done["state"] == "committed", done
        assert running.count(county) == (rows, 1)
        assert running.indexes() == before
        running.kill_worker()
    assert seen, "no worker was killed in the middle of filling"
    assert leftovers(running) == []


KILLED_BEFORE_TIDYING = """
import os, signal
import sqlalchemy as sa
import app.upload_jobs
needs = sa.text("select registry.upload_needs(:id)")
def die(archive, connection, upload):
    if connection.scalar(needs, {"id": upload}) == "differences":
        os.kill(os.getpid(), signal.SIGKILL)
app.upload_jobs.remove_unneeded = die
"""


def staged(running):
    return [one.name for one in leftovers(running, "staged")]


def test_a_worker_killed_after_its_commit_leaves_no_rows_behind(running):
    county = new_county(0)
    running.start_worker()
    sent = send(running.api, county_file(county, 50), division=county)
    path = sent.headers["location"]
    number = running.wait(path, "staged")["id"]
    running.kill_worker()
    running.start_worker(KILLED_BEFORE_TIDYING)
    assert running.api.post(f"{path}/commit", {}).status_code == 202
    running.worker.wait(PATIENCE_S)
    assert running.api.get(path).json()["state"] == "committed"
    assert f"{number}.arrow" in staged(running)
    running.start_worker()
    until = time.monotonic() + PATIENCE_S
    while staged(running) != [f"{number}.differences.arrow"]:
        assert time.monotonic() < until, staged(running)
        time.sleep(0.05)
    assert len(running.api.get(f"{path}/diff").json()["items"]) == 50


@pytest.mark.long
def test_a_large_import_of_a_killed_worker_is_whole_or_absent(running):
    kill_at_random_moments(running, rows=100_000, times=20)
