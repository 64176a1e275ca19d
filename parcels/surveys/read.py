"""What layer does this file hold? (shell, in the child process).

The format is told by name and content together: a file that calls itself GeoJSON and
is something else is refused, and GDAL is left with only the drivers that are wanted
here (`confinement` sets this), so no file can make it open another.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyogrio

from parcels.surveys.limits import Limits
from parcels.surveys.raw import BATCH_ROWS, RawBatch, RawLayer, number_rows
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.shapefile import (
    ShapefileSet,
    extract_shapefile,
    list_shapefiles,
    read_shapefile,
)
from parcels.surveys.sheets import read_csv, read_xlsx
from parcels.surveys.unpack import open_archive

_ZIP: Final = b"PK\x03\x04"
_SQLITE: Final = b"SQLite format 3\0"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """A file to read: its bytes, the name it was sent under, and where to unpack."""

    path: Path
    name: str
    scratch: Path


Reader = Callable[[SurveyFile, UploadRequest, Limits], RawLayer]


def read_layer(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    """Return the layer of a file that the request asks for.

    Raises
    ------
    FileRefused
        If the format is not taken, the file is damaged, or it holds several layers
        and none was named.
    """
    if file.path.stat().st_size == 0:
        raise FileRefused("empty_file")
    suffix = Path(file.name).suffix.lower()
    if suffix in (".dxf", ".dwg"):
        raise FileRefused("format_dxf")
    if suffix in (".shp", ".dbf", ".shx"):
        raise FileRefused("bare_shapefile")
    if suffix not in _READERS:
        raise FileRefused("format_unknown", name=file.name)
    return _READERS[suffix](file, request, limits)


def _begins(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)


def _read_zip(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    if not _begins(file.path, 4).startswith(b"PK"):
        raise FileRefused("format_mismatch", name=file.name, expected="zip")
    with open_archive(file.path, limits) as archive:
        one = _choose(list_shapefiles(archive), request.member)
        stem = extract_shapefile(archive, one, file.scratch)
    return read_shapefile(stem, one.name, request.encoding, limits)


def _choose(sets: tuple[ShapefileSet, ...], wanted: str | None) -> ShapefileSet:
    if not sets:
        raise FileRefused("no_layer")
    found = ", ".join(one.name for one in sets)
    if wanted is None:
        if len(sets) > 1:
            raise FileRefused("several_layers", found=found)
        return sets[0]
    for one in sets:
        if one.name.lower() == wanted.lower().removesuffix(".shp"):
            return one
    raise FileRefused("layer_not_in_file", member=wanted, found=found)


def _read_geopackage(
    file: SurveyFile, request: UploadRequest, limits: Limits
) -> RawLayer:
    if _begins(file.path, 16) != _SQLITE:
        raise FileRefused("format_mismatch", name=file.name, expected="GeoPackage")
    return _read_vector(file, ".gpkg", request, limits)


def _read_geojson(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    if not _begins(file.path, 64).removeprefix(_BOM).lstrip().startswith(b"{"):
        raise FileRefused("format_mismatch", name=file.name, expected="GeoJSON")
    return _read_vector(file, ".geojson", request, limits)


def _read_vector(
    file: SurveyFile, suffix: str, request: UploadRequest, limits: Limits
) -> RawLayer:
    """Read a copy under a name of ours: SQLite may write beside what it opens."""
    path = file.scratch / f"layer{suffix}"
    shutil.copyfile(file.path, path)
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    name = _choose_layer(names, request.member)
    info = pyogrio.read_info(path, layer=name, force_feature_count=True)
    if info["features"] > limits.rows:
        raise FileRefused("too_many_rows", found=info["features"], limit=limits.rows)
    return RawLayer(
        fields=tuple(str(one) for one in info["fields"]),
        has_geometry=info["geometry_type"] is not None,
        batches=_vector_batches(path, name),
        crs=info["crs"],
        crs_implied=suffix == ".geojson",
    )


def _choose_layer(names: list[str], wanted: str | None) -> str:
    if not names:
        raise FileRefused("no_rows")
    if wanted is None:
        if len(names) > 1:
            raise FileRefused("several_layers", found=", ".join(names))
        return names[0]
    if wanted not in names:
        raise FileRefused("layer_not_in_file", member=wanted, found=", ".join(names))
    return wanted


def _vector_batches(path: Path, layer: str) -> Iterator[RawBatch]:
    with pyogrio.open_arrow(
        path, layer=layer, use_pyarrow=True, batch_size=BATCH_ROWS
    ) as (meta, reader):
        first, geometry_name = 1, meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            geometry = columns.pop(geometry_name, None)
            rows = number_rows(first, batch.num_rows)
            first += batch.num_rows
            yield RawBatch(rows, columns, _plain_binary(geometry))


def _plain_binary(geometry: pa.Array | None) -> pa.Array | None:
    if isinstance(geometry, pa.ExtensionArray):
        return geometry.storage
    return geometry


def _read_csv(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    return read_csv(file.path, request.encoding, limits)


def _read_xlsx(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    if not _begins(file.path, 4).startswith(_ZIP):
        raise FileRefused("format_mismatch", name=file.name, expected="xlsx")
    return read_xlsx(file.path, request.member, limits)


_READERS: Final[dict[str, Reader]] = {
    ".zip": _read_zip,
    ".gpkg": _read_geopackage,
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
}
