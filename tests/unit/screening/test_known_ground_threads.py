"""Threads of one process ask what is known of the ground at the same time."""

import subprocess
import sys

ASKING = """
import threading
from datetime import UTC, date, datetime

import shapely

from screening.known_ground import GRID, KnownGround
from screening.neighbourhood import County

STATE = (datetime(2026, 2, 1, tzinfo=UTC), date(2026, 3, 1))
TILE, THREADS = (1140, 340), 8
# A border of many corners crosses the tile; the place lies west of it, close by.
teeth = [(114.05 + n % 2 / 1000, 34.0 + n / 10000) for n in range(1001)]
shape = shapely.MultiPolygon([shapely.Polygon([(114.0, 34.1), (114.0, 34.0), *teeth])])
PLACE = (114.04, 34.02, 114.0505, 34.03)
INSIDE = (114.02, 34.02, 114.03, 34.03)

for round in range(60):
    ground = KnownGround()
    west = County("410122", "", "", shapely.from_wkb(shapely.to_wkb(shape)))
    ground.learn(STATE, TILE, ((west,), ()))
    together, found = threading.Barrier(THREADS), []

    def ask():
        together.wait()
        for _ in range(3):
            across, inside = ground.find(STATE, PLACE), ground.find(STATE, INSIDE)
            found.append((across is None, inside is not None))

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(True, True)] * 3 * THREADS, found
"""


def test_threads_that_ask_of_one_border_at_once_all_get_the_answer():
    # In a process of its own: when it goes wrong the process ends by a signal.
    asked = subprocess.run([sys.executable, "-c", ASKING], capture_output=True)
    assert (asked.returncode, asked.stderr) == (0, b"")
