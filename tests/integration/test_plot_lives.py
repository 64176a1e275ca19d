"""Random lives of plots in the register: every past moment stays as it was shown."""

import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import shapely
import sqlalchemy as sa

from app.security.keys import create_client
from parcels.plots.correction_guards import EVENT_OF, PROPOSED, REFUSED
from parcels.plots.event_papers import NewDocument
from parcels.plots.events import EventReport, record_event
from parcels.plots.occurrence import Details, Document
from parcels.plots.records import list_of_plot
from parcels.plots.refusals import EventNotPossible
from parcels.plots.timeline import list_timeline, standing_at
from parcels.plots.transitions import TRANSITION_OF
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import (
    KEY_UNIT_LIST,
    PLOT,
    PLOT_DOCUMENT,
    PLOT_EVENT,
    RESTRICTION_AREA,
)
from parcels.register.repository import Moment, find_version, last_change
from parcels.register.tables import TABLES
from tests.integration.register_rows import SQUARE, add_plot, change, element, narrow
from tests.persons import link_person
from tests.plot_builders import make_details, make_documents
from tests.plot_walks import (
    FIRST,
    LAST,
    Life,
    check_agreement,
    choose_day,
    choose_event,
)

OURS = "999901"
OFFICERS = {"甲": UUID(int=1), "乙": UUID(int=2)}
EVENTS = TABLES[PLOT_EVENT.name]
DAYS = [FIRST + timedelta(days=400 * n) for n in range(7)]
SET_BY_EVENTS = (
    *("address", "soil_standard", "evaluated_class", "target_met", "risk_grade"),
    *("required_activity", "required_activity_due_on", "aftercare_required"),
)


def report_of(event: str, on: date) -> EventReport:
    """An event with everything it needs, its papers new."""
    names = [name for name in Document.__dataclass_fields__ if name != "code"]
    papers = tuple(
        NewDocument({name: getattr(one, name) for name in names})
        for one in make_documents(event, on)
    )
    return EventReport(event, on, (), papers, make_details(event, on))


def prepare(connection, lives: int) -> None:
    """A key unit and a control area that events may name, and leads."""
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
        for number in range(lives):
            add_plot(
                connection,
                opened,
                code=f"P-{number}",
                stage="candidate",
                geom=element(shapely.Point(114.0, 34.6)),
            )


def shown(connection, code: str, day: date, known_at: int | None = None):
    """What the register shows of a plot on a day: stage, lists, events, papers."""
    moment = Moment(day, known_at)
    plot = find_version(connection, PLOT, code, moment)
    standing = standing_at(connection, plot, moment)
    events = list_timeline(connection, plot, moment)
    papers = {one.code for one in list_of_plot(connection, PLOT_DOCUMENT, plot, moment)}
    cited = {code for one in events for code in one.values["documents"] or ()}
    assert cited <= papers
    told = [(one.code, one.values["event"], one.valid_from) for one in events]
    columns = {name: plot.values[name] for name in SET_BY_EVENTS}
    return standing.stage, standing.held, standing.lists, told, papers, columns


def enter_officers(registry) -> None:
    """Two persons, each with a key of the same number for every run."""
    with registry.owner() as owner:
        for name, number in OFFICERS.items():
            create_client(owner, name=name, role="registrar", scope="99")
            owner.execute(
                sa.text("update api_client set id = :id where name = :name"),
                {"id": number, "name": name},
            )
            link_person(owner, name)


def record(connection, code: str, report: EventReport, actor: str = "甲"):
    """Enter an event; None where it is refused, and then nothing was written."""
    connection.execute(
        sa.text("select set_config('jingtu.client', :id, true)"),
        {"id": str(OFFICERS[actor])},
    )
    try:
        with connection.begin_nested():
            return record_event(connection, code, OURS, report, actor=actor, scope="99")
    except EventNotPossible:
        return None


def take_step(connection, chance, code: str, life: Life) -> bool:
    """Try one event of the table, as the table itself says it may happen."""
    on = choose_day(chance, life)
    standing = life.standing(on)
    event = choose_event(chance, standing)
    if TRANSITION_OF[event].corrects:
        return correct(connection, chance, code, life)
    made = record(connection, code, report_of(event, on))
    if made is not None:
        life.add(event, standing.stage, made.accepted.stage, on)
    return made is not None


def correct(connection, chance, code: str, life: Life) -> bool:
    """Propose a correction; another person approves it, or refuses."""
    what = chance.choice(("event", "event", "field", "document", "entry"))
    wrong = life.last_step()
    on = wrong.on if wrong is not None and what == "event" else choose_day(chance, life)
    asked = {
        "event": {"wrong_event": life.codes.get(wrong.code) if wrong else None},
        "field": {"wrong_field": "address", "right_value": f"净土路{on.day}号"},
        "document": wrong_paper(connection, chance, code, on),
        "entry": {},
    }[what]
    details = Details(reason="误登", correction=what, **asked)
    proposed = report_of("correction_proposed", on)
    made = record(connection, code, replace(proposed, details=details))
    if made is None:
        return False
    life.add("correction_proposed", None, None, on)
    event = EVENT_OF[what] if chance.random() < 0.8 else REFUSED
    decided = report_of(event, on)
    decided = replace(decided, details=replace(decided.details, proposal=made.code))
    assert record(connection, code, decided) is None
    stage = life.standing(on).stage
    answer = record(connection, code, decided, actor="乙")
    if event == "document_corrected":
        check_paper_restated(connection, code, details, on)
    if event == "event_withdrawn":
        assert answer is not None
        life.withdraw(wrong)
    elif answer is not None:
        after = answer.accepted.stage
        life.add(event, *((stage, after) if after != stage else (None, None)), on)
    return True


def wrong_paper(connection, chance, code: str, on: date) -> dict[str, object]:
    """A field of one of the plot's papers; now and then the paper as a whole."""
    moment = Moment(on)
    plot = find_version(connection, PLOT, code, moment)
    papers = list_of_plot(connection, PLOT_DOCUMENT, plot, moment)
    if not papers:
        return {"wrong_document": "P-NONE", "right_value": "null"}
    named = {"wrong_document": chance.choice(papers).code}
    if chance.random() < 0.2:
        return {**named, "right_value": "null"}
    firm = f"净土勘察院{on.day}"
    return {**named, "wrong_field": "firm", "right_value": firm}


def check_paper_restated(connection, code: str, details: Details, on: date) -> None:
    """The paper says what was proposed from that day on, or is gone."""
    moment = Moment(on)
    plot = find_version(connection, PLOT, code, moment)
    papers = {
        one.code: one.values["firm"]
        for one in list_of_plot(connection, PLOT_DOCUMENT, plot, moment)
    }
    restated = details.wrong_field is not None
    wanted = details.right_value if restated else None
    assert papers.get(details.wrong_document) == wanted


class RegisterLife(Life):
    """A life that also knows the codes the register gave its events."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}

    def learn_codes(self, connection, code: str) -> None:
        """Join the life's own codes to the register's, in the order of recording."""
        given = connection.scalars(
            sa.select(EVENTS.c.code)
            .where(EVENTS.c.plot_code == code)
            .order_by(EVENTS.c.version_id)
        ).all()
        assert len(given) == len(self.events)
        self.codes = {f"E{n:05d}": one for n, one in enumerate(given)}


def live(connection, chance, code: str, tries: int):
    """Play one life in the register; return it and what was shown after each event."""
    life, seen = RegisterLife(), []
    for _ in range(tries):
        before = len(life.events)
        take_step(connection, chance, code, life)
        life.learn_codes(connection, code)
        if len(life.events) > before:
            day, known = chance.choice(DAYS), last_change(connection)
            seen.append((code, day, known, shown(connection, code, day)))
    return life, seen


@pytest.mark.parametrize(
    ("lives", "tries"),
    [(10, 40), pytest.param(100, 100, marks=pytest.mark.long)],
    ids=["400", "10000"],
)
def test_random_lives_agree_and_every_moment_stays_as_it_was_shown(
    registry, lives, tries
):
    chance, played, seen = random.Random(7), {}, []
    enter_officers(registry)
    with _officer(registry) as connection:
        prepare(connection, lives)
    for code in (f"P-{number}" for number in range(lives)):
        with _officer(registry) as connection:
            played[code], shown_then = live(connection, chance, code, tries)
            seen += shown_then
    assert len(seen) > lives * tries // 3
    with _officer(registry) as connection:
        check_same_life(connection, played)
        check_past_moments(connection, seen)
        check_papers(connection, played)
    made = {one.event for life in played.values() for one in life.events}
    assert {*EVENT_OF.values(), PROPOSED, REFUSED} <= made


@contextmanager
def _officer(registry):
    """The province's officer, confined to the county; what he does is committed."""
    with registry.service(scope="99", role="registrar") as connection:
        narrow(connection, OURS)
        yield connection


def check_same_life(connection, lives) -> None:
    """The register and the table tell the same life."""
    for code, life in lives.items():
        for day in (*DAYS, LAST, *(one.on for one in life.events)):
            wanted = life.standing(day)
            stage, held, lists, events, *_ = shown(connection, code, day)
            assert (stage, held, lists) == (wanted.stage, wanted.held, wanted.lists)
            assert [one[1:] for one in events] == [
                (one.event, one.on) for one in wanted.past
            ]
            check_agreement(wanted)


def check_past_moments(connection, seen) -> None:
    """Every past moment is as it was shown then."""
    for code, day, known, then in seen:
        assert shown(connection, code, day, known) == then


def check_papers(connection, lives) -> None:
    """Every event has its papers on file."""
    for code in lives:
        plot = find_version(connection, PLOT, code, Moment(LAST))
        for event in list_timeline(connection, plot, Moment(LAST)):
            step = TRANSITION_OF[event.values["event"]]
            assert len(event.values["documents"] or ()) == len(step.documents)
            assert event.layer is PLOT_EVENT and event.values["step"] == step.number
