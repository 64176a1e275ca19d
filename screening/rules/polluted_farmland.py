"""What may grow on polluted farmland? Rules D08 to D11 (core).

安全利用, 严格管控, 特定农产品禁止生产区域: Soil Law Art. 53 to 56, Agricultural Product
Quality Safety Law Art. 21, the plans of Liangshan and Zhengzhou. Asked when a field
changes hands and when land is made arable.
"""

from __future__ import annotations

from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import is_agricultural
from screening.parameters import Parameters
from screening.rules.instruments import (
    GROUNDWATER_REGULATION,
    PRODUCT_SAFETY_LAW,
    SOIL_LAW,
    article,
    articles,
    design,
    law,
    liangshan,
    zhengzhou,
)
from screening.rules.parties import AG, EE
from screening.rules.rule import rule
from screening.truth import Truth
from screening.vocabulary import FARM_WORK, SAFE_USE, STRICT_CONTROL, Outcome


@rule(
    "D08",
    title=Text(
        "安全利用类耕地按安全利用方案种植",
        "Safe-use farmland is worked by its safe-use plan",
    ),
    transactions=FARM_WORK,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "涉及安全利用类农用地：落实安全利用方案，采取农艺调控、替代种植，开展土壤和农产品协同监测。",
        "The land includes safe-use farmland: its plan applies, with agronomic "
        "control, substitute crops and joint monitoring of soil and crops.",
    ),
    legal_basis=(
        law(SOIL_LAW, articles(53, 56)),
        liangshan(9),
        zhengzhou("三(二)3"),
    ),
    themes=("farmland_unit",),
    required_documents=(
        Text(
            "受让方接受安全利用方案的书面承诺",
            "acceptance of the safe-use plan by the transferee",
        ),
    ),
    consult=(AG,),
)
def safe_use_plan_applies(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 53, 56; LS 9; ZZ 三(二)3."""
    return facts.farmland_includes(SAFE_USE) & facts.planned(is_agricultural)


@rule(
    "D09",
    title=Text(
        "禁止种植所禁农产品", "Crops that are banned on the land may not be grown"
    ),
    transactions=FARM_WORK,
    outcome=Outcome.DENY,
    reason=Text(
        "拟种作物属于所在特定农产品禁止生产区域所列农产品，或者当地禁止在严格管控类农用地种植食用农产品。",
        "The crop is on the list of a ban area on the land, or edible crops are barred "
        "on strict-control land here.",
    ),
    legal_basis=(
        liangshan(10),
        law(PRODUCT_SAFETY_LAW, article(21)),
        law(SOIL_LAW, article(54)),
    ),
    themes=("crop_ban_area", "farmland_unit"),
    required_documents=(
        Text(
            "调整种植结构或退耕还林还草方案",
            "change of crop, or return to forest or grass",
        ),
    ),
    consult=(AG,),
    lifts_when=Text(
        "改种非食用农产品或未列入禁种清单的作物，或退耕还林还草",
        "a crop that is not banned there is grown, or the field returns to forest or "
        "grass",
    ),
    parameters=("edible_crop_on_strict_control",),
)
def banned_crop_is_not_grown(facts: Facts, parameters: Parameters) -> Truth:
    """LS 10; Product Quality Safety Law (2022) Art. 21; Soil Law Art. 54."""
    barred = facts.crop_is_banned
    if parameters.edible_crop_on_strict_control == "deny":
        barred = barred | _edible_on_strict_control(facts)
    return barred & facts.planned(is_agricultural)


def _edible_on_strict_control(facts: Facts) -> Truth:
    return facts.farmland_includes(STRICT_CONTROL) & facts.crop_is_edible


@rule(
    "D10",
    title=Text(
        "严格管控类农用地风险管控继续执行",
        "Risk control goes on where strict-control land bears no edible crop",
    ),
    transactions=FARM_WORK,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "严格管控类农用地不种植食用农产品（林木、花卉、休耕等）：风险管控措施继续执行。",
        "Strict-control land without an edible crop (trees, flowers, fallow): the "
        "measures of risk control go on.",
    ),
    legal_basis=(law(SOIL_LAW, articles(54, 56)), liangshan(10)),
    themes=("farmland_unit",),
    required_documents=(
        Text("合同中的风险管控责任", "duty of risk control in the contract"),
    ),
    consult=(AG,),
)
def risk_control_goes_on(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 54, 56; LS 10."""
    return (
        facts.farmland_includes(STRICT_CONTROL)
        & ~facts.crop_is_edible
        & facts.planned(is_agricultural)
    )


@rule(
    "D11",
    title=Text(
        "可能影响地下水、饮用水水源或食用农产品的，征求意见",
        "Polluted farmland that may reach water or food is asked about",
    ),
    transactions=FARM_WORK,
    outcome=Outcome.CONSULT,
    reason=Text(
        "安全利用类、严格管控类农用地位于水源保护区或地下水补给区，或者在严格管控类农用地种植食用农产品：须制定防治方案并征求意见。",
        "Safe-use or strict-control farmland lies in a water-source zone or recharge "
        "area, or an edible crop is to grow on strict-control land: a plan is made and "
        "the opinion asked.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(55)),
        liangshan(10),
        law(GROUNDWATER_REGULATION, article(45)),
        design(
            Text(
                "禁种区以外种植食用农产品征求意见属产品设计",
                "asking about edible crops outside ban areas is our choice",
            )
        ),
    ),
    themes=("farmland_unit", "water_zone"),
    required_documents=(Text("防治方案", "prevention plan"),),
    consult=(EE, AG),
    lifts_when=Text(
        "生态环境部门会同农业农村部门出具同意意见",
        "favourable opinion of the ecology-environment and agriculture departments",
    ),
)
def pollution_may_reach_water_or_food(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 55; LS 10; Groundwater Regulation Art. 45."""
    polluted = facts.farmland_includes(SAFE_USE) | facts.farmland_includes(
        STRICT_CONTROL
    )
    return (
        polluted & (facts.water.in_any_zone | facts.overlaps_recharge_area)
        | _edible_on_strict_control(facts)
    ) & facts.planned(is_agricultural)
