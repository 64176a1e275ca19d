"""From raw columns to rows of the register (core).

Fields are matched, texts become values, codes get their written form, each row finds
its county. What cannot be understood is an issue and null; nothing is judged yet
against rules (that is `checks`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parcels.area import SQUARE_METRES_PER_MU
from parcels.codes import COUNTY_DIGITS, InvalidCode, county_of, normalise_division
from parcels.register.layers import Kind, Layer
from parcels.surveys.candidates import Candidates
from parcels.surveys.coding import FORMS, normalise_codes
from parcels.surveys.issues import Issues
from parcels.surveys.land_use import CODE as LAND_USE_CODE
from parcels.surveys.land_use import normalise_land_use
from parcels.surveys.mapping import FieldMapping
from parcels.surveys.parsing import Parsed, parse_column, to_text
from parcels.surveys.raw import RawBatch
from parcels.surveys.value_words import translate_values


def understand(
    batch: RawBatch, mapping: FieldMapping, layer: Layer, division_code: str
) -> tuple[Candidates, list[Issues]]:
    """Return the rows of a batch as the register would hold them, without geometry.

    Parameters
    ----------
    division_code
        Division the file was sent for, without trailing zeros.
    """
    issues = list(batch.issues)
    fields = _fields(mapping)
    raw = {key: to_text(batch.columns[name]) for key, name in fields.items()}
    values: dict[str, pa.Array] = {}
    for key, kind in _kinds(fields, layer).items():
        parsed = parse_column(kind, batch.columns[fields[key]])
        issues += _faults(parsed, batch, fields[key], raw[key])
        values[key], more = _coded(layer, key, parsed.values, batch, fields[key])
        if key in mapping.in_mu:
            values[key] = pc.multiply(values[key], SQUARE_METRES_PER_MU)
        issues += more
    if LAND_USE_CODE in values:
        codes, more = normalise_land_use(values, batch.rows, fields[LAND_USE_CODE])
        values[LAND_USE_CODE] = codes
        issues += more
    nothing = pa.nulls(len(batch), pa.string())
    code = values.pop("code", nothing)
    candidates = Candidates(
        layer=layer,
        rows=batch.rows,
        fields=fields,
        raw=raw,
        code=code,
        division_code=_divisions(code, values.pop("division_code", None), layer),
        valid_from=values.pop("valid_from", pa.nulls(len(batch), pa.date32())),
        valid_to=values.pop("valid_to", pa.nulls(len(batch), pa.date32())),
        values=values,
        in_mu=mapping.in_mu,
        others={name.upper(): batch.columns[name] for name in mapping.unused},
    )
    _place_in(candidates, division_code)
    return candidates, issues


def _fields(mapping: FieldMapping) -> dict[str, str]:
    special = {
        "code": mapping.code,
        "division_code": mapping.division,
        "valid_from": mapping.valid_from,
        "valid_to": mapping.valid_to,
    }
    named = {key: name for key, name in special.items() if name is not None}
    return {**mapping.attributes, **named}


def _kinds(fields: dict[str, str], layer: Layer) -> dict[str, Kind]:
    kinds = {one.name: one.kind for one in layer.attributes if one.name in fields}
    special = {
        "code": Kind.TEXT,
        "division_code": Kind.TEXT,
        "valid_from": Kind.DATE,
        "valid_to": Kind.DATE,
    }
    return kinds | {key: kind for key, kind in special.items() if key in fields}


def _faults(
    parsed: Parsed, batch: RawBatch, field: str, raw: pa.Array
) -> Iterator[Issues]:
    for kind, bad in parsed.faults.items():
        if len(bad):
            shown = raw.take(pa.array(bad)).to_pylist()
            yield Issues(kind, batch.rows[bad], field, shown)


def _coded(
    layer: Layer, key: str, values: pa.Array, batch: RawBatch, field: str
) -> tuple[pa.Array, list[Issues]]:
    for attribute in layer.attributes:
        if attribute.name == key and pa.types.is_string(values.type):
            values = translate_values(attribute, values)
    form = FORMS.get((layer.name, key))
    if form is None:
        return values, []
    return normalise_codes(form, values, batch.rows, field)


def _divisions(code: pa.Array, declared: pa.Array | None, layer: Layer) -> pa.Array:
    """Return the county each row names itself; null where it names none.

    A division is its own division; a parcel's code begins with its county.
    """
    if layer.name == "division":
        return code
    own = declared if declared is not None else pa.nulls(len(code), pa.string())
    own = _distinct_counties(own)
    if layer.name != "parcel":
        return own
    return pc.coalesce(own, pc.utf8_slice_codeunits(code, 0, COUNTY_DIGITS))


def _distinct_counties(text: pa.Array) -> pa.Array:
    encoded = text.dictionary_encode()
    counties = [_county(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(counties, pa.string()).take(encoded.indices)


def _county(text: str) -> str | None:
    try:
        return county_of(normalise_division(text))
    except InvalidCode:
        return None


def _place_in(candidates: Candidates, division_code: str) -> None:
    """Give rows that name no county the one the file was sent for.

    A file sent for a township holds rows of that township.
    """
    if candidates.layer.name == "division" or len(division_code) < COUNTY_DIGITS:
        return
    named = candidates.division_code
    county = division_code[:COUNTY_DIGITS]
    told = candidates.raw.get("division_code")
    # What a row names but cannot be read as a division must not become this county.
    silent = (
        named.is_null() if told is None else pc.and_(named.is_null(), told.is_null())
    )
    ours = pc.or_(silent, pc.fill_null(pc.equal(named, county), False))
    candidates.division_code = pc.if_else(ours, division_code, named)


def faulty_rows(issues: list[Issues]) -> np.ndarray:
    """Return the row numbers that some error names, ascending, each once."""
    named = [
        one.rows for one in issues if one.severity == "error" and one.rows is not None
    ]
    return np.unique(np.concatenate(named)) if named else np.empty(0, np.int32)
