"""What a run hands to a machine: pieces and functions that can leave this process.

A cluster is given the function of the kind and the material of a piece as bytes, and
gives rows back as bytes. Every kind is carried out that way here, and once in processes
of their own; the digest of all rows must be that of threads.
"""

import pickle
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context

import pytest

from screening.runs.kinds import KINDS
from tests.api.bodies import OURS, entry, square
from tests.api.conftest import Api

HERE = (114.06, 34.63)
COMMON = {"division_code": OURS, "valid_from": "2024-01-01"}
GIVEN = {
    "attention": {"enterprises": ["91999901AWAY000001"]},
    "overlay": {"left": "plot", "right": "receptor", "within_m": 1000},
    "siting": {"industry_code": "3212", "area": square(*HERE)},
    "surface": {"item": "Cd"},
    "upstream": {"longitude": HERE[0], "latitude": HERE[1]},
}
WITH_ROWS = set(KINDS) - {"farmland_categories", "farmland_trend", "surface"}
"""Kinds that find something on the land of this test."""


class Carried(Executor):
    """Runs what it is given from its bytes, and hands on the answer as bytes."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            given, values = pickle.loads(pickle.dumps((fn, args)))
            rows = pickle.loads(pickle.dumps(given(*values, **kwargs)))
            future.set_result(rows)
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A smelter, a pond, a plot, a school, a source, and soil over the standard."""
    lon, lat = HERE
    _end_own_tables(_register.as_("admin"))

    def add(path, **values):
        _register.create(f"/v1/{path}", {**COMMON, **values})

    add(
        "enterprises",
        code="91999901AWAY000001",
        name="远行冶炼厂",
        status="active",
        industry_code="3212",
        industry_edition="2017",
        geometry=square(lon, lat),
    )
    add(
        "facilities",
        code="AWAY-POND",
        kind="tailings_pond",
        geometry=square(lon + 0.003, lat),
    )
    add(
        "plots",
        plot_code="AWAY-PLOT",
        stage="suspected",
        **entry("suspected"),
        geometry=square(lon, lat + 0.002),
    )
    add("receptors", code="AWAY-S", kind="school", geometry=square(lon, lat + 0.004))
    place = {"type": "Point", "coordinates": [lon + 0.002, lat + 0.002]}
    add(
        "water-sources",
        code="AWAY-WELL",
        name="水源",
        source_type="river",
        status="in_use",
        geometry=place,
    )
    add(
        "monitoring-points",
        code="AWAY-P",
        medium="soil",
        land_type="class_1",
        geometry=place,
    )
    add(
        "samples",
        code="AWAY-Cd",
        point_code="AWAY-P",
        sample_code="1",
        analyte="Cd",
        value=30.0,
        unit="mg/kg",
        sampled_on="2024-03-01",
    )


def _end_own_tables(api):
    """End what other tests left of an office's own table: it would have to be whole."""
    for option in api.get("/v1/attention-options").json()["items"]:
        path = f"/v1/attention-options/{option['code']}"
        etag = api.get(path).headers["etag"]
        ended = Api(api.client, api.keys, "admin", {"If-Match": etag}).post(
            f"{path}/end", {"on": option["valid_from"], "reason": "试验结束"}
        )
        assert ended.status_code < 300, ended.text


def carried_out(api, runs, kind, executor):
    role = "agriculture" if kind.startswith("farmland") else "registrar"
    given = GIVEN.get(kind, {})
    return runs.done(api.as_(role), kind, executor=executor, **given)


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_of_every_kind_can_leave_the_process(api, runs, kind):
    with ThreadPoolExecutor(2) as threads:
        here = carried_out(api, runs, kind, threads)
    away = carried_out(api, runs, kind, Carried())
    assert away["state"] == here["state"], away
    assert away["failure"] == here["failure"]
    assert away["result_sha256"] == here["result_sha256"]
    if kind in WITH_ROWS:
        assert here["state"] == "done" and here["summary"]["rows"] > 0, here


def test_other_processes_give_the_same_rows(api, runs):
    with ThreadPoolExecutor(2) as threads:
        here = carried_out(api, runs, "enterprise_surroundings", threads)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        away = carried_out(api, runs, "enterprise_surroundings", processes)
    assert away["state"] == "done", away
    assert away["result_sha256"] == here["result_sha256"]
