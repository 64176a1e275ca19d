"""What may come next for a plot, and what each step needs (shell)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Final, Literal, get_args, get_type_hints

from pydantic import BaseModel, Field

from app.schemas.basis import BasisModel, write_basis
from parcels.plots.corrections import CORRECTABLE
from parcels.plots.guards import Guard
from parcels.plots.lifecycle import list_possible, needed_level
from parcels.plots.lists import disagreements
from parcels.plots.occurrence import Details, Level, Standing, reaches
from parcels.plots.paper_corrections import CORRECTABLE_OF_PAPERS
from parcels.plots.transition import Transition
from parcels.refusal import Language
from screening.parameters import Parameters
from screening.survey_term import settle_term


class ConditionModel(BaseModel):
    """One condition of a step."""

    guard: str
    text: str
    details: list[str] = Field(description="Members of `details` that show it")
    basis: list[BasisModel]


class DetailFieldModel(BaseModel):
    """One member of `details` that a step takes: what to ask an officer for."""

    name: str
    title: str
    kind: Literal["text", "long_text", "date", "boolean", "choice", "choices", "texts"]
    options: list[str] = Field(description="Values of a choice; empty for others")
    option_titles: list[str] = Field(
        description="What each value is called, where it names a field of the register"
    )
    required: bool = Field(description="Whether a condition of the step asks for it")


class NextStepModel(BaseModel):
    """What one possible event needs."""

    event: str
    step: str
    title: str
    to_stage: str
    documents: list[list[str]] = Field(description="Each: types, one of which serves")
    documents_text: list[str]
    outcomes: list[Literal["passed", "returned"] | None] = Field(
        description="Of each paper: outcome its review must show; null: none"
    )
    conditions: list[ConditionModel]
    fields: list[DetailFieldModel] = Field(description="Members of `details` it takes")
    actor: str
    level: Level
    may_record: bool = Field(description="Whether the caller's division is wide enough")
    deadlines: list[str]
    basis: list[BasisModel]


class NextSteps(BaseModel):
    """Where a plot stands, and what each possible event needs."""

    plot_code: str
    stage: str
    held: bool
    lists: list[str]
    disagreements: list[str] = Field(description="Where lists and stage do not agree")
    steps: list[NextStepModel]


def write_next_steps(
    code: str,
    standing: Standing,
    level: Level | None,
    parameters: Parameters,
    *,
    key_unit: bool,
    language: Language,
) -> dict[str, Any]:
    """Return what each possible event of a plot needs.

    Parameters
    ----------
    parameters
        Of the plot's rule set: they count its terms.
    """
    found = disagreements(standing.stage, standing.lists, key_unit=key_unit)
    return {
        "plot_code": code,
        "stage": standing.stage,
        "held": standing.held,
        "lists": sorted(standing.lists),
        "disagreements": [words.of(language) for words in found],
        "steps": [
            _write_step(one, standing, level, parameters, language)
            for one in list_possible(standing)
        ],
    }


def _write_step(
    step: Transition,
    standing: Standing,
    level: Level | None,
    parameters: Parameters,
    language: Language,
) -> dict[str, Any]:
    terms = [settle_term(term, parameters) for term in step.terms]
    needed = needed_level(step, standing)
    return {
        "event": step.event,
        "step": step.number,
        "title": step.title.of(language),
        "to_stage": step.to_stage or standing.stage,
        "documents": [list(need.kinds) for need in step.documents],
        "documents_text": [need.words.of(language) for need in step.documents],
        "outcomes": [need.outcome for need in step.documents],
        "conditions": [_write_condition(guard, language) for guard in step.guards],
        "fields": _write_fields(step, language),
        "actor": step.actor.of(language),
        "level": needed,
        "may_record": reaches(level, needed),
        "deadlines": [term.what.of(language) for term in terms],
        "basis": write_basis(step.basis, language),
    }


def _write_fields(step: Transition, language: Language) -> list[dict[str, Any]]:
    """Return the details a step takes: those its guards ask for, then the others."""
    needed = list(dict.fromkeys(name for g in step.guards for name in g.details))
    others = [name for name in step.also_takes if name not in needed]
    return [
        {
            "name": name,
            "title": _DETAILS[name].metadata["words"].of(language),
            **DETAIL_KINDS[name],
            "option_titles": [
                one.of(language) for one in DETAIL_KINDS[name]["option_titles"]
            ],
            "required": name in needed,
        }
        for name in (*needed, *others)
    ]


def _kind_of(hint: Any) -> dict[str, Any]:
    """Return what a member of `Details` is entered as.

    Examples
    --------
    >>> _kind_of(bool | None)
    {'kind': 'boolean', 'options': [], 'option_titles': []}
    >>> _kind_of(tuple[Literal["a", "b"], ...])
    {'kind': 'choices', 'options': ['a', 'b'], 'option_titles': []}
    """
    plain: dict[Any, str] = {str: "text", bool: "boolean", date: "date"}
    first = get_args(hint)[0]
    if getattr(hint, "__origin__", None) is tuple:
        kind = "texts" if first is str else "choices"
    else:
        kind = plain.get(first, "choice")
    return {"kind": kind, "options": list(get_args(first)), "option_titles": []}


_FIELDS: Final = {**CORRECTABLE, **CORRECTABLE_OF_PAPERS}
_DETAILS: Final = {one.name: one for one in fields(Details)}
DETAIL_KINDS: Final = {
    **{name: _kind_of(hint) for name, hint in get_type_hints(Details).items()},
    "right_value": {"kind": "long_text", "options": [], "option_titles": []},
    "wrong_field": {
        "kind": "choice",
        "options": list(_FIELDS),
        "option_titles": list(_FIELDS.values()),
    },
}
"""What each member of `Details` is entered as."""


def _write_condition(guard: Guard, language: Language) -> dict[str, Any]:
    return {
        "guard": guard.name,
        "text": guard.words.of(language),
        "details": list(guard.details),
        "basis": write_basis(guard.basis, language),
    }
