"""Random lives of plots in the register: every past moment stays as it was shown."""

import random
from datetime import date, timedelta

import pytest
import shapely

from parcels.plots.events import EventReport, NewDocument, record_event
from parcels.plots.occurrence import Document
from parcels.plots.refusals import EventNotPossible
from parcels.plots.timeline import list_timeline, standing_at
from parcels.plots.transitions import TRANSITION_OF
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import (
    KEY_UNIT_LIST,
    PLOT,
    PLOT_EVENT,
    RESTRICTION_AREA,
)
from parcels.register.repository import Moment, find_version, last_change
from tests.integration.register_rows import SQUARE, add_plot, change, element, narrow
from tests.plot_builders import make_details, make_documents
from tests.plot_walks import FIRST, LAST, Life, choose_day, choose_event

OURS = "999901"
LIVES, EVENTS_EACH = 4, 40
DAYS = [FIRST + timedelta(days=400 * n) for n in range(7)]


def report_of(event: str, on: date) -> EventReport:
    """An event with everything it needs, its papers new."""
    names = [name for name in Document.__dataclass_fields__ if name != "code"]
    papers = tuple(
        NewDocument({name: getattr(one, name) for name in names})
        for one in make_documents(event, on)
    )
    return EventReport(event, on, (), papers, make_details(event, on))


def prepare(connection) -> None:
    """A key unit and a control area that events may name."""
    rows = {
        KEY_UNIT_LIST: {"enterprise_code": "E-1", "year": 2020},
        RESTRICTION_AREA: {
            "theme": "control_area",
            "mapped_area_m2": 1.0,
            "geom": element(SQUARE),
        },
    }
    with change(connection) as opened:
        for layer, values in rows.items():
            own = {
                "object_id": next_object_id(connection),
                "code": "CA-1" if layer is RESTRICTION_AREA else "K-1",
                "division_code": OURS,
                "valid_from": FIRST,
            }
            insert_version(connection, opened, layer, {**own, **values})
        for number in range(LIVES):
            add_plot(
                connection,
                opened,
                code=f"P-{number}",
                stage="candidate",
                geom=element(shapely.Point(114.0, 34.6)),
            )


def shown(connection, code: str, day: date, known_at: int | None = None):
    """What the register shows of a plot on a day."""
    moment = Moment(day, known_at)
    plot = find_version(connection, PLOT, code, moment)
    standing = standing_at(connection, plot, moment)
    events = [one.code for one in list_timeline(connection, plot, moment)]
    return standing.stage, standing.held, standing.lists, events


@pytest.fixture
def lived(service):
    """Lives played in the register, and what was shown after each event."""
    chance = random.Random(7)
    with service(scope="99", role="registrar") as connection:
        narrow(connection, OURS)
        prepare(connection)
        lives, seen = {}, []
        for number in range(LIVES):
            code, life = f"P-{number}", Life()
            lives[code] = life
            for _ in range(EVENTS_EACH):
                on = choose_day(chance, life)
                standing = life.standing(on)
                event = choose_event(chance, standing)
                try:
                    with connection.begin_nested():
                        made = record_event(
                            connection,
                            code,
                            OURS,
                            report_of(event, on),
                            actor="test",
                            scope="99",
                        )
                except EventNotPossible:
                    continue
                life.add(event, standing.stage, made.accepted.stage, on)
                day = chance.choice(DAYS)
                known = last_change(connection)
                seen.append((code, day, known, shown(connection, code, day)))
        yield connection, lives, seen


def test_the_register_and_the_table_tell_the_same_life(lived):
    connection, lives, _ = lived
    assert sum(len(life.events) for life in lives.values()) > LIVES * EVENTS_EACH // 3
    for code, life in lives.items():
        for day in (*DAYS, LAST, *(one.on for one in life.events)):
            wanted = life.standing(day)
            stage, held, lists, events = shown(connection, code, day)
            assert (stage, held, lists) == (wanted.stage, wanted.held, wanted.lists)
            assert len(events) == len(wanted.past)


def test_every_past_moment_is_as_it_was_shown(lived):
    connection, _, seen = lived
    for code, day, known, then in seen:
        assert shown(connection, code, day, known) == then


def test_every_event_has_its_papers_on_file(lived):
    connection, lives, _ = lived
    for code in lives:
        plot = find_version(connection, PLOT, code, Moment(LAST))
        for event in list_timeline(connection, plot, Moment(LAST)):
            step = TRANSITION_OF[event.values["event"]]
            assert len(event.values["documents"] or ()) == len(step.documents)
            assert event.layer is PLOT_EVENT and event.values["step"] == step.number
