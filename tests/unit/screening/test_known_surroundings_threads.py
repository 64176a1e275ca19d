"""Threads of one process ask, learn and measure what lies around land at once."""

import subprocess
import sys

ASKING = """
import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely

from screening.known_surroundings import BOXES, KnownSurroundings, Read, State
from screening.neighbourhood import Feature
from screening.overlay import localise, relate

THREADS, TILE = 8, (2280, 680)
FIRST = datetime(2026, 2, 1, tzinfo=UTC)
STATES = [State(FIRST + timedelta(n), date(2026, 3, 1), "999901") for n in range(3)]
BOX = (114.01, 34.01, 114.02, 34.02)
PLACE = dict.fromkeys(BOXES, BOX)
SUBJECT = shapely.multipolygons([shapely.box(*BOX)])


def shape(number):
    # Many corners, so that GEOS has something to note; every third has a hole.
    ring = shapely.get_coordinates(shapely.Point(114.015, 34.015).buffer(0.003, 64))
    hole = shapely.get_coordinates(shapely.Point(114.015, 34.015).buffer(0.001, 64))
    whole = shapely.polygons(ring, [hole] if number % 3 == 0 else None)
    return shapely.multipolygons([shapely.from_wkb(shapely.to_wkb(whole))])


def things(state):
    # As many as tell which state they are of.
    for number in range(20 + STATES.index(state)):
        found = Feature(
            theme="plot", layer="plot", code=f"F{number}", name=None, category=None,
            division_code="999901", geometry=shape(number), attributes={},
            version_id=number,
        )
        yield Read(found, (114.012, 34.012, 114.018, 34.018), 1)


for round in range(20):
    known, together, wrong = KnownSurroundings(), threading.Barrier(THREADS), []

    def ask(number):
        together.wait()
        for state in STATES:
            for _ in range(4):
                (around,) = known.find(state, [PLACE])
                if around is None:
                    known.learn(state, TILE, list(things(state)), ())
                    continue
                shapes = np.array([each.geometry for each in around.features])
                related = relate(SUBJECT, localise(SUBJECT, shapes))
                if len(shapes) != 20 + STATES.index(state) or set(related) != {2}:
                    wrong.append((number, state, len(shapes), set(related)))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    assert known.find(STATES[0], [PLACE]) == [None]
    assert known.find(STATES[-1], [PLACE]) != [None]
"""


def test_threads_that_ask_and_learn_at_once_find_what_their_own_state_holds():
    # In a process of its own: when it goes wrong the process ends by a signal.
    asked = subprocess.run([sys.executable, "-c", ASKING], capture_output=True)
    assert (asked.returncode, asked.stderr) == (0, b"")
