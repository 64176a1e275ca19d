"""What did the laboratory find? (core): values, limits and units as it writes them.

A value may be a number, `<0.01`, `0.01L` (the L of water laboratories), 未检出 or ND,
or carry its unit (0.35 mg/kg). It is brought to the columns of the register before
anything else sees it: number, whether it is a non-detect, detection limit, unit, item,
and the text as written. A non-detect keeps no number of its own: half the limit is a
matter of statistics, not of the record (notes on non-detects).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.analytes import PH, find_analyte
from parcels.concentrations import (
    CANONICAL,
    FAMILY_OF_MEDIUM,
    Unit,
    convert,
    find_unit,
)
from parcels.register.layers import SAMPLE_RESULT
from parcels.surveys.issues import Issues
from parcels.surveys.mapping import FieldMapping, map_fields, of_the_file, usual_names
from parcels.surveys.parsing import to_text
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.request import UploadRequest
from parcels.surveys.value_words import translate_values

_NUMBER: Final = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_PLAIN: Final = rf"^{_NUMBER}$"
_BELOW: Final = re.compile(rf"(?:<|<=|≤|小于|低于)({_NUMBER})(.*)")
_MARKED: Final = re.compile(rf"({_NUMBER})\(?L\)?")
_WORD: Final = re.compile(
    r"(?:未检出|未检测出|未测出|低于检出限|小于检出限|ND|N\.D\.?|BDL|<?LOD|<?MDL|<?DL)"
    rf"(?:\(?<?({_NUMBER})\)?)?",
    re.IGNORECASE,
)
_WITH_UNIT: Final = re.compile(rf"({_NUMBER})([^0-9].*)")
_WHOLE_MG_PER_KG: Final = 1_000_000.0
"""A kilogram holds no more milligrams than these."""
_ADDED: Final = ("non_detect", "detection_limit", "raw_value", "unit")
"""Attributes that a value may tell of itself; a file needs no field for them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as it is read (检测值).

    Attributes
    ----------
    number
        Text of the number, None for a non-detect.
    limit
        Detection limit that the value itself states, text or None.
    unit
        Unit that the value itself states, or None.
    """

    number: str | None
    non_detect: bool = False
    limit: str | None = None
    unit: str | None = None


def read_value(text: str) -> Reading | None:
    """Return what a value says, None when it says nothing a laboratory would.

    Examples
    --------
    >>> read_value("<0.01")
    Reading(number=None, non_detect=True, limit='0.01', unit=None)
    >>> read_value("0.01L").limit, read_value("未检出").non_detect
    ('0.01', True)
    >>> read_value("0.35 mg/kg").unit
    'mg/kg'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if re.fullmatch(_NUMBER, plain):
        return Reading(plain)
    if match := _BELOW.fullmatch(plain):
        return Reading(None, True, match[1], _known_unit(match[2]))
    if match := _MARKED.fullmatch(plain):
        return Reading(None, True, match[1])
    if match := _WORD.fullmatch(plain):
        return Reading(None, True, match[1])
    if (match := _WITH_UNIT.fullmatch(plain)) and _known_unit(match[2]):
        return Reading(match[1], unit=match[2])
    return None


def _known_unit(text: str) -> str | None:
    return text if text and find_unit(text) is not None else None


def as_results(raw: RawLayer, request: UploadRequest) -> RawLayer:
    """Return a layer of results whose columns the register understands.

    Fields for what values tell of themselves are added where the file has none, and a
    code is made of sample and item where it numbers no results.
    """
    mapping = map_fields(raw.fields, of_the_file(request, raw.fields))
    if not {"value", "analyte"} <= set(mapping.attributes):
        return raw
    columns = _columns(raw, mapping)
    added = tuple(name for name in columns.values() if name not in raw.fields)
    batches = (_read_batch(batch, columns, mapping) for batch in raw.batches)
    return replace(raw, fields=(*raw.fields, *added), batches=batches)


def _columns(raw: RawLayer, mapping: FieldMapping) -> dict[str, str]:
    """Return attribute → column it is read from and written to."""
    columns = {name: mapping.attributes[name] for name in ("value", "analyte")}
    held = {name.upper() for name in raw.fields}
    for name in _ADDED:
        usual = usual_names(SAMPLE_RESULT.attribute(name))
        free = next(one for one in (*usual, f"{name}_") if one.upper() not in held)
        columns[name] = mapping.attributes.get(name, free)
    if mapping.code is None:
        columns["code"] = next(
            one
            for one in (*SAMPLE_RESULT.code_fields, "code")
            if one.upper() not in held
        )
    return columns


@dataclass(slots=True)
class _Rows:
    """Texts of a batch, changed in place; `None` is empty."""

    value: npt.NDArray[np.object_]
    analyte: npt.NDArray[np.object_]
    unit: npt.NDArray[np.object_]
    non_detect: npt.NDArray[np.object_]
    detection_limit: npt.NDArray[np.object_]
    raw_value: npt.NDArray[np.object_]


def _read_batch(
    batch: RawBatch, columns: Mapping[str, str], mapping: FieldMapping
) -> RawBatch:
    rows = _Rows(**{n: _texts(batch, columns[n]) for n in _Rows.__slots__})
    unwritten = np.array([one is None for one in rows.raw_value.tolist()], dtype=bool)
    rows.raw_value[unwritten] = rows.value[unwritten]
    own_units = _read_values(rows)
    issues = [
        *_name_items(rows, batch, columns),
        *_convert(rows, batch, columns, own_units),
        *_check_media(rows, batch, columns, mapping),
        *_check_values(rows, batch, columns),
    ]
    changed = {
        columns[name]: pa.array(getattr(rows, name), pa.string())
        for name in _Rows.__slots__
    }
    if "code" in columns:
        changed[columns["code"]] = _codes(batch, rows, mapping)
    return replace(
        batch,
        columns={**batch.columns, **changed},
        issues=(*batch.issues, *issues),
    )


def _texts(batch: RawBatch, name: str) -> npt.NDArray[np.object_]:
    if name not in batch.columns:
        return np.full(len(batch), None, dtype=object)
    texts: npt.NDArray[np.object_] = np.array(
        to_text(batch.columns[name]).to_pylist(), dtype=object
    )
    return texts


def _read_values(rows: _Rows) -> dict[int, str]:
    """Read values that are no plain numbers; return units they state themselves."""
    text = pa.array(rows.value, pa.string())
    odd = pc.fill_null(pc.invert(pc.match_substring_regex(text, _PLAIN)), False)
    own_units: dict[int, str] = {}
    for place in np.flatnonzero(odd.to_numpy(zero_copy_only=False)).tolist():
        reading = read_value(rows.value[place])
        if reading is None:
            continue
        rows.value[place] = reading.number
        if reading.unit is not None:
            own_units[place] = reading.unit
        if reading.non_detect:
            rows.non_detect[place] = "1"
            rows.detection_limit[place] = _higher(
                rows.detection_limit[place], reading.limit
            )
    return own_units


def _higher(first: str | None, second: str | None) -> str | None:
    """Return the higher of two limits: what is stated proves no more than that."""
    try:
        both = [one for one in (first, second) if one is not None]
        return max(both, key=float, default=None)
    except ValueError:
        return first


def _name_items(
    rows: _Rows, batch: RawBatch, columns: Mapping[str, str]
) -> list[Issues]:
    """Bring items to their codes; tell those nobody knows."""
    known = {name: find_analyte(name) for name in set(rows.analyte) if name is not None}
    strange = np.array([known.get(name, True) is None for name in rows.analyte])
    for place, name in enumerate(rows.analyte.tolist()):
        found = known.get(name)
        if found is not None:
            rows.analyte[place] = found.code
    return _told("analyte_unknown", strange, batch, columns["analyte"], rows.analyte)


def _convert(
    rows: _Rows, batch: RawBatch, columns: Mapping[str, str], own: Mapping[int, str]
) -> list[Issues]:
    """Bring numbers and limits to the canonical unit; tell units nobody knows."""
    written = rows.unit.copy()
    for place, unit in own.items():
        written[place] = unit
    written[(rows.analyte == PH) & (written == None)] = CANONICAL["none"]  # noqa: E711
    named: set[str] = {name for name in written.tolist() if name is not None}
    units = {name: find_unit(name) for name in named}
    for name, known in units.items():
        if known is not None:
            _bring_over(rows, np.flatnonzero(written == name), name, known)
    strange = {name for name, known in units.items() if known is None}
    unknown = np.array([name in strange for name in written.tolist()], dtype=bool)
    return _told("unit_unknown", unknown, batch, columns["unit"], written)


def _bring_over(
    rows: _Rows, places: npt.NDArray[np.int64], name: str, unit: Unit
) -> None:
    for place in places.tolist():
        rows.unit[place] = CANONICAL[unit.family]
        if unit.factor == 1:
            continue
        if rows.raw_value[place] is not None and name not in rows.raw_value[place]:
            rows.raw_value[place] += f" {name}"
        for texts in (rows.value, rows.detection_limit):
            if texts[place] is not None and re.fullmatch(_NUMBER, texts[place]):
                texts[place] = convert(texts[place], unit)


def _check_media(
    rows: _Rows,
    batch: RawBatch,
    columns: Mapping[str, str],
    mapping: FieldMapping,
) -> list[Issues]:
    """Tell units that do not fit the item, or the medium the row names."""
    acid = rows.analyte == PH
    none = rows.unit == CANONICAL["none"]
    solid, water = (
        rows.unit == CANONICAL["in_solids"],
        rows.unit == CANONICAL["in_water"],
    )
    unfit = np.where(acid, solid | water, none)
    field = mapping.attributes.get("medium")
    if field is not None:
        attribute = SAMPLE_RESULT.attribute("medium")
        media = translate_values(attribute, to_text(batch.columns[field])).to_pylist()
        wanted = np.array([FAMILY_OF_MEDIUM.get(one or "") for one in media], object)
        unfit |= ~acid & (wanted == "in_water") & solid
        unfit |= ~acid & (wanted == "in_solids") & water
    return _told("unit_unfit", unfit, batch, columns["unit"], rows.unit)


def _check_values(
    rows: _Rows, batch: RawBatch, columns: Mapping[str, str]
) -> list[Issues]:
    """Tell an impossible pH or content, and non-detects that carry a number."""
    acid = _beyond(rows, rows.analyte == PH, 0.0, 14.0)
    solid = (rows.analyte != PH) & (rows.unit == CANONICAL["in_solids"])
    excess = _beyond(rows, solid, -np.inf, _WHOLE_MG_PER_KG)
    absent = [str(one).upper() in _YES for one in rows.non_detect.tolist()]
    numbered = np.array(absent, dtype=bool) & (rows.value != None)  # noqa: E711
    value = columns["value"]
    return [
        *_told("ph_impossible", acid, batch, value, rows.value),
        *_told("content_impossible", excess, batch, value, rows.value),
        *_told("non_detect_with_value", numbered, batch, value, rows.value),
    ]


def _beyond(
    rows: _Rows, chosen: npt.NDArray[np.bool_], least: float, most: float
) -> npt.NDArray[np.bool_]:
    """Return which of the chosen rows hold a number outside these ends."""
    found = np.zeros(len(rows.value), dtype=bool)
    for place in np.flatnonzero(chosen).tolist():
        text = rows.value[place]
        plain = text is not None and re.fullmatch(_NUMBER, text)
        found[place] = bool(plain) and not least <= float(text) <= most
    return found


_YES: Final = frozenset({"1", "TRUE", "T", "Y", "YES", "是"})


def _told(
    kind: str,
    where: npt.NDArray[np.bool_],
    batch: RawBatch,
    field: str,
    values: npt.NDArray[np.object_],
) -> list[Issues]:
    places = np.flatnonzero(where)
    if not len(places):
        return []
    return [Issues(kind, batch.rows[places], field, values[places].tolist())]


_KEY: Final = ("point_code", "campaign", "sampled_on", "horizon", "depth_from_m")


def _codes(batch: RawBatch, rows: _Rows, mapping: FieldMapping) -> pa.Array:
    """Return codes made of sample and item: the sample's own number, or its key."""
    samples = _field(batch, mapping, "sample_code")
    keys = zip(*(_field(batch, mapping, name) for name in _KEY), strict=True)
    media = _field(batch, mapping, "medium")
    codes = []
    for sample, key, medium, analyte in zip(
        samples, keys, media, rows.analyte.tolist(), strict=True
    ):
        parts = [sample] if sample else [one for one in (*key, medium) if one]
        whole = parts and analyte
        codes.append("-".join([*parts, analyte]) if whole else None)
    return pa.array(codes, pa.string())


def _field(batch: RawBatch, mapping: FieldMapping, name: str) -> list[str | None]:
    field = mapping.attributes.get(name)
    if field is None or field not in batch.columns:
        return [None] * len(batch)
    texts: list[str | None] = to_text(batch.columns[field]).to_pylist()
    return texts
