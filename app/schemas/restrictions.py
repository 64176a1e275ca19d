"""Limits to approvals of new projects in a county (环评限批) over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]


class RestrictionRequest(BaseModel):
    """What the ecology-environment bureau decided for a county."""

    model_config = ConfigDict(extra="forbid")

    restricted: bool = Field(description="Limited from that day on, or free again")
    on: date = Field(description="First day on which it holds")
    reason: Said
    document: Said = Field(description="Number of the document that says so")
