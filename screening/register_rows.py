"""Rows of the register as the records of a neighbourhood (shell)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.register.layers import INDUSTRY_EDITIONS
from parcels.register.repository import describe_source
from screening.neighbourhood import County, Coverage, Feature, ParcelRecord

Row = tuple[Any, ...]
"""As the statements of `sql/neighbourhood.sql` give it."""


@dataclass(frozen=True, slots=True)
class ParcelFound:
    """A parcel as the register has it, with its geometry (EPSG:4490)."""

    record: ParcelRecord
    geometry: MultiPolygon


def read_parcel(row: Row) -> ParcelFound:
    """Return a parcel of the statement `parcels`."""
    *values, geometry, documents = row
    record = ParcelRecord(*(*values, tuple(documents or ())))
    return ParcelFound(record, shapely.from_wkb(geometry))


def read_features(rows: Sequence[Row]) -> list[Feature]:
    """Return features of a statement; after them, key units as the list names them."""
    geometries = shapely.from_wkb([row[9] for row in rows])
    found = [
        _feature(row, geometry) for row, geometry in zip(rows, geometries, strict=True)
    ]
    return [*found, *_key_units(found)]


def _feature(row: Row, geometry: BaseGeometry) -> Feature:
    theme, layer, version_id, code, name, category, division_code = row[:7]
    attributes = row[11]
    if layer == "plot":
        attributes = _plot_attributes(attributes)
    return Feature(
        theme=theme,
        layer=layer,
        code=code,
        name=name,
        category=category,
        division_code=division_code,
        geometry=geometry,
        attributes=attributes,
        accuracy_m=row[7],
        stated_area_m2=row[8],
        source=describe_source(row[12], row[13]),
        data_date=row[10],
        version_id=version_id,
    )


def _plot_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    industries = attributes["former_industries"] or ()
    return {
        **attributes,
        "former_industries": [_former_industry(entry) for entry in industries],
    }


def _former_industry(entry: str) -> dict[str, Any]:
    """Take a former industry apart: ``[edition:]code[:from-to]``, years open at will.

    Examples
    --------
    >>> _former_industry("2017:3360:1998-")["from_year"]
    1998
    >>> _former_industry("3360")["code"]
    '3360'
    """
    first, _, rest = entry.partition(":")
    edition, rest = (first, rest) if first in INDUSTRY_EDITIONS else (None, entry)
    code, _, years = rest.partition(":")
    first_year, _, last_year = years.partition("-")
    return {
        "edition": edition,
        "code": code,
        "from_year": int(first_year) if first_year.isdecimal() else None,
        "to_year": int(last_year) if last_year.isdecimal() else None,
    }


def _key_units(found: Iterable[Feature]) -> Iterable[Feature]:
    """Yield the premises of key supervised units (土壤污染重点监管单位).

    The list names enterprises by code and year; its land is the enterprise's.
    """
    for feature in found:
        listed = feature.attributes.get("key_unit")
        if feature.layer == "enterprise" and listed:
            yield replace(
                feature,
                theme="key_unit",
                layer="key_unit_list",
                attributes={
                    **listed,
                    "enterprise_code": feature.code,
                    "industry_code": feature.attributes["industry_code"],
                },
            )


def read_coverage(
    rows: Sequence[Row],
) -> tuple[tuple[County, ...], tuple[Coverage, ...]]:
    """Return counties and what each says it covers, of the statement `coverage`."""
    counties: dict[str, County] = {}
    covered = []
    for code, name_zh, name_en, restricted, boundary, theme, *state in rows:
        if code not in counties:
            shape = shapely.from_wkb(boundary)
            counties[code] = County(code, name_zh, name_en, shape, restricted)
        if theme is not None:
            data_date, stale_on, part = state
            extent = None if part is None else shapely.from_wkb(part)
            covered.append(Coverage(theme, code, data_date, stale_on, extent))
    return tuple(counties.values()), tuple(covered)
