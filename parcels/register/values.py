"""Which values may the attributes of the register take? (core).

Stages and lists of plots after their life cycle, categories of farmland after the
classification guideline; the names are those of the HTTP interface.
"""

from __future__ import annotations

PLOT_STAGES = (
    "candidate",
    "suspected",
    "initial_survey",
    "initial_review",
    "cleared",
    "contaminated",
    "detailed_survey",
    "risk_assessment",
    "risk_acceptable",
    "rcr_listed",
    "risk_control",
    "remediation",
    "effect_evaluation",
    "target_not_met",
    "removed",
    "aftercare",
    "closed_error",
)
PLOT_LISTS = ("suspected", "contaminated", "rcr", "priority_supervised")
PUBLISHABLE = (
    "plot_code",
    "name",
    "address",
    "location",
    "four_bounds",
    "area",
    "former_enterprise",
    "former_industries",
    "current_use",
    "planned_use",
    "stage",
    "risk_grade",
    "pollutants",
    "groundwater_polluted",
    "negative_list",
    "list_batch",
    "soil_standard",
    "evaluated_class",
)
"""Fields of a plot that can be made public, each by itself; parties never are."""
FARMLAND_CATEGORIES = (
    "priority_protection",
    "safe_use",
    "strict_control",
    "unclassified",
)
POLLUTION_LEVELS = ("none", "slight", "light_moderate", "heavy")
"""无污染、轻微、轻中度、重度: levels of the producing-area census of 2012 to 2018."""
FARMLAND_MEASURES = (
    "intensified_monitoring",
    "crop_livestock",
    "straw_return",
    "organic_fertiliser",
    "reduced_tillage",
    "agronomic_control",
    "low_accumulation_variety",
    "water_control",
    "conditioner",
    "lime",
    "substitute_crops",
    "bioremediation",
    "remediation",
    "restructuring",
    "no_produce_zone",
    "return_to_forest_grass",
    "fallow",
)
"""Measures on farmland, as the method of the 2020 assessment names them."""
ZONE_LEVELS = ("level_1", "level_2", "quasi")
FACILITY_KINDS = (
    "tailings_pond",
    "landfill",
    "informal_dump",
    "illegal_dump",
    "waste_yard",
    "sewage_works",
    "hazardous_waste_site",
    "other",
)
"""尾矿库、填埋场、非正规垃圾堆放点、非法倾倒填埋点、固废堆场、…

A heap that grew without being built for it is apart from waste dumped unlawfully.
"""
WASTE_KINDS = (
    "household",
    "construction",
    "industrial",
    "hazardous",
    "sludge",
    "mixed",
)
"""生活垃圾、建筑垃圾、工业固体废物、危险废物、污泥、混合 (ZZ 三(五)3, LS 24, 29)."""
RECEPTOR_KINDS = (
    "residential",
    "kindergarten",
    "school",
    "hospital",
    "sanatorium",
    "elder_care",
    "well",
    "other",
)
LAND_USE_SCHEMES = ("gbt21010_2017", "ydyh_2023", "gb50137_2011")
INDUSTRY_EDITIONS = ("2002", "2011", "2017")
MEDIA = ("soil", "crop", "irrigation", "surface_water", "ground_water")
SAMPLED_LAND = (
    "paddy",
    "dry_land",
    "orchard",
    "rotation",
    "other",
    "class_1",
    "class_2",
)
"""Land a point stands on, as GB 15618 and GB 36600 tell land apart."""
FOODS = (
    "rice",
    "paddy_rice",
    "brown_rice",
    "white_rice",
    "wheat",
    "maize",
    "other_cereal",
    "other_food",
)
"""What a sample of produce is, as GB 2762 tells cereals apart."""
SOIL_CLASSES = ("class_1", "class_2")
SOIL_RESULTS = ("met", "not_met")
COORDINATE_SOURCES = ("survey", "gnss", "gcj02", "bd09", "geocoded", "unknown")


RESTRICTION_THEMES = (
    "control_area",
    "permanent_basic_farmland",
    "ecological_redline",
    "crop_ban_area",
    "concentrated_priority_farmland",
    "pbf_concentrated_area",
    "ecological_sensitive_area",
    "dense_population_area",
    "yangtze_main_shoreline",
    "yangtze_tributary_shoreline",
    "yellow_river_shoreline_control",
    "scenic_area",
    "nature_reserve",
    "recharge_area",
)
"""Themes of `restriction_area` that rules know; a bureau may add others."""
ATTENTION_SCHEMES = ("in_production", "closed_relocated")
ATTENTION_MEDIA = ("soil", "groundwater")
ATTENTION_LEVELS = ("high", "medium", "low")
