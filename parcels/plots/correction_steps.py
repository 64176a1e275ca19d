"""Which steps put a wrong entry right? T21 and what it takes (core, data).

`plot_lifecycle.md` T21 has a correction approved by the body that listed the plot; the
letters are the project's own choice: T21P proposes, T21N refuses, T21E withdraws an
event, T21F restates a field, T21D a paper. Nothing is deleted: what was wrong stays
on the timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from parcels.plots import correction_guards as g
from parcels.plots.actors import COUNTY, LIST_KEEPER
from parcels.plots.basis import OWN_CHOICE
from parcels.plots.guards import REASON_GIVEN
from parcels.plots.occurrence import Occurrence
from parcels.plots.transition import DocumentNeed, Transition
from parcels.plots.treatment_steps import LIVING
from parcels.register.layers import PLOT_DOCUMENT
from parcels.texts import Text

EVIDENCE: Final = DocumentNeed(
    (
        "other",
        *(
            one
            for one in PLOT_DOCUMENT.attribute("document_type").values
            if one != "other"
        ),
    )
)
APPROVAL: Final = (DocumentNeed(("correction_approval",)),)
DECIDED: Final = (
    g.PROPOSAL_KNOWN,
    g.PROPOSAL_WAITS,
    g.PROPOSED_BY_ANOTHER,
    g.PERSONS_TOLD_APART,
    g.ON_THE_DAY_PROPOSED,
)


def _restated(event: Occurrence) -> Mapping[str, Any]:
    return event.restated or {}


CORRECTION_STEPS: Final[tuple[Transition, ...]] = (
    Transition(
        "T21P",
        g.PROPOSED,
        Text("申请更正", "correction proposed"),
        LIVING,
        None,
        COUNTY,
        (OWN_CHOICE,),
        guards=(
            REASON_GIVEN,
            g.CORRECTION_NAMED,
            g.WRONG_EVENT_NAMED,
            g.NOTHING_RESTS_ON_IT,
            g.ON_ITS_DAY,
            g.FIELD_RESTATED,
            g.PAPER_RESTATED,
            g.NO_EVENT_RESTS_ON_IT,
        ),
        documents=(EVIDENCE,),
        also_takes=("wrong_event", "wrong_document", "wrong_field", "right_value"),
        corrects=True,
    ),
    Transition(
        "T21",
        "entry_withdrawn",
        Text("批准误列更正", "entry withdrawn as mistaken"),
        LIVING,
        "closed_error",
        LIST_KEEPER,
        (OWN_CHOICE,),
        level=None,
        guards=DECIDED,
        documents=APPROVAL,
        leaves=("suspected", "contaminated", "rcr", "priority_supervised"),
        sets_held=False,
        corrects=True,
    ),
    Transition(
        "T21E",
        "event_withdrawn",
        Text("批准撤销误登事件", "event withdrawn as mistaken"),
        LIVING,
        None,
        LIST_KEEPER,
        (OWN_CHOICE,),
        level=None,
        guards=(*DECIDED, g.WRONG_EVENT_NAMED, g.NOTHING_RESTS_ON_IT),
        documents=APPROVAL,
        corrects=True,
    ),
    Transition(
        "T21F",
        "field_corrected",
        Text("批准更正字段", "field corrected"),
        LIVING,
        None,
        LIST_KEEPER,
        (OWN_CHOICE,),
        level=None,
        guards=(*DECIDED, g.FIELD_RESTATED),
        documents=APPROVAL,
        values=_restated,
        corrects=True,
    ),
    Transition(
        "T21D",
        "document_corrected",
        Text("批准更正资料", "paper corrected"),
        LIVING,
        None,
        LIST_KEEPER,
        (OWN_CHOICE,),
        level=None,
        guards=(*DECIDED, g.PAPER_RESTATED, g.NO_EVENT_RESTS_ON_IT),
        documents=APPROVAL,
        corrects=True,
    ),
    Transition(
        "T21N",
        g.REFUSED,
        Text("不批准更正", "correction refused"),
        LIVING,
        None,
        LIST_KEEPER,
        (OWN_CHOICE,),
        level=None,
        guards=(*DECIDED, REASON_GIVEN),
        corrects=True,
    ),
)
