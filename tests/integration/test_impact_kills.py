"""Killed between event, notice and sending, the worker loses and doubles nothing."""

import random
import subprocess
import sys
import time
from collections import Counter

import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.keys import create_client
from screening.notices.receivers import add_receiver
from tests.api.receivers import receiver
from tests.integration.ledger_steps import rows_of
from tests.integration.test_impact_races import COUNTY, Race, database, gate

__all__ = ["database", "gate"]
DECISIONS = 12
KILLS = 8
WORKER = """
import sys
from datetime import timedelta
from app.database import Database
from app.delivery import Deliverer
from app.impact import ImpactRounds
from screening.gate import Gate
from screening.notices.address import parse_networks
from screening.rule_sets import read_rule_sets

database = Database(sys.argv[1], pool_size=6, statement_timeout_s=0)
rounds = ImpactRounds(database, Gate(read_rule_sets()))
lease = timedelta(seconds=0.5)
deliverer = Deliverer(database, parse_networks("127.0.0.0/8"), lease)
print("ready", flush=True)
while True:
    rounds.run()
    deliverer.run()
"""


def start(urls):
    """Start a worker that compares and sends; return when it is at it."""
    command = [sys.executable, "-c", WORKER, urls.service]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    return process


def register(urls, database, url):
    """Register a receiver of a permit system of the county."""
    engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        client, _ = create_client(
            connection, name="permits", role="permit_system", scope=COUNTY
        )
    with database.transaction(None) as connection:
        settings = {"client": str(client), "scope": COUNTY}
        connection.execute(
            sa.text(
                "select set_config('jingtu.client', :client, true),"
                " set_config('jingtu.scope', :scope, true)"
            ),
            settings,
        )
        add_receiver(connection, client, COUNTY, url, ["decision.affected"])


def test_every_affected_decision_is_told_once(database, gate, fresh_database_urls):
    urls, chance = fresh_database_urls, random.Random(5)
    with receiver(500, 503, 500) as found:
        register(urls, database, found.url)
        races = [Race(database, gate, number) for number in range(DECISIONS)]
        for race in races:
            race.decide()
            race.deciding.close()
            race.list_plot()
            race.listing.close()
        for _ in range(KILLS):
            worker = start(urls)
            time.sleep(chance.random())
            worker.kill()
            worker.wait()
        worker = start(urls)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            told = {one["data"]["decision"] for one in found.notices.values()}
            waiting = rows_of(
                urls,
                "select from registry.webhook_delivery where state <> 'delivered'",
            )
            if len(told) == DECISIONS and not waiting:
                break
            time.sleep(0.2)
        worker.kill()
        worker.wait()
    decisions = [one["data"]["decision"] for one in found.notices.values()]
    # Under one id a notice may come twice; under two ids never.
    assert Counter(decisions) == Counter(race.record["id"] for race in races)
    assert all(race.is_settled() for race in races)
    events = rows_of(urls, "select decision_id from registry.decision_event")
    tasks = rows_of(urls, "select decision_id from registry.task")
    assert len(events) == len(tasks) == DECISIONS
