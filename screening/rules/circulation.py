"""May farmland be passed on to be worked? Rules D07 and D15 to D17 (core).

农村土地经营权流转: Rural Land Contracting Law Art. 18, 38, 42, 45, Land Management Law
Art. 37, the plans of Liangshan and Zhengzhou. What the pollution of the field asks for
stands in `polluted_farmland`.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import (
    is_agricultural,
    is_farming_of_any_kind,
    is_forest_fruit_or_pond,
)
from screening.parameters import Parameters
from screening.rules.conditions import planned_construction
from screening.rules.instruments import (
    BASIC_FARMLAND_REGULATION,
    CONTRACTING_LAW,
    LAND_LAW,
    article,
    articles,
    design,
    law,
    liangshan,
    zhengzhou,
)
from screening.rules.parties import AG, AG_COUNTY, NR, TOWNSHIP
from screening.rules.rule import rule
from screening.truth import Missing, Truth, declared, unknown
from screening.vocabulary import (
    PRIORITY_PROTECTION,
    UNCLASSIFIED,
    Outcome,
    Transaction,
)

CIRCULATION: Final = frozenset({Transaction.FARM_CIRCULATE})
_TOO_COARSE: Final = unknown(Missing("planned_use", "not_comparable"))


@rule(
    "D07",
    title=Text(
        "流转后受让方承担土壤保护责任",
        "Who takes farmland over takes on the duty to protect its soil",
    ),
    transactions=CIRCULATION,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "优先保护类或未划定类别的农用地流转：受让方承担土壤保护责任，不得改变农业用途。",
        "Priority-protection or unclassified farmland is passed on: the transferee "
        "takes on the duty to protect the soil and keeps it in agricultural use.",
    ),
    legal_basis=(
        liangshan(8),
        zhengzhou("三(二)2"),
        law(CONTRACTING_LAW, articles(18, 38, 42)),
        design(Text("未划定类别的适用属产品设计", "unclassified land is our choice")),
    ),
    themes=("farmland_unit",),
    required_documents=(
        Text("合同中的土壤保护条款", "contract clause on soil protection"),
        Text("农业投入品使用记录", "records of what is applied to the soil"),
        Text(
            "未划定类别的：首次种植食用农产品前划定类别或取土壤样品",
            "unclassified land: a category or a soil sample before the first edible "
            "crop",
        ),
    ),
    consult=(TOWNSHIP, AG),
)
def transferee_protects_the_soil(facts: Facts, _: Parameters) -> Truth:
    """LS 8; ZZ 三(二)2; Rural Land Contracting Law Art. 18, 38, 42."""
    return (
        facts.farmland_includes(PRIORITY_PROTECTION)
        | facts.farmland_includes(UNCLASSIFIED)
    ) & facts.planned(is_agricultural)


@rule(
    "D15",
    title=Text(
        "永久基本农田不得发展林果业、挖塘养鱼",
        "No forest, orchard or fish pond on permanent basic farmland",
    ),
    transactions=CIRCULATION,
    outcome=Outcome.DENY,
    reason=Text(
        "涉及永久基本农田，禁止占用其发展林果业和挖塘养鱼。",
        "The land overlaps permanent basic farmland, which may not be turned to "
        "forestry, fruit growing or fish ponds.",
    ),
    legal_basis=(
        law(LAND_LAW, article(37, 3)),
        law(BASIC_FARMLAND_REGULATION, article(17, 2)),
    ),
    themes=("permanent_basic_farmland",),
    consult=(NR,),
    lifts_when=Text(
        "拟种植粮食等农作物，不发展林果业、不挖塘",
        "the field stays under field crops: no trees, no orchard, no pond",
    ),
)
def basic_farmland_stays_under_field_crops(facts: Facts, _: Parameters) -> Truth:
    """Land Management Law Art. 37(3); Regulation Art. 17(2)."""
    planned = facts.planned(is_forest_fruit_or_pond)
    if facts.planned(is_farming_of_any_kind).is_true:
        planned = _TOO_COARSE
    return facts.overlaps_permanent_basic_farmland & planned


@rule(
    "D16",
    title=Text(
        "流转不得改变农业用途", "Circulation may not change the agricultural use"
    ),
    transactions=CIRCULATION,
    outcome=Outcome.DENY,
    reason=Text(
        "拟作非农用途：土地经营权流转不得改变土地所有权的性质和土地的农业用途。",
        "The planned use is not agricultural: circulation of farmland rights may not "
        "change the agricultural use of the land.",
    ),
    legal_basis=(law(CONTRACTING_LAW, articles(18, 38)),),
    consult=(TOWNSHIP, AG),
    lifts_when=Text(
        "拟作农业用途；确需建设的，先办理农用地转用",
        "the planned use is agricultural; to build, the land is converted first",
    ),
)
def circulation_keeps_agricultural_use(facts: Facts, _: Parameters) -> Truth:
    """Rural Land Contracting Law Art. 18, 38."""
    return planned_construction(facts)


@rule(
    "D17",
    title=Text(
        "工商企业流转土地经营权须经审查",
        "An enterprise that takes farmland over is examined first",
    ),
    transactions=CIRCULATION,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "受让方为工商企业等社会资本：县级以上地方人民政府应当建立资格审查、项目审核和风险防范制度。",
        "The transferee is an enterprise: the county runs a review of its "
        "qualification, of its project, and risk prevention.",
    ),
    legal_basis=(law(CONTRACTING_LAW, article(45)),),
    required_documents=(
        Text("资格审查和项目审核意见", "review of qualification and project"),
        Text("风险防范（保障金等）安排", "provision against risk"),
    ),
    consult=(AG_COUNTY,),
)
def enterprise_is_examined(facts: Facts, _: Parameters) -> Truth:
    """Rural Land Contracting Law Art. 45."""
    transferee = facts.declared.transferee
    is_enterprise = declared(
        None if transferee is None else transferee == "enterprise", "transferee"
    )
    return is_enterprise & facts.planned(is_agricultural)
