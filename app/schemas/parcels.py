"""Looking parcels up."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.schemas.geometry import SQUARE, Crs
from app.schemas.moments import AsOf, KnownAt
from parcels.refusal import Refusal

Position = Annotated[list[float], Field(min_length=2, max_length=2)]


class OneQuestion(Refusal):
    """A look-up names none or several of code, point and geometry."""

    def __init__(self) -> None:
        super().__init__(
            "one_of",
            "code、point、geometry 应恰好给出一个。",
            "exactly one of code, point and geometry must be given.",
        )


class ParcelLookup(BaseModel):
    """By what a parcel is looked up: exactly one of `code`, `point`, `geometry`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"code": "999901001001GB00001"},
                {"point": [114.0005, 34.6005]},
                {"geometry": SQUARE},
            ]
        },
    )

    code: str | None = Field(
        None, max_length=60, description="宗地代码 or 不动产单元代码; old codes as well"
    )
    point: Position | dict[str, Any] | None = Field(
        None, description="Longitude, latitude; or a GeoJSON Point"
    )
    geometry: dict[str, Any] | None = Field(
        None, description="GeoJSON; parcels it meets (edges count)"
    )
    crs: Crs | None = None
    as_of: AsOf = None
    known_at: KnownAt = None

    @model_validator(mode="after")
    def _exactly_one(self) -> ParcelLookup:
        given = [x for x in (self.code, self.point, self.geometry) if x is not None]
        if len(given) != 1:
            raise OneQuestion
        return self
