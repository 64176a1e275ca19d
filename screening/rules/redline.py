"""May land within the ecological redline be developed? Rules F01 and F02 (core).

生态保护红线: 凉府发〔2017〕6号 item 18, 自然资发〔2022〕142号 of three ministries, the
Regulation on nature reserves. Ten kinds of limited activity are let in outside the
cores of reserves; which one it is has to be claimed.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.parameters import Parameters
from screening.rules.conditions import LAND_AND_WORKS
from screening.rules.instruments import (
    REDLINE_NOTICE,
    RESERVE_REGULATION,
    articles,
    design,
    law,
    liangshan,
    recalled,
)
from screening.rules.parties import EE, NR, PROVINCE_GOVERNMENT
from screening.rules.rule import rule
from screening.truth import Truth, truth
from screening.vocabulary import Outcome, Transaction

_PASSED_ON: Final = frozenset(
    {
        Transaction.TAKE_BACK,
        Transaction.PURCHASE,
        Transaction.RESERVE,
        Transaction.TRANSFER,
    }
)
"""Land is taken back or an existing right passed on: nothing is developed by that."""

_READ_IN: Final = frozenset(
    {
        *LAND_AND_WORKS,
        Transaction.FARM_CONVERT,
        Transaction.RECLAIM_TO_ARABLE,
        Transaction.SITING,
        Transaction.EIA,
    }
)

_LIMITED_ACTIVITY: Final = law(
    REDLINE_NOTICE,
    Text("第一部分（一）", "part 1(1)"),
    confidence=Text("已在部网站核对", "read on the ministry's page"),
)
_KEY_PROJECTS: Final = recalled(
    REDLINE_NOTICE,
    Text("国家重大项目占用的单独程序", "separate route of national key projects"),
    Text("凭记忆", "from memory"),
)


def is_claimed(facts: Facts) -> Truth:
    """Tell whether a limited activity or a national key project is claimed."""
    project = facts.project
    return truth(
        project.redline_activity is not None or bool(project.national_key_project)
    )


@rule(
    "F01",
    title=Text(
        "生态保护红线内不得开发建设", "No development within the ecological redline"
    ),
    transactions=_READ_IN - _PASSED_ON,
    outcome=Outcome.DENY,
    reason=Text(
        "涉及生态保护红线：除自然保护地核心保护区外允许的十类有限人为活动和国家重大项目外，禁止开发性、生产性建设活动。",
        "The land overlaps the ecological redline. Outside the cores of reserves only "
        "ten kinds of limited activity are let in, and national key projects by a "
        "route of their own.",
    ),
    legal_basis=(
        liangshan(18),
        law(RESERVE_REGULATION, articles(27, 32)),
        _LIMITED_ACTIVITY,
        _KEY_PROJECTS,
    ),
    themes=("ecological_redline",),
    required_documents=(
        Text(
            "符合有限人为活动的认定意见，或科研、保护工程的批准文件",
            "opinion that it is a limited activity, or approval as research or "
            "protection works",
        ),
    ),
    consult=(NR, EE),
    lifts_when=Text(
        "申明属于有限人为活动（project.redline_activity，填1至10）或国家重大项目"
        "（project.national_key_project）；或调整范围避让红线",
        "a limited activity (project.redline_activity, 1 to 10) or a national key "
        "project (project.national_key_project) is claimed, or the land is redrawn "
        "outside the redline",
    ),
)
def redline_is_not_developed(facts: Facts, _: Parameters) -> Truth:
    """LS 18; Regulation on nature reserves Art. 27, 32; 自然资发〔2022〕142号."""
    return facts.overlaps_ecological_redline & ~is_claimed(facts)


@rule(
    "F02",
    title=Text(
        "涉及生态保护红线，征求意见",
        "Land within the ecological redline: the authority is asked",
    ),
    transactions=_READ_IN,
    outcome=Outcome.CONSULT,
    reason=Text(
        "涉及生态保护红线：有限人为活动和国家重大项目须经认定或批准；收回、收购、储备和转让不属于开发建设，征求意见后办理。",
        "The land overlaps the ecological redline. A limited activity or key project "
        "needs its finding or approval; taking land back or passing on a right is no "
        "development and is asked about.",
    ),
    legal_basis=(
        _LIMITED_ACTIVITY,
        _KEY_PROJECTS,
        design(
            Text(
                "收回、收购、储备和转让征求意见属产品设计",
                "asking at entry and transfer is our choice",
            )
        ),
    ),
    themes=("ecological_redline",),
    required_documents=(
        Text(
            "有限人为活动认定意见，或重大项目批准文件",
            "opinion that the activity is one of the limited kinds, or approval of the "
            "key project",
        ),
        Text(
            "不在自然保护地核心保护区内的说明",
            "statement that the land lies outside a reserve's core",
        ),
    ),
    consult=(PROVINCE_GOVERNMENT, NR, EE),
    lifts_when=Text("主管部门出具同意意见", "the authority gives a favourable opinion"),
)
def redline_needs_an_opinion(facts: Facts, _: Parameters) -> Truth:
    """自然资发〔2022〕142号; at entry and transfer the project's own choice."""
    return facts.overlaps_ecological_redline & (
        is_claimed(facts) | facts.is_one_of(_PASSED_ON)
    )
