"""In which formats can a layer be taken away? (core)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from parcels.refusal import Refusal
from parcels.register.layers import Layer

ExportFormat = Literal["shp", "gpkg", "parquet", "fgb"]
FORMATS: Final[tuple[ExportFormat, ...]] = get_args(ExportFormat)
ENDINGS: Final[Mapping[ExportFormat, str]] = {
    "shp": ".zip",
    "gpkg": ".gpkg",
    "parquet": ".parquet",
    "fgb": ".fgb",
}
"""Format → ending of its file's name."""
MEDIA_TYPES: Final[Mapping[ExportFormat, str]] = {
    "shp": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "fgb": "application/flatgeobuf",
}


class NotExportable(Refusal):
    """A layer cannot be written as asked (无法导出)."""


def needs_ground(layer: Layer) -> NotExportable:
    """Return the refusal of FlatGeobuf for a layer, or rows, without geometry."""
    return NotExportable(
        "format_needs_ground",
        f"图层“{layer.title_zh}”有没有图形的行，FlatGeobuf 只存有图形的数据；请用"
        " gpkg、parquet 或 shp。",
        f"Layer {layer.name!r} has rows without geometry and FlatGeobuf holds nothing"
        " else; use gpkg, parquet or shp.",
    )


def too_many(found: int, most: int) -> NotExportable:
    """Return the refusal of more rows than one download may hold."""
    return NotExportable(
        "export_too_large",
        f"符合条件的对象超过 {most} 个（已数到 {found}）；请用 division 或 bbox 缩小"
        "范围，或在服务器上用 jingtu export 导出。",
        f"More than {most} objects fit (counted to {found}); narrow it by division or"
        " bbox, or use jingtu export on the server.",
    )


def too_large_for_shapefile(size: int) -> NotExportable:
    """Return the refusal of a shapefile of over 2 GB."""
    return NotExportable(
        "shapefile_too_large",
        f"Shapefile 的每个成员不得超过 2 GB，此图层需要约 {size} 字节；请用"
        " gpkg、parquet 或 fgb。",
        f"No member of a shapefile may exceed 2 GB, this layer needs some {size} bytes;"
        " use gpkg, parquet or fgb.",
    )
