"""The feed of changes: nothing is missed, told twice or told to another division."""

import threading
from datetime import date
from queue import SimpleQueue

import pytest
import sqlalchemy as sa

from parcels.register.feed import after_change, list_events
from parcels.register.history import (
    end_object,
    number_change,
    open_change,
    replace_version,
)
from parcels.register.layers import LAYERS, PARCEL, PLOT, RESTRICTED_LAYERS
from parcels.register.repository import last_change
from tests.integration.register_rows import add_parcel, change, narrow

CODE = "999901001001GB00001"
BEGIN, LATER = date(2020, 1, 1), date(2024, 1, 1)


def code_of(county, number=1):
    return f"{county}001001GB{number:05d}"


def read_feed(connection, key=None, limit=100, **narrower):
    """Read the feed of parcels to its end; return the events and the last number."""
    last, key = last_change(connection), key or after_change(0)
    events = []
    while page := list_events(
        connection, PARCEL, key, last=last, limit=limit, **narrower
    ):
        events += page
        key = page[-1].key
    return events, last


def told(events):
    return [(event.kind, event.code, event.valid_from) for event in events]


def test_a_transaction_that_commits_later_is_told_later(registry):
    early = registry.service(scope="999901")
    with early as first:
        slow = open_change(first, actor="slow", division_code="999901")
        add_parcel(first, slow, code_of("999901"), BEGIN)
        with registry.service(scope="999902") as second:
            with change(second, "999902") as quick:
                add_parcel(second, quick, code_of("999902"), BEGIN)
        with registry.service(scope="*") as reader:
            before, last = read_feed(reader)
        number_change(first, slow)
    with registry.service(scope="*") as reader:
        after, _ = read_feed(reader, after_change(last))
    assert quick.id > slow.id
    assert [event.code for event in before] == [code_of("999902")]
    assert [event.code for event in after] == [code_of("999901")]


def test_a_change_that_has_its_number_is_told_when_it_is_committed(registry):
    done = SimpleQueue()

    def write_another():
        with registry.service(scope="999902") as second, change(second, "999902") as it:
            add_parcel(second, it, code_of("999902"), BEGIN)
        done.put("committed")

    with registry.service(scope="999901") as first:
        with change(first, "999901") as opened:
            add_parcel(first, opened, code_of("999901"), BEGIN)
        other = threading.Thread(target=write_another)
        other.start()
        with registry.service(scope="*") as reader:
            before = read_feed(reader)
        other.join(timeout=0.5)
        assert done.empty()
    other.join(timeout=30)
    with registry.service(scope="*") as reader:
        after, _ = read_feed(reader)
    assert before == ([], 0)
    assert [event.code for event in after] == [code_of("999901"), code_of("999902")]


def test_a_reader_who_follows_writers_is_told_everything_once(registry):
    counties = [f"99990{number}" for number in range(1, 5)]
    ended = threading.Event()

    def write(county):
        for number in range(1, 16):
            with (
                registry.service(scope=county) as connection,
                change(connection, county) as opened,
            ):
                add_parcel(connection, opened, code_of(county, number), BEGIN)

    def follow():
        key = after_change(0)
        while True:
            last_look = ended.is_set()
            with registry.service(scope="*") as reader:
                events, last = read_feed(reader, key, limit=3)
            seen.extend(events)
            key = after_change(last)
            if last_look:
                return

    seen = []
    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(county,)) for county in counties]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join(timeout=60)
    ended.set()
    reader.join(timeout=60)
    assert [event.number for event in seen] == list(range(1, 61))
    assert sorted(event.code for event in seen) == [
        code_of(county, number) for county in counties for number in range(1, 16)
    ]


def test_what_is_replaced_is_told_before_what_replaces_it(service):
    with service() as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, BEGIN)
        with change(connection) as replaced:
            replace_version(
                connection, replaced, PARCEL, CODE, {"mapped_area_m2": 5.0}, LATER
            )
        events, _ = read_feed(connection)
    assert told(events[-4:]) == [
        ("opened", CODE, BEGIN),
        ("closed", CODE, BEGIN),
        ("opened", CODE, BEGIN),
        ("opened", CODE, LATER),
    ]
    assert [event.valid_to for event in events[-4:]] == [None, None, LATER, None]
    assert events[-4].version_id == events[-3].version_id
    assert len({event.object_id for event in events[-4:]}) == 1


def test_an_end_in_law_is_told_with_its_day(service):
    with service() as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, BEGIN)
        with change(connection) as ended:
            end_object(connection, ended, PARCEL, CODE, LATER)
        events, _ = read_feed(connection)
    assert told(events[-2:]) == [("closed", CODE, BEGIN), ("opened", CODE, BEGIN)]
    assert events[-1].valid_to == LATER


@pytest.mark.parametrize("limit", range(1, 8))
def test_pages_end_anywhere_and_tell_each_event_once(service, limit):
    codes = [code_of("999901", number) for number in (1, 2, 3)]
    with service() as connection:
        with change(connection) as opened:
            for code in codes:
                add_parcel(connection, opened, code, BEGIN)
        with change(connection) as ended:
            for code in codes:
                end_object(connection, ended, PARCEL, code, LATER)
        whole, _ = read_feed(connection)
        paged, _ = read_feed(connection, limit=limit)
    assert paged == whole
    assert [event.kind for event in whole[-9:]] == (
        ["opened"] * 3 + ["closed"] * 3 + ["opened"] * 3
    )


def test_another_divisions_changes_are_not_told(service):
    with service(scope="9999") as connection:
        for county in ("999901", "999902"):
            with change(connection, county) as opened:
                add_parcel(connection, opened, code_of(county), BEGIN)
        both, _ = read_feed(connection)
        asked, _ = read_feed(connection, division="999901")
        narrow(connection, "999902")
        theirs, _ = read_feed(connection)
    assert [event.division_code for event in both] == ["999901", "999902"]
    assert [event.division_code for event in asked] == ["999901"]
    assert [event.division_code for event in theirs] == ["999902"]


@pytest.mark.parametrize("layer", [*LAYERS, *RESTRICTED_LAYERS], ids=lambda it: it.name)
def test_every_layer_is_indexed_by_its_changes(schema, layer):
    with schema.owner() as connection:
        found = connection.execute(
            sa.text("select indexdef from pg_indexes where tablename = :layer"),
            {"layer": layer.name},
        ).scalars()
        definitions = " ".join(found)
    assert "(opened_by, version_id)" in definitions
    assert "(closed_by, version_id)" in definitions


MANY_PLOTS = sa.text(
    "insert into plot (object_id, code, division_code, valid_from, opened_by, stage,"
    " geom) select nextval('object_id'), 'P-' || :turn || '-' || n, '999901',"
    " '2020-01-01', :change, 'candidate', st_setsrid(st_makepoint(114, 34.6), 4490)"
    " from generate_series(1, :rows) n"
)


def plan_of(connection, ask):
    """Return the plans of the statements that a reading of the feed sends."""
    plans = []

    def explain(conn, cursor, statement, parameters, context, many):
        if "lateral" in statement.lower():
            with cursor.connection.cursor() as plan:
                plan.execute("explain (analyze, buffers) " + statement, parameters)
                plans.append("\n".join(row[0] for row in plan.fetchall()))

    sa.event.listen(connection, "before_cursor_execute", explain)
    ask()
    sa.event.remove(connection, "before_cursor_execute", explain)
    return "\n".join(plans)


def test_a_page_is_read_through_the_indexes(registry):
    for turn in range(20):
        with registry.service() as connection, change(connection) as opened:
            values = {"change": opened.id, "turn": turn, "rows": 200}
            connection.execute(MANY_PLOTS, values)
    with registry.owner() as connection:
        connection.execute(sa.text("analyze"))
    with registry.service() as connection:
        key = list_events(connection, PLOT, after_change(3), last=20, limit=50)[-1].key

        def ask():
            list_events(connection, PLOT, key, last=20, limit=50)

        plan = plan_of(connection, ask)
    assert "Seq Scan on plot" not in plan
    for index in ("plot_opened", "plot_closed"):
        assert f"using {index} on plot" in plan
