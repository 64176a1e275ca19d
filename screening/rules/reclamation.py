"""May unused or reclaimed land become arable? Rules D12 to D14 (core).

未利用地、复垦土地开垦为耕地: Soil Law Art. 33 and 51, the plan of Liangshan item 16.
What may grow there stands in `polluted_farmland`.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import is_cultivated
from screening.parameters import Parameters
from screening.rules.conditions import soil_fails, survey_missing
from screening.rules.instruments import SOIL_LAW, article, law, liangshan
from screening.rules.parties import AG, EE, NR
from screening.rules.rule import rule
from screening.truth import Truth
from screening.vocabulary import Outcome, Transaction

RECLAMATION: Final = frozenset({Transaction.RECLAIM_TO_ARABLE})
_PASSES: Final = Text("调查报告通过评审", "the survey passes review")


@rule(
    "D12",
    title=Text("拟开垦为耕地的，先行调查", "Land is surveyed before it becomes arable"),
    transactions=RECLAMATION,
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "未利用地、复垦土地等拟开垦为耕地的，由农业农村主管部门会同有关部门开展土壤污染状况调查，依法进行分类管理。",
        "Unused or reclaimed land that is to become arable is surveyed under the "
        "agriculture department and then put into a category.",
    ),
    legal_basis=(law(SOIL_LAW, article(51)), liangshan(16)),
    required_documents=(
        Text("经评审的土壤污染状况调查", "reviewed soil survey"),
        Text("农用地土壤环境质量类别", "farmland category"),
    ),
    consult=(AG, EE, NR),
    lifts_when=_PASSES,
)
def survey_before_land_becomes_arable(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 51; LS 16."""
    return survey_missing(facts) & facts.planned(is_cultivated)


@rule(
    "D13",
    title=Text(
        "不符合标准的土地不得种植食用农产品",
        "No edible crop on land that fails its soil standard",
    ),
    marks=frozenset({"liangshan"}),
    transactions=RECLAMATION,
    outcome=Outcome.DENY,
    reason=Text(
        "经调查评估不符合标准的土地，不得种植食用农产品。",
        "Land whose survey shows that it fails the standard may not bear edible crops.",
    ),
    legal_basis=(liangshan(16),),
    required_documents=(
        Text("改作其他用途的方案", "plan for another use of the land"),
    ),
    consult=(AG,),
    lifts_when=Text(
        "改种非食用农产品，或经治理修复后调查符合标准",
        "a crop that is not eaten is grown, or a survey after remediation shows the "
        "standard is met",
    ),
)
def failing_land_bears_no_edible_crop(facts: Facts, _: Parameters) -> Truth:
    """LS 16."""
    return soil_fails(facts) & facts.crop_is_edible


@rule(
    "D14",
    title=Text(
        "原工业用地复垦前应调查", "Former industrial land is surveyed before reclaiming"
    ),
    transactions=RECLAMATION,
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "原为重点行业用地：重金属或者其他有毒有害物质含量超标的工业固体废物、生活垃圾或者污染土壤不得用于土地复垦，复垦前应当调查。",
        "The land served a listed industry. Polluted soil and waste above the limits "
        "may not be used for reclamation, so it is surveyed first.",
    ),
    legal_basis=(law(SOIL_LAW, article(33, 2)), law(SOIL_LAW, article(51))),
    themes=("former_use", "enterprise"),
    required_documents=(
        Text("原工业地块调查报告", "survey of the former industrial plot"),
    ),
    consult=(EE, AG),
    lifts_when=_PASSES,
    parameters=("listed_industries",),
)
def survey_before_industrial_land_is_reclaimed(
    facts: Facts, parameters: Parameters
) -> Truth:
    """Soil Law Art. 33(2), 51."""
    return (
        facts.former_industry_in(parameters.listed_industries)
        & survey_missing(facts)
        & facts.planned(is_cultivated)
    )
