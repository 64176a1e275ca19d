"""Which number, date of effect and source does a rule work with? (core).

No number stands in a rule. Parameters are dated entries of a rule set
(`rule_sets/*.toml`), read by the shell; the core gets this frozen object for one day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Literal

from parcels.refusal import Language
from parcels.texts import Text
from screening.industries import IndustryList

Confidence = Literal["verified", "recalled", "proposed"]
"""Read in the source; from memory; or a project default that is no official figure."""

CONFIDENCE: Final[Mapping[str, Text]] = {
    "verified": Text("已核对", "verified"),
    "recalled": Text("凭记忆", "recalled"),
    "proposed": Text("产品默认值", "project default"),
}
"""How sure a number is, in words."""

_SAID_RECALLED: Final = re.compile(
    r" ?[(（][^()（）,，]*(?:recalled|凭记忆)(?:[,，] ?(?P<more>[^()（）]*))?[)）]"
)

Switch = Literal["consult", "deny"]
"""What a rule set makes of a question that national law leaves open."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated value with its source (规则参数).

    In force on [`valid_from`, `valid_to`); None at an end means open. `unit` is empty
    for lists and switches.
    """

    id: str
    value: Any
    unit: str
    valid_from: date | None
    valid_to: date | None
    confidence: Confidence
    source: Text

    def texts(self, language: Language) -> dict[str, str]:
        """Return value, unit and source in one language; the value as text."""
        listed = isinstance(self.value, tuple)
        value = "+".join(self.value) if listed else f"{self.value}"
        return {
            "id": self.id,
            "value": value,
            "unit": self.unit,
            "confidence": self.confidence,
            "source": self.source.of(language),
        }

    def in_force(self, on: date) -> bool:
        """Whether the entry holds on that day (half-open)."""
        return holds_on(on, self.valid_from, self.valid_to)


def source_beside_mark(source: str, confidence: str) -> str:
    """Return a source as it reads beside its mark.

    Sources also stand where no mark does, so a recalled one says so itself; beside the
    mark it would be said twice. What else stands in the bracket is kept, and what is
    recalled within a project default is another thing than the figure.

    Examples
    --------
    >>> source_beside_mark("HJ 338-2018 (recalled): 1,000 m", "recalled")
    'HJ 338-2018: 1,000 m'
    >>> source_beside_mark("Order 42 Art. 14 (recalled, high confidence)", "recalled")
    'Order 42 Art. 14 (high confidence)'
    >>> source_beside_mark("project default: after HJ 964 (recalled)", "proposed")
    'project default: after HJ 964 (recalled)'
    """
    if confidence != "recalled":
        return source
    return _SAID_RECALLED.sub(_what_else, source)


def marked_source(source: Text, confidence: str) -> Text:
    """Return a source and how sure it is, which is said once.

    Examples
    --------
    >>> marked_source(Text("HJ 338（凭记忆）", "HJ 338 (recalled)"), "recalled").en
    'HJ 338, recalled'
    >>> marked_source(Text("产品默认值：无", "project default: none"), "proposed").en
    'project default: none'
    """
    mark = CONFIDENCE[confidence]
    zh, en = (source_beside_mark(one, confidence) for one in source)
    return Text(
        zh if zh.startswith(mark.zh) else f"{zh}，{mark.zh}",
        en if en.startswith(mark.en) else f"{en}, {mark.en}",
    )


def _what_else(bracket: re.Match[str]) -> str:
    more = bracket["more"]
    if not more:
        return ""
    return f"（{more}）" if "（" in bracket[0] else f" ({more})"


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a day lies in [`valid_from`, `valid_to`); None at an end means open."""
    return (valid_from is None or valid_from <= day) and (
        valid_to is None or day < valid_to
    )


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values in force on one day.

    Distances (metres) run from boundary to boundary and touching counts as inside. All
    distances, and the two limits of slivers, are project defaults unless a deployment
    says otherwise; `sources` names value, unit, dates and source of each.

    Attributes
    ----------
    sliver_area_m2, sliver_width_m
        SLIVER_AREA, SLIVER_WIDTH: strictly below either is a sliver (碎面).
    buf_key_unit_m, buf_plot_m, buf_landfill_m, buf_waste_yard_m, buf_tailings_m,
    buf_smelter_farm_m, buf_other_farm_m, buf_siting_receptor_m, buf_siting_consult_m,
    buf_key_unit_wide_m, buf_road_m
        Distances around sources and receptors, `enterprise_buffers.md` section 4.
    yangtze_chemical_m, yangtze_tailings_main_m, yangtze_tailings_tributary_m
        Distances from shorelines of the Yangtze that its law keeps free.
    overhead_pond_m
        Reach downstream of a tailings pond (头顶库).
    buf_tailings_water_m, buf_tailings_pbf_m
        How far below a tailings pond water sources are looked for, along the flow path;
        how far around it permanent basic farmland.
    flow_corridor_m, flow_snap_m
        How far beside a flow path a thing may lie to be on it; how near a place has to
        lie to a river to drain into it.
    catchment_reach_m
        How far from a place its catchment is worked out.
    buf_siting_farm_near_m
        Distance to areas of concentrated farmland at which siting is asked about.
    buf_cross_m
        How far from a source an exceeding point is laid to it.
    hj338_river_m, hj338_lake_m, hj338_groundwater_m, hj338_scattered_m
        Default extent around a source for which no zone is drawn, by kind of source;
        lakes and reservoirs share one.
    survey_validity_months
        Age from which a survey report is doubted; None: age is not judged.
    survey_cover_share_min
        Share of the subject that surveyed plots have to cover to count as its survey;
        0: any overlap that is no sliver.
    resale_on_register
        Whether selling on a home that stands on the register is `consult` or `deny`.
    edible_crop_on_strict_control
        Whether an edible crop on strict-control farmland is `consult` or `deny`.
    initial_survey_term_months
        Months from service of the notice to the initial survey; None: no term.
    decision_validity_days
        Days a decision stands, counted from the day it speaks of; None: without end.
    consultation_answer_days, consultation_reminder_days
        Days a department has to answer in, so that lateness shows; how long before the
        last one it is reminded.
    key_unit_list_first_year
        First year of the key-unit lists that count.
    listed_industries
        The list behind LISTED: industries whose land is surveyed.
    industry_lists
        All lists by name (H1 to H6).
    sources
        The entry behind each value, by parameter id.
    """

    sliver_area_m2: float
    sliver_width_m: float
    buf_key_unit_m: float
    buf_key_unit_wide_m: float
    buf_road_m: float
    buf_plot_m: float
    buf_landfill_m: float
    buf_waste_yard_m: float
    buf_tailings_m: float
    buf_smelter_farm_m: float
    buf_other_farm_m: float
    buf_siting_receptor_m: float
    buf_siting_consult_m: float
    yangtze_chemical_m: float
    yangtze_tailings_main_m: float
    yangtze_tailings_tributary_m: float
    overhead_pond_m: float
    buf_tailings_water_m: float
    buf_tailings_pbf_m: float
    flow_corridor_m: float
    flow_snap_m: float
    catchment_reach_m: float
    buf_siting_farm_near_m: float
    buf_cross_m: float
    hj338_river_m: float
    hj338_lake_m: float
    hj338_groundwater_m: float
    hj338_scattered_m: float
    survey_validity_months: int | None
    survey_cover_share_min: float
    resale_on_register: Switch
    edible_crop_on_strict_control: Switch
    initial_survey_term_months: int | None
    decision_validity_days: int | None
    consultation_answer_days: int
    consultation_reminder_days: int
    key_unit_list_first_year: int
    listed_industries: IndustryList
    industry_lists: Mapping[str, IndustryList]
    sources: Mapping[str, Parameter]


PARAMETER_IDS: Final = tuple(
    field.name
    for field in fields(Parameters)
    if field.name not in {"industry_lists", "sources"}
)
"""Every id a rule set has to give; `listed_industries` is a list of list names."""

SWITCHES: Final = frozenset({"resale_on_register", "edible_crop_on_strict_control"})
"""Ids whose value is a `Switch`."""

OPTIONAL_IDS: Final = frozenset(
    {
        "survey_validity_months",
        "initial_survey_term_months",
        "decision_validity_days",
    }
)
"""Ids that may have no value on a day."""
