"""Reports of uploads over HTTP: their faults, and what they would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, Field

from app.geojson import write_geometry
from app.schemas.uploads import KindCount
from parcels.area import round_area
from parcels.refusal import Language
from parcels.surveys.difference_pages import Difference
from parcels.surveys.differences import Fate
from parcels.surveys.issues import Issue, Severity
from parcels.surveys.shown_rows import Drawn, ShownRow
from parcels.texts import Text


class IssueModel(BaseModel):
    """One fault of one row, or of the file."""

    number: int
    kind: str
    severity: Severity
    row: int | None = Field(description="1 is the first record")
    code: str | None = Field(
        description="Code of the row, where the issue is of two rows or of a gap"
    )
    other_row: int | None = Field(description="The other row that it speaks of")
    other_code: str | None = Field(
        description="Code of the other row, or of the object of the register"
    )
    field: str | None
    value: str | None
    geometry: dict[str, Any] | None = Field(description="GeoJSON, EPSG:4490")
    message: str
    advice: str
    details: dict[str, Any]


class IssuePage(BaseModel):
    """A page of issues, in the order of the file's rows; counts are of all of them."""

    counts: list[KindCount]
    items: list[IssueModel]
    next: int | None = Field(description="Send as `after` for the next page")


class RowModel(BaseModel):
    """One row of a file as it is drawn."""

    row: int = Field(description="1 is the first record")
    code: str | None = Field(description="Where the file has one that can be read")
    drawn: Drawn = Field(
        description="`as_sent`: the geometry cannot be used and is drawn as the file"
        " has it; `not_placed`: it has no place on the map"
    )
    note: str | None = Field(description="What that means, for a reader")
    cut: bool = Field(
        description="Whether it is of very many vertices, and only its lines within"
        " `bbox` are given, if there are any"
    )
    geometry: dict[str, Any] | None = Field(description="GeoJSON, EPSG:4490")


class RowPage(BaseModel):
    """Rows of a file, by their numbers."""

    kept: bool = Field(description="Whether the rows of this upload are still kept")
    items: list[RowModel]
    next: int | None = Field(description="Send as `after` for the next page")


class AreaSum(BaseModel):
    """Objects of one fate and their areas."""

    count: int
    area_before_m2: float
    area_after_m2: float


class DiffSummary(BaseModel):
    """Numbers by fate; `missing` is what a whole update ends."""

    new: int
    changed: int
    changed_geometry: int
    changed_attributes: int
    missing: int
    identical: int
    later: int = Field(description="Rows after which the register already goes on")
    lineage: dict[str, int] = Field(description="split, merge, renumber → pairs")
    areas: dict[str, AreaSum] = Field(description="Fate → areas")


class DifferenceModel(BaseModel):
    """One object and what becomes of it.

    Fates split, merge and renumber name a successor (`code`) with its predecessor.
    """

    fate: Fate
    row: int | None = Field(description="Row of the file; null for missing")
    code: str
    division_code: str
    predecessor_code: str | None
    area_before_m2: float | None
    area_after_m2: float | None
    changed: list[str] = Field(description="Attributes that the file says otherwise")
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    geometry_before: dict[str, Any] | None = Field(description="GeoJSON, EPSG:4490")
    geometry: dict[str, Any] | None


class DifferencePage(BaseModel):
    """A page of differences, fate by fate, each in the order of the file."""

    summary: DiffSummary | None = Field(description="Null before it was compared")
    items: list[DifferenceModel]
    next: int | None = Field(description="Send as `after` for the next page")


def write_issue(issue: Issue, language: Language) -> dict[str, Any]:
    """Return an issue as it is answered."""
    return {
        "number": issue.number,
        "kind": issue.kind,
        "severity": issue.severity,
        "row": issue.row,
        "code": issue.details.get("code"),
        "other_row": issue.other_row,
        "other_code": issue.details.get("other_code"),
        "field": issue.field,
        "value": issue.value,
        "geometry": write_geometry(issue.geometry),
        "message": issue.message(language),
        "advice": issue.advice(language),
        "details": dict(issue.details),
    }


_NOTES: Final[Mapping[Drawn, Text | None]] = {
    "usable": None,
    "as_sent": Text(
        "该行图形不能使用，按文件中的坐标画出。",
        "The geometry of this row cannot be used; it is drawn as the file has it.",
    ),
    "not_placed": Text(
        "该行没有可以画出的图形，图上没有它。",
        "This row has no geometry that could be placed; it is not on the map.",
    ),
}


def write_row(one: ShownRow, language: Language) -> dict[str, Any]:
    """Return a row as it is answered."""
    note = _NOTES[one.drawn]
    return {
        "row": one.row,
        "code": one.code,
        "drawn": one.drawn,
        "note": None if note is None else note.of(language),
        "cut": one.cut,
        "geometry": write_geometry(one.geometry),
    }


def as_feature(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that is written as a feature of GeoJSON."""
    said = {name: value for name, value in row.items() if name != "geometry"}
    geometry = row["geometry"]
    return {"type": "Feature", "properties": said, "geometry": geometry}


def write_summary(comparison: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the numbers of a comparison; None before there was one."""
    if comparison is None:
        return None
    return {name: comparison[name] for name in DiffSummary.model_fields}


def write_difference(one: Difference) -> dict[str, Any]:
    """Return a difference as it is answered; areas to 0.01 m²."""
    return {
        "fate": one.fate,
        "row": one.row,
        "code": one.code,
        "division_code": one.division_code,
        "predecessor_code": one.predecessor_code,
        "area_before_m2": _area(one.area_before_m2),
        "area_after_m2": _area(one.area_after_m2),
        "changed": one.changed,
        "before": one.before,
        "after": one.after,
        "geometry_before": write_geometry(one.geometry_before),
        "geometry": write_geometry(one.geometry),
    }


def _area(area_m2: float | None) -> float | None:
    return None if area_m2 is None else round_area(area_m2)
