"""Which words do transactions, outcomes, stages and categories have? (core).

The values are those of the HTTP contract and of the register's columns. Names in both
languages stand beside them. Sets of stages follow section 4 of the rule table
(project's own grouping after the life cycle of a plot).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from parcels.plots import lists
from parcels.texts import Text

LandClass = Literal["class_1", "class_2"]
"""Class of planned development land after GB 36600-2018 (第一类用地, 第二类用地)."""


class Transaction(StrEnum):
    """A step of land administration that the gate is asked about (业务环节)."""

    ACQUIRE = "acquire"
    TAKE_BACK = "take_back"
    PURCHASE = "purchase"
    RESERVE = "reserve"
    GRANT = "grant"
    ALLOCATE = "allocate"
    COLLECTIVE_MARKET = "collective_market"
    TRANSFER = "transfer"
    USE_CHANGE = "use_change"
    FARM_CONVERT = "farm_convert"
    FARM_CIRCULATE = "farm_circulate"
    RECLAIM_TO_ARABLE = "reclaim_to_arable"
    PROJECT_APPROVAL = "project_approval"
    LAND_PLAN_PERMIT = "land_plan_permit"
    WORKS_PLAN_PERMIT = "works_plan_permit"
    EIA = "eia"
    CONSTRUCTION_START = "construction_start"
    DETAILED_PLAN = "detailed_plan"
    SITING = "siting"


TRANSACTION_NAMES: Final = {
    Transaction.ACQUIRE: Text("土地征收", "acquisition"),
    Transaction.TAKE_BACK: Text("收回国有土地使用权", "take-back of a land-use right"),
    Transaction.PURCHASE: Text("收购", "purchase for the reserve"),
    Transaction.RESERVE: Text("储备", "entry into the land reserve"),
    Transaction.GRANT: Text("出让", "grant"),
    Transaction.ALLOCATE: Text("划拨", "allocation"),
    Transaction.COLLECTIVE_MARKET: Text(
        "集体经营性建设用地入市", "market entry of collective development land"
    ),
    Transaction.TRANSFER: Text("转让", "transfer"),
    Transaction.USE_CHANGE: Text("改变用途", "change of use"),
    Transaction.FARM_CONVERT: Text("农用地转用", "conversion of farmland"),
    Transaction.FARM_CIRCULATE: Text(
        "农村土地经营权流转", "circulation of farmland rights"
    ),
    Transaction.RECLAIM_TO_ARABLE: Text("开垦为耕地", "reclamation to arable land"),
    Transaction.PROJECT_APPROVAL: Text("项目立项", "project approval"),
    Transaction.LAND_PLAN_PERMIT: Text("建设用地规划许可", "land-use planning permit"),
    Transaction.WORKS_PLAN_PERMIT: Text("建设工程规划许可", "works planning permit"),
    Transaction.EIA: Text("环评审批", "approval of the environmental assessment"),
    Transaction.CONSTRUCTION_START: Text("开工建设", "start of construction"),
    Transaction.DETAILED_PLAN: Text("控制性详细规划", "detailed plan"),
    Transaction.SITING: Text("选址", "siting"),
}

ENTRY: Final = frozenset(
    {
        Transaction.ACQUIRE,
        Transaction.TAKE_BACK,
        Transaction.PURCHASE,
        Transaction.RESERVE,
    }
)
"""Transactions by which land comes to the government; they may come without a use."""

FARM_WORK: Final = frozenset(
    {Transaction.FARM_CIRCULATE, Transaction.RECLAIM_TO_ARABLE}
)
"""Transactions by which somebody begins to work farmland."""


class Outcome(StrEnum):
    """What the caller may do, the most severe last (结论)."""

    ALLOW = "allow"
    ALLOW_WITH_CONDITIONS = "allow_with_conditions"
    CONSULT = "consult"
    INSUFFICIENT_DATA = "insufficient_data"
    REQUIRE_INVESTIGATION = "require_investigation"
    DENY = "deny"


SEVERITY: Final = {outcome: rank for rank, outcome in enumerate(Outcome)}
"""Rank of an outcome; the higher rank governs."""

OUTCOME_NAMES: Final = {
    Outcome.ALLOW: Text("通过", "allowed"),
    Outcome.ALLOW_WITH_CONDITIONS: Text("附条件通过", "allowed with conditions"),
    Outcome.CONSULT: Text(
        "征求生态环境部门意见", "ask the ecology-environment department"
    ),
    Outcome.INSUFFICIENT_DATA: Text("资料不足", "insufficient data"),
    Outcome.REQUIRE_INVESTIGATION: Text(
        "需开展土壤污染状况调查", "soil investigation required"
    ),
    Outcome.DENY: Text("不予通过", "denied"),
}


class Status(StrEnum):
    """What a rule came to."""

    MATCHED = "matched"
    NOT_MATCHED = "not_matched"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


CANDIDATE: Final = "candidate"
CLEARED: Final = "cleared"
RISK_ACCEPTABLE: Final = "risk_acceptable"
CLOSED_ERROR: Final = "closed_error"

SUSPECT: Final = lists.SUSPECT
CONTAM: Final = lists.CONTAMINATED
RCR_STAGES: Final = lists.REGISTERED

REMOVED_STAGES: Final = frozenset({"removed", "aftercare"})
"""Removed from that register (移出名录, 后期管理)."""

OPEN: Final = SUSPECT | CONTAM | RCR_STAGES
"""Something is still to be done on the plot."""

EVALUATED: Final = REMOVED_STAGES | {CLEARED, RISK_ACCEPTABLE}
"""Found fit, for the class of use that was evaluated."""

SURVEYED: Final = CONTAM | RCR_STAGES | EVALUATED
"""Reached only through a reviewed survey report."""

ALL_STAGES: Final = OPEN | EVALUATED | {CANDIDATE, CLOSED_ERROR}

STAGE_NAMES: Final = {
    "candidate": Text("线索地块", "candidate"),
    "suspected": Text("疑似污染地块", "suspected plot"),
    "initial_survey": Text("初步调查", "initial survey"),
    "initial_review": Text("初步调查评审", "review of the initial survey"),
    "cleared": Text("未超标", "cleared"),
    "contaminated": Text("污染地块", "contaminated plot"),
    "detailed_survey": Text("详细调查", "detailed survey"),
    "risk_assessment": Text("风险评估", "risk assessment"),
    "risk_acceptable": Text("风险可接受", "risk acceptable"),
    "rcr_listed": Text("列入名录", "listed on the register"),
    "risk_control": Text("风险管控", "risk control"),
    "remediation": Text("治理与修复", "remediation"),
    "effect_evaluation": Text("效果评估", "effect evaluation"),
    "target_not_met": Text("未达目标", "target not met"),
    "removed": Text("移出名录", "removed from the register"),
    "aftercare": Text("后期管理", "after-care"),
    "closed_error": Text("误列", "entered by mistake"),
}

PRIORITY_PROTECTION: Final = "priority_protection"
SAFE_USE: Final = "safe_use"
STRICT_CONTROL: Final = "strict_control"
UNCLASSIFIED: Final = "unclassified"
