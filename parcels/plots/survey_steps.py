"""From a lead to the register: steps T1 to T10 of the table (core, data).

After `plot_lifecycle.md` section 3. T1K is its paragraph on key supervised units.
"""

from __future__ import annotations

from typing import Final

from parcels.plots import effects
from parcels.plots import guards as g
from parcels.plots.actors import (
    CITY,
    COUNTY,
    COUNTY_WITH_OTHERS,
    LAND_USER,
    PROVINCE,
)
from parcels.plots.basis import (
    liangshan,
    order_42,
    soil_law,
    zhengzhou,
)
from parcels.plots.transition import (
    DocumentNeed,
    Term,
    Transition,
)
from parcels.plots.words import Words

_OPINION_PASSED: Final = DocumentNeed(("review_opinion",), "passed")


SURVEY_STEPS: Final[tuple[Transition, ...]] = (
    Transition(
        "T1",
        "listed",
        Words("列入疑似污染地块名单", "listed as suspected"),
        frozenset({"candidate"}),
        "suspected",
        COUNTY_WITH_OTHERS,
        (order_42("2", verified=True), order_42("13"), zhengzhou("三(三)1")),
        guards=(g.GROUND_NAMED,),
        documents=(DocumentNeed(("listing_form",)),),
        enters=("suspected",),
    ),
    Transition(
        "T1K",
        "key_unit_survey_began",
        Words("重点监管单位用地开展调查", "survey of a key unit's land began"),
        frozenset({"candidate"}),
        "initial_survey",
        LAND_USER,
        (soil_law("67"),),
        guards=(g.KEY_UNIT_NAMED, g.KEY_UNIT_OCCASION),
        values=effects.key_unit_survey_begun,
    ),
    Transition(
        "T2",
        "survey_notified",
        Words("书面通知开展初步调查", "initial survey ordered by written notice"),
        frozenset({"suspected"}),
        "initial_survey",
        COUNTY,
        (order_42("14"),),
        guards=(g.NOTICE_RECORDED,),
        documents=(DocumentNeed(("notice",)),),
        terms=(
            Term(
                Words(
                    "自通知送达起六个月内完成初步调查",
                    "initial survey within six months of the notice",
                ),
                order_42("14"),
                months=6,
                starts="served_on",
            ),
        ),
        values=effects.survey_required,
    ),
    Transition(
        "T3",
        "survey_report_submitted",
        Words("上传并公开初步调查报告", "initial survey report submitted"),
        frozenset({"initial_survey"}),
        "initial_review",
        LAND_USER,
        (order_42("14"),),
        guards=(g.CONCLUSION_STATED, g.TESTS_ATTACHED, g.MAIN_PARTS_PUBLISHED),
        documents=(DocumentNeed(("initial_survey", "key_unit_survey")),),
        values=effects.activity_done,
    ),
    Transition(
        "T4",
        "survey_report_returned",
        Words("退回修改", "returned for correction"),
        frozenset({"initial_review"}),
        "initial_survey",
        CITY,
        (soil_law("59(3)"),),
        level="city",
        guards=(g.OPINION_GIVEN,),
        documents=(DocumentNeed(("review_opinion",), "returned"),),
        values=effects.correction_required,
    ),
    Transition(
        "T5",
        "review_found_no_exceedance",
        Words("评审通过，未超标", "review passed, no exceedance"),
        frozenset({"initial_review"}),
        "cleared",
        CITY,
        (soil_law("36", "59"),),
        level="city",
        guards=(g.NO_EXCEEDANCE, g.CLASS_NAMED),
        documents=(_OPINION_PASSED,),
        leaves=("suspected",),
        values=effects.found_clean,
    ),
    Transition(
        "T6",
        "review_found_exceedance",
        Words("评审通过，超标，列入污染地块名录", "review passed, contaminated"),
        frozenset({"initial_review"}),
        "contaminated",
        CITY,
        (soil_law("60"), order_42("15"), zhengzhou("三(三)1"), liangshan(13)),
        level="city",
        guards=(
            g.EXCEEDANCE_FOUND,
            g.CLASS_NAMED,
            g.GROUNDWATER_STATED,
            g.RISK_GRADED,
            g.NEGATIVE_LIST_GIVEN,
            g.GOVERNMENT_TOLD,
            g.ENTRY_PUBLISHED,
        ),
        documents=(_OPINION_PASSED, DocumentNeed(("register_entry",))),
        enters=("contaminated",),
        leaves=("suspected",),
        values=effects.found_polluted,
    ),
    Transition(
        "T7",
        "detailed_survey_notified",
        Words("书面通知开展详细调查", "detailed survey ordered by written notice"),
        frozenset({"contaminated"}),
        "detailed_survey",
        COUNTY,
        (order_42("17"),),
        documents=(DocumentNeed(("notice",)),),
        values=effects.detailed_survey_required,
    ),
    Transition(
        "T8",
        "detailed_survey_report_submitted",
        Words("上传详细调查报告", "detailed survey report submitted"),
        frozenset({"detailed_survey"}),
        "risk_assessment",
        LAND_USER,
        (order_42("17-18"),),
        guards=(g.EXTENT_DESCRIBED, g.EFFECTS_DESCRIBED),
        documents=(DocumentNeed(("detailed_survey",)),),
        values=effects.activity_done,
    ),
    Transition(
        "T9",
        "risk_found_acceptable",
        Words("省级评审，风险可接受", "provincial review, risk acceptable"),
        frozenset({"risk_assessment"}),
        "risk_acceptable",
        PROVINCE,
        (soil_law("37", "60", "61"),),
        level="province",
        guards=(g.RISK_ACCEPTABLE, g.RISK_CLASS_NAMED),
        documents=(DocumentNeed(("risk_assessment",)), _OPINION_PASSED),
        leaves=("contaminated",),
        values=effects.found_acceptable,
    ),
    Transition(
        "T10",
        "register_entry",
        Words("列入风险管控和修复名录", "entered into the register"),
        frozenset({"risk_assessment"}),
        "rcr_listed",
        PROVINCE,
        (soil_law("58", "61"),),
        level="province",
        guards=(g.TREATMENT_NEEDED, g.BATCH_RECORDED),
        documents=(_OPINION_PASSED,),
        enters=("rcr",),
        values=effects.treatment_required,
    ),
)
