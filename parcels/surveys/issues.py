"""What can be wrong with a row of a survey, and how is it told? (core).

One entry a kind of fault: its severity, the sentence that says what was found, and
what to do. A check gives `Issues`: one kind, many rows, as columns. Errors keep a file
out of the register; warnings and notes do not.

Severities follow section 5 of the survey conventions (project default where the
standards leave it open).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.refusal import Language
from parcels.surveys.issue_parts import read_parts
from parcels.surveys.issue_texts import TEXTS

Severity = Literal["error", "warning", "info"]

VALUE_LENGTH = 200
"""Characters of a faulty value that are kept in the report; the file keeps it all."""

_SEVERITIES: dict[str, Severity] = {
    "field_missing": "error",
    "value_missing": "error",
    "value_not_allowed": "error",
    "theme_unknown": "warning",
    "theme_of_others": "error",
    "number_unreadable": "error",
    "number_comma": "error",
    "number_out_of_range": "error",
    "integer_expected": "error",
    "position_unreadable": "error",
    "date_unreadable": "error",
    "dates_reversed": "error",
    "boolean_unreadable": "error",
    "text_undecodable": "error",
    "text_damaged": "error",
    "text_too_long": "error",
    "code_malformed": "error",
    "code_unusual": "warning",
    "code_duplicate": "error",
    "division_unknown": "error",
    "division_conflict": "error",
    "division_outside": "error",
    "land_use_scheme_missing": "error",
    "land_use_unknown": "error",
    "land_use_of_survey": "info",
    "geometry_missing": "error",
    "geometry_unreadable": "error",
    "geometry_record_damaged": "error",
    "geometry_wrong_type": "error",
    "geometry_not_finite": "error",
    "geometry_outside_crs": "error",
    "geometry_invalid": "error",
    "geometry_unstable": "error",
    "geometry_zero_area": "error",
    "geometry_ring_unclosed": "error",
    "geometry_curved": "error",
    "geometry_repeated": "error",
    "geometry_multipart": "warning",
    "geometry_multipart_land_survey": "error",
    "geometry_sliver": "warning",
    "geometry_sliver_part": "warning",
    "geometry_tiny_hole": "warning",
    "geometry_elongated": "info",
    "geometry_ring_direction": "info",
    "geometry_repeated_points": "info",
    "geometry_close_vertices": "warning",
    "geometry_spike": "warning",
    "repaired_rings_closed": "info",
    "repaired_points_removed": "info",
    "repaired_made_valid": "warning",
    "heights_dropped": "info",
    "area_differs": "error",
    "area_differs_slightly": "warning",
    "area_unit": "error",
    "area_below_minimum": "info",
    "land_survey_town_missing": "warning",
    "land_survey_town_contradicts": "warning",
    "land_survey_refinement_contradicts": "warning",
    "land_survey_areas_disagree": "warning",
    "overlap": "error",
    "overlap_many": "error",
    "overlap_slight": "warning",
    "outside_county": "error",
    "beyond_county": "warning",
    "outside_township": "warning",
    "border_not_matched": "warning",
    "border_gap": "warning",
    "border_gap_narrow": "warning",
    "gap": "warning",
    "gap_narrow": "warning",
    "boundary_not_shared": "warning",
    "register_overlap": "error",
    "register_overlap_slight": "warning",
    "register_edge_not_matched": "warning",
    "code_elsewhere": "warning",
    "code_ended": "warning",
    "reference_unknown": "error",
    "reference_unmatched": "warning",
    "plot_entry_missing": "error",
    "plot_on_listed": "info",
    "plot_entry_contradicts": "error",
    "plot_stage_by_event": "error",
    "plot_end_by_event": "error",
    "plot_list_by_event": "error",
    "plot_event_on_record": "error",
    "plot_correction": "warning",
    "plot_kept": "error",
    "paper_kept": "error",
    "paper_end": "error",
    "plot_field_not_publishable": "error",
    "plot_use_unknown": "error",
    "basic_farmland_not_cultivated": "warning",
    "unit_on_built_land": "warning",
    "unit_class_built": "warning",
    "order_reversed": "error",
    "number_too_small": "error",
    "date_after_validity": "info",
    "result_missing": "error",
    "detection_limit_missing": "warning",
    "unit_unknown": "error",
    "unit_unfit": "error",
    "ph_impossible": "error",
    "content_impossible": "error",
    "analyte_unknown": "warning",
    "non_detect_with_value": "warning",
    "result_repeated": "warning",
    "value_outlying": "info",
    "coordinates_shifted": "warning",
    "accuracy_implausible": "warning",
    "accuracy_unknown": "info",
    "point_repeated": "info",
    "crs_contradicts_file": "warning",
    "later_version": "warning",
    "whole_update_ends_many": "warning",
}

SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("severity", pa.string()),
        ("row", pa.int32()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("details", pa.string()),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("geometry", pa.binary()),
    ]
)
"""Columns of an issue table.

`details` is JSON; `longitude` and `latitude` are degrees EPSG:4490; `geometry` is WKB
in EPSG:4490 where the fault has a shape, null where it is the place alone.
"""


BETWEEN_ROWS = {
    "overlap": "other_row",
    "code_duplicate": "first_row",
    "geometry_repeated": "first_row",
}
"""Kinds of error that two rows share → detail that names the other one. Nobody but the
surveyor can say which of the two is wrong: set aside are both."""


def severity_of(kind: str) -> Severity:
    """Return the severity of a kind; KeyError for a kind that does not exist."""
    return _SEVERITIES[kind]


@dataclass(frozen=True, slots=True, eq=False)
class Issues:
    """Issues of one kind, one entry a faulty row.

    Attributes
    ----------
    rows
        Row numbers of the file, 1 is the first record; None when the whole file is
        meant (then there is one issue).
    field
        Name of the field in the file, None when geometry or the row is meant.
    values
        What the file says, as text; None when there is nothing to show.
    details
        Parts of the sentence: one value for all, or a sequence with one a row.
    lonlat
        (n, 2) float64 degrees EPSG:4490, NaN where unknown; None when unknown for all.
    shapes
        (n,) shapely geometries EPSG:4490 that show the fault itself (the ground two
        rows share, the gap between them), None where there is none; None for all.
        They give the place, too, where `lonlat` does not.
    """

    kind: str
    rows: npt.NDArray[np.int32] | None
    field: str | None = None
    values: Sequence[str | None] | None = None
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    lonlat: npt.NDArray[np.float64] | None = None
    shapes: npt.NDArray[Any] | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is; by kind."""
        return severity_of(self.kind)

    def __len__(self) -> int:
        return 1 if self.rows is None else len(self.rows)

    def within(self, rows: npt.NDArray[np.int32]) -> Issues:
        """Return the issues of these rows alone; one of the whole file stays."""
        if self.rows is None:
            return self
        kept = np.flatnonzero(np.isin(self.rows, rows)).tolist()

        def pick(value: Any) -> Any:
            return [value[i] for i in kept] if _is_column(value) else value

        return dataclasses.replace(
            self,
            rows=self.rows[kept],
            values=None if self.values is None else [self.values[i] for i in kept],
            details={name: pick(value) for name, value in self.details.items()},
            lonlat=None if self.lonlat is None else self.lonlat[kept],
            shapes=None if self.shapes is None else self.shapes[kept],
        )

    def to_table(self) -> pa.Table:
        """Return the issues with the columns of `SCHEMA`."""
        count = len(self)
        lonlat = self._places(count)
        columns = [
            pa.repeat(pa.scalar(self.kind), count),
            pa.repeat(pa.scalar(self.severity), count),
            pa.nulls(1, pa.int32()) if self.rows is None else pa.array(self.rows),
            pa.repeat(pa.scalar(self.field, pa.string()), count),
            pa.array(_shortened(self.values, count), pa.string()),
            pa.array(_json_rows(self.details, count), pa.string()),
            pa.array(lonlat[:, 0], from_pandas=True),
            pa.array(lonlat[:, 1], from_pandas=True),
            pa.nulls(count, pa.binary())
            if self.shapes is None
            else pa.array(shapely.to_wkb(self.shapes, byte_order=1), pa.binary()),
        ]
        return pa.table(columns, schema=SCHEMA)

    def _places(self, count: int) -> npt.NDArray[np.float64]:
        if self.lonlat is not None:
            return self.lonlat
        if self.shapes is None:
            return np.full((count, 2), np.nan)
        inner = shapely.point_on_surface(self.shapes)
        return np.column_stack((shapely.get_x(inner), shapely.get_y(inner)))


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as a person reads it.

    `geometry` is where it is, or what it looks like: any kind of geometry in EPSG:4490
    (a point, the polygon of an overlap, the line of a border), None where unknown.
    """

    number: int
    kind: str
    severity: Severity
    row: int | None
    field: str | None
    value: str | None
    details: Mapping[str, Any]
    geometry: BaseGeometry | None

    @property
    def other_row(self) -> int | None:
        """The row before it that it speaks of as well; None where there is none."""
        row: int | None = self.details.get("other_row", self.details.get("first_row"))
        return row

    @property
    def lonlat(self) -> tuple[float, float] | None:
        """A point of it in degrees EPSG:4490, None where unknown."""
        if self.geometry is None or self.geometry.is_empty:
            return None
        inner = self.geometry.point_on_surface()
        return (inner.x, inner.y)

    def message(self, language: Language) -> str:
        """Return what was found, where and what was expected."""
        text = TEXTS[self.kind]
        where = _where(self.row, self.field, language)
        template = text.zh if language == "zh" else text.en
        return where + template.format(**self._parts(language))

    def advice(self, language: Language) -> str:
        """Return what to do about it."""
        text = TEXTS[self.kind]
        template = text.advice_zh if language == "zh" else text.advice_en
        return template.format(**self._parts(language))

    def _parts(self, language: Language) -> dict[str, Any]:
        return read_parts(self.value, self.field, self.details, language)


def combine(issues: Iterable[Issues]) -> pa.Table:
    """Return all issues in one table: of the file first, then row by row."""
    tables = [one.to_table() for one in issues if len(one)]
    if not tables:
        return SCHEMA.empty_table()
    return _in_order(pa.concat_tables(tables))


def add_issues(table: pa.Table, issues: Iterable[Issues]) -> pa.Table:
    """Return the table with more issues in it, in the order of `combine`."""
    more = combine(issues)
    if not more.num_rows:
        return table
    return _in_order(pa.concat_tables([table, more]))


def _in_order(table: pa.Table) -> pa.Table:
    keys = [(name, "ascending", "at_start") for name in ("row", "kind")]
    return table.take(pc.sort_indices(table, sort_keys=keys))


def _where(row: int | None, field_name: str | None, language: Language) -> str:
    if row is None:
        return ""
    if language == "zh":
        return f"第 {row} 行" + (f"字段 {field_name}" if field_name else "") + "："
    return f"Row {row}" + (f", field {field_name}" if field_name else "") + ": "


def _shortened(values: Sequence[str | None] | None, count: int) -> list[str | None]:
    if values is None:
        return [None] * count
    return [value if value is None else value[:VALUE_LENGTH] for value in values]


def _json_rows(details: Mapping[str, Any], count: int) -> list[str]:
    if not any(_is_column(value) for value in details.values()):
        return [_json(details)] * count
    return [
        _json({k: v[i] if _is_column(v) else v for k, v in details.items()})
        for i in range(count)
    ]


def _is_column(value: object) -> bool:
    return isinstance(value, np.ndarray | list)


def _json(details: Mapping[str, Any]) -> str:
    return json.dumps(details, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Numpy numbers as Python's; anything else as text."""
    return value.item() if isinstance(value, np.generic) else str(value)
