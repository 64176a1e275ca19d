"""Field mappings that an office keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.pages import DivisionQuery
from parcels.surveys.saved_mappings import SavedMapping


class MappingBody(BaseModel):
    """Which field fills which attribute (字段对应方案)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"mapping": {"code": "DKH", "location": "WZ"}}]
        },
    )

    mapping: dict[str, str] = Field(description="Attribute (or code) → field")
    division: DivisionQuery = Field(
        None, description="Office it belongs to; the caller's own division by default"
    )


class MappingModel(BaseModel):
    """A mapping kept under a name."""

    division_code: str
    layer: str
    name: str
    mapping: dict[str, str]
    actor: str
    saved_at: datetime


class MappingList(BaseModel):
    """The mappings a caller may use."""

    items: list[MappingModel]
    next: None = None


def write_mapping(saved: SavedMapping) -> dict[str, Any]:
    """Return a mapping as it is answered."""
    return {
        "division_code": saved.division_code,
        "layer": saved.layer,
        "name": saved.name,
        "mapping": dict(saved.mapping),
        "actor": saved.actor,
        "saved_at": saved.saved_at,
    }
