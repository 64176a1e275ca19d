"""May a new source of soil pollution stand here? Rules E01 to E05 (core).

新建污染源选址: Soil Law Art. 32 and 50, Solid Waste Law Art. 21, the plan of Liangshan.
"Around" and "concentrated" have no number or boundary in law: distances are parameters,
areas are themes a county delimits. Rivers and tailings ponds are in `shorelines`.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.facts.siting import SITED
from screening.parameters import Parameters
from screening.rules.instruments import (
    SOIL_LAW,
    SOLID_WASTE_LAW,
    article,
    design,
    law,
    liangshan,
)
from screening.rules.parties import EE, NR, REFORM
from screening.rules.projects import (
    OTHER_SITE,
    emits_heavy_metals,
    is_of_industry,
    is_waste_facility,
    may_pollute_soil,
    place_of,
)
from screening.rules.rule import rule
from screening.truth import Truth
from screening.vocabulary import Outcome

PROTECTED_RECEPTORS: Final = frozenset(
    {"residential", "kindergarten", "school", "hospital", "sanatorium", "elder_care"}
)
"""Homes, schools, hospitals, sanatoria, elder homes (Soil Law Art. 32); kindergartens
count as schools by design."""

_INDUSTRY_OR_CLAIM: Final = Text(
    "项目行业与用途依申报；申报为可能污染土壤的，不论规划用途。",
    "Industry and use as declared; a project declared to pollute soil counts whatever "
    "the planned use.",
)


@rule(
    "E01",
    title=Text(
        "优先保护类耕地集中区域不得新建所列行业企业",
        "No new plants of the listed industries where priority farmland is "
        "concentrated",
    ),
    marks=frozenset({"liangshan"}),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "项目属所列行业，位于优先保护类耕地集中区域：严格禁止新建。",
        "The project is of a listed industry and lies where priority-protection "
        "farmland is concentrated: no new plants there.",
    ),
    legal_basis=(liangshan(8),),
    themes=("concentrated_priority_farmland",),
    required_documents=(OTHER_SITE,),
    consult=(REFORM, EE),
    lifts_when=Text("另选集中区域以外的场址", "a site outside the area"),
    note=Text(
        "集中区域无法定边界，以本县划定的图层为准。方案所禁为新建，改建、扩建同样判断，属产品设计。",
        "The area has no legal boundary: the county's layer is used. The plan bars new "
        "plants; rebuilding and extension are judged alike by design.",
    ),
)
def no_listed_plant_on_priority_farmland(facts: Facts, parameters: Parameters) -> Truth:
    """LS 8."""
    listed = is_of_industry(facts, parameters.industry_lists["H1"])
    return listed & place_of(facts).concentrated_priority_farmland


@rule(
    "E02",
    title=Text(
        "永久基本农田集中区域不得新建可能污染土壤的项目",
        "No new soil-polluting project where basic farmland is concentrated",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "项目可能造成土壤污染，位于永久基本农田集中区域：不得新建，已建成的限期关闭拆除。",
        "The project may pollute soil and lies where permanent basic farmland is "
        "concentrated: nothing new may be built; what stands closes by a deadline.",
    ),
    legal_basis=(law(SOIL_LAW, article(50, 2)),),
    themes=("pbf_concentrated_area", "permanent_basic_farmland"),
    required_documents=(OTHER_SITE,),
    consult=(EE, NR),
    lifts_when=Text("另选集中区域以外的场址", "a site outside the area"),
    note=Text(
        "集中区域图层未覆盖时，以永久基本农田代替，属产品设计。",
        "Where the layer of the area does not cover the place, permanent basic "
        "farmland stands in: the project's own choice.",
    ),
)
def no_polluting_project_in_basic_farmland(
    facts: Facts, parameters: Parameters
) -> Truth:
    """Soil Law Art. 50(2)."""
    return may_pollute_soil(facts, parameters) & place_of(facts).pbf_concentrated_area


def _nearest_receptor(facts: Facts, _: Parameters) -> Text | None:
    near = [
        thing.distance_m
        for thing in place_of(facts).receptors.things
        if thing.category in PROTECTED_RECEPTORS
    ]
    if not near:
        return None
    return Text(
        f"最近的相距 {min(near):.2f} 米。", f" The nearest is {min(near):.2f} m away."
    )


@rule(
    "E03",
    title=Text(
        "居民区、学校、医院等周边不得新建可能污染土壤的项目",
        "No soil-polluting project around homes, schools and hospitals",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "项目可能造成土壤污染，居民区、学校、医院、疗养院或养老院在设定距离以内：不得新建、改建、扩建。",
        "The project may pollute soil and homes, a school, hospital, sanatorium or "
        "elder home lie within the set distance: nothing may be built, rebuilt or "
        "extended.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(32)),
        liangshan(18),
        design(
            Text("法律未规定距离，距离为配置", "no distance in law: it is configured")
        ),
    ),
    themes=("receptor",),
    required_documents=(
        Text(
            "环评文件说明距离符合标准或地方规定",
            "assessment showing that the distance meets standard or local rule",
        ),
    ),
    consult=(EE, NR),
    lifts_when=Text(
        "另行选址，或依标准、地方规定重新设定距离",
        "another site, or a distance set by standard or local rule",
    ),
    note=_INDUSTRY_OR_CLAIM,
    parameters=("buf_siting_receptor_m",),
    detail=_nearest_receptor,
)
def no_polluting_project_near_homes(facts: Facts, parameters: Parameters) -> Truth:
    """Soil Law Art. 32; LS 18. The distance is configuration."""
    near = place_of(facts).receptors.within(
        parameters.buf_siting_receptor_m, PROTECTED_RECEPTORS
    )
    return may_pollute_soil(facts, parameters) & near


@rule(
    "E04",
    title=Text(
        "红线、生态敏感区、人口密集区不得建设排放重金属的项目",
        "No heavy-metal emitting project in redline, sensitive or populated areas",
    ),
    marks=frozenset({"liangshan"}),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "项目排放重金属，位于生态保护红线、生态敏感区或人口密集区：严禁新建。",
        "The project emits heavy metals and lies in the ecological redline, an "
        "ecologically sensitive or a densely populated area: none may be built there.",
    ),
    legal_basis=(liangshan(23),),
    themes=(
        "ecological_redline",
        "ecological_sensitive_area",
        "dense_population_area",
    ),
    required_documents=(OTHER_SITE,),
    consult=(EE,),
    lifts_when=Text(
        "另行选址，或证明不排放重金属",
        "another site, or proof that no heavy metals are emitted",
    ),
    note=Text(
        "生态敏感区、人口密集区无法定边界，以本县图层为准；未申报时按行业代码推定。方案所禁为新建，改建、扩建同样判断，属产品设计。",
        "Sensitive and populated areas have no legal boundary: the county's layers are "
        "used. Without a statement the industry code decides. The plan bars new "
        "projects; rebuilding and extension are judged alike by design.",
    ),
)
def no_heavy_metals_in_sensitive_areas(facts: Facts, parameters: Parameters) -> Truth:
    """LS 23."""
    place = place_of(facts)
    area = (
        facts.overlaps_ecological_redline
        | place.ecological_sensitive_area
        | place.dense_population_area
    )
    return emits_heavy_metals(facts, parameters) & area


@rule(
    "E05",
    title=Text(
        "红线和永久基本农田集中区域不得建设固体废物处置设施",
        "No waste facility in the redline or where basic farmland is concentrated",
    ),
    transactions=SITED,
    outcome=Outcome.DENY,
    reason=Text(
        "工业固体废物、危险废物集中贮存、利用、处置设施或生活垃圾填埋场，位于生态保护红线或永久基本农田集中区域：禁止建设。",
        "A facility for industrial or hazardous waste or a landfill lies in the "
        "ecological redline or where permanent basic farmland is concentrated: barred.",
    ),
    legal_basis=(law(SOLID_WASTE_LAW, article(21)),),
    themes=(
        "ecological_redline",
        "pbf_concentrated_area",
        "permanent_basic_farmland",
    ),
    required_documents=(OTHER_SITE,),
    consult=(EE,),
    lifts_when=Text("另行选址", "another site"),
    note=Text(
        "集中区域图层未覆盖时，以永久基本农田代替，属产品设计。",
        "Where the layer of the area does not cover the place, permanent basic "
        "farmland stands in: the project's own choice.",
    ),
)
def no_waste_facility_in_protected_areas(facts: Facts, parameters: Parameters) -> Truth:
    """Solid Waste Law Art. 21."""
    area = facts.overlaps_ecological_redline | place_of(facts).pbf_concentrated_area
    return is_waste_facility(facts, parameters) & area
