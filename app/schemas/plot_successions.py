"""Split and merge of plots over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.geojson import read_geometry
from app.schemas.days import RecordedDay
from app.schemas.geometry import GEOMETRY_TYPES, Crs, GeometryModel
from app.schemas.plot_events import Code, ShortText
from parcels.plots.succession import Succession, Successor
from parcels.register.layers import Shape

_CONFIG: Final = ConfigDict(extra="forbid")
MOST_PLOTS: Final = 50
Metres = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]


class SuccessorModel(BaseModel):
    """A plot that comes out of a split or merge (后续地块)."""

    model_config = _CONFIG

    plot_code: Code
    name: ShortText | None = None
    national_code: ShortText | None = None
    accuracy_m: Metres | None = Field(None, description="Accuracy of a point, metres")
    stated_area_m2: Metres | None = Field(None, description="公布面积, square metres")
    geometry: dict[str, Any] = Field(
        description=f"GeoJSON: {', '.join(GEOMETRY_TYPES[Shape.PLACE])}",
        json_schema_extra=GeometryModel.model_json_schema(),
    )
    crs: Crs | None = None

    def successor(self) -> Successor:
        """Return it as the service takes it; raises what `read_geometry` raises."""
        geometry = read_geometry(
            self.geometry, GEOMETRY_TYPES[Shape.PLACE], crs=self.crs
        )
        own = self.model_dump(include={"name", "accuracy_m", "stated_area_m2"})
        if self.national_code is not None:
            own["national_code"] = self.national_code
        return Successor(self.plot_code.strip(), geometry, own)


class SuccessionRequest(BaseModel):
    """Plots that are split or merged on a day (地块分割、合并)."""

    model_config = _CONFIG

    predecessors: list[Code] = Field(
        min_length=1, max_length=MOST_PLOTS, description="原地块: one is split"
    )
    successors: list[SuccessorModel] = Field(
        min_length=1, max_length=MOST_PLOTS, description="后续地块: one is merged"
    )
    on: RecordedDay = Field(description="First day of the successors, not after today")
    reason: ShortText


class SuccessionModel(BaseModel):
    """What came of a split or merge."""

    kind: Literal["split", "merge"]
    on: date
    predecessors: list[str]
    successors: list[str]
    stage: str
    held: bool
    lists: list[str] = Field(description="Lists every successor is on")
    change: int


def write_succession(
    codes: Sequence[str], successors: Sequence[Successor], made: Succession
) -> dict[str, Any]:
    """Return what came of a split or merge."""
    return {
        "kind": made.kind,
        "on": made.on,
        "predecessors": list(codes),
        "successors": [one.code for one in successors],
        "stage": made.stage,
        "held": made.held,
        "lists": list(made.lists),
        "change": made.change,
    }
