"""A surface as GeoTIFF (shell): value, deviation and probability as bands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from parcels.refusal import Refusal
from screening.runs.repository import ResultRow, Run
from screening.runs.surface_rows import CELL, SURFACE
from screening.surfaces.classes import BANDS

_TOLD: Final = (
    "method",
    "model",
    "logarithms",
    "nugget",
    "sill",
    "range_m",
    "nugget_ratio",
    "points",
    "non_detects",
    "mean_error",
    "rmse",
    "r2",
)


class NoRaster(Refusal):
    """A run of another kind has no raster."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "no_raster",
            f"{kind} 的结果不是栅格；请选择其他格式。",
            f"A run of the kind {kind} has no raster; take another format.",
        )


def write_raster(run: Run, found: Iterable[ResultRow], path: Path) -> None:
    """Write the cells of a surface as float32, NaN where nothing is said.

    Raises
    ------
    NoRaster
        If the run is no surface.
    """
    if run.kind != SURFACE:
        raise NoRaster(run.kind)
    rows = iter(found)
    terms = next(rows).row.values
    shape = (len(BANDS), terms["rows"], terms["columns"])
    cells = np.full(shape, np.nan, np.float32)
    for each in rows:
        values = each.row.values
        if values["row"] == CELL:
            place = values["grid_row"], values["grid_column"]
            for band, name in enumerate(BANDS):
                if values[name] is not None:
                    cells[band, *place] = values[name]
    _write(run, terms, cells, path)


def _write(run: Run, terms: Mapping[str, Any], cells: np.ndarray, path: Path) -> None:
    import rasterio
    from rasterio.transform import from_origin

    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=terms["columns"],
        height=terms["rows"],
        count=len(BANDS),
        dtype="float32",
        nodata=float("nan"),
        crs=f"EPSG:{terms['srid']}",
        transform=from_origin(
            terms["west_m"], terms["north_m"], terms["cell_m"], terms["cell_m"]
        ),
        compress="deflate",
        predictor=3,
    ) as raster:
        raster.write(cells)
        for band, name in enumerate(BANDS, start=1):
            raster.set_band_description(band, name)
        told = {name: str(terms[name]) for name in _TOLD if terms.get(name) is not None}
        raster.update_tags(
            item=run.parameters["item"],
            run=str(run.id),
            as_of=run.as_of.isoformat(),
            note="for drawing and checking only; sets no category",
            **told,
        )
