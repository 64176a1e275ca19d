"""May chemicals or tailings stand by this river? Rules E06 to E10 (core).

长江、黄河岸线，尾矿库: the laws on the Yangtze and the Yellow River Art. 26, the
standard on siting tailings ponds, the plan on overhead ponds (头顶库).
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.facts.siting import SITED
from screening.parameters import Parameters
from screening.rules.instruments import (
    TAILINGS_PLAN,
    TAILINGS_STANDARD,
    YANGTZE_LAW,
    YELLOW_RIVER_LAW,
    article,
    law,
)
from screening.rules.parties import EE, EMERGENCY, WATER
from screening.rules.projects import (
    OTHER_SITE,
    is_chemical,
    is_new,
    is_new_or_extended,
    is_rebuilt_for_safety,
    is_tailings_pond,
    place_of,
)
from screening.rules.rule import rule
from screening.truth import Truth
from screening.vocabulary import Outcome

IMPORTANT_TRIBUTARY: Final = frozenset({"important"})
"""Category of an important tributary; one without a category counts as one."""


@rule(
    "E06",
    title=Text(
        "长江干支流岸线一公里内不得新建、扩建化工园区和化工项目",
        "No new or extended chemical park or works within 1 km of the Yangtze",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "化工园区或化工项目位于长江干支流岸线规定距离以内：禁止新建、扩建。",
        "A chemical park or project lies within the distance from the shoreline of the "
        "Yangtze or a tributary in which none may be built or extended.",
    ),
    legal_basis=(law(YANGTZE_LAW, article(26, 2)),),
    themes=("yangtze_main_shoreline", "yangtze_tributary_shoreline"),
    required_documents=(OTHER_SITE,),
    consult=(EE, WATER),
    lifts_when=Text("另选规定距离以外的场址", "a site farther away"),
    note=Text(
        "化工项目按行业大类26认定；改建不在本条之内。",
        "Division 26 stands for chemical projects; rebuilding is not barred here.",
    ),
    parameters=("yangtze_chemical_m",),
)
def no_chemicals_by_the_yangtze(facts: Facts, parameters: Parameters) -> Truth:
    """Yangtze Protection Law Art. 26(2)."""
    metres, place = parameters.yangtze_chemical_m, place_of(facts)
    near = place.main_shoreline.within(metres)
    near = near | place.tributary_shorelines.within(metres)
    return is_chemical(facts, parameters) & is_new_or_extended(facts) & near


@rule(
    "E07",
    title=Text(
        "长江干流岸线三公里、重要支流岸线一公里内不得建设尾矿库",
        "No tailings pond within 3 km of the Yangtze or 1 km of important tributaries",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "尾矿库位于长江干流或重要支流岸线规定距离以内：禁止新建、改建、扩建；以提升安全、生态环境保护水平为目的的改建除外。",
        "A tailings pond lies within the distance from the main stem or an important "
        "tributary in which none may be built, rebuilt or extended, except to make it "
        "safer.",
    ),
    legal_basis=(law(YANGTZE_LAW, article(26, 3)),),
    themes=("yangtze_main_shoreline", "yangtze_tributary_shoreline"),
    required_documents=(OTHER_SITE,),
    consult=(EMERGENCY, EE),
    lifts_when=Text(
        "另行选址；或申明为提升安全的改建（project.safety_rebuild）；或支流经核实并非重要支流",
        "another site; or rebuilding for safety is claimed (project.safety_rebuild); "
        "or the tributary is shown not to be an important one",
    ),
    note=Text(
        "支流岸线未注明类别的，按重要支流对待，属产品设计。",
        "A tributary without a category counts as important: the project's own choice.",
    ),
    parameters=("yangtze_tailings_main_m", "yangtze_tailings_tributary_m"),
)
def no_tailings_pond_by_the_yangtze(facts: Facts, parameters: Parameters) -> Truth:
    """Yangtze Protection Law Art. 26(3)."""
    place = place_of(facts)
    main = place.main_shoreline.within(parameters.yangtze_tailings_main_m)
    tributary = place.tributary_shorelines.within(
        parameters.yangtze_tailings_tributary_m, IMPORTANT_TRIBUTARY
    )
    pond = is_tailings_pond(facts) & ~is_rebuilt_for_safety(facts)
    return pond & (main | tributary)


@rule(
    "E08",
    title=Text(
        "黄河岸线管控范围内不得建设化工项目和尾矿库",
        "No chemical project or tailings pond in the Yellow River's control range",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "位于已公布的黄河岸线管控范围：在干支流的管控范围内禁止新建、扩建化工园区和化工项目，在干流和重要支流的管控范围内禁止新建、改建、扩建尾矿库，以提升安全、生态环境保护水平为目的的改建除外。",
        "The land lies in the published shoreline control range of the Yellow River: "
        "along the main stem and its tributaries no chemical park or project may be "
        "built or extended, along the main stem and important tributaries no tailings "
        "pond built, rebuilt or extended, except rebuilding to make it safer.",
    ),
    legal_basis=(law(YELLOW_RIVER_LAW, article(26, 2)),),
    themes=("yellow_river_shoreline_control",),
    required_documents=(OTHER_SITE,),
    consult=(EE, WATER),
    lifts_when=Text(
        "另行选址；尾矿库申明为提升安全的改建（project.safety_rebuild），或经核实所在支流并非重要支流",
        "another site; for a pond, rebuilding for safety is claimed "
        "(project.safety_rebuild), or the tributary is shown not to be an important "
        "one",
    ),
    note=Text(
        "管控范围图层不区分干流、重要支流和其他支流，尾矿库一律按在干流或重要支流对待，属产品设计。",
        "The layer does not tell the main stem and important tributaries from others; "
        "a pond is judged as lying on one of them: the project's own choice.",
    ),
)
def no_chemicals_or_ponds_by_the_yellow_river(
    facts: Facts, parameters: Parameters
) -> Truth:
    """Yellow River Protection Law Art. 26(2)."""
    chemical = is_chemical(facts, parameters) & is_new_or_extended(facts)
    pond = is_tailings_pond(facts) & ~is_rebuilt_for_safety(facts)
    return (chemical | pond) & place_of(facts).yellow_river_shoreline_control


@rule(
    "E09",
    title=Text(
        "水源保护区、风景名胜区、自然保护区不得设置尾矿库",
        "No tailings pond in water-source zones, scenic areas or nature reserves",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "尾矿库选址位于饮用水水源保护区、风景名胜区或自然保护区：不符合选址要求。",
        "The tailings pond would lie in a drinking-water zone, a scenic area or a "
        "nature reserve, which the siting standard rules out.",
    ),
    legal_basis=(
        law(
            TAILINGS_STANDARD,
            Text("3.1.1", "3.1.1"),
            confidence=Text("经标准条文说明核对", "through commentary on the standard"),
        ),
    ),
    themes=("water_zone", "scenic_area", "nature_reserve"),
    required_documents=(OTHER_SITE,),
    consult=(EMERGENCY, EE),
    lifts_when=Text("另行选址", "another site"),
)
def no_tailings_pond_in_protected_areas(facts: Facts, _: Parameters) -> Truth:
    """GB 50863-2013 3.1.1."""
    place = place_of(facts)
    area = facts.water.in_any_zone | place.scenic_area | place.nature_reserve
    return is_tailings_pond(facts) & area


@rule(
    "E10",
    title=Text("不得新增头顶库", "No new overhead pond"),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "新建尾矿库下游规定距离内有居民或重要设施，将形成头顶库：自2020年起不得新增。",
        "A new tailings pond would have people or important facilities within the set "
        "distance downstream: an overhead pond, of which none may be added since 2020.",
    ),
    legal_basis=(
        law(
            TAILINGS_PLAN,
            Text("头顶库的定义和目标", "definition and goal on overhead ponds"),
            confidence=Text("经省级方案核对", "through plans of provinces"),
        ),
    ),
    themes=("receptor",),
    required_documents=(OTHER_SITE,),
    consult=(EMERGENCY,),
    lifts_when=Text(
        "另行选址，或查明流路下游无居民和重要设施",
        "another site, or proof that nobody lies down the flow path",
    ),
    note=Text(
        "流路只依在案河网判定（流路两侧计入的宽度为产品默认值）；河网不能证明的，"
        "直线距离内有受体时不作判断，须查明。",
        "The path is followed along the river network on record only (how wide it "
        "counts is a project default); where that proves nothing, and receptors lie "
        "in a straight line, the rule stays open until the path is established.",
    ),
    parameters=("overhead_pond_m", "flow_corridor_m", "flow_snap_m"),
)
def no_new_overhead_pond(facts: Facts, parameters: Parameters) -> Truth:
    """应急〔2020〕15号. Along the flow path, which is never shorter than the line."""
    place = place_of(facts)
    near = place.receptors.within(parameters.overhead_pond_m)
    return is_tailings_pond(facts) & is_new(facts) & near & place.flow_path
