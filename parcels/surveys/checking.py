"""Which checks does a survey go through? (core).

`ROW_CHECKS` see every batch of rows once it is understood and has its geometry;
`WHOLE_CHECKS` see the whole file after the last of them. A check is added by its name
here and nowhere else; how many rows each has seen is counted and kept with the upload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from parcels.register.layers import Shape
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.areas import check_areas
from parcels.surveys.checks.attributes import check_attributes
from parcels.surveys.checks.border_gaps import (
    check_border_gaps,
    draw_border,
    find_border_strips,
)
from parcels.surveys.checks.consistency import check_consistency
from parcels.surveys.checks.containment import check_containment
from parcels.surveys.checks.coverage import (
    IndexedRows,
    index_rows,
    view_coverage,
)
from parcels.surveys.checks.divisions import check_divisions
from parcels.surveys.checks.duplicates import check_duplicates
from parcels.surveys.checks.gaps import check_gaps, find_cover
from parcels.surveys.checks.land_survey import (
    check_land_survey,
    names_land_survey,
)
from parcels.surveys.checks.overlaps import check_overlaps, find_overlaps
from parcels.surveys.checks.parts import ONE_PART_LAYERS, check_parts
from parcels.surveys.checks.plot_fields import check_plot_fields
from parcels.surveys.checks.positions import (
    check_positions,
    check_repeated_points,
)
from parcels.surveys.checks.repeated_shapes import check_repeated, find_repeated
from parcels.surveys.checks.results import check_outliers, check_repeats
from parcels.surveys.checks.vertices import check_vertices
from parcels.surveys.ground import Ground, Outline
from parcels.surveys.issues import Issues
from parcels.surveys.mapping import FieldMapping
from parcels.surveys.request import UploadRequest
from parcels.surveys.whole_file import WholeFile


@dataclass(frozen=True, slots=True)
class Survey:
    """Known of a file beside its rows: declaration, fields, the register's ground."""

    request: UploadRequest
    mapping: FieldMapping
    ground: Ground


RowCheck = Callable[[Candidates, Survey], Iterable[Issues]]
WholeCheck = Callable[[WholeFile, Survey], Iterable[Issues]]


def _attributes(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    return check_attributes(candidates, survey.request.valid_from)


def _divisions(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    return check_divisions(candidates, survey.request.division_code)


def _areas(candidates: Candidates, _: Survey) -> Iterable[Issues]:
    return check_areas(candidates)


def _vertices(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    plane, srid = candidates.plane, survey.request.crs
    if plane is None or srid is None:
        return ()
    return check_vertices(plane.others, candidates.rows, srid, plane.rings)


def _parts(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    plane, srid = candidates.plane, survey.request.crs
    if plane is None or srid is None:
        return ()
    several = None
    if candidates.layer.name in ONE_PART_LAYERS:
        land_survey = names_land_survey(survey.mapping)
        several = (
            "geometry_multipart_land_survey" if land_survey else "geometry_multipart"
        )
    # A plain ring is one part without a hole.
    return check_parts(plane.others, candidates.rows, srid, several)


def _duplicates(whole: WholeFile, survey: Survey) -> Iterable[Issues]:
    return check_duplicates(
        whole.codes, whole.divisions, whole.rows, survey.mapping.code
    )


def _heights(whole: WholeFile, _: Survey) -> Iterator[Issues]:
    if whole.heights:
        yield Issues("heights_dropped", None, details={"count": whole.heights})


def _topology(whole: WholeFile, survey: Survey) -> Iterator[Issues]:
    srid = survey.request.crs
    if srid is None:
        return
    codes = whole.codes.to_numpy(zero_copy_only=False)
    for group in _side_by_side(np.flatnonzero(whole.present), codes, survey):
        yield from _beside(whole, group, codes, srid, survey)


def _beside(
    whole: WholeFile,
    group: npt.NDArray[np.int64],
    codes: npt.NDArray[Any],
    srid: int,
    survey: Survey,
) -> Iterator[Issues]:
    """Check how rows lie beside each other and the border."""
    tiling = _is_tiling(survey)
    indexed, unmatched = _index(whole, group, srid)
    repeated = find_repeated(indexed.plane, unmatched, whole.periods[group])
    yield from check_repeated(repeated, whole.rows[group], codes[group])
    if len(repeated.later):
        group = np.delete(group, repeated.later)
        indexed, unmatched = _index(whole, group, srid)
    rows, code, periods = whole.rows[group], codes[group], whole.periods[group]
    borders = [draw_border(one, indexed) for one in _borders(code, survey)]
    with ThreadPoolExecutor(1) as beside:
        # A second a million, as long as all the rest; both let others run.
        strips = [beside.submit(find_border_strips, indexed, one) for one in borders]
        coverage = view_coverage(indexed, unmatched)
        found, cover = find_overlaps(coverage, periods), find_cover(coverage)
        yield from check_overlaps(coverage, found, rows, code)
        yield from check_gaps(coverage, cover, found, rows, code, tiling=tiling)
        for border, strip in zip(borders, strips, strict=True):
            yield from check_border_gaps(
                coverage,
                cover,
                border,
                strip.result(),
                rows,
                code,
                tiling=tiling,
                whole=survey.request.update == "whole",
            )


def _index(
    whole: WholeFile, group: npt.NDArray[np.int64], srid: int
) -> tuple[IndexedRows, npt.NDArray[np.int64]]:
    """Return rows indexed, and those with an edge that no neighbour walks backwards.

    Both take a second a million, and both let others run.
    """
    with ThreadPoolExecutor(1) as beside:
        unmatched = beside.submit(whole.find_unmatched, group)
        return index_rows(whole.draw(group), srid), unmatched.result()


def _side_by_side(
    present: npt.NDArray[np.int64], codes: npt.NDArray[Any], survey: Survey
) -> list[npt.NDArray[np.int64]]:
    """Return groups of rows that lie beside each other: divisions level by level."""
    if survey.request.layer != "division":
        return [present] if len(present) else []
    levels = np.array([len(codes[one] or "") for one in present.tolist()])
    return [present[levels == level] for level in np.unique(levels)]


def _borders(codes: npt.NDArray[Any], survey: Survey) -> list[Outline]:
    """Return the outlines that rows side by side have to fill: never their own."""
    scope, ground = survey.request.division_code, survey.ground
    outlines = [one for one in ground.townships if one.code == scope]
    outlines = outlines or list(ground.counties)
    if survey.request.layer != "division":
        return outlines
    return [one for one in outlines if len(one.code) < len(codes[0] or "")]


def _is_tiling(survey: Survey) -> bool:
    """Tell whether the rows have to cover all their ground between them."""
    return survey.request.layer == "division" or names_land_survey(survey.mapping)


def _land_survey(candidates: Candidates, _: Survey) -> Iterable[Issues]:
    return check_land_survey(candidates)


def _containment(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    if survey.request.crs is None:
        return ()
    return check_containment(candidates, survey.ground, survey.request.crs)


def _consistency(candidates: Candidates, survey: Survey) -> Iterable[Issues]:
    return check_consistency(candidates, survey.request.valid_from)


def _plot_fields(candidates: Candidates, _: Survey) -> Iterable[Issues]:
    return check_plot_fields(candidates)


def _positions(candidates: Candidates, _: Survey) -> Iterable[Issues]:
    return check_positions(candidates)


def _repeated_points(whole: WholeFile, survey: Survey) -> Iterable[Issues]:
    shape = survey.request.register_layer.shape
    if whole.places is None or shape not in (Shape.POINT, Shape.PLACE):
        return ()
    return check_repeated_points(whole.places, whole.rows)


def _results(whole: WholeFile, survey: Survey) -> Iterator[Issues]:
    if whole.results is None:
        return
    fields = survey.mapping.attributes
    yield from check_repeats(whole.results, whole.rows, fields.get("analyte"))
    yield from check_outliers(whole.results, whole.rows, fields.get("value"))


ROW_CHECKS: Final[tuple[tuple[str, RowCheck], ...]] = (
    ("attributes", _attributes),
    ("divisions", _divisions),
    ("areas", _areas),
    ("vertices", _vertices),
    ("parts", _parts),
    ("land_survey", _land_survey),
    ("containment", _containment),
    ("consistency", _consistency),
    ("plot_fields", _plot_fields),
    ("positions", _positions),
)
WHOLE_CHECKS: Final[tuple[tuple[str, WholeCheck], ...]] = (
    ("duplicates", _duplicates),
    ("heights", _heights),
    ("topology", _topology),
    ("repeated_points", _repeated_points),
    ("results", _results),
)
