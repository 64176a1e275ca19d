"""What of a paper on record does one person not change alone? (core).

Once a report has passed its review, or an event that counts cites a paper, rules and
later events rest on what it says. That is corrected by two persons (T21P, T21D): for an
edit, an end and the row of a file alike. What no rule reads (opinion, signatories, days
of publication, the stored file) stays editable. Project's own choice, after T21 of
`plot_lifecycle.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from parcels.plots.proposals import withdrawn_events

FINDINGS: Final = (
    "document_type",
    "parcel_code",
    "firm",
    "firm_code",
    "dated_on",
    "reviewed_on",
    "review_outcome",
    "assessed_class",
    "soil_standard",
)
"""What rules and guards read of a paper."""
DOUBTS: Final = ("firm_on_negative_list", "flagged_false")
"""Marks that one person may set, as they only make an answer stricter, never lift."""
PLOT: Final = "plot_code"
KEPT: Final = (PLOT, *FINDINGS, *DOUBTS)
_LINKS: Final = frozenset({PLOT, "parcel_code"})
"""What a paper is about: filled where it was empty like a paper that is filed anew."""


def is_relied_on(paper: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether rules or events rest on a paper.

    Parameters
    ----------
    events
        Rows of `plot_event` of the paper's plot; none where it belongs to no plot.
    """
    return paper["review_outcome"] == "passed" or bool(citing(paper["code"], events))


def citing(code: str, events: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the codes of events that cite a paper and still count.

    Who proposes to correct the paper may cite it to show what is wrong.

    Examples
    --------
    >>> event = {"code": "E1", "event": "listed", "documents": ["D1"], "details": None}
    >>> citing("D1", [event]), citing("D2", [event])
    (['E1'], [])
    """
    rows = list(events)
    withdrawn = withdrawn_events(rows)
    return [
        row["code"]
        for row in rows
        if code in (row["documents"] or ())
        and row["code"] not in withdrawn
        and (row["details"] or {}).get("wrong_document") != code
    ]


def find_kept(paper: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return what a paper that is relied on would be made to say otherwise.

    Parameters
    ----------
    wanted
        What is said; what is left out stays.

    Examples
    --------
    >>> paper = dict.fromkeys(KEPT) | {"soil_standard": "not_met"}
    >>> find_kept(paper, {"soil_standard": "met", "flagged_false": True})
    ['soil_standard']
    """
    return [
        name
        for name in KEPT
        if name in wanted and not _may_be_said(name, paper[name], wanted[name])
    ]


def _may_be_said(name: str, before: Any, wanted: Any) -> bool:
    if name in DOUBTS:
        return bool(wanted) or not before
    return wanted == before or (name in _LINKS and before is None)
