"""A plot listed while a decision is made is seen by it or reported; none slips by."""

import random
import threading
from contextlib import ExitStack
from datetime import date
from uuid import uuid4

import pytest
import shapely

from app.asking import asked_by
from app.database import Database
from app.impact import ImpactRounds
from app.security.principals import Principal
from parcels.register.history import (
    insert_version,
    next_object_id,
    number_change,
    open_change,
)
from parcels.register.layers import DIVISION, PLOT
from parcels.register.repository import today
from screening.gate import Gate, Question
from screening.request import GateRequest
from screening.rule_sets import read_rule_sets
from screening.standing import find_standing
from screening.vocabulary import Transaction
from tests.integration.register_rows import element

COUNTY = "999901"
PLANNER = Principal(uuid4(), "planner", "planner", COUNTY)
REGISTRAR = Principal(uuid4(), "registrar", "admin", COUNTY)
LONG = pytest.mark.long


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=8, statement_timeout_s=0)
    with found.transaction(REGISTRAR) as connection:
        whole = shapely.multipolygons([shapely.box(113.9, 34.5, 114.9, 35.5)])
        values = {"name_zh": "县", "mapped_area_m2": 1.0, "geom": element(whole)}
        enter(connection, DIVISION, COUNTY, values)
    yield found
    found.close()


@pytest.fixture(scope="module")
def gate():
    return Gate(read_rule_sets())


def place(number):
    """A square of 90 m, 900 m from the next."""
    west, south = 114.0 + 0.01 * (number % 40), 34.6 + 0.01 * (number // 40)
    return shapely.multipolygons(
        [shapely.box(west, south, west + 0.001, south + 0.001)]
    )


def enter(connection, layer, code, values):
    """Enter an object; the change is numbered at once."""
    opened = open_change(connection, actor="test", division_code=COUNTY)
    own = {
        "object_id": next_object_id(connection),
        "code": code,
        "division_code": COUNTY,
        "valid_from": date(2020, 1, 1),
    }
    insert_version(connection, opened, layer, {**own, **values})
    return number_change(connection, opened)


class Race:
    """A listing and a decision on one place, each in two steps: act, commit."""

    def __init__(self, database, gate, number):
        self.database, self.gate, self.number = database, gate, number
        self.deciding, self.listing = ExitStack(), ExitStack()

    def decide(self):
        transaction = self.database.transaction(PLANNER, snapshot=True)
        connection = self.deciding.enter_context(transaction)
        request = GateRequest(Transaction.TRANSFER, today(connection))
        question = Question(request, geometry=place(self.number))
        self.record = self.gate.ask(connection, asked_by(PLANNER), question)

    def list_plot(self):
        transaction = self.database.transaction(REGISTRAR)
        connection = self.listing.enter_context(transaction)
        values = {"stage": "contaminated", "geom": element(place(self.number))}
        self.listed = enter(connection, PLOT, f"P-{self.number}", values)

    def is_settled(self):
        """Whether the decision saw the listing, or is reported."""
        saw = self.record["data_versions"]["change"] >= self.listed
        matched = {
            finding["rule"]
            for finding in self.record["decision"]["findings"]
            if finding["status"] == "matched"
        }
        with self.database.transaction(PLANNER) as connection:
            standing = find_standing(connection, self.record["id"])
        assert saw == ("B07" in matched)
        assert standing.checked_up_to >= self.listed
        return standing.state == ("in_force" if saw else "affected")


def interleave(chance, one, other):
    """Mix two orders of steps into one, each in its own order."""
    slots = [one] * 2 + [other] * 2
    chance.shuffle(slots)
    left = {id(one): list(one), id(other): list(other)}
    return [left[id(which)].pop(0) for which in slots]


@pytest.mark.parametrize(
    ("races", "seed"), [(100, 1), pytest.param(1000, 2, marks=LONG)]
)
def test_in_every_order_the_listing_is_seen_or_reported(database, gate, races, seed):
    chance = random.Random(seed)
    rounds = ImpactRounds(database, gate)
    unseen = 0
    for number in range(races):
        race = Race(database, gate, number)
        steps = interleave(
            chance,
            (race.decide, race.deciding.close),
            (race.list_plot, race.listing.close),
        )
        for step in steps:
            step()
            if chance.random() < 0.5:
                rounds.run()
        rounds.run()
        assert race.is_settled(), [step.__qualname__ for step in steps]
        unseen += race.record["data_versions"]["change"] < race.listed
    assert races // 4 < unseen < races


@pytest.mark.parametrize(
    ("races", "seed"), [(48, 3), pytest.param(1000, 4, marks=LONG)]
)
def test_side_by_side_the_listing_is_seen_or_reported(database, gate, races, seed):
    chance = random.Random(seed)
    all_races = [Race(database, gate, number) for number in range(races)]
    over = threading.Event()

    def compare():
        rounds = ImpactRounds(database, gate)
        while not over.is_set():
            rounds.run()

    def run(act, end):
        act()
        end()

    comparing = threading.Thread(target=compare)
    comparing.start()
    for race in all_races:
        both = [
            threading.Thread(target=run, args=(race.decide, race.deciding.close)),
            threading.Thread(target=run, args=(race.list_plot, race.listing.close)),
        ]
        chance.shuffle(both)
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    over.set()
    comparing.join()
    ImpactRounds(database, gate).run()
    assert all(race.is_settled() for race in all_races)
