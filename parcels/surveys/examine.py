"""Read a survey file and check every row of it (shell, in the child process).

Takes a job from a file and leaves three: accepted rows, issues, and facts about the
file. It knows no database and has no rights beyond its scratch folder's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyproj
import shapely

from parcels.area import measure_area
from parcels.register.layers import Shape
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.areas import check_areas
from parcels.surveys.checks.attributes import check_attributes
from parcels.surveys.checks.divisions import check_divisions
from parcels.surveys.checks.duplicates import check_duplicates
from parcels.surveys.checks.geometries import (
    check_plane,
    check_presence,
    check_stored,
)
from parcels.surveys.checks.overlaps import TILED_LAYERS, check_overlaps
from parcels.surveys.examine_files import FACTS_FILE, ISSUES_FILE, ROWS_FILE
from parcels.surveys.geometry import flatten, from_wkb, to_storage
from parcels.surveys.ground import Ground
from parcels.surveys.issues import Issues, combine
from parcels.surveys.limits import Limits
from parcels.surveys.mapping import FieldMapping, check_fields, map_fields
from parcels.surveys.points import CoordinateFields, choose_coordinates, make_points
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.read import SurveyFile, read_layer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.staged_file import StagedWriter
from parcels.surveys.understand import faulty_rows, understand


@dataclass(slots=True)
class WholeFile:
    """What must be remembered of every row to check the file as a whole."""

    codes: list[pa.Array] = field(default_factory=list)
    divisions: list[pa.Array] = field(default_factory=list)
    rows: list[npt.NDArray[np.int32]] = field(default_factory=list)
    places: list[npt.NDArray[np.float64]] = field(default_factory=list)
    planes: list[npt.NDArray[Any]] = field(default_factory=list)
    periods: list[npt.NDArray[np.int64]] = field(default_factory=list)
    heights: int = 0


def examine(
    file: SurveyFile,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    results: Path,
) -> None:
    """Examine one file; `results` is the folder for the three files it leaves.

    Parameters
    ----------
    ground
        What the register draws of the division the file is for.

    Raises
    ------
    FileRefused
        If the file as a whole cannot be taken.
    """
    layer = request.register_layer
    if request.crs is None and layer.shape not in (Shape.NONE, Shape.AREA_OR_NONE):
        raise FileRefused("crs_not_declared")
    raw = read_layer(file, request, limits)
    mapping = map_fields(raw.fields, request)
    place = _coordinates(raw, mapping, request)
    issues = check_fields(mapping, layer) + _check_crs(raw, request)
    whole = WholeFile()
    accepted = 0
    with StagedWriter(results / ROWS_FILE, layer, mapping) as writer:
        for batch in raw.batches:
            candidates, found = _examine_batch(batch, mapping, request, place, whole)
            accepted += writer.write(candidates, faulty_rows(found))
            issues += found
    if not whole.rows or not sum(len(rows) for rows in whole.rows):
        raise FileRefused("no_rows")
    issues += _check_whole(whole, mapping, request)
    table = _with_places(combine(issues), whole)
    _write_table(results / ISSUES_FILE, table)
    _write_facts(results / FACTS_FILE, raw, mapping, whole, accepted, place)


def _coordinates(
    raw: RawLayer, mapping: FieldMapping, request: UploadRequest
) -> CoordinateFields | None:
    """Return the coordinate columns of a table without geometry, if it needs any."""
    layer = request.register_layer
    if raw.has_geometry or layer.shape in (Shape.NONE, Shape.AREA_OR_NONE):
        return None
    assert request.crs is not None
    return choose_coordinates(raw.fields, mapping.attributes, layer, request.crs)


def _check_crs(raw: RawLayer, request: UploadRequest) -> list[Issues]:
    """Tell when the file's own words on its CRS differ from the declaration."""
    if raw.crs is None or request.crs is None:
        return []
    found = _epsg(raw.crs)
    # GeoJSON without a word is WGS 84, which is taken for CGCS2000 as it is.
    if found is None or found in (str(request.crs), "4326"):
        return []
    details = {"found": f"EPSG:{found}", "srid": request.crs}
    return [Issues("crs_contradicts_file", None, details=details)]


def _epsg(text: str) -> str | None:
    try:
        authority = pyproj.CRS.from_user_input(text).to_authority(min_confidence=70)
    except pyproj.exceptions.CRSError:
        return None
    return authority[1] if authority and authority[0] == "EPSG" else None


def _examine_batch(
    batch: RawBatch,
    mapping: FieldMapping,
    request: UploadRequest,
    place: CoordinateFields | None,
    whole: WholeFile,
) -> tuple[Candidates, list[Issues]]:
    layer = request.register_layer
    candidates, issues = understand(batch, mapping, layer, request.division_code)
    if layer.shape is not Shape.NONE:
        issues += _place(candidates, batch, request, place, whole)
    issues += check_attributes(candidates, request.valid_from)
    issues += check_divisions(candidates, request.division_code)
    issues += check_areas(candidates)
    _remember(candidates, whole, request)
    return candidates, issues


def _place(
    candidates: Candidates,
    batch: RawBatch,
    request: UploadRequest,
    place: CoordinateFields | None,
    whole: WholeFile,
) -> list[Issues]:
    """Give the rows their geometry; return what is wrong with it."""
    layer = request.register_layer
    unreadable: npt.NDArray[np.int64] = np.empty(0, np.int64)
    issues: list[Issues] = []
    if place is not None:
        plane, issues = make_points(batch.columns, batch.rows, place)
    elif batch.geometry is not None:
        plane, unreadable = from_wkb(batch.geometry)
    else:
        plane = np.full(len(batch), None, dtype=object)
    plane, heights = flatten(plane)
    whole.heights += heights
    issues += check_presence(plane, unreadable, batch.rows, layer.shape)
    _to_register(candidates, plane, request, issues)
    return issues


def _to_register(
    candidates: Candidates,
    plane: npt.NDArray[Any],
    request: UploadRequest,
    issues: list[Issues],
) -> None:
    layer, srid = request.register_layer, request.crs
    if srid is None:
        if not shapely.is_missing(plane).all():
            raise FileRefused("crs_not_declared")
        candidates.plane = candidates.stored = plane
    else:
        found = list(check_plane(plane, candidates.rows, layer.shape, srid))
        plane[np.isin(candidates.rows, faulty_rows(found))] = None
        candidates.plane, candidates.stored = plane, to_storage(plane, srid)
        found += check_stored(candidates.stored, candidates.rows)
        issues += found
    areas = measure_area(candidates.stored)
    areas[shapely.get_dimensions(candidates.stored) != 2] = np.nan
    candidates.mapped_area_m2 = areas


def _remember(candidates: Candidates, whole: WholeFile, request: UploadRequest) -> None:
    whole.codes.append(candidates.code)
    whole.divisions.append(candidates.division_code)
    whole.rows.append(candidates.rows)
    if candidates.stored is not None:
        bounds = shapely.bounds(candidates.stored)
        whole.places.append((bounds[:, :2] + bounds[:, 2:]) / 2)
        if candidates.layer.name in TILED_LAYERS and candidates.plane is not None:
            whole.planes.append(candidates.plane)
            whole.periods.append(_periods(candidates, request))


def _periods(candidates: Candidates, request: UploadRequest) -> npt.NDArray[np.int64]:
    """Return the days a row holds from and to, as numbers; open ends lie far off."""
    begin = candidates.valid_from.cast(pa.int32()).fill_null(_day(request.valid_from))
    end = candidates.valid_to.cast(pa.int32()).fill_null(_day(date.max))
    return np.column_stack((begin.to_numpy(), end.to_numpy())).astype(np.int64)


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _check_whole(
    whole: WholeFile, mapping: FieldMapping, request: UploadRequest
) -> list[Issues]:
    rows = np.concatenate(whole.rows)
    codes = pa.chunked_array(whole.codes)
    divisions = pa.chunked_array(whole.divisions)
    issues = list(check_duplicates(codes, divisions, rows, mapping.code))
    if whole.heights:
        details = {"count": whole.heights}
        issues.append(Issues("heights_dropped", None, details=details))
    if whole.planes and request.crs is not None:
        plane = np.concatenate(whole.planes)
        present = ~shapely.is_missing(plane)
        written = codes.to_numpy(zero_copy_only=False)
        issues += check_overlaps(
            plane[present],
            rows[present],
            written[present],
            np.concatenate(whole.periods)[present],
            request.crs,
        )
    return issues


def _with_places(issues: pa.Table, whole: WholeFile) -> pa.Table:
    """Give every issue of a row a coordinate where the row has a geometry."""
    if not whole.places or not issues.num_rows:
        return issues
    rows, places = np.concatenate(whole.rows), np.concatenate(whole.places)
    named = issues["row"].fill_null(0).to_numpy()
    index = np.minimum(np.searchsorted(rows, named), len(rows) - 1)
    known = rows[index] == named
    for axis, name in enumerate(("longitude", "latitude")):
        own = issues[name].to_numpy()
        filled = np.where(np.isnan(own) & known, places[index, axis], own)
        place = issues.schema.get_field_index(name)
        column = pa.array(filled, from_pandas=True)
        issues = issues.set_column(place, issues.schema.field(name), column)
    return issues


def _write_table(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)


def _write_facts(
    path: Path,
    raw: RawLayer,
    mapping: FieldMapping,
    whole: WholeFile,
    accepted: int,
    place: CoordinateFields | None,
) -> None:
    coordinates = place or ()
    facts = {
        "rows": int(sum(len(rows) for rows in whole.rows)),
        "accepted": accepted,
        "fields": list(raw.fields),
        "mapping": {**dict(mapping.attributes), "code": mapping.code},
        "coordinate_fields": list(coordinates),
        "unused_fields": [one for one in mapping.unused if one not in coordinates],
    }
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
