"""What is one step in the life of a plot made of? (core)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from parcels.plots.basis import Basis
from parcels.plots.guards import Guard
from parcels.plots.occurrence import Level, Occurrence
from parcels.tasks.terms import add_months
from parcels.texts import Text

DOCUMENT_NAMES: Final[dict[str, Text]] = {
    "listing_form": Text("列入登记表", "listing form"),
    "notice": Text("书面通知", "written notice"),
    "initial_survey": Text("初步调查报告", "report of the initial survey"),
    "key_unit_survey": Text("重点监管单位调查报告", "report of the key unit's survey"),
    "review_opinion": Text("评审意见", "review opinion"),
    "register_entry": Text("名录登记", "register entry"),
    "detailed_survey": Text("详细调查报告", "report of the detailed survey"),
    "risk_assessment": Text("风险评估报告", "risk-assessment report"),
    "risk_control_plan": Text("风险管控方案", "risk-control plan"),
    "remediation_plan": Text("修复方案", "remediation plan"),
    "transport_plan": Text("污染土壤转运计划", "transport plan of the soil"),
    "effect_evaluation": Text("效果评估报告", "effect-evaluation report"),
    "removal_application": Text("移出名录申请", "application for removal"),
    "removal_decision": Text("移出清单", "removal list"),
    "aftercare_plan": Text("后期管理方案", "after-care plan"),
    "control_area_approval": Text(
        "管控区域批准文件", "approval of the control area or of its release"
    ),
    "isolation_measures": Text("隔离阻断措施", "isolation measures"),
    "other": Text("证明材料（任一种资料）", "evidence (any paper)"),
    "correction_approval": Text("更正批准文件", "approval of the correction"),
}


@dataclass(frozen=True, slots=True)
class DocumentNeed:
    """A paper a step needs.

    Attributes
    ----------
    kinds
        Types of `plot_document`, one of which serves.
    outcome
        Outcome of the review it must show; it was then reviewed by the event's day.
    """

    kinds: tuple[str, ...]
    outcome: Literal["passed", "returned"] | None = None

    @property
    def words(self) -> Text:
        """The paper as an officer calls it."""
        name = DOCUMENT_NAMES[self.kinds[0]]
        if self.outcome == "passed":
            return Text(f"{name.zh}（结论为通过）", f"{name.en} (passed)")
        if self.outcome == "returned":
            return Text(f"{name.zh}（结论为退回）", f"{name.en} (returned)")
        return name


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a step starts (期限).

    Attributes
    ----------
    what
        What is due.
    months
        Calendar months from the event's day; None where the text gives no such count
        (working days need a calendar of holidays, which is not part of this module).
    by_rule_set
        Whether the rule set in force gives the months, from service of the notice
        (`screening.survey_term`).
    """

    what: Text
    basis: Basis
    months: int | None = None
    by_rule_set: bool = False

    def due_on(self, event: Occurrence) -> date | None:
        """Return the last day of the term; None where it cannot be counted here."""
        return None if self.months is None else add_months(event.on, self.months)


def _nothing(_: Occurrence) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table of transitions.

    Attributes
    ----------
    number
        Row in `plot_lifecycle.md`; with a letter for what its prose adds.
    from_stages
        Stages in which it can happen.
    to_stage
        Stage after it; None where the stage stays.
    needs_held, sets_held
        What the flag "not developed for now" must be, and what it becomes; None: any,
        unchanged.
    level
        Office that acts or records; None where it is the keeper of the plot's lists.
    actor
        Who acts, in words.
    enters, leaves
        Lists the plot comes to and leaves.
    values
        Columns of the plot that the event sets.
    also_takes
        Members of `Details` it keeps although no guard asks for them.
    corrects
        Whether it is a step of a correction: made later than the day it speaks of, so
        its papers may be younger, and it says nothing of the stage by itself.
    """

    number: str
    event: str
    title: Text
    from_stages: frozenset[str]
    to_stage: str | None
    actor: Text
    basis: tuple[Basis, ...]
    level: Level | None = "county"
    guards: tuple[Guard, ...] = ()
    documents: tuple[DocumentNeed, ...] = ()
    terms: tuple[Term, ...] = ()
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    needs_held: bool | None = None
    sets_held: bool | None = None
    values: Callable[[Occurrence], Mapping[str, Any]] = _nothing
    also_takes: tuple[str, ...] = ()
    corrects: bool = False
