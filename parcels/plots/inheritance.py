"""What does a plot inherit from those it was split or merged from? (core).

Project's own choice after `plot_lifecycle.md` section 3: successors inherit lists and
history. Where merged plots differ the stricter value goes on, so that a merge never
makes a plot look cleaner than one of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parcels.plots.entries import ENTRY_FIELDS

Row = Mapping[str, Any]

_UNITED: Final = ("negative_list", "former_industries", "pollutants")
_ANY_TRUE: Final = (
    "held",
    "aftercare_required",
    "aftercare_breach",
    "groundwater_polluted",
)
_GRADES: Final = ("high", "medium", "low")
_ALIKE: Final = (
    "address",
    "national_code",
    "required_activity",
    "required_activity_served_on",
    "local_code",
    "former_enterprise",
    "current_use_scheme",
    "current_use_code",
    "planned_use_scheme",
    "planned_use_code",
    "published_fields",
    "published_on",
    "publication_source",
    *ENTRY_FIELDS,
)
"""Handed on where every predecessor says the same, else left out."""


def inherit(predecessors: Sequence[Row]) -> dict[str, Any]:
    """Return the columns a successor takes over; the stage is that of all.

    Name, place, accuracy and areas are the successor's own.

    Examples
    --------
    >>> from collections import defaultdict
    >>> one = defaultdict(lambda: None, stage="suspected", pollutants=["cd"], held=True)
    >>> two = defaultdict(lambda: None, stage="suspected", pollutants=["as"])
    >>> merged = inherit([one, two])
    >>> merged["stage"], merged["pollutants"], merged["held"]
    ('suspected', ['cd', 'as'], True)
    """
    return {
        "stage": predecessors[0]["stage"],
        **{name: _unite(predecessors, name) for name in _UNITED},
        **{name: _any_true(predecessors, name) for name in _ANY_TRUE},
        **{name: _alike(predecessors, name) for name in _ALIKE},
        "risk_grade": _first_of(predecessors, "risk_grade", _GRADES),
        # Class 2 is the less demanding assessment: it holds where any part had it. A
        # part nobody assessed leaves the whole unassessed.
        "evaluated_class": _last_if_all(predecessors, "evaluated_class"),
        "soil_standard": _weakest(predecessors, "soil_standard", "not_met", "met"),
        "target_met": _weakest(predecessors, "target_met", False, True),
        "required_activity_due_on": min(
            _said(predecessors, "required_activity_due_on"), default=None
        ),
        "required_activity_done_on": _last_if_all(
            predecessors, "required_activity_done_on"
        ),
    }


def unite_parties(rows: Sequence[Row]) -> dict[str, str | None]:
    """Return the parties of a successor: everybody named for a predecessor, once.

    Liability passes with the land (R-D21): nobody drops out by a merge.

    Examples
    --------
    >>> one = {"land_user": "甲厂", "liable_party": "甲厂", "contact": None}
    >>> two = {"land_user": "乙厂", "liable_party": "甲厂", "contact": None}
    >>> united = unite_parties([one, two])
    >>> united["land_user"], united["liable_party"], united["contact"]
    ('甲厂；乙厂', '甲厂', None)
    """
    names = ("land_user", "liable_party", "contact")
    return {name: "；".join(dict.fromkeys(_said(rows, name))) or None for name in names}


def _said(rows: Sequence[Row], name: str) -> list[Any]:
    return [row[name] for row in rows if row[name] is not None]


def _unite(rows: Sequence[Row], name: str) -> list[str] | None:
    united = dict.fromkeys(one for row in rows for one in row[name] or ())
    return list(united) or None


def _any_true(rows: Sequence[Row], name: str) -> bool | None:
    said = _said(rows, name)
    return any(said) if said else None


def _alike(rows: Sequence[Row], name: str) -> Any:
    first = rows[0][name]
    return first if all(row[name] == first for row in rows) else None


def _first_of(rows: Sequence[Row], name: str, order: Sequence[str]) -> str | None:
    said = set(_said(rows, name))
    return next((value for value in order if value in said), None)


def _weakest(rows: Sequence[Row], name: str, bad: Any, good: Any) -> Any:
    """Return bad where any row says so, good where all do, else None."""
    values = [row[name] for row in rows]
    if bad in values:
        return bad
    return good if all(value == good for value in values) else None


def _last_if_all(rows: Sequence[Row], name: str) -> Any:
    said = _said(rows, name)
    return max(said) if len(said) == len(rows) else None
