"""Does a row lie in the county and township it says, and meet their border? (core).

超出行政区、接边. How far a row may reach beyond its division is a tolerance, not a law:
outlines of divisions are drawn for other scales than parcels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parcels.area import measure_area
from parcels.codes import COUNTY_DIGITS, TOWNSHIP_DIGITS
from parcels.crs import transform_from_storage, transform_to_storage
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.outlines import Frame, Indices
from parcels.surveys.checks.overlaps import TILED_LAYERS
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.ground import Ground, Outline
from parcels.surveys.issues import Issues

CROSSING_LAYERS: Final = frozenset(
    {"restriction_area", "river", "theme_coverage", "water_source", "water_zone"}
)
"""Layers whose objects may cross a border; they may only not lie wholly elsewhere."""


def check_containment(
    candidates: Candidates,
    ground: Ground,
    srid: int,
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each row that reaches beyond its county or township.

    Rows whose division the register has not drawn are not judged. A row told as outside
    its county is not told again as outside the township within.
    """
    if candidates.stored is None:
        return
    elsewhere = [np.empty(0, dtype=np.int32)]
    for outline, rows in _groups(
        candidates, candidates.division_code, COUNTY_DIGITS, ground
    ):
        frame = Frame(outline, srid)
        for issues in _beyond(candidates, frame, rows, tolerances):
            if issues.kind == "outside_county" and issues.rows is not None:
                elsewhere.append(issues.rows)
            yield issues
        if candidates.layer.name in TILED_LAYERS:
            yield from _off_border(candidates, frame, rows, tolerances)
    if candidates.layer.name in CROSSING_LAYERS | {"division"}:
        return
    for codes in _township_codes(candidates):
        for outline, rows in _groups(candidates, codes, TOWNSHIP_DIGITS, ground):
            told = np.isin(candidates.rows[rows], np.concatenate(elsewhere))
            frame = Frame(outline, srid)
            yield from _outside_township(candidates, frame, rows[~told], tolerances)


def _groups(
    candidates: Candidates, codes: pa.Array, digits: int, ground: Ground
) -> Iterator[tuple[Outline, Indices]]:
    """Return the rows of each division that is drawn."""
    named = pc.utf8_slice_codeunits(codes, 0, digits)
    if candidates.layer.name == "division":
        # A county is not held against its own former outline.
        below = pc.greater(pc.utf8_length(codes), digits)
        named = pc.if_else(below, named, pa.scalar(None, pa.string()))
    encoded = named.dictionary_encode()
    place = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    for index, code in enumerate(encoded.dictionary.to_pylist()):
        outline = ground.find(code)
        if outline is not None and len(outline.code) == digits:
            yield outline, np.flatnonzero(place == index)


def _township_codes(candidates: Candidates) -> Iterator[pa.Array]:
    if "township_code" in candidates.values:
        yield candidates.values["township_code"]
    else:
        yield candidates.division_code


def _beyond(
    candidates: Candidates, frame: Frame, rows: Indices, tolerances: Tolerances
) -> Iterator[Issues]:
    assert candidates.stored is not None
    outside = frame.find_outside(candidates.stored, rows)
    if not len(outside):
        return
    metric = transform_from_storage(candidates.stored[outside], frame.metric_srid)
    reach = frame.measure_reach(metric)
    far = reach > tolerances.border_margin_m
    if candidates.layer.name in CROSSING_LAYERS:
        far &= ~shapely.intersects(frame.metric, metric)
        yield from _tell(candidates, "outside_county", outside, reach, far, frame)
        return
    yield from _tell(candidates, "outside_county", outside, reach, far, frame)
    # By more than the same boundary drawn twice.
    slightly = ~far & (reach > tolerances.same_line_m)
    yield from _tell(candidates, "beyond_county", outside, reach, slightly, frame)


def _outside_township(
    candidates: Candidates, frame: Frame, rows: Indices, tolerances: Tolerances
) -> Iterator[Issues]:
    assert candidates.stored is not None
    outside = frame.find_outside(candidates.stored, rows)
    if len(outside):
        metric = transform_from_storage(candidates.stored[outside], frame.metric_srid)
        reach = frame.measure_reach(metric)
        far = reach > tolerances.border_margin_m
        yield from _tell(candidates, "outside_township", outside, reach, far, frame)


def _tell(
    candidates: Candidates,
    kind: str,
    outside: Indices,
    reach: npt.NDArray[np.float64],
    chosen: npt.NDArray[np.bool_],
    frame: Frame,
) -> Iterator[Issues]:
    """Show what lies beyond the outline, its area and how far it reaches."""
    indices = outside[chosen]
    if not len(indices):
        return
    assert candidates.stored is not None
    beyond = frame.find_beyond(candidates.stored[indices])
    yield Issues(
        kind,
        candidates.rows[indices],
        details={
            "division": frame.outline.code,
            "division_name_zh": frame.outline.name_zh,
            "division_name_en": frame.outline.name_en,
            "area_m2": round_all(measure_area(beyond)),
            "distance_m": round_all(reach[chosen]),
        },
        shapes=beyond,
    )


def _off_border(
    candidates: Candidates, frame: Frame, rows: Indices, tolerances: Tolerances
) -> Iterator[Issues]:
    """Tell vertices that should lie on the county's border and lie beside it."""
    assert candidates.stored is not None
    near = frame.find_near_border(candidates.stored, rows)
    if not len(near):
        return
    metric = transform_from_storage(candidates.stored[near], frame.metric_srid)
    close = shapely.dwithin(frame.boundary, metric, tolerances.edge_match_m)
    near, metric = near[close], metric[close]
    points, owner = shapely.get_parts(
        shapely.extract_unique_points(metric), return_index=True
    )
    beside, distance = frame.measure_beside(points, tolerances.edge_match_m)
    off = distance > tolerances.same_line_m
    beside, distance = beside[off], distance[off]
    if not len(beside):
        return
    faulty, group, count = np.unique(
        owner[beside], return_inverse=True, return_counts=True
    )
    farthest = np.zeros(len(faulty))
    np.maximum.at(farthest, group, distance)
    shapes = shapely.multipoints(points[beside], indices=group)
    yield Issues(
        "border_not_matched",
        candidates.rows[near[faulty]],
        details={
            "division": frame.outline.code,
            "division_name_zh": frame.outline.name_zh,
            "division_name_en": frame.outline.name_en,
            "count": count,
            "distance_m": round_all(farthest, 3),
        },
        shapes=transform_to_storage(shapes, frame.metric_srid),
    )
