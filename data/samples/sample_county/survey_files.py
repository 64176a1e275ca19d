"""How the layers look as the files a county sends.

Zipped shapefiles with Chinese names in GBK and without .cpg, as ArcGIS on Chinese
Windows leaves them; one layer in UTF-8 with .cpg; tables as CSV and xlsx. The same rows
give the same bytes: dates inside the files are fixed.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas
import pyogrio
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from parcels.register.layers import LAYER_BY_NAME, Attribute, Kind, Layer
from sample_county import plane
from sample_county.records import Record

WRITTEN_ON = date(2026, 1, 9)
_WRITTEN_AT = (WRITTEN_ON.year, WRITTEN_ON.month, WRITTEN_ON.day, 9, 0, 0)
_PROJECT: dict[int, Callable[[BaseGeometry], BaseGeometry]] = {
    plane.ZONE_SRID: plane.to_zone,
    plane.MERIDIAN_SRID: plane.to_meridian,
    plane.LONLAT_SRID: plane.to_lonlat,
}
_ROW_DAYS = {
    "gbk": ("生效日期", "失效日期"),
    "utf-8": ("valid_from", "valid_to"),
}


class _WindowsZipInfo(zipfile.ZipInfo):
    """A member whose name is written in GBK without the flag for UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def write_shapefile(
    path: Path,
    layer_name: str,
    records: list[Record],
    srid: int,
    encoding: str,
    driver_byte: bool = True,
) -> None:
    """Write the records as a zipped shapefile with the survey's field names.

    GBK sets come without .cpg and with GBK member names; `driver_byte` False also
    leaves out the mark of the code page in the .dbf, as some programs do.
    """
    layer = LAYER_BY_NAME[layer_name]
    table = _columns(layer, records, encoding)
    frame = geopandas.GeoDataFrame(
        table,
        geometry=[_PROJECT[srid](r.geometry) for r in records],
        crs=srid,
    )
    stem = path.stem
    with tempfile.TemporaryDirectory() as folder:
        shp = Path(folder) / "layer.shp"
        pyogrio.write_dataframe(frame, shp, encoding=encoding.upper(), RESIZE="YES")
        members = {
            f"{stem}.shp": shp.read_bytes(),
            f"{stem}.shx": shp.with_suffix(".shx").read_bytes(),
            f"{stem}.dbf": _fixed_dbf(shp.with_suffix(".dbf"), driver_byte),
            f"{stem}.prj": CRS.from_epsg(srid).to_wkt("WKT1_ESRI").encode(),
        }
    if encoding == "utf-8":
        members[f"{stem}.cpg"] = b"UTF-8"
    _write_zip(path, members, gbk_names=encoding == "gbk")


def _fixed_dbf(path: Path, driver_byte: bool) -> bytes:
    data = bytearray(path.read_bytes())
    data[1:4] = bytes((WRITTEN_ON.year - 1900, WRITTEN_ON.month, WRITTEN_ON.day))
    if not driver_byte:
        data[29] = 0
    return bytes(data)


def _write_zip(path: Path, members: dict[str, bytes], gbk_names: bool) -> None:
    kind = _WindowsZipInfo if gbk_names else zipfile.ZipInfo
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            info = kind(name, _WRITTEN_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data, compresslevel=9)


def write_csv(
    path: Path, layer_name: str, records: list[Record], encoding: str
) -> None:
    """Write the records as CSV; points get columns 经度 and 纬度."""
    rows = _lines(LAYER_BY_NAME[layer_name], records, encoding)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(path: Path, layer_name: str, records: list[Record], sheet: str) -> None:
    """Write the records as one sheet of a workbook."""
    # openpyxl writes through lxml where it is installed, as in the pinned environment.
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for row in _lines(LAYER_BY_NAME[layer_name], records, "gbk"):
        page.append(row)
    made = io.BytesIO()
    workbook.save(made)
    stamp = f"{WRITTEN_ON.isoformat()}T09:00:00Z".encode()
    members = {}
    with zipfile.ZipFile(made) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            members[name] = data
    _write_zip(path, members, gbk_names=False)


def _lines(layer: Layer, records: list[Record], encoding: str) -> list[list[Any]]:
    table = _columns(layer, records, "gbk" if encoding == "gbk" else "utf-8")
    if any(record.geometry is not None for record in records):
        lonlat = [plane.to_lonlat(r.geometry) for r in records]
        table["经度"] = [f"{point.x:.7f}" for point in lonlat]
        table["纬度"] = [f"{point.y:.7f}" for point in lonlat]
    lines: list[list[Any]] = [list(table)]
    columns = [_plain(column) for column in table.values()]
    return lines + [list(line) for line in zip(*columns, strict=True)]


def _plain(column: Iterable[Any]) -> list[Any]:
    return [None if value is None or value is pandas.NA else value for value in column]


def _columns(layer: Layer, records: list[Record], encoding: str) -> dict[str, Any]:
    """Return the columns that any record fills, by survey field name."""
    table: dict[str, Any] = {layer.code_fields[0]: [r.code for r in records]}
    for attribute in layer.attributes:
        values = [record.values.get(attribute.name) for record in records]
        if attribute.survey_fields and any(value is not None for value in values):
            table[attribute.survey_fields[0]] = _column(attribute, values)
    for name, days in zip(
        _ROW_DAYS[encoding],
        ([r.valid_from for r in records], [r.valid_to for r in records]),
        strict=True,
    ):
        if any(days):
            table[name] = [day.strftime("%Y%m%d") if day else None for day in days]
    return table


def _column(attribute: Attribute, values: list[Any]) -> Any:
    if attribute.kind is Kind.BOOLEAN:
        return pandas.array(
            [None if value is None else int(value) for value in values], dtype="Int32"
        )
    if attribute.kind is Kind.INTEGER:
        return pandas.array(values, dtype="Int32")
    if attribute.kind is Kind.NUMBER:
        return pandas.array(values, dtype="Float64")
    if attribute.kind is Kind.TEXT_LIST:
        return [";".join(value) if value else None for value in values]
    if attribute.kind is Kind.DATE:
        return [value.strftime("%Y%m%d") if value else None for value in values]
    return values
