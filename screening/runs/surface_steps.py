"""A surface as a map shows it (shell): its cells read back and gathered into steps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from parcels.refusal import Refusal
from screening.runs.raster import NoRaster
from screening.runs.repository import ResultRow, Run
from screening.runs.surface_rows import CELL, SURFACE
from screening.surfaces.classes import Band, Step, gather_steps, known_bands
from screening.surfaces.surface import Cells, Grid


class NoBand(Refusal):
    """A surface knows nothing of this kind; it says what it knows."""

    def __init__(self, band: str, known: tuple[Band, ...]) -> None:
        super().__init__(
            "no_band",
            f"该插值面没有 {band}；可选：{', '.join(known)}。",
            f"This surface has no {band}; it has: {', '.join(known)}.",
        )


def read_steps(
    run: Run, found: Iterable[ResultRow], band: Band
) -> tuple[tuple[Band, ...], list[Step]]:
    """Return the bands a surface knows, and the steps of one of them.

    Raises
    ------
    NoRaster
        If the run is no surface.
    NoBand
        If it does not know that band.
    """
    if run.kind != SURFACE:
        raise NoRaster(run.kind)
    rows = iter(found)
    terms = next(rows).row.values
    grid = Grid(
        terms["west_m"],
        terms["north_m"],
        terms["cell_m"],
        terms["columns"],
        terms["rows"],
    )
    cells = _cells(rows)
    known = known_bands(cells)
    if band not in known:
        raise NoBand(band, known)
    return known, gather_steps(cells, grid, terms["srid"], band)


def _cells(rows: Iterable[ResultRow]) -> Cells:
    values = [one for row in rows if (one := row.row.values)["row"] == CELL]

    def column(name: str) -> np.ndarray:
        return np.array([one[name] for one in values], np.float64)

    return Cells(
        column=column("grid_column").astype(np.int64),
        row=column("grid_row").astype(np.int64),
        value=column("value"),
        deviation=column("deviation"),
        probability=column("probability"),
    )
