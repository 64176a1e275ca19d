"""What layer does this file hold? (shell, in the child process).

The format is told by name and content together: a file that calls itself GeoJSON and
is something else is refused, and GDAL is left with only the drivers that are wanted
here (`child` sets this), so no file can make it open another.
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyogrio

from parcels.register.layers import Shape
from parcels.surveys.coordinate_exchange import is_exchange, read_exchange
from parcels.surveys.geodatabase import extract_geodatabase, list_geodatabases
from parcels.surveys.geoparquet import MAGIC as PARQUET
from parcels.surveys.geoparquet import read_geoparquet
from parcels.surveys.limits import Limits
from parcels.surveys.members import FoundLayer, choose_member
from parcels.surveys.raw import BATCH_ROWS, RawBatch, RawLayer, number_rows
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.shapefile import (
    describe_shapefile,
    extract_shapefile,
    extract_table,
    list_shapefiles,
    read_shapefile,
    read_table,
)
from parcels.surveys.sheets import read_csv, read_xlsx
from parcels.surveys.unpack import ZipArchive, open_archive

_ZIP: Final = b"PK\x03\x04"
_WORKBOOKS: Final = (_ZIP, b"\xd0\xcf\x11\xe0")
"""How Excel files begin, new and old ones; many are renamed and not saved as CSV."""
_SQLITE: Final = b"SQLite format 3\0"
_FLATGEOBUF: Final = b"fgb\x03fgb"
_BOM: Final = b"\xef\xbb\xbf"
_UTF_16_BEGINS: Final = (
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    *("{".encode(order) for order in ("utf-16-le", "utf-16-be")),
)
"""How GeoJSON in UTF-16 begins, with and without a mark."""
_HEAD: Final = 4096
_BLOCK: Final = 1024 * 1024
_WGS84: Final = "EPSG:4326"
_REFUSED: Final = {
    ".dxf": "format_dxf",
    ".dwg": "format_dxf",
    ".shp": "bare_shapefile",
    ".dbf": "bare_shapefile",
    ".shx": "bare_shapefile",
    ".kml": "format_kml",
    ".kmz": "format_kml",
    ".ovkml": "format_kml",
    ".ovkmz": "format_kml",
    ".vct": "format_vct",
    ".mdb": "format_mdb",
    ".gdb": "bare_geodatabase",
    ".xls": "format_xls",
}
"""Extension → why no file of that format is taken."""


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """A file to read: its bytes, the name it was sent under, and where to unpack."""

    path: Path
    name: str
    scratch: Path


Reader = Callable[[SurveyFile, UploadRequest, Limits], RawLayer]


def read_layer(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    """Return the layer of a file that the request asks for, or the likeliest.

    Raises
    ------
    FileRefused
        If the format is not taken, or the file is damaged.
    """
    if file.path.stat().st_size == 0:
        raise FileRefused("empty_file")
    suffix = Path(file.name).suffix.lower()
    if suffix in _REFUSED:
        raise FileRefused(_REFUSED[suffix])
    if suffix not in _READERS:
        raise FileRefused("format_unknown", name=file.name)
    return _READERS[suffix](file, request, limits)


def _begins(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)


def _expect(file: SurveyFile, magic: bytes, expected: str) -> None:
    if not _begins(file.path, len(magic)) == magic:
        raise FileRefused("format_mismatch", name=file.name, expected=expected)


def _read_zip(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    _expect(file, b"PK", "zip")
    with open_archive(file.path, limits) as archive:
        shapefiles = list_shapefiles(archive)
        geodatabases = list_geodatabases(archive)
        if not shapefiles and not geodatabases:
            return _read_packed(archive, file, request, limits)
        if geodatabases:
            if shapefiles or len(geodatabases) > 1:
                names = [*geodatabases, *(one.name for one in shapefiles)]
                raise FileRefused("zip_several_sets", found=", ".join(names))
            (members,) = geodatabases.values()
            path = extract_geodatabase(archive, members, file.scratch)
            return _read_vector(path, request, limits)
        found = [describe_shapefile(archive, one) for one in shapefiles]
        member = choose_member(found, request)
        one = next(one for one in shapefiles if one.name == member.value)
        stem = extract_shapefile(archive, one, file.scratch)
    raw = read_shapefile(stem, one.name, request.encoding, limits)
    return replace(raw, findings=(member, *raw.findings))


def _read_packed(
    archive: ZipArchive, file: SurveyFile, request: UploadRequest, limits: Limits
) -> RawLayer:
    """Read the only file of an archive that is of a format taken by itself."""
    tables = [one for one in archive.members if one.suffix == ".dbf"]
    if request.register_layer.shape is Shape.NONE and len(tables) == 1:
        stem = extract_table(archive, tables[0], file.scratch)
        return read_table(stem, tables[0].stem, request.encoding, limits)
    packed = [
        one
        for one in archive.members
        if one.suffix in _READERS
        # A note beside the data is no data.
        and (one.suffix != ".txt" or is_exchange(archive.head(one, _HEAD)))
    ]
    refused = [one for one in archive.members if one.suffix in _REFUSED]
    if len(packed) > 1:
        names = ", ".join(one.name for one in packed)
        raise FileRefused("zip_several_sets", found=names)
    if not packed:
        drawn = [one for one in refused if not one.suffix.startswith((".s", ".db"))]
        raise FileRefused(_REFUSED[drawn[0].suffix] if drawn else "no_layer")
    path = file.scratch / f"packed{packed[0].suffix}"
    archive.extract(packed[0], path)
    inner = SurveyFile(path, packed[0].name, file.scratch)
    return _READERS[packed[0].suffix](inner, request, limits)


def _read_geopackage(
    file: SurveyFile, request: UploadRequest, limits: Limits
) -> RawLayer:
    _expect(file, _SQLITE, "GeoPackage")
    return _read_vector(_copy(file, ".gpkg"), request, limits)


def _read_flatgeobuf(
    file: SurveyFile, request: UploadRequest, limits: Limits
) -> RawLayer:
    _expect(file, _FLATGEOBUF, "FlatGeobuf")
    raw = _read_vector(_copy(file, ".fgb"), request, limits)
    told = pyogrio.read_info(file.scratch / "layer.fgb")["features"]
    return replace(raw, batches=_whole(raw.batches, told, file.name))


def _whole(batches: Iterable[RawBatch], told: int, name: str) -> Iterator[RawBatch]:
    """Pass on all rows; refuse a file that ends before as many as its header says.

    GDAL takes a FlatGeobuf cut between two rows for a whole one.
    """
    found = 0
    for batch in batches:
        found += len(batch)
        yield batch
    if found != told:
        raise FileRefused(
            "member_damaged",
            member=name,
            detail_zh=f"文件头写有 {told} 条记录，实有 {found} 条。",
            detail_en=f"its header says {told} records, it holds {found}.",
        )


def _read_geojson(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    if _begins(file.path, 2) in _UTF_16_BEGINS:
        raise FileRefused("geojson_in_utf_16")
    if not _begins(file.path, 64).removeprefix(_BOM).lstrip().startswith(b"{"):
        raise FileRefused("format_mismatch", name=file.name, expected="GeoJSON")
    _expect_utf8(file.path)
    raw = _read_vector(_copy(file, ".geojson"), request, limits)
    # GDAL names WGS 84 both when the file does and when it says nothing.
    return replace(raw, crs_implied=raw.crs == _WGS84)


def _expect_utf8(path: Path) -> None:
    """Refuse GeoJSON in another encoding (RFC 7946): GDAL would raise in its midst."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    decoded = 0
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
                # A character cut by the block is decoded with the next one.
                decoded = file.tell() - len(decoder.getstate()[0])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            place = decoded + error.start + 1
            raise FileRefused(
                "text_undecodable", encoding="UTF-8", position=place
            ) from error


def _copy(file: SurveyFile, suffix: str) -> Path:
    """Copy to a name of ours: SQLite may write beside what it opens."""
    path = file.scratch / f"layer{suffix}"
    shutil.copyfile(file.path, path)
    return path


def _read_vector(path: Path, request: UploadRequest, limits: Limits) -> RawLayer:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if not names:
        raise FileRefused("no_rows")
    member = choose_member([_describe(path, name) for name in names], request)
    info = pyogrio.read_info(path, layer=member.value, force_feature_count=True)
    if info["features"] > limits.rows:
        raise FileRefused("too_many_rows", found=info["features"], limit=limits.rows)
    return RawLayer(
        fields=tuple(str(one) for one in info["fields"]),
        has_geometry=info["geometry_type"] is not None,
        batches=_vector_batches(path, member.value),
        crs=info["crs"],
        findings=(member,),
    )


def _describe(path: Path, name: str) -> FoundLayer:
    info = pyogrio.read_info(path, layer=name, force_feature_count=True)
    fields = tuple(str(one) for one in info["fields"])
    return FoundLayer(name, fields, int(info["features"]), info["geometry_type"])


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


def _read_parquet(file: SurveyFile, _: UploadRequest, limits: Limits) -> RawLayer:
    _expect(file, PARQUET, "GeoParquet")
    return read_geoparquet(file.path, limits)


def _read_csv(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    if _begins(file.path, max(map(len, _WORKBOOKS))).startswith(_WORKBOOKS):
        raise FileRefused("format_mismatch", name=file.name, expected="CSV")
    return read_csv(file.path, request.encoding, limits)


def _read_txt(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    data = file.path.read_bytes()
    if is_exchange(data):
        return read_exchange(data, request.encoding, limits)
    return _read_csv(file, request, limits)


def _read_xlsx(file: SurveyFile, request: UploadRequest, limits: Limits) -> RawLayer:
    _expect(file, _ZIP, "xlsx")
    return read_xlsx(file.path, request, limits)


_READERS: Final[dict[str, Reader]] = {
    ".zip": _read_zip,
    ".gpkg": _read_geopackage,
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".fgb": _read_flatgeobuf,
    ".parquet": _read_parquet,
    ".geoparquet": _read_parquet,
    ".csv": _read_csv,
    ".txt": _read_txt,
    ".xlsx": _read_xlsx,
}
