"""Is this a table with a column for each element, and what are its results? (core).

Offices send results wide (点位, pH, 镉, 汞, …: 宽表) as often as one a line. Each
filled cell below the name of an item becomes a row of its own; the row of the file
stays known: a result's number is `row * per_line + place of its column`.

The unit stands in the name of the column (镉（mg/kg）), in a line of units below the
names, or is declared for the file (`"unit": "=mg/kg"`). Where nothing says it, mg/kg is
proposed, and a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa

from parcels.analytes import PH, find_analyte
from parcels.concentrations import CANONICAL, find_unit
from parcels.surveys.issues import Issues
from parcels.surveys.mapping import map_fields, of_the_file
from parcels.surveys.parsing import to_text
from parcels.surveys.proposing import Evidence, Finding
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest

LAYER: Final = "sample_result"
ANALYTE, VALUE, UNIT = "XM", "SZ", "DW"
"""Fields that the results of a wide table are put under."""
PROPOSED_UNIT: Final = "=mg/kg"

_WITH_UNIT: Final = re.compile(
    r"(?P<name>.+?)\s*[（(\[_/,，]\s*(?P<unit>[^（()）\[\]]+?)\s*[）)\]]?"
)
_NOT_MEASURED: Final = frozenset(
    {"-", "—", "–", "/", "\\", "未测", "未检测", "NA", "N/A"}
)


@dataclass(frozen=True, slots=True)
class WideColumn:
    """One column of results: its field, the item and the unit its name states."""

    field: str
    analyte: str
    unit: str | None


def unfold(
    raw: RawLayer, request: UploadRequest
) -> tuple[RawLayer, tuple[WideColumn, ...]]:
    """Return a layer with one row a result, and the columns they came from.

    A layer that is no wide table of results comes back as it is, with no columns.

    Raises
    ------
    FileRefused
        If two columns hold the same item.
    """
    columns = _find_columns(raw, request)
    if not columns:
        return raw, ()
    batches = iter(raw.batches)
    first = next(batches, None)
    if first is None:
        return raw, ()
    columns, first = _take_unit_line(columns, first)
    own = _declared_unit(request)
    others = tuple(n for n in raw.fields if n not in {one.field for one in columns})
    results = (_melt(batch, others, columns, own) for batch in chain([first], batches))
    fields = (*others, ANALYTE, VALUE, own or UNIT)
    unfolded = replace(
        raw,
        fields=fields,
        batches=results,
        count=None,
        per_line=len(columns),
        result_fields=tuple(one.field for one in columns),
    )
    return unfolded, columns


def _find_columns(raw: RawLayer, request: UploadRequest) -> tuple[WideColumn, ...]:
    if request.layer != LAYER:
        return ()
    known = map_fields(raw.fields, of_the_file(request, raw.fields))
    if {"analyte", "value"} & set(known.attributes):
        return ()
    taken = {*known.as_json().values()}
    found = [_read_header(name) for name in raw.fields if name not in taken]
    columns = tuple(one for one in found if one is not None)
    for one in columns:
        if sum(other.analyte == one.analyte for other in columns) > 1:
            raise FileRefused("field_twice", field=one.field)
    return columns


def _read_header(name: str) -> WideColumn | None:
    """Return the item a column's name stands for, None when it stands for none.

    Examples
    --------
    >>> _read_header("镉（mg/kg）")
    WideColumn(field='镉（mg/kg）', analyte='Cd', unit='mg/kg')
    >>> _read_header("Hg_ug/kg").unit, _read_header("土壤类型")
    ('ug/kg', None)
    """
    plain = find_analyte(name)
    if plain is not None:
        return WideColumn(name, plain.code, None)
    match = _WITH_UNIT.fullmatch(name.strip())
    if match is None:
        return None
    analyte, unit = find_analyte(match["name"]), match["unit"]
    if analyte is None or find_unit(unit) is None:
        return None
    return WideColumn(name, analyte.code, unit)


def _take_unit_line(
    columns: tuple[WideColumn, ...], first: RawBatch
) -> tuple[tuple[WideColumn, ...], RawBatch]:
    """Take the units from a line below the names, where the first line is one."""
    if not len(first):
        return columns, first
    said = [to_text(first.columns[one.field].slice(0, 1))[0].as_py() for one in columns]
    filled = [text for text in said if text is not None]
    names_units = all(find_unit(text) is not None for text in filled)
    if not filled or not names_units or not any("/" in text for text in filled):
        return columns, first
    told = tuple(
        replace(one, unit=one.unit or text)
        for one, text in zip(columns, said, strict=True)
    )
    rest = {name: column.slice(1) for name, column in first.columns.items()}
    return told, replace(first, rows=first.rows[1:], columns=rest)


def _declared_unit(request: UploadRequest) -> str | None:
    unit = (request.mapping or {}).get("unit", "")
    return unit if unit.startswith("=") else None


def _melt(
    batch: RawBatch,
    others: tuple[str, ...],
    columns: tuple[WideColumn, ...],
    own_unit: str | None,
) -> RawBatch:
    """Return one row for each filled cell, line by line."""
    width = len(columns)
    cells = [to_text(batch.columns[one.field]).to_pylist() for one in columns]
    table = np.array(cells, dtype=object).reshape(width, len(batch)).T.reshape(-1)
    filled = np.array(
        [text is not None and text not in _NOT_MEASURED for text in table.tolist()],
        dtype=bool,
    )
    place = np.flatnonzero(filled)
    line, column = place // width, place % width
    units = [_unit(one, own_unit) for one in columns]
    melted: dict[str, Any] = {
        name: to_text(batch.columns[name]).take(pa.array(line)) for name in others
    }
    melted[ANALYTE] = _texts([columns[c].analyte for c in column.tolist()])
    melted[VALUE] = _texts(table[place].tolist())
    melted[own_unit or UNIT] = _texts([units[c] for c in column.tolist()])
    rows = (batch.rows[line] * width + column).astype(np.int32)
    issues = tuple(_renumbered(one, width) for one in batch.issues)
    return RawBatch(rows, melted, issues=issues)


def _unit(column: WideColumn, declared: str | None) -> str | None:
    if column.analyte == PH:
        return CANONICAL["none"]
    return column.unit or (declared[1:] if declared else None)


def _texts(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _renumbered(issue: Issues, width: int) -> Issues:
    return issue if issue.rows is None else replace(issue, rows=issue.rows * width)


def tell_units(
    fields: Finding, columns: tuple[WideColumn, ...], request: UploadRequest
) -> Finding:
    """Return how fields are used, the unit proposed where nothing states it."""
    silent = [one.field for one in columns if one.unit is None and one.analyte != PH]
    if request.mapping is not None or not silent:
        return fields
    names = ", ".join(silent)
    told = Evidence(
        "mapping",
        "unit_not_stated",
        f"列 {names} 未写明单位；拟按 mg/kg 读取，请核对检测报告后确认。",
        f"Columns {names} state no unit; mg/kg is proposed. Check the report of the"
        " laboratory and confirm.",
        {"fields": silent},
    )
    return replace(
        fields,
        value={**fields.value, "unit": PROPOSED_UNIT},
        origin="guessed",
        evidence=(told, *fields.evidence),
    )


def name_places(
    issues: list[Issues], per_line: int, fields: tuple[str, ...]
) -> list[Issues]:
    """Return issues of results as a reader of the file finds them: row and column."""
    if per_line == 1:
        return issues
    return [part for one in issues for part in _named(one, per_line, fields)]


def _named(issue: Issues, per_line: int, fields: tuple[str, ...]) -> Iterator[Issues]:
    if issue.rows is None:
        yield issue
        return
    lines, places = issue.rows // per_line, issue.rows % per_line
    if issue.field not in (ANALYTE, VALUE, UNIT):
        yield _part(issue, lines, np.arange(len(lines)), issue.field, per_line)
        return
    for place in np.unique(places).tolist():
        chosen = np.flatnonzero(places == place)
        yield _part(issue, lines, chosen, fields[place], per_line)


def _part(
    issue: Issues,
    lines: np.ndarray,
    chosen: np.ndarray,
    field: str | None,
    per_line: int,
) -> Issues:
    wanted = chosen.tolist()
    details = {
        name: [_line(name, value[i], per_line) for i in wanted]
        if isinstance(value, list | np.ndarray)
        else value
        for name, value in issue.details.items()
    }
    return Issues(
        issue.kind,
        lines[chosen].astype(np.int32),
        field,
        None if issue.values is None else [issue.values[i] for i in wanted],
        details,
    )


def _line(name: str, value: Any, per_line: int) -> Any:
    """Rows that an issue names besides its own are numbers of results, too."""
    return int(value) // per_line if name.endswith("_row") else value
