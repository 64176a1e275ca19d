"""Two requests never see each other's data, while the register moves under them.

Each of sixteen parcels has a plot of its own whose code and name carry a mark. Sixteen
callers of several roles ask about their parcel; the plots are revised all the while.
An answer holds the mark of its own parcel and of no other.
"""

import itertools
import re
import time

import pytest

from tests.acceptance.running import Load
from tests.api.bodies import entry, with_exclave

pytestmark = pytest.mark.acceptance

CLIENTS = 16
ROLES = ("planner", "registrar", "agriculture", "permit_system")
MARK = re.compile(r"MARK-(\d\d)")
STAGES = {
    "contaminated": "contaminated",
    "suspected": "suspected",
    "risk_control": "rcr",
    "cleared": "suspected",
}
"""Stage → published register it is taken from."""
SIDE = 0.0005
"""Side of a parcel, in degrees: some 50 m."""
APART = 0.03
"""Nearer than three kilometres no other parcel's plot may be told."""
WEST, SOUTH = 112.0, 33.0
"""Away from the sample county's own ground, in an exclave that is drawn for it."""


def square(number):
    west, south = WEST + APART * (number % 4), SOUTH + APART * (number // 4)
    corners = [
        [west, south],
        [west + SIDE, south],
        [west + SIDE, south + SIDE],
        [west, south + SIDE],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [corners]}


def parcel_code(number):
    return f"999901099009GB{number + 1:05d}"


def plot(number, version):
    stage, listed = list(STAGES.items())[number % len(STAGES)]
    return {
        "name": f"MARK-{number:02d} v{version}",
        "stage": stage,
        **entry(listed),
        "pollutants": [f"MARK-{number:02d} v{version}"],
        "valid_from": "2024-01-01",
        "geometry": square(number),
    }


def create(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text


def draw_exclave(client):
    path = "/v1/divisions/999901"
    side = 4 * APART
    box = WEST - APART, SOUTH - APART, WEST + side, SOUTH + side
    body = with_exclave(client.get(path).json(), *box)
    answer = client.put(path, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def marked(service):
    """Sixteen parcels, each with a marked plot over the whole of it."""
    with service.client("admin") as client:
        draw_exclave(client)
        for number in range(CLIENTS):
            create(
                client,
                "/v1/parcels",
                {
                    "parcel_code": parcel_code(number),
                    "division_code": "999901",
                    "land_use_scheme": "gbt21010_2017",
                    "land_use_code": "0701",
                    "valid_from": "2024-01-01",
                    "geometry": square(number),
                },
            )
            head = {"plot_code": f"MARK-{number:02d}", "division_code": "999901"}
            create(client, "/v1/plots", head | plot(number, 0))


class Asker:
    """Asks for one parcel in turn a decision and an extract."""

    def __init__(self, service, number):
        self.number = number
        self.client = service.client(ROLES[number % len(ROLES)])
        self.answers = 0
        self.versions = set()
        code = parcel_code(number)
        question = {"transaction": "transfer", "subject": {"parcel_code": code}}
        self.asks = itertools.cycle(
            [
                lambda: self.client.post("/v1/gate/decisions", json=question),
                lambda: self.client.get(f"/v1/parcels/{code}/extract"),
            ]
        )

    def ask(self):
        answer = next(self.asks)()
        assert answer.status_code in (200, 201), answer.text
        marks = set(MARK.findall(answer.text))
        assert marks == {f"{self.number:02d}"}, marks
        assert answer.json()["subject"]["parcel_codes"] == [parcel_code(self.number)]
        # One reading of the register: every mention is of one version.
        mentioned = set(re.findall(r"MARK-\d\d v(\d+)", answer.text))
        assert len(mentioned) <= 1, mentioned
        self.versions |= mentioned
        self.answers += 1


class Writer:
    """Revises one plot after the other."""

    def __init__(self, service):
        self.client = service.client("registrar")
        self.numbers = itertools.count(1)

    def revise(self):
        version = next(self.numbers)
        number = version % CLIENTS
        answer = self.client.put(
            f"/v1/plots/MARK-{number:02d}",
            json=plot(number, version),
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=pytest.mark.long)])
def test_every_answer_carries_its_own_parcels_data_only(service, marked, seconds):
    askers = [Asker(service, number) for number in range(CLIENTS)]
    writer = Writer(service)
    with Load([*(asker.ask for asker in askers), writer.revise]) as load:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not load.faults:
            time.sleep(0.1)
    assert load.faults == []
    assert all(asker.answers > 1 for asker in askers)
    # The plots did change while they were asked about.
    assert sum(len(asker.versions) for asker in askers) > CLIENTS
    total = sum(asker.answers for asker in askers)
    print(f"{total} answers while {next(writer.numbers) - 1} changes were made")
