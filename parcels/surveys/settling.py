"""What did the declaration leave open, and what closes it? (core).

What the file states is taken; what is guessed makes a proposal, and the file waits.
Looked at is the first batch of rows; every row is held against it later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import shapely
from shapely import GeometryType

from parcels.register.layers import SAMPLE_RESULT, Layer, Shape
from parcels.surveys.boundary_points import (
    ListFields,
    assemble_outlines,
    find_list_fields,
)
from parcels.surveys.constants import with_constants
from parcels.surveys.coordinate_patterns import Seen, look_at
from parcels.surveys.crs_evidence import Words, box_of, decide_crs, place
from parcels.surveys.geometry import TYPES, Geometries, from_wkb
from parcels.surveys.ground import Ground
from parcels.surveys.laboratory import as_results
from parcels.surveys.mapping import (
    FieldMapping,
    find_cut_names,
    list_unfilled,
    map_fields,
)
from parcels.surveys.parsing import to_text
from parcels.surveys.points import (
    CoordinateFields,
    choose_coordinates,
    find_coordinates,
    read_coordinates,
)
from parcels.surveys.proposing import Evidence, Finding, Proposal, Row, make_proposal
from parcels.surveys.raw import SAMPLE_ROWS, RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.simple_polygons import box_rings
from parcels.surveys.wide_results import tell_units, unfold
from parcels.surveys.written_geometry import find_written_geometry

_COUNTY_DIGITS: Final = 6
_NO_GEOMETRY: Final = -1
_NOTHING: Final[Geometries] = np.empty(0, dtype=object)
SAMPLE_LENGTH: Final = 80
"""Characters of a value that are shown in a sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A file of which everything is known that reading it needs (判读完毕).

    Attributes
    ----------
    raw
        The layer, its batches not yet walked.
    request
        The declaration, completed by what the file states.
    mapping, place
        Which field fills what; the coordinate columns of a table of points.
    proposal
        All of it with its evidence; only if nothing is to be confirmed may the rows
        be taken.
    """

    raw: RawLayer
    request: UploadRequest
    mapping: FieldMapping
    place: CoordinateFields | None
    proposal: Proposal


def settle(raw: RawLayer, request: UploadRequest, ground: Ground) -> Settled:
    """Return how a file is to be read, and what of it a person must confirm.

    Raises
    ------
    FileRefused, DatumNotConvertible
        If what is declared, stated and seen contradicts itself.
    """
    layer = request.register_layer
    raw, columns = unfold(raw, request)
    raw = with_constants(raw, request)
    if layer is SAMPLE_RESULT:
        raw = as_results(raw, request)
    first, raw = _peek(raw)
    mapping = map_fields(raw.fields, request)
    fields = _find_fields(raw, mapping, request, first)
    fields = tell_units(fields, columns, request)
    place_fields = mapping.coordinates
    if place_fields is None:
        place_fields = _find_place(raw, mapping, request, first)
    place_fields, turned = _order(place_fields, first, request)
    shapes = _shapes(first)
    _refuse_other_geometry(first, shapes, layer)
    points = find_list_fields(raw, mapping, place_fields, layer)
    _refuse_single_points(first, points, place_fields, layer)
    seen = look_at(_boxes(first, place_fields, shapes))
    crs = _find_crs(raw, request, seen, ground)
    findings = (*raw.findings, _join(fields, turned), crs)
    proposal = make_proposal(findings, _samples(first), _bounds(crs, seen))
    completed = replace(
        request,
        crs=crs.value,
        encoding=proposal.encoding or request.encoding,
        member=proposal.member or request.member,
    )
    if points is not None:
        raw, place_fields = assemble_outlines(raw, points), None
        drawn = (*points.place, points.ring)
        unused = tuple(name for name in mapping.unused if name not in drawn)
        mapping = replace(mapping, unused=unused)
    return Settled(raw, completed, mapping, place_fields, proposal)


def _peek(raw: RawLayer) -> tuple[RawBatch | None, RawLayer]:
    """Return the first batch, and the layer with all of them still to walk."""
    batches: Iterator[RawBatch] = iter(raw.batches)
    first = next(batches, None)
    if first is None:
        return None, raw
    return first, replace(raw, batches=chain([first], batches))


def _find_fields(
    raw: RawLayer, mapping: FieldMapping, request: UploadRequest, first: RawBatch | None
) -> Finding:
    """Return what fills what; asked for where required attributes stay empty."""
    used = mapping.as_json()
    if request.mapping is not None:
        return Finding("mapping", used, "declared")
    layer = request.register_layer
    cut = find_cut_names(mapping, layer) if raw.names_cut else {}
    unfilled = list_unfilled(mapping, layer)
    evidence = [_told_by_cut_name(key, name, layer) for key, name in cut.items()]
    # With nothing left to choose from there is nothing to ask: that is an issue.
    if mapping.unused and unfilled:
        evidence += [_told_unfilled(zh, en, usual) for zh, en, usual in unfilled]
    if not evidence:
        return Finding("mapping", used, "stated")
    others = tuple(
        {"value": name, "samples": _shown(first, name)} for name in mapping.unused
    )
    return Finding("mapping", used | cut, "guessed", tuple(evidence), others)


def _told_by_cut_name(key: str, name: str, layer: Layer) -> Evidence:
    one = layer.attribute(key)
    return Evidence(
        "mapping",
        "name_cut",
        f"字段“{name}”可能是被截断的“{one.title_zh}”（{key}）。",
        f"Field {name!r} may be {one.title_en!r} ({key}), cut to ten bytes.",
        {"attribute": key, "field": name},
    )


def _told_unfilled(zh: str, en: str, usual: tuple[str, ...]) -> Evidence:
    return Evidence(
        "mapping",
        "field_unfilled",
        f"没有字段对应必填的“{zh}”（通常为 {'、'.join(usual)}）。",
        f"No field fills the required {en!r} (usually {', '.join(usual)}).",
        {"expected": list(usual)},
    )


def _shapes(first: RawBatch | None) -> Geometries:
    """Return the geometries of the first rows, none for a table."""
    if first is None or first.geometry is None:
        return _NOTHING
    return from_wkb(first.geometry)[0]


def _refuse_other_geometry(
    first: RawBatch | None, shapes: Geometries, layer: Layer
) -> None:
    """Stop a file of another layer: no row has a geometry that this one takes."""
    if layer.shape is Shape.NONE:
        return
    kinds = Counter(shapely.get_type_id(shapes).tolist())
    if first is not None and first.rings is not None:
        areas = len(np.unique(first.rings.owner))
        kinds.update({int(GeometryType.POLYGON): areas} if areas else {})
    kinds.pop(_NO_GEOMETRY, None)
    taken = {int(kind) for kind in TYPES[layer.shape]}
    if GeometryType.POINT in taken:
        taken.add(int(GeometryType.MULTIPOINT))
    if kinds and not taken & set(kinds):
        found = ", ".join(
            f"{GeometryType(kind).name} × {count}" for kind, count in kinds.items()
        )
        expected = ", ".join(kind.name for kind in TYPES[layer.shape])
        raise FileRefused(
            "layer_of_other_geometry", layer=layer.name, found=found, expected=expected
        )


def _refuse_single_points(
    first: RawBatch | None,
    points: ListFields | None,
    fields: CoordinateFields | None,
    layer: Layer,
) -> None:
    """Stop a table that gives a layer of areas one point a row."""
    if layer.shape is not Shape.AREA or fields is None or first is None:
        return
    if points is None:
        return  # Its code has no field yet: that is asked for, or told as an issue.
    codes = first.columns[points.key]
    if len(first) and pc.count_distinct(codes).as_py() == len(first):
        raise FileRefused("no_boundary_points")


def _find_place(
    raw: RawLayer, mapping: FieldMapping, request: UploadRequest, first: RawBatch | None
) -> CoordinateFields | None:
    """Return the coordinate columns of a table without geometry, if it needs any."""
    layer, taken = request.register_layer, mapping.attributes
    if raw.has_geometry or layer.shape is Shape.NONE:
        return None
    found = find_coordinates(raw.fields, taken, request.crs)
    if found is None and first is not None:
        written = find_written_geometry(first, mapping.unused)
        if written is not None:
            raise FileRefused("geometry_as_text", field=written[0], form=written[1])
    if found is None and layer.shape is Shape.AREA_OR_NONE:
        return None
    return choose_coordinates(raw.fields, taken, layer, request.crs)


def _order(
    fields: CoordinateFields | None, first: RawBatch | None, request: UploadRequest
) -> tuple[CoordinateFields | None, Finding | None]:
    """Turn columns that hold north for east; a person confirms which is which.

    Columns that were declared stay as they are: then the coordinates contradict them.
    """
    if fields is None or request.mapping is not None:
        return fields, None
    seen = look_at(_boxes(first, fields, _NOTHING))
    if seen is None or not seen.pattern.swapped:
        return fields, None
    turned = CoordinateFields(fields.north, fields.east)
    told = Evidence(
        "mapping",
        "columns_turned",
        f"按数值，东坐标（经度）在“{turned.east}”列，北坐标（纬度）在“{turned.north}”列。",
        f"By its values, column {turned.east!r} is east (longitude) and"
        f" {turned.north!r} north (latitude).",
        {"bounds": list(seen.bounds)},
    )
    return turned, Finding("mapping", turned._asdict(), "guessed", (told,))


def _join(fields: Finding, turned: Finding | None) -> Finding:
    if turned is None:
        return fields
    return replace(
        fields,
        value={**fields.value, **turned.value},
        origin="guessed",
        evidence=(*turned.evidence, *fields.evidence),
    )


def _boxes(
    first: RawBatch | None, fields: CoordinateFields | None, shapes: Geometries
) -> npt.NDArray[np.float64]:
    """Return `(n, 4) float64` bounds of the rows, NaN where a row has no place."""
    if first is not None and fields is not None:
        xy, _ = read_coordinates(first.columns, first.rows, fields)
        return np.column_stack((xy, xy))
    boxes: npt.NDArray[np.float64] = shapely.bounds(shapes).reshape(-1, 4)
    if first is not None and first.rings is not None:
        boxes[first.rings.owner] = box_rings(first.rings)
    return boxes


def _find_crs(
    raw: RawLayer, request: UploadRequest, seen: Seen | None, ground: Ground
) -> Finding:
    if request.register_layer.shape is Shape.NONE:
        return Finding("crs", None, "declared")
    words = Words(raw.crs, raw.crs_implied)
    try:
        return decide_crs(request.crs, words, seen, ground)
    except FileRefused as refusal:
        one_county = len(request.division_code) >= _COUNTY_DIGITS
        if one_county or refusal.reason != "outside_county":
            raise
        # A prefecture's file may be of a county that is not drawn yet. Rows of drawn
        # ones are still held against them one by one.
        return decide_crs(request.crs, words, seen, Ground())


def _bounds(
    crs: Finding, seen: Seen | None
) -> tuple[float, float, float, float] | None:
    if crs.value is None or seen is None:
        return None
    lonlat = place(seen.points, crs.value)
    return None if lonlat is None else box_of(lonlat)


def _samples(first: RawBatch | None) -> list[Row]:
    if first is None:
        return []
    shown = {name: _shown(first, name) for name in first.columns}
    count = min(SAMPLE_ROWS, len(first))
    return [{name: values[i] for name, values in shown.items()} for i in range(count)]


def _shown(first: RawBatch | None, name: str) -> list[str | None]:
    """Return the first values of a field as text."""
    if first is None or name not in first.columns:
        return []
    values = to_text(first.columns[name].slice(0, SAMPLE_ROWS)).to_pylist()
    return [value and value[:SAMPLE_LENGTH] for value in values]
