"""Is there ground between the rows and their county's border? (core, whole file).

接边缝隙. Pieces of the county that no row covers, of two kinds: narrow ones, which are
faults in every layer of neighbours, and wide ones, which are gaps only where a layer
has to cover all its ground. Narrow ground is also found where it is open at its ends.

A partial file leaves out on purpose what lies beyond it: a piece larger than a share of
what its rows cover (`Tolerances.left_out_share`, a project default) is the rest of the
county and no gap. A whole file answers for every piece.

Ground on which a row lies that overlaps very many others is no gap either: that is told
of the row.

Complete, in the survey's own plane. Told once for each row beside the ground, so that a
border that two offices drew apart gives no more issues than it has rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.crs import transform_from_storage
from parcels.subdivision import boxes_around
from parcels.surveys.checks.coverage import (
    Coverage,
    Geometries,
    IndexedRows,
    Indices,
    move,
)
from parcels.surveys.checks.gaps import Cover, list_beside, meets_crowd
from parcels.surveys.checks.parts import is_sliver
from parcels.surveys.checks.short_lines import short_lines
from parcels.surveys.checks.strips import cut_covered, is_wide
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.ground import Outline
from parcels.surveys.issues import Issues

_CHUNK: Final = 64
"""Vertices of a border that are asked about together."""
_LEAST_ELONGATED: Final = 20.0
"""Length over mean width of an open strip: less is a corner where a row meets the
border at an angle (below 6° it cannot be told from a strip)."""
_ALONG_SHARE: Final = 0.3
_MOST_VERTICES: Final = 10_000
"""A larger piece is shown by its outline, simplified; its area is its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """A division's outline in the survey's plane, from its origin (行政区界线)."""

    outline: Outline
    shape: BaseGeometry


def draw_border(outline: Outline, file: IndexedRows) -> Border:
    """Return an outline of the register in the plane of a survey."""
    shape = transform_from_storage(outline.geometry, file.srid)
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    return Border(outline, move(valid, -file.origin))


def check_border_gaps(
    coverage: Coverage,
    cover: Cover,
    border: Border,
    strips: Geometries,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
    *,
    tiling: bool,
    whole: bool,
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each row beside ground that lies between rows and border.

    Parameters
    ----------
    cover
        What the rows cover together.
    strips
        What `find_border_strips` found.
    rows, codes
        Row number and code of each polygon.
    tiling, whole
        Whether the layer covers all its ground; whether the file is all of it.
    """
    pieces, covered = _uncovered(coverage, cover, border, tolerances)
    if covered <= 0:
        return
    narrow = is_sliver(pieces, coverage.srid, tolerances)
    told = ~narrow & tiling
    if not whole:
        told &= shapely.area(pieces) <= tolerances.left_out_share * covered
    closed = _to_border(pieces[narrow], coverage, tolerances)
    wide = _to_border(pieces[told], coverage, tolerances)
    strips = strips[~_is_told(strips, np.concatenate((closed, wide)))]
    for kind, ground in (
        ("border_gap_narrow", np.concatenate((closed, strips))),
        ("border_gap", wide),
    ):
        yield from _tell(kind, ground, coverage, border, rows, codes)


def _uncovered(
    coverage: Coverage, cover: Cover, border: Border, tolerances: Tolerances
) -> tuple[Geometries, float]:
    """Return the ground of a division on no row but for holes between rows.

    And the area that is covered, in the plane. The border is taken a millimetre
    further in, so that pieces end where a row comes as near to it as that.
    """
    line = tolerances.same_line_m / coverage.scale
    inner = shapely.buffer(border.shape, -line, join_style="mitre")
    near = cover.parts[shapely.intersects(shapely.box(*inner.bounds), cover.parts)]
    if not len(near) or inner.is_empty:
        return np.empty(0, dtype=object), 0.0
    rest = shapely.difference(inner, shapely.multipolygons(near))
    pieces = shapely.get_parts(rest)
    inside = shapely.point_on_surface(pieces)
    _, hole = shapely.STRtree(inside).query(cover.holes, predicate="intersects")
    kept = np.ones(len(pieces), dtype=bool)
    kept[coverage.tree.find_covered(inside)] = False
    covered = float(inner.area - shapely.area(pieces[kept]).sum())
    kept &= ~meets_crowd(pieces, coverage)
    kept[hole] = False
    kept &= is_wide(pieces, coverage, tolerances)
    return pieces[kept], covered


def _to_border(
    pieces: Geometries, coverage: Coverage, tolerances: Tolerances
) -> Geometries:
    """Return pieces with the millimetre along the border that they were cut by.

    Very large ones go without: there it is less than any figure shows.
    """
    line = tolerances.same_line_m / coverage.scale
    ground = pieces.copy()
    small = shapely.get_num_coordinates(pieces) <= _MOST_VERTICES
    grown = shapely.buffer(pieces[small], line, join_style="mitre")
    ground[small] = cut_covered(coverage, grown)
    return ground


def find_border_strips(
    file: IndexedRows, border: Border, tolerances: Tolerances = TOLERANCES
) -> Geometries:
    """Return the narrow ground between rows and border, open at an end or not."""
    width = tolerances.sliver_width_m / file.scale
    line = tolerances.same_line_m / file.scale
    chunks = _split(border.shape)
    part, edges = _edges_near(file, chunks, width)
    used, part = np.unique(part, return_inverse=True)
    chunks = chunks[used]
    reach, same = shapely.buffer(chunks, width), shapely.buffer(chunks, line)
    edges = shapely.difference(shapely.intersection(edges, reach[part]), same[part])
    apart = shapely.length(edges) > 0
    part, edges = part[apart], edges[apart]
    zone = shapely.intersection(reach, border.shape)
    facing = shapely.buffer(edges, width, cap_style="flat", join_style="mitre")
    bare = cut_covered(file, shapely.intersection(facing, zone[part]))
    pieces, owner = shapely.get_parts(bare, return_index=True)
    kept = shapely.get_type_id(pieces) == 3
    kept &= is_wide(pieces, file, tolerances)
    pieces, owner = pieces[kept], owner[kept]
    beside = 1e-6 / file.scale
    along = _lies_along(pieces, shapely.buffer(chunks, beside)[part[owner]])
    along &= _lies_along(pieces, shapely.buffer(edges, beside)[owner])
    return _joined(pieces[along])


def _edges_near(
    file: IndexedRows, chunks: Geometries, width: float
) -> tuple[Indices, Geometries]:
    """Return pairs of a part of the border and the lines of a row's edge near it."""
    _, rows = file.tree.query(boxes_around(chunks, width))
    rows = np.unique(rows)
    lines, owner = short_lines(shapely.boundary(file.plane[rows]))
    part, line = shapely.STRtree(lines).query(
        chunks, predicate="dwithin", distance=width
    )
    pairs, group = np.unique(
        np.column_stack((part, owner[line])), axis=0, return_inverse=True
    )
    order = np.argsort(group, kind="stable")
    edges = shapely.multilinestrings(lines[line[order]], indices=group[order])
    return pairs[:, 0], edges


def _split(shape: BaseGeometry) -> Geometries:
    """Return a boundary in lines of some vertices each."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    lines = []
    for ring in rings:
        xy = shapely.get_coordinates(ring)
        starts = range(0, len(xy) - 1, _CHUNK)
        lines += [shapely.LineString(xy[one : one + _CHUNK + 1]) for one in starts]
    return np.array(lines, dtype=object)


def _lies_along(pieces: Geometries, near: Geometries) -> npt.NDArray[np.bool_]:
    shared = shapely.length(shapely.intersection(shapely.boundary(pieces), near))
    along: npt.NDArray[np.bool_] = shared > _ALONG_SHARE * shapely.length(pieces)
    return along


def _joined(pieces: Geometries) -> Geometries:
    """Return each strip once, and none that is as wide as it is long."""
    if not len(pieces):
        return pieces
    joined = shapely.get_parts(shapely.disjoint_subset_union_all(pieces))
    slender = shapely.length(joined) ** 2 >= _LEAST_ELONGATED * 4 * shapely.area(joined)
    strips: Geometries = joined[slender]
    return strips


def _is_told(strips: Geometries, told: Geometries) -> npt.NDArray[np.bool_]:
    """Tell which strips lie mostly on ground that is told as a whole."""
    strip, piece = shapely.STRtree(told).query(strips, predicate="intersects")
    shared = shapely.area(shapely.intersection(strips[strip], told[piece]))
    sums = np.bincount(strip, shared, len(strips))
    mostly: npt.NDArray[np.bool_] = sums > shapely.area(strips) / 2
    return mostly


def _tell(
    kind: str,
    ground: Geometries,
    coverage: Coverage,
    border: Border,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
) -> Iterator[Issues]:
    """Tell ground with the first row beside it; what no row touches, of the file."""
    if not len(ground):
        return
    beside = list_beside(ground, coverage, rows)
    first = np.array([one[0] if len(one) else -1 for one in beside], np.int64)
    for of_rows in (True, False):
        chosen = np.flatnonzero((first >= 0) == of_rows)
        if len(chosen):
            owner, group = np.unique(first[chosen], return_inverse=True)
            yield _issues(
                kind,
                rows[owner] if of_rows else None,
                codes[owner] if of_rows else np.array([None], dtype=object),
                _grouped(ground[chosen], group),
                coverage,
                border,
            )


def _grouped(ground: Geometries, group: Indices) -> Geometries:
    parts, index = shapely.get_parts(ground, return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    order = np.argsort(group[index[polygons]], kind="stable")
    grouped: Geometries = shapely.multipolygons(
        parts[polygons][order], indices=group[index[polygons]][order]
    )
    return grouped


def _issues(
    kind: str,
    rows: npt.NDArray[np.int32] | None,
    codes: npt.NDArray[Any],
    shapes: Geometries,
    coverage: Coverage,
    border: Border,
) -> Issues:
    stored = coverage.to_storage(shapes)
    width = 2 * shapely.area(shapes) / shapely.length(shapes) * coverage.scale
    return Issues(
        kind,
        rows,
        details={
            "code": codes.tolist(),
            "division": border.outline.code,
            "division_name_zh": border.outline.name_zh,
            "division_name_en": border.outline.name_en,
            "count": shapely.get_num_geometries(shapes),
            "area_m2": round_all(measure_area(stored)),
            "width_m": round_all(width, 3),
        },
        shapes=np.array([_shown(one) for one in stored], dtype=object),
    )


def _shown(stored: BaseGeometry) -> BaseGeometry:
    """Return what is drawn of a piece: of a very large one its simplified outline."""
    step = 1e-5
    shown = stored
    while shapely.get_num_coordinates(shown) > _MOST_VERTICES:
        filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shown)))
        shown = shapely.simplify(shapely.multipolygons(filled), step)
        step *= 4
    return shown
