"""Published registers as they are answered (公开名录)."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class PublicNameModel(BaseModel):
    """A division's name."""

    zh: str | None
    en: str | None


class PublicEntryModel(BaseModel):
    """One plot of a published register: what is flagged public, and no more."""

    model_config = ConfigDict(extra="allow")

    division_code: str
    division_name: PublicNameModel
    listed_on: date | None = Field(
        description="列入日期; null on a negative list or of soil quality"
    )
    longitude: float | None = Field(description="EPSG:4490, rounded; null: not public")
    latitude: float | None
    published_on: date = Field(description="公开日期")
    publication_source: str | None = Field(description="公开依据")


class PublicRegisterModel(BaseModel):
    """A published register; entries carry further members where flagged public."""

    items: list[PublicEntryModel]


class PublicRegisterSummary(BaseModel):
    """A register and the number of its entries."""

    register_name: str = Field(alias="register")
    entries: int


class PublicRegistersModel(BaseModel):
    """The published registers."""

    items: list[PublicRegisterSummary]
