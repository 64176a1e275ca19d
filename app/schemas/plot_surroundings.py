"""What a plot touches, as it is answered (shell)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from parcels.refusal import Language
from screening.surroundings import Neighbour, describe_distance


class TouchingDecisionModel(BaseModel):
    """What is told of a decision about that land."""

    id: UUID
    state: Literal["in_force", "affected"]
    as_of: date
    valid_until: date | None
    parcel_codes: list[str]


class TouchedModel(BaseModel):
    """One thing a plot touches, or a receptor near it."""

    theme: str
    code: str = Field(description="Register code; of a decision its certificate number")
    name: str | None = Field(description="Of a decision its transaction")
    category: str | None = Field(
        description="Land-use code, farmland category, zone level, kind of receptor, "
        "outcome of a decision"
    )
    division_code: str
    relation: Literal["on", "cannot_be_placed", "adjoining", "within"]
    text: str
    distance_m: float = Field(description="Boundary to boundary, to 0.01 m")
    widened_by_m: float = Field(description="What points were widened by")
    area_m2: float = Field(description="Ground in common, on the ellipsoid")
    share: float = Field(description="Its share of the thing, 0 to 1")
    decision: TouchingDecisionModel | None


class PlotSurroundingsModel(BaseModel):
    """A page of what a plot touches."""

    plot_code: str
    as_of: date
    counts: dict[str, int] = Field(description="Things found, by theme")
    cut_short: list[str] = Field(description="Themes with more than were looked at")
    items: list[TouchedModel]
    next: int | None = Field(description="`after` of the next page")


def write_touched(one: Neighbour, language: Language) -> dict[str, Any]:
    """Return one thing with how it lies to the plot."""
    thing = one.feature
    return {
        "theme": thing.theme,
        "code": thing.code,
        "name": thing.name,
        "category": thing.category,
        "division_code": thing.division_code,
        "relation": one.ring,
        "text": describe_distance(one).of(language),
        "distance_m": one.distance_m,
        "widened_by_m": one.widened_by_m,
        "area_m2": round(one.overlap_m2, 2),
        "share": one.overlap_share,
        "decision": dict(thing.attributes) if thing.theme == "decision" else None,
    }
