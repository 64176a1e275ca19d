"""A surface as a map shows it: steps of its values, each with the ground it covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from app.geojson import write_geometry
from app.schemas.geometry import GeometryModel
from screening.runs.repository import Run
from screening.surfaces.classes import Band, Step


class StepModel(BaseModel):
    """Cells above `low` and up to `high`; the lowest step holds its `low` too."""

    place: int = Field(ge=0, le=4, description="0 is the lowest of five")
    low: float
    high: float
    cells: int
    geometry: GeometryModel


class SurfaceSteps(BaseModel):
    """A band of a surface in steps. They are no limits, and set no category."""

    item: str
    band: Band
    bands: list[Band] = Field(description="What this surface knows")
    above: float | None = Field(description="Threshold of the probability")
    steps: list[StepModel]


def write_steps(
    run: Run, band: Band, bands: Sequence[Band], steps: Sequence[Step]
) -> dict[str, Any]:
    """Return a band as it is answered."""
    return {
        "item": run.parameters["item"],
        "band": band,
        "bands": list(bands),
        "above": run.parameters.get("above"),
        "steps": [
            {
                "place": one.place,
                "low": one.low,
                "high": one.high,
                "cells": one.cells,
                "geometry": write_geometry(one.geometry),
            }
            for one in steps
        ],
    }
