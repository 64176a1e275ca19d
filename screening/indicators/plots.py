"""Which contaminated plots in use again are fit for that use? (core).

污染地块安全利用率. No text of the method was found; the rule is recalled (medium): a
plot enters the denominator when it was on the register of contaminated plots and its
reuse has begun; the numerator when, before that, it was found fit for the planned use.
One that goes ahead without is a violation (违规开发利用) and is not in the numerator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from parcels.texts import Text
from screening.indicators.rate import Row, RowState
from screening.land_use import InvalidLandUse, land_class, parse_land_use
from screening.vocabulary import (
    CLEARED,
    CONTAM,
    RCR_STAGES,
    REMOVED_STAGES,
    RISK_ACCEPTABLE,
    STAGE_NAMES,
    LandClass,
)

Weight = Literal["area", "count"]
_FIT: Final = REMOVED_STAGES | {RISK_ACCEPTABLE, CLEARED}
_LISTED: Final = CONTAM | RCR_STAGES | REMOVED_STAGES | {RISK_ACCEPTABLE}
"""Stages that only a plot found contaminated comes to."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as it stands at the end of the period.

    Attributes
    ----------
    listed
        Whether it ever was on the register of contaminated plots or the risk-control
        register.
    stage_then
        Its stage on the day reuse began; None when not on record.
    """

    division_code: str
    code: str
    name: str | None
    area_m2: float | None
    stage: str
    listed: bool
    reuse_started_on: date | None
    stage_then: str | None
    evaluated_class: str | None
    planned_use_scheme: str | None
    planned_use_code: str | None
    unfit: bool
    """Whether the record says that soil or target was not met."""


def count_plots(plots: Iterable[Plot], weight: Weight) -> list[Row]:
    """Return the row of each plot that ever was contaminated, by area or count."""
    return [
        _count(plot, weight) for plot in plots if plot.listed or plot.stage in _LISTED
    ]


def _count(plot: Plot, weight: Weight) -> Row:
    if plot.stage == "closed_error":
        return _row(plot, "outside", Text("误列", "entered by mistake"))
    if plot.reuse_started_on is None:
        text = Text("无再开发利用记录", "no reuse on record")
        return _row(plot, "outside", text)
    size = 1.0 if weight == "count" else plot.area_m2
    if not size:
        text = Text("面积不明，无法按面积计", "area not known: cannot be weighed")
        return _row(plot, "unknown", text)
    state, why = _judge(plot)
    return _row(
        plot,
        state,
        why,
        total=size,
        counted=size if state == "counted" else 0.0,
        open_size=size if state == "unknown" else 0.0,
    )


def _judge(plot: Plot) -> tuple[RowState, Text]:
    """Return whether a plot in use was fit for it, and why."""
    day, then = plot.reuse_started_on, plot.stage_then
    if then is None:
        text = Text(f"{day} 的阶段无记录", f"no stage on record for {day}")
        return "unknown", text
    named = STAGE_NAMES.get(then, Text(then, then))
    if then not in _FIT:
        return "not_counted", Text(
            f"开发利用时处于“{named.zh}”，违规开发利用",
            f"was “{named.en}” when reuse began: used without leave",
        )
    if plot.unfit:
        return "not_counted", Text(
            "土壤质量或修复目标未达到", "soil or target of the plot is not met"
        )
    if plot.evaluated_class is None:
        return "unknown", Text("未载评估用地类型", "class evaluated not on record")
    wanted = _class_of_use(plot)
    if wanted == "class_1" and plot.evaluated_class != "class_1":
        return "not_counted", Text(
            "按第二类用地评估，用途属第一类（用途不明按第一类）",
            "evaluated for class 2; its use is of class 1 (an unclear use counts so)",
        )
    return "counted", Text(
        f"开发利用前已{named.zh}，满足规划用途",
        f"was “{named.en}” before, fit for the planned use",
    )


def _class_of_use(plot: Plot) -> LandClass:
    scheme, code = plot.planned_use_scheme, plot.planned_use_code
    if not scheme or not code:
        return "class_1"
    try:
        return land_class(parse_land_use(scheme, code))
    except InvalidLandUse:
        return "class_1"


def _row(
    plot: Plot,
    state: RowState,
    why: Text,
    *,
    total: float = 0.0,
    counted: float = 0.0,
    open_size: float = 0.0,
) -> Row:
    facts = {
        "name": plot.name,
        "stage": plot.stage,
        "stage_then": plot.stage_then,
        "reuse_started_on": plot.reuse_started_on and str(plot.reuse_started_on),
        "evaluated_class": plot.evaluated_class,
        "planned_use": plot.planned_use_code,
        "area_m2": plot.area_m2,
    }
    return Row(
        plot.division_code,
        None,
        plot.code,
        total,
        counted,
        open_size,
        0.0,
        state,
        why,
        facts,
    )
