"""Exported rows as a zipped shapefile (shell).

A layer of boundaries and points becomes two shapefiles, as the format holds one kind of
geometry each; a layer without ground becomes its table alone. Beside them lies the list
of what the tables do not hold.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parcels.crs import STORAGE_SRID
from parcels.exports.columns import GEOMETRY
from parcels.exports.dbf_table import CPG, write_dbf
from parcels.exports.formats import too_large_for_shapefile
from parcels.exports.not_held import HEADINGS, NotHeld, list_rows
from parcels.register.layers import Layer, Shape

LIST_SUFFIX: Final = "_not_held.csv"
_LARGEST: Final = 2**31 - 2**20
_TYPES: Final = {
    Shape.AREA: "MultiPolygon",
    Shape.AREA_OR_NONE: "MultiPolygon",
    Shape.PLACE: "MultiPolygon",
    Shape.POINT: "Point",
    Shape.LINE: "MultiLineString",
}


def write_shapefiles(
    layer: Layer, rows: pa.Table, path: Path, on: date
) -> list[NotHeld]:
    """Write a layer as a new zip; return what its tables do not hold.

    Raises
    ------
    NotExportable
        If a member would exceed 2 GB.
    """
    losses: list[NotHeld] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for name, kind, part in _parts(layer, rows):
            table, lost = write_dbf(layer, part, on)
            losses += lost
            if len(table) > _LARGEST:
                raise too_large_for_shapefile(len(table))
            archive.writestr(f"{name}.dbf", table)
            archive.writestr(f"{name}.cpg", CPG)
            if kind is not None:
                _add_shapes(archive, name, kind, part, path.parent)
        archive.writestr(f"{layer.name}{LIST_SUFFIX}", _write_list(losses))
    return losses


def _parts(layer: Layer, rows: pa.Table) -> Iterator[tuple[str, str | None, pa.Table]]:
    """Give each shapefile's name, kind of geometry and rows."""
    if layer.shape is Shape.NONE:
        yield layer.name, None, rows
        return
    if layer.shape is not Shape.PLACE:
        yield layer.name, _TYPES[layer.shape], rows
        return
    points = _are_points(rows)
    if not points.all() or not len(points):
        yield layer.name, _TYPES[layer.shape], rows.filter(pa.array(~points))
    if points.any():
        yield f"{layer.name}_points", "Point", rows.filter(pa.array(points))


def _are_points(rows: pa.Table) -> npt.NDArray[np.bool_]:
    shapes = shapely.from_wkb(rows.column(GEOMETRY).to_pylist())
    return np.asarray(shapely.get_type_id(shapes) == shapely.GeometryType.POINT)


def _add_shapes(
    archive: zipfile.ZipFile, name: str, kind: str, rows: pa.Table, folder: Path
) -> None:
    """Add .shp, .shx and .prj, made by GDAL in a folder."""
    import pyogrio

    size = pc.sum(pc.binary_length(rows.column(GEOMETRY))).as_py() or 0
    if size > _LARGEST:
        raise too_large_for_shapefile(size)
    number = pa.array(np.arange(rows.num_rows, dtype=np.int32))
    target = folder / f"{name}.shp"
    pyogrio.write_arrow(
        pa.table({"n": number, GEOMETRY: rows.column(GEOMETRY)}),
        target,
        driver="ESRI Shapefile",
        geometry_type=kind,
        geometry_name=GEOMETRY,
        crs=f"EPSG:{STORAGE_SRID}",
    )
    for suffix in (".shp", ".shx", ".prj"):
        archive.write(target.with_suffix(suffix), f"{name}{suffix}")
    for left in folder.glob(f"{name}.*"):
        if left.suffix in {".shp", ".shx", ".prj", ".dbf", ".cpg"}:
            left.unlink()


def _write_list(losses: list[NotHeld]) -> bytes:
    """Return the list as CSV that office programs open as it is."""
    from parcels.surveys.vector_files import harmless

    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(HEADINGS)
    writer.writerows([harmless(one) for one in row] for row in list_rows(losses))
    return sheet.getvalue().encode("utf-8-sig")
