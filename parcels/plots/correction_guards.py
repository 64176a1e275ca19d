"""What must hold before a wrong entry is put right? (core, data).

Project's own choice after T21 of `plot_lifecycle.md`: one person proposes with reason
and evidence, another of the body that decided it approves or refuses. A condition that
speaks of a proposal holds where none was found: that alone is then told.
"""

from __future__ import annotations

from typing import Final

from parcels.plots.basis import OWN_CHOICE
from parcels.plots.guards import guard
from parcels.plots.occurrence import Occurrence, Standing

PROPOSED: Final = "correction_proposed"
REFUSED: Final = "correction_refused"
EVENT_OF: Final = {
    "entry": "entry_withdrawn",
    "event": "event_withdrawn",
    "field": "field_corrected",
    "document": "document_corrected",
}
"""Event that approves a correction, by what is wrong."""


def correction_named(_: Standing, event: Occurrence) -> bool:
    """Whether it is said what is wrong."""
    return event.details.correction is not None


def wrong_event_named(_: Standing, event: Occurrence) -> bool:
    """Whether the event to be withdrawn is a step on record that still counts."""
    if not _speaks_of(event, "event"):
        return True
    return event.wrong_event is not None and not event.wrong_event.withdrawn


def nothing_rests_on_it(_: Standing, event: Occurrence) -> bool:
    """Whether no event that counts came after the one to be withdrawn."""
    return event.wrong_event is None or event.wrong_event.followed_by is None


def on_the_day_of_the_wrong_event(_: Standing, event: Occurrence) -> bool:
    """Whether a wrong event is withdrawn from its own day on."""
    return event.wrong_event is None or event.wrong_event.on == event.on


def field_restated(_: Standing, event: Occurrence) -> bool:
    """Whether a field that can be corrected is given a value it can hold."""
    return not _speaks_of(event, "field") or event.restated is not None


def paper_restated(_: Standing, event: Occurrence) -> bool:
    """Whether a paper of the plot is taken back or given a value it can hold."""
    return not _speaks_of(event, "document") or event.wrong_paper is not None


def no_event_rests_on_it(_: Standing, event: Occurrence) -> bool:
    """Whether no event that counts rests on what the paper shall no longer show."""
    return event.wrong_paper is None or event.wrong_paper.rested_on is None


def proposal_known(_: Standing, event: Occurrence) -> bool:
    """Whether the event named proposed a correction of this plot and kind."""
    proposal = event.proposal
    if proposal is None:
        return False
    return event.event in (REFUSED, EVENT_OF[proposal.correction])


def proposal_waits(_: Standing, event: Occurrence) -> bool:
    """Whether the proposal is not decided yet."""
    return event.proposal is None or event.proposal.decided_by is None


def proposed_by_another(_: Standing, event: Occurrence) -> bool:
    """Whether it is not this officer himself who proposed what he decides."""
    return event.proposal is None or event.proposal.hands != "one"


def persons_told_apart(_: Standing, event: Occurrence) -> bool:
    """Whether it is known who proposed and who decides; two names may be one person."""
    return event.proposal is None or event.proposal.hands != "unknown"


def on_the_day_proposed(_: Standing, event: Occurrence) -> bool:
    """Whether the correction holds from the day it was proposed for."""
    return event.proposal is None or event.proposal.on == event.on


def _speaks_of(event: Occurrence, what: str) -> bool:
    if event.event == PROPOSED:
        return event.details.correction == what
    return event.proposal is not None and event.event == EVENT_OF[what]


CORRECTION_NAMED: Final = guard(
    correction_named,
    "写明要更正的是误列、误登事件、误填字段还是资料",
    "it is said what is wrong: the entry, an event, a field, or a document",
    ("correction",),
    OWN_CHOICE,
)
WRONG_EVENT_NAMED: Final = guard(
    wrong_event_named,
    "更正误登事件的，写明其代码：须是该地块登记在案、未被撤销的流转事件；"
    "随名录登记、分割、合并不在此列",
    "for a wrong event, its code: a step of this plot on record that was not withdrawn"
    " yet, no entry from a register, no split and no merge",
    (),
    OWN_CHOICE,
)
NOTHING_RESTS_ON_IT: Final = guard(
    nothing_rests_on_it,
    "其后没有仍有效的事件；有则先逐一更正后面的事件",
    "no later event still counts; correct the later ones first, the latest before",
    (),
    OWN_CHOICE,
)
ON_ITS_DAY: Final = guard(
    on_the_day_of_the_wrong_event,
    "撤销事件自该事件当日起生效（发生日期填该日，或不填）",
    "an event is withdrawn from its own day on (give that day, or none)",
    (),
    OWN_CHOICE,
)
FIELD_RESTATED: Final = guard(
    field_restated,
    "更正误填字段的，该字段可以更正且正确值可读；阶段和暂不开发只随事件改变",
    "for a wrong field, one that can be corrected, and a right value that can be read;"
    " stage and holding change by events only",
    (),
    OWN_CHOICE,
)
PAPER_RESTATED: Final = guard(
    paper_restated,
    "更正资料的，写明其代码：须是该地块登记在案的资料，误填字段可以更正且正确值可读；"
    "撤销整份资料时不填字段，正确值填 null",
    "for a paper, its code: one on record for this plot, with a field that can be"
    " corrected and a right value that can be read; to take the whole paper back, no"
    " field and the right value null",
    (),
    OWN_CHOICE,
)
NO_EVENT_RESTS_ON_IT: Final = guard(
    no_event_rests_on_it,
    "撤销资料或更正其类型、评审结论时，没有仍有效的事件引用该资料；有则先更正该事件",
    "no event that counts cites a paper that is taken back or whose type or review"
    " outcome is corrected; correct the event first",
    (),
    OWN_CHOICE,
)
PROPOSAL_KNOWN: Final = guard(
    proposal_known,
    "写明更正申请的事件代码：该地块有此申请且种类相符",
    "the code of the event that proposed it: the plot has that proposal, of this kind",
    ("proposal",),
    OWN_CHOICE,
)
PROPOSAL_WAITS: Final = guard(
    proposal_waits,
    "该更正申请尚未作出决定",
    "the proposal was not decided yet",
    (),
    OWN_CHOICE,
)
PROPOSED_BY_ANOTHER: Final = guard(
    proposed_by_another,
    "由申请人以外的另一人决定",
    "another person than the one who proposed it decides",
    (),
    OWN_CHOICE,
)
PERSONS_TOLD_APART: Final = guard(
    persons_told_apart,
    "申请人和审批人的身份均已知：两人以本人身份登录，或其密钥已关联到本人"
    "（由管理员以 jingtu users 关联）",
    "it is known who proposes and who decides: both sign in as themselves, or with keys"
    " that an administrator has linked to them (jingtu users)",
    (),
    OWN_CHOICE,
)
ON_THE_DAY_PROPOSED: Final = guard(
    on_the_day_proposed,
    "更正自申请所写之日起生效（发生日期填该日，或不填）",
    "the correction holds from the day it was proposed for (give that day, or none)",
    (),
    OWN_CHOICE,
)
