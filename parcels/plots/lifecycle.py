"""May this event happen to this plot now, and what follows? (core).

`judge_event` is the whole answer: accepted, with the new stage, lists, columns and
terms; or refused, with everything that is missing at once, each with its ground and how
well that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parcels.plots.backdating import find_clash
from parcels.plots.basis import OWN_CHOICE, Basis
from parcels.plots.correction import WrongEvent
from parcels.plots.correction_guards import EVENT_OF, REFUSED
from parcels.plots.lists import keeper_level
from parcels.plots.occurrence import (
    LEVEL_NAMES,
    Document,
    Level,
    Occurrence,
    PastEvent,
    Standing,
    reaches,
    widest,
)
from parcels.plots.proposals import DECISIONS
from parcels.plots.transition import DocumentNeed, Term, Transition
from parcels.plots.transitions import TRANSITION_OF, TRANSITIONS
from parcels.texts import Text


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands in the way (缺少的条件).

    Attributes
    ----------
    guard
        Stable key: name of a guard, or ``stage``, ``held``, ``level``, ``document``,
        ``documents_in_time``, ``not_in_future``, ``later_event``.
    words
        What must hold and what was found.
    basis
        Grounds, with their marks.
    where
        Member of the request that would show it, as a JSON Pointer.
    """

    guard: str
    words: Text
    basis: tuple[Basis, ...]
    where: str


@dataclass(frozen=True, slots=True)
class DueTerm:
    """A term the event starts; `due_on` is None where it cannot be counted here."""

    term: Term
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What follows from an event.

    Attributes
    ----------
    stage, held
        After the event.
    enters, leaves
        Lists the plot really comes to and leaves.
    values
        Columns of the plot that change, stage and flag among them.
    warnings
        What an officer should know although it does not stand in the way.
    """

    transition: Transition
    stage: str
    held: bool
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    values: Mapping[str, Any]
    terms: tuple[DueTerm, ...]
    warnings: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Everything that stands in the way of an event."""

    transition: Transition
    missing: tuple[Missing, ...]


def judge_event(standing: Standing, event: Occurrence) -> Accepted | Refused:
    """Judge one event on the plot's standing of its day.

    Raises
    ------
    KeyError
        If no transition has that name.
    """
    transition = TRANSITION_OF[event.event]
    missing = tuple(_list_missing(transition, standing, event))
    if missing:
        return Refused(transition, missing)
    undone = event.wrong_event if event.event == EVENT_OF["event"] else None
    if undone is not None:
        return _undo(transition, undone, event)
    stage = transition.to_stage or standing.stage
    held = standing.held if transition.sets_held is None else transition.sets_held
    values = {**transition.values(event), "stage": stage}
    if transition.sets_held is not None:
        values["held"] = held
    return Accepted(
        transition,
        stage,
        held,
        tuple(name for name in transition.enters if name not in standing.lists),
        tuple(name for name in transition.leaves if name in standing.lists),
        values,
        tuple(DueTerm(term, term.due_on(event)) for term in transition.terms),
        tuple(_list_warnings(event.documents)),
    )


def _undo(transition: Transition, undone: WrongEvent, event: Occurrence) -> Accepted:
    """Return the plot as it was before an event that is withdrawn."""
    values = {**undone.values, "stage": undone.stage}
    return Accepted(
        transition,
        undone.stage,
        undone.held,
        undone.enters,
        undone.leaves,
        values,
        (),
        tuple(_list_warnings(event.documents)),
    )


def list_possible(standing: Standing) -> tuple[Transition, ...]:
    """Return the transitions whose stage and flag fit; their guards are not asked.

    What decides on a correction is possible once one of its kind was proposed.
    """
    waiting = {EVENT_OF[correction] for correction in standing.proposed}
    if waiting:
        waiting.add(REFUSED)
    return tuple(
        transition
        for transition in TRANSITIONS
        if standing.stage in transition.from_stages
        and transition.needs_held in (None, standing.held)
        and (transition.event not in DECISIONS or transition.event in waiting)
    )


def needed_level(transition: Transition, standing: Standing) -> Level:
    """Return the level of office that records the event.

    A correction is decided by the body that keeps the plot's lists, or the widest that
    ever decided on it: a county does not undo what its province has reviewed.
    """
    if transition.level is not None:
        return transition.level
    steps = (TRANSITION_OF.get(one.event) for one in (*standing.past, *standing.later))
    deciders = (one.level for one in steps if one is not None and one.level is not None)
    return widest((keeper_level(standing.lists), *deciders))


def surveyed_as_key_unit(events: Sequence[PastEvent]) -> bool:
    """Whether the plot's present survey began under Art. 67, without a listing."""
    begun = [
        one.event
        for one in events
        if not one.withdrawn
        and one.event in ("listed", "key_unit_survey_began", "reopened")
    ]
    return bool(begun) and begun[-1] == "key_unit_survey_began"


def columns_set(event: str) -> frozenset[str]:
    """Return the columns of a plot that an event sets; none for an unknown event.

    Examples
    --------
    >>> sorted(columns_set("held_back")), sorted(columns_set("soil_transported"))
    (['held'], [])
    """
    step = TRANSITION_OF.get(event)
    if step is None:
        return frozenset()
    columns = set(step.values(Occurrence(event, date.min, date.min, None)))
    if step.to_stage is not None:
        columns.add("stage")
    if step.sets_held is not None:
        columns.add("held")
    return frozenset(columns)


def _list_missing(
    transition: Transition, standing: Standing, event: Occurrence
) -> Iterator[Missing]:
    yield from _check_state(transition, standing)
    yield from _check_level(transition, standing, event)
    yield from _check_days(transition, event)
    for need in transition.documents:
        if not any(_serves(document, need, event.on) for document in event.documents):
            words = need.words
            yield Missing(
                "document",
                Text(f"缺少资料：{words.zh}", f"paper missing: {words.en}"),
                transition.basis,
                "/documents",
            )
    for guard in transition.guards:
        if not guard.holds(standing, event):
            where = f"/details/{guard.details[0]}" if guard.details else "/event"
            words = Text(f"须{guard.words.zh}", f"needed: {guard.words.en}")
            yield Missing(guard.name, words, guard.basis, where)
    yield from _check_later(transition, standing)


def _check_state(transition: Transition, standing: Standing) -> Iterator[Missing]:
    if standing.stage not in transition.from_stages:
        stages = ", ".join(sorted(transition.from_stages))
        possible = ", ".join(one.event for one in list_possible(standing)) or "–"
        yield Missing(
            "stage",
            Text(
                f"该日阶段为 {standing.stage}；此事件须在 {stages}；"
                f"现可登记：{possible}",
                f"the stage on that day is {standing.stage}; this event needs {stages};"
                f" possible now: {possible}",
            ),
            transition.basis,
            "/event",
        )
    if transition.needs_held not in (None, standing.held):
        wanted = (
            Text("地块须处于暂不开发利用状态", "the plot must be held back")
            if transition.needs_held
            else Text("地块已处于暂不开发利用状态", "the plot is held back already")
        )
        yield Missing("held", wanted, transition.basis, "/event")


def _check_level(
    transition: Transition, standing: Standing, event: Occurrence
) -> Iterator[Missing]:
    needed = needed_level(transition, standing)
    if reaches(event.level, needed):
        return
    name = LEVEL_NAMES[needed]
    found = (
        LEVEL_NAMES[event.level] if event.level else Text("县级以下", "below county")
    )
    yield Missing(
        "level",
        Text(
            f"须由{name.zh}或以上部门办理（{transition.actor.zh}）；您的管辖范围为{found.zh}",
            f"done by the {name.en} level or above ({transition.actor.en}); your"
            f" division is of level: {found.en}",
        ),
        transition.basis,
        "/event",
    )


def _check_days(transition: Transition, event: Occurrence) -> Iterator[Missing]:
    if event.on > event.recorded_on:
        words = Text(
            f"事件日期 {event.on} 晚于今天 {event.recorded_on}；只登记已发生的事件",
            f"the event's day {event.on} is after today, {event.recorded_on}; only"
            " what has happened is recorded",
        )
        yield Missing("not_in_future", words, (OWN_CHOICE,), "/on")
    last = event.recorded_on if transition.corrects else event.on
    late = [one for one in event.documents if one.dated_on and one.dated_on > last]
    if late:
        codes = ", ".join(one.code for one in late)
        words = Text(
            f"资料日期晚于事件日期 {last}：{codes}",
            f"papers dated after the event's day {last}: {codes}",
        )
        yield Missing("documents_in_time", words, (OWN_CHOICE,), "/documents")


def _serves(document: Document, need: DocumentNeed, on: date) -> bool:
    if document.document_type not in need.kinds:
        return False
    if need.outcome is None:
        return True
    reviewed_on = document.reviewed_on
    in_time = reviewed_on is not None and reviewed_on <= on
    return document.review_outcome == need.outcome and in_time


def _check_later(transition: Transition, standing: Standing) -> Iterator[Missing]:
    """Refuse a backdated event on which something later no longer could follow."""
    clash = find_clash(transition, standing)
    if clash is None:
        return
    words = Text(
        f"之后的事件 {clash.code}（{clash.event}，{clash.on}）以另一状态为前提；"
        "请先按批准程序更正",
        f"the later event {clash.code} ({clash.event}, {clash.on}) depends on another"
        " state; correct that first, by approval",
    )
    yield Missing("later_event", words, (OWN_CHOICE,), "/on")


def _list_warnings(documents: Sequence[Document]) -> Iterator[Text]:
    for document in documents:
        if document.firm_on_negative_list:
            yield Text(
                f"资料 {document.code} 的编制单位在从业单位负面清单上",
                f"the firm of paper {document.code} is on a negative list",
            )
        if document.flagged_false:
            yield Text(
                f"资料 {document.code} 涉嫌失实", f"paper {document.code} may be false"
            )
