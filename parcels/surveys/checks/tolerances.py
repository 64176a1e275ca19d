"""How exact must a survey be, and who says so? (core, data).

Every figure a check compares with stands here, with its source and how far it is
settled. The standards leave most of them to the surveyor: what is a project default is
called one, in the report too.

Sources: sections 1.3, 4 and 5 of the survey conventions, which mark each figure as
verified, recalled or a project default.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Confidence = Literal["verified", "recalled", "project_default"]

_TOPOLOGY_ZH: Final = "测绘数据惯例 第5节"
_TOPOLOGY_EN: Final = "survey conventions, section 5"
_AREA_ZH: Final = "测绘数据惯例 第4节"
_AREA_EN: Final = "survey conventions, section 4"


def _figure(
    value: float,
    unit: str,
    title_zh: str,
    title_en: str,
    confidence: Confidence = "project_default",
    source: tuple[str, str] = (_TOPOLOGY_ZH, _TOPOLOGY_EN),
) -> float:
    described = {
        "unit": unit,
        "title_zh": title_zh,
        "title_en": title_en,
        "confidence": confidence,
        "source_zh": source[0],
        "source_en": source[1],
    }
    # Typed as the number: dataclasses take the field for it when the class is made.
    figure: float = field(default=value, metadata=described)
    return figure


@dataclass(frozen=True, slots=True)
class Tolerances:
    """The figures of all checks (容差); the number in the name's unit."""

    resolution_m: float = _figure(
        0.0001, "m", "坐标分辨率", "Resolution of coordinates", "recalled"
    )
    cluster_m: float = _figure(
        0.001, "m", "节点容差", "Vertices nearer than this are one", "recalled"
    )
    same_line_m: float = _figure(
        0.001, "m", "同一界线的最大宽度", "Narrower than this is one boundary"
    )
    spike_degrees: float = _figure(1.0, "°", "尖锐角", "Angle of a spike")
    overlap_error_m2: float = _figure(
        1.0, "m²", "重叠面积上限", "Larger overlaps are errors"
    )
    sliver_area_m2: float = _figure(1.0, "m²", "碎面面积", "Area of a sliver")
    sliver_width_m: float = _figure(
        0.10, "m", "碎面、缝隙平均宽度", "Mean width of a sliver or a narrow gap"
    )
    elongated: float = _figure(
        0.01, "4πA/P²", "狭长面指数", "Compactness of an elongated polygon"
    )
    edge_match_m: float = _figure(
        0.05, "m", "接边容差", "Edges nearer than this should be one"
    )
    border_margin_m: float = _figure(
        50.0, "m", "行政区界线容差", "How far beyond its division a row may reach"
    )
    left_out_share: float = _figure(
        0.1,
        "",
        "部分更新有意不含的地面",
        "Ground a partial file leaves out on purpose, share of what its rows cover",
    )
    ended_share: float = _figure(
        0.1,
        "",
        "整体更新终止的对象比例",
        "More ended by a whole update is warned of, share of what it speaks of",
    )
    area_agrees_m2: float = _figure(
        1.0, "m²", "面积允差", "Difference of areas", source=(_AREA_ZH, _AREA_EN)
    )
    area_agrees_share: float = _figure(
        0.001, "", "面积允差比例", "Difference, share", source=(_AREA_ZH, _AREA_EN)
    )
    area_error_share: float = _figure(
        0.01, "", "面积差错比例", "Larger is an error", source=(_AREA_ZH, _AREA_EN)
    )
    least_construction_m2: float = _figure(
        200.0,
        "m²",
        "建设用地和设施农用地上图面积",
        "Least construction land",
        "recalled",
    )
    least_farmland_m2: float = _figure(
        400.0, "m²", "农用地上图面积", "Least farmland", "recalled"
    )
    least_other_m2: float = _figure(
        600.0, "m²", "其他地类上图面积", "Least other land", "recalled"
    )
    shifted_m: float = _figure(
        500.0,
        "m",
        "GCJ-02、BD-09 偏移上限",
        "How far GCJ-02 and BD-09 are shifted",
        "verified",
        ("测绘数据惯例 第1.3节", "survey conventions, section 1.3"),
    )

    shifted_least_m: float = _figure(
        50.0,
        "m",
        "GCJ-02、BD-09 偏移下限",
        "How far GCJ-02 and BD-09 are shifted at least",
        "verified",
        ("测绘数据惯例 第1.3节", "survey conventions, section 1.3"),
    )

    def describe(self) -> list[dict[str, Any]]:
        """Return each figure with its name, value, unit, titles, source, confidence."""
        return [
            {"name": one.name, "value": getattr(self, one.name), **one.metadata}
            for one in dataclasses.fields(self)
        ]


TOLERANCES: Final = Tolerances()
"""What holds unless a caller says otherwise."""
