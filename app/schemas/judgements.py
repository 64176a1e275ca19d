"""What the standards say of samples and points, beside what the register holds."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, Field

from screening.parameters import Confidence
from screening.standards.judgement import REASONS

_WHY = "; ".join(f"`{key}`: {text.en}" for key, text in REASONS.items())
Class = Literal[1, 2, 3]


class ResultJudgement(BaseModel):
    """A result by the standard in force on the day it was sampled (评价)."""

    standard: str | None = Field(description="Number of the edition; null: none known")
    klass: Class | None = Field(
        alias="class",
        description="1: up to the screening value (of produce: the limit), 2, 3; null"
        " when it cannot be judged",
    )
    reason: str | None = Field(
        description=f"Why it has no class; `no_standard`: none is known; {_WHY}"
    )
    limit_mg_per_kg: float | None = Field(
        None, description="Screening value (筛选值), of produce the limit (限量)"
    )
    limit_confidence: Confidence | None = Field(
        None, description="Whether that limit was read in a source or is from memory"
    )
    intervention_mg_per_kg: float | None = Field(None, description="管制值")
    ratio: float | None = Field(None, description="Content over limit (单项污染指数)")
    land: str | None = Field(None, description="Land it was judged as; food of produce")
    ph: float | None = Field(None, description="pH of the same sample")


class BackgroundModel(BaseModel):
    """Soil background of a region (土壤环境背景值)."""

    region: str = Field(description="`CN`, or a division code")
    analyte: str
    mg_per_kg: float
    statistic: str
    confidence: str
    source: str


class GradedModel(BaseModel):
    """A value with its grade, and how sure the ends of the grades are."""

    value: float
    grade: str
    confidence: Confidence


class ItemIndicesModel(BaseModel):
    """Indices of one item; null where limit or background is not known."""

    content_mg_per_kg: float = Field(description="Half the limit of a non-detect")
    non_detect: bool
    background: BackgroundModel | None
    single_factor: GradedModel | None = Field(description="单项污染指数")
    accumulation: GradedModel | None = Field(description="累积指数")
    geo_accumulation: GradedModel | None = Field(description="地累积指数")
    ecological_risk: GradedModel | None = Field(description="潜在生态危害系数")


class PointIndicesModel(BaseModel):
    """Indices of a point of farmland. Descriptive: they decide no category."""

    nemerow: GradedModel | None = Field(description="内梅罗综合指数")
    risk_index: GradedModel | None = Field(description="潜在生态危害指数 RI")
    risk_index_rescaled: GradedModel | None = Field(
        description="RI by ends scaled to the elements in it"
    )
    items: dict[str, ItemIndicesModel]


class PointJudgement(BaseModel):
    """A soil point by its latest topsoil results, on the day asked for (点位评价)."""

    standard: str
    klass: Class | None = Field(
        alias="class", description="Worst of the five elements; null when unknown"
    )
    classes: dict[str, Class | None] = Field(description="Class of each element")
    land: str | None
    indices: PointIndicesModel | None = Field(
        None, description="Of farmland points that have a content"
    )


JUDGED: Final[dict[str, type[BaseModel]]] = {
    "sample_result": ResultJudgement,
    "monitoring_point": PointJudgement,
}
"""Layers whose items carry a judgement."""
