"""What the standards say of samples and points, beside what the register holds."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, Field

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
    limit_confidence: Literal["verified", "recalled", "proposed"] | None = Field(
        None, description="Whether that limit was read in a source or is from memory"
    )
    intervention_mg_per_kg: float | None = Field(None, description="管制值")
    ratio: float | None = Field(None, description="Content over limit (单项污染指数)")
    land: str | None = Field(None, description="Land it was judged as; food of produce")
    ph: float | None = Field(None, description="pH of the same sample")


class PointJudgement(BaseModel):
    """A soil point by its latest topsoil results, on the day asked for (点位评价)."""

    standard: str
    klass: Class | None = Field(
        alias="class", description="Worst of the five elements; null when unknown"
    )
    classes: dict[str, Class | None] = Field(description="Class of each element")
    land: str | None


JUDGED: Final[dict[str, type[BaseModel]]] = {
    "sample_result": ResultJudgement,
    "monitoring_point": PointJudgement,
}
"""Layers whose items carry a judgement."""
