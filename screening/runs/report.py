"""The report of a run that an office files: facts, a map, the rows (service)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.codes import WHOLE_COUNTRY
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment, list_versions
from parcels.texts import Text
from screening.certificate.drawing import Drawn, draw
from screening.certificate.issue import Stationery
from screening.distance import expand_bounds
from screening.record import DISCLAIMER
from screening.reports.document import count_rows
from screening.runs.files import Result, in_words, list_printed_facts
from screening.runs.repository import ResultRow
from screening.runs.row import Column

MOST_LISTED: Final = 500
"""Rows that are printed; the rest is in the workbook. A choice of layout."""
_MOST_NUMBERED: Final = 40
"""Numbers that a map of this size can bear."""
_MOST_COUNTIES: Final = 200
_SMALL_PART: Final = 0.4
"""Rows that take no more of a county's width are drawn larger. A choice of layout."""
_AROUND_M: Final = 300.0
_LONGEST: Final = 160
"""Signs of one value that are printed."""
_MORE: Final = Text("（全文见电子表格）", " (the whole in the workbook)")
_UNITS: Final = {"m": Text("米", "m"), "m2": Text("平方米", "m²")}
_SECTIONS: Final = {
    "facts": Text("任务", "The run"),
    "map": Text("示意图", "Map"),
    "rows": Text("结果", "Results"),
    "number": Text("序号", "No."),
    "found": Text("内容", "Found"),
    "why": Text("说明", "Why"),
}


def print_run(
    connection: sa.Connection, stationery: Stationery, result: Result
) -> bytes:
    """Return the report of a run as PDF; of many rows the first `MOST_LISTED`.

    Raises
    ------
    CannotTypeset
        If the document cannot be set, as without fonts.
    """
    rows = list(islice(result.rows, MOST_LISTED))
    drawing = _draw(connection, result, rows)
    return stationery.press.typeset(_page(result, rows), drawing, "run")


def _page(result: Result, rows: Sequence[ResultRow]) -> dict[str, Any]:
    run, language = result.run, result.language
    total = (run.summary or {}).get("rows", 0)
    return {
        "language": language,
        "title": result.kind.title.of(language),
        "about": result.kind.about.of(language),
        "number": str(run.id),
        "recorded_at": run.changed_at.isoformat(),
        "sections": {name: text.of(language) for name, text in _SECTIONS.items()},
        "facts": list_printed_facts(result),
        "listed": count_rows(total, len(rows)).of(language),
        "rows": [_row(result, found) for found in rows],
        "disclaimer": DISCLAIMER.of(language),
    }


def _row(result: Result, found: ResultRow) -> dict[str, str]:
    told = []
    for column in result.kind.columns:
        value = found.row.values.get(column.name)
        if value is not None and value != "":
            shown = _shown(column, value, result)
            told.append(f"{column.title.of(result.language)}: {shown}")
    separator = "；" if result.language == "zh" else "; "
    return {
        "number": str(found.number),
        "found": separator.join(told),
        "why": found.row.why.of(result.language),
    }


def _shown(column: Column, value: Any, result: Result) -> str:
    """Return a value as it is printed: figures with their unit, no endless text."""
    if column.type == "number" and column.unit in _UNITS:
        return f"{value:,.2f} {_UNITS[column.unit].of(result.language)}"
    if column.unit == "share":
        return f"{value:.2%}"
    shown = in_words(column, value, result)
    if isinstance(shown, float):
        return f"{shown:.10g}"
    text = f"{shown}"
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}…{_MORE.of(result.language)}"


def _draw(connection: sa.Connection, result: Result, rows: Sequence[ResultRow]) -> str:
    drawn = [
        Drawn(found.number, str(found.row.values.get("theme", "")), found.row.geometry)
        for found in rows
        if found.row.geometry is not None
    ]
    counties = _counties(connection, result)
    ground = [*counties, *(one.geometry for one in drawn)]
    if not ground:
        return draw(shapely.box(0, 0, 1e-3, 1e-3), [], [])
    around = (
        shapely.union_all(counties)
        if counties
        else shapely.box(*shapely.total_bounds(ground))
    )
    return draw(
        around,
        drawn,
        [],
        numbered=len(drawn) <= _MOST_NUMBERED,
        shown=_part(around, [one.geometry for one in drawn]),
    )


def _part(around: BaseGeometry, drawn: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """Return the ground of the rows where it is a small part of the county's."""
    if not drawn:
        return None
    west, south, east, north = around.bounds
    bounds = shapely.total_bounds(drawn).tolist()
    wide = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    if wide > _SMALL_PART * max(east - west, north - south):
        return None
    return shapely.box(*expand_bounds(bounds, _AROUND_M))


def _counties(connection: sa.Connection, result: Result) -> list[BaseGeometry]:
    """Return the outlines of the run's own counties."""
    run = result.run
    division = None if run.division_code == WHOLE_COUNTRY else run.division_code
    found = list_versions(
        connection,
        DIVISION,
        Moment(run.as_of),
        division=division,
        limit=_MOST_COUNTIES,
    )
    return [
        version.geometry
        for version in found
        if len(version.code) == 6 and version.geometry is not None
    ]
