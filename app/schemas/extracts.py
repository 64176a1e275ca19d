"""Extracts as they are answered: areas to 0.01 m², distances to 0.01 m, shares to 1e-6.

Figures of a theme and of a category are of the union; items may overlap and are never
summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.geojson import write_geometry
from app.schemas.geometry import SQUARE, Crs, GeometryModel
from app.schemas.moments import AsOf, KnownAt
from parcels.area import round_area
from parcels.refusal import Language
from screening.extract import (
    CoverageState,
    DistanceRow,
    Extract,
    ExtractItem,
    ItemRelation,
    ThemeResult,
    ThemeStatus,
)

SHARE_PLACES: Final = 6
DISTANCE_PLACES: Final = 2


class ExtractRequest(BaseModel):
    """A polygon to ask about (查询范围)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"geometry": SQUARE}]}
    )

    geometry: dict[str, Any] = Field(description="GeoJSON Polygon or MultiPolygon")
    crs: Crs | None = None
    as_of: AsOf = None
    known_at: KnownAt = None


class OriginModel(BaseModel):
    """The system an object was taken over from, and the day it was read there."""

    source_system: str
    source_id: str | None
    synced_on: date | None


class ItemModel(BaseModel):
    """One object as it lies to the subject."""

    feature: str = Field(description="Layer and version of the object")
    layer: str
    code: str
    name: str | None
    category: str | None = Field(description="Stage, category, level or kind")
    division_code: str
    relation: ItemRelation
    area_m2: float = Field(description="Overlap; 0 for points and lines")
    share: float = Field(description="Overlap over the subject's area, 0 to 1")
    distance_m: float = Field(description="Boundary to boundary; 0 where they meet")
    point_only: bool
    widened_by_m: float = Field(description="What a point was widened by")
    source: str
    data_date: date | None
    origin: OriginModel | None = Field(
        description="Of a plot that another system keeps (来源系统); else null"
    )


class CoverageModel(BaseModel):
    """What one county says it knows of a theme."""

    division_code: str
    state: Literal["covered", "stale", "no_coverage"]
    data_date: date | None
    part: bool
    area_m2: float
    reach: Literal["subject", "ring"]


class BorderModel(BaseModel):
    """A feature of another division: ask there; no more is told."""

    relation: Literal["on", "adjoining", "within"]
    within_m: float | None
    division_code: str


class CategoryModel(BaseModel):
    """Union of the items "on" of one category."""

    category: str
    area_m2: float
    share: float


class ThemeModel(BaseModel):
    """The answer for one theme (专题)."""

    theme: str
    status: ThemeStatus = Field(
        description="The first that holds of concerned, imprecise, no_coverage, stale,"
        " clear; only clear means that nothing is there"
    )
    coverage: list[CoverageModel]
    area_m2: float
    share: float
    sliver_area_m2: float
    items: list[ItemModel]
    border: list[BorderModel]
    categories: list[CategoryModel]


class DistanceModel(BaseModel):
    """A source as it lies to the subject, by one rule of the distance table."""

    key: str
    layer: str
    code: str
    name: str | None
    target: str
    distance_m: float
    limit_m: float
    inside: bool
    widened_by_m: float
    widened_why: str
    action: str
    reason: str
    confidence: str
    certain: bool


class ExtractParcelModel(BaseModel):
    """A parcel by which the subject was named."""

    parcel_code: str
    division_code: str
    land_use_scheme: str | None
    land_use_code: str | None
    registered_area_m2: float | None
    mapped_area_m2: float
    version: int


class ExtractSubjectModel(BaseModel):
    """What was asked about."""

    parcel_codes: list[str]
    parcels: list[ExtractParcelModel]
    division_codes: list[str]
    mapped_area_m2: float
    geometry: GeometryModel


class ExtractModel(BaseModel):
    """Every theme for one subject, on one day, as known at one change (查询摘录)."""

    subject: ExtractSubjectModel
    as_of: date
    known_at: int = Field(description="Number of the last change that was read")
    themes: list[ThemeModel]
    distances: list[DistanceModel]
    distances_not_searched: list[str] = Field(
        description="Rows of the distance table that this extract cannot answer"
    )


def write_extract(extract: Extract, language: Language) -> dict[str, Any]:
    """Return an extract as it is answered."""
    subject_m2 = extract.subject.mapped_area_m2
    return {
        "subject": _subject(extract),
        "as_of": extract.as_of,
        "known_at": extract.known_at,
        "themes": [_theme(theme, subject_m2) for theme in extract.themes.values()],
        "distances": [_distance(row, language) for row in extract.distances],
        "distances_not_searched": list(extract.distances_not_searched),
    }


def write_extract_features(extract: Extract) -> dict[str, Any]:
    """Return the subject and every item as a GeoJSON FeatureCollection."""
    subject = _subject(extract)
    geometry = subject.pop("geometry")
    features = [_feature("subject", geometry, {"theme": None, **subject})]
    for theme in extract.themes.values():
        features += [
            _feature(
                _name(item),
                write_geometry(item.feature.geometry),
                {"theme": theme.theme, **_item(item)},
            )
            for item in theme.items
        ]
    return {
        "type": "FeatureCollection",
        "as_of": extract.as_of,
        "known_at": extract.known_at,
        "features": features,
    }


def _feature(name: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": name,
        "geometry": geometry,
        "properties": properties,
    }


def _subject(extract: Extract) -> dict[str, Any]:
    subject = extract.subject
    return {
        "parcel_codes": [parcel.code for parcel in subject.parcels],
        "parcels": [
            {
                "parcel_code": parcel.code,
                "division_code": parcel.division_code,
                "land_use_scheme": parcel.land_use_scheme,
                "land_use_code": parcel.land_use_code,
                "registered_area_m2": parcel.registered_area_m2,
                "mapped_area_m2": round_area(parcel.mapped_area_m2),
                "version": parcel.version_id,
            }
            for parcel in subject.parcels
        ],
        "division_codes": list(subject.division_codes),
        "mapped_area_m2": round_area(subject.mapped_area_m2),
        "geometry": write_geometry(subject.geometry),
    }


def _theme(theme: ThemeResult, subject_m2: float) -> dict[str, Any]:
    return {
        "theme": theme.theme,
        "status": theme.status,
        "coverage": [_coverage(state, subject_m2) for state in theme.coverage],
        **_measured(theme.area_m2, theme.share),
        "sliver_area_m2": round_area(theme.sliver_area_m2),
        "items": _items(theme.items),
        "border": [
            {
                "relation": hit.relation,
                "within_m": hit.within_m,
                "division_code": hit.division_code,
            }
            for hit in theme.border
        ],
        "categories": [
            {"category": part.category, **_measured(part.area_m2, part.share)}
            for part in theme.categories
        ],
    }


def _coverage(state: CoverageState, subject_m2: float) -> dict[str, Any]:
    return {
        "division_code": state.division_code,
        "state": state.state,
        "data_date": state.data_date,
        "part": state.part,
        "area_m2": round_area(state.share * subject_m2),
        "reach": state.reach,
    }


def _items(items: Iterable[ExtractItem]) -> list[dict[str, Any]]:
    return [_item(item) for item in items]


def _item(item: ExtractItem) -> dict[str, Any]:
    feature = item.feature
    return {
        "feature": _name(item),
        "layer": feature.layer,
        "code": feature.code,
        "name": feature.name,
        "category": feature.category,
        "division_code": feature.division_code,
        "relation": item.relation,
        **_measured(item.area_m2, item.share),
        "distance_m": round(item.distance_m, DISTANCE_PLACES),
        "point_only": item.point_only,
        "widened_by_m": round(item.widened_by_m, DISTANCE_PLACES),
        "source": feature.source,
        "data_date": feature.data_date,
        "origin": _origin(feature.attributes),
    }


def _origin(attributes: Mapping[str, Any]) -> dict[str, Any] | None:
    if not attributes.get("source_system"):
        return None
    return {name: attributes[name] for name in OriginModel.model_fields}


def _name(item: ExtractItem) -> str:
    return f"{item.feature.layer}.{item.feature.version_id}"


def _measured(area_m2: float, share: float) -> dict[str, float]:
    return {"area_m2": round_area(area_m2), "share": round(share, SHARE_PLACES)}


def _distance(row: DistanceRow, language: Language) -> dict[str, Any]:
    return {
        "key": row.key,
        "layer": row.source.layer,
        "code": row.source.code,
        "name": row.source.name,
        "target": row.target,
        "distance_m": row.distance_m,
        "limit_m": row.limit_m,
        "inside": row.inside,
        "widened_by_m": round(row.widened_by_m, DISTANCE_PLACES),
        "widened_why": row.widened_why,
        "action": row.action,
        "reason": row.reason.of(language),
        "confidence": row.confidence,
        "certain": row.certain,
    }
