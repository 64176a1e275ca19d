"""What has to be clear of a plot, and from what on record is it told? (core, data).

五清: 底数清、情况清、问题清、责任清、措施清 (M27 六(四)). The document names the five;
which facts of the register make up each is our choice. A fact that is not on record is
told as missing: whether it has to be there yet is a question of the plot's stage
(`parcels.plots.transitions`), not of this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from parcels.register.layer import Layer
from parcels.register.layers import PLOT, PLOT_PARTY
from parcels.texts import Text

Source = Literal[
    "plot", "outline", "list", "pollutant", "paper", "firm", "event", "party", "task"
]
SURVEYS: Final = (
    "initial_survey",
    "detailed_survey",
    "baseline_survey",
    "key_unit_survey",
    "risk_assessment",
)
MEASURES: Final = (
    "risk_control_plan",
    "remediation_plan",
    "effect_evaluation",
    "control_area_approval",
    "isolation_measures",
    "transport_plan",
    "aftercare_plan",
)
"""Types of `plot_document` that tell what was found, and what is done about it."""

OUTLINED: Final = Text("已有边界", "on record as an area")
"""Of a plot that is known by more than a point."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact that an inventory asks for.

    Attributes
    ----------
    source
        Where it is on record: the plot's own version, or what belongs to it.
    of
        Attributes of the plot or the party, one of which tells it; or types of paper.
    """

    name: str
    words: Text
    source: Source = "plot"
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """One of the five, with its facts."""

    name: str
    words: Text
    facts: tuple[Asked, ...]


def _of(layer: Layer, source: Source, *names: str) -> tuple[Asked, ...]:
    """Return attributes that are facts of their own, under their own titles."""
    attributes = [layer.attribute(name) for name in names]
    return tuple(
        Asked(one.name, Text(one.title_zh, one.title_en), source, (one.name,))
        for one in attributes
    )


def _of_plot(*names: str) -> tuple[Asked, ...]:
    return _of(PLOT, "plot", *names)


INVENTORIES: Final = (
    Inventory(
        "base",
        Text("底数", "Base"),
        (
            *_of_plot("name", "address", "national_code"),
            Asked(
                "area",
                Text("面积", "Area"),
                of=("mapped_area_m2", "stated_area_m2"),
            ),
            Asked("outline", Text("边界", "Boundary"), "outline"),
            *_of_plot("former_enterprise", "former_industries"),
            Asked(
                "current_use",
                Text("现状用途", "Current use"),
                of=("current_use_code",),
            ),
            Asked("lists", Text("所在名录", "Lists it is on"), "list"),
        ),
    ),
    Inventory(
        "situation",
        Text("情况", "Situation"),
        (
            *_of_plot("stage", "held"),
            Asked("last_event", Text("最近事件", "Latest event"), "event"),
            Asked("surveys", Text("调查和评估", "Surveys"), "paper", SURVEYS),
            *_of_plot("soil_standard", "evaluated_class"),
            Asked(
                "planned_use",
                Text("规划用途", "Planned use"),
                of=("planned_use_code",),
            ),
        ),
    ),
    Inventory(
        "problem",
        Text("问题", "Problem"),
        (
            *_of_plot("pollutants"),
            Asked("maxima", Text("污染物最大值", "Maxima found"), "pollutant"),
            *_of_plot("groundwater_polluted", "risk_grade"),
        ),
    ),
    Inventory(
        "responsibility",
        Text("责任", "Responsibility"),
        (
            *_of(PLOT_PARTY, "party", "liable_party", "land_user"),
            Asked("bureaus", Text("主管部门和责任人", "Bureaus and persons"), "task"),
            Asked("firms", Text("从业单位", "Firms"), "firm"),
        ),
    ),
    Inventory(
        "measures",
        Text("措施", "Measures"),
        (
            *_of_plot("required_activity", "negative_list"),
            Asked(
                "papers", Text("方案和评估", "Plans, evaluations"), "paper", MEASURES
            ),
            Asked("tasks", Text("办理中的任务", "Tasks under way"), "task"),
        ),
    ),
)
