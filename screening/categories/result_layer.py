"""The result layer of a division, with its official attributes (shell: writes a file).

Attributes verified in projects and systems that implement the guideline (S17, S18):
XZQDM and XZDM with names, QSDWDM, QSDWMC, DLBM, DLMC, TBDLMJ, Cd_CLASS … Cr_CLASS,
ZH_CLASS, LBBM, DLWZ, MJ_MU, CNZZNZW, TRMBWRW, ZLLB, XCWFNY. What the register does not
hold (owner units, names of land classes, position, the flag of land that is no farmland
any more) is an empty column, for the office to fill. GeoPackage in UTF-8, shapefiles in
GBK with a .cpg, zipped.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pyogrio.raw
import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.analytes import FARMLAND_ELEMENTS, find_analyte
from parcels.crs import STORAGE_SRID
from parcels.register.repository import Moment
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    fetch,
)
from screening.categories.proposed import Piece, list_pieces
from screening.runs.repository import Run

LayerFormat = Literal["gpkg", "shp"]
MEDIA_TYPES: Final[dict[LayerFormat, str]] = {
    "gpkg": "application/geopackage+sqlite3",
    "shp": "application/zip",
}
NAME: Final = "farmland_categories"
ZLLB: Final[Mapping[str, str]] = {
    "priority_protection": "优先保护类",
    "safe_use": "安全利用类",
    "strict_control": "严格管控类",
    "unclassified": "未划分",
}
_CLASS: Final = {"priority_protection": 1, "safe_use": 2, "strict_control": 3}
_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")
_TEXTS: Final = (
    "XZQDM", "XZQMC", "XZDM", "XZMC", "QSDWDM", "QSDWMC", "DLBM", "DLMC", "LBBM",
    "DLWZ", "CNZZNZW", "TRMBWRW", "ZLLB", "XCWFNY",
)  # fmt: skip
_NUMBERS: Final = ("TBDLMJ", "MJ_MU")
_CLASSES: Final = (*(f"{one}_CLASS" for one in FARMLAND_ELEMENTS), "ZH_CLASS")
FIELDS: Final = (*_TEXTS, *_NUMBERS, *_CLASSES)


def write_result_layer(connection: sa.Connection, run: Run, form: LayerFormat) -> bytes:
    """Return the result layer of a run as a file."""
    pieces = list_pieces(connection, run)
    names, crops = _names(connection, run), _crops(connection, run)
    rows = [_attributes(piece, names, crops) for piece in pieces]
    shapes = [
        shapely.multipolygons(shapely.get_parts(piece.geometry)) for piece in pieces
    ]
    with tempfile.TemporaryDirectory() as folder:
        return _write(Path(folder), rows, shapes, form)


def _attributes(
    piece: Piece, names: Mapping[str, str], crops: Mapping[Any, str | None]
) -> dict[str, Any]:
    values = piece.values
    county, township = values["division_code"][:6], values["township_code"]
    targets = (values["target_pollutants"] or "").split(";")
    known = [find_analyte(one) for one in targets if one]
    return {
        **dict.fromkeys(_TEXTS, ""),
        "XZQDM": county,
        "XZQMC": names.get(county, ""),
        "XZDM": township or "",
        "XZMC": names.get(township or "", ""),
        "DLBM": values["land_use_code"] or "",
        "LBBM": values["new_code"],
        "CNZZNZW": crops.get((values["division_code"], values["unit_code"])) or "",
        "TRMBWRW": "、".join(one.name_zh for one in known if one is not None),
        "ZLLB": ZLLB[values["category"]],
        "TBDLMJ": round(values["area_m2"], 2),
        "MJ_MU": values["area_mu"],
        **{
            f"{one}_CLASS": values.get(f"{one.lower()}_class") or 0
            for one in FARMLAND_ELEMENTS
        },
        "ZH_CLASS": _CLASS.get(values["category"], 0),
    }


def _names(connection: sa.Connection, run: Run) -> dict[str, str]:
    return dict(_read(connection, "names", run))


def _crops(connection: sa.Connection, run: Run) -> dict[Any, str | None]:
    rows = _read(connection, "crops", run)
    return {(division, code): crop for division, code, crop in rows}


def _read(connection: sa.Connection, name: str, run: Run) -> list[Any]:
    """Read the register as the run saw it."""
    moment = Moment(run.as_of, run.known_at)
    known = as_known_now if moment.known_at is None else as_known_then
    values = {"as_of": moment.as_of, "known_at": moment.known_at}
    return fetch(connection, known(_SQL[name]), values, tuple_row)


def _write(
    folder: Path, rows: Sequence[Mapping[str, Any]], shapes: list[Any], form: str
) -> bytes:
    path = folder / f"{NAME}.{form}"
    kinds: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, object),
        **dict.fromkeys(_NUMBERS, np.float64),
        **dict.fromkeys(_CLASSES, np.int32),
    }
    pyogrio.raw.write(
        path,
        np.array(shapely.to_wkb(shapes), dtype=object).reshape(len(shapes)),
        [np.array([row[one] for row in rows], dtype=kinds[one]) for one in FIELDS],
        np.array(FIELDS, dtype=object),
        layer=NAME,
        driver="GPKG" if form == "gpkg" else "ESRI Shapefile",
        geometry_type="MultiPolygon" if form == "gpkg" else "Polygon",
        crs=f"EPSG:{STORAGE_SRID}",
        encoding="UTF-8" if form == "gpkg" else "GBK",
    )
    return path.read_bytes() if form == "gpkg" else _zipped(folder)


def _zipped(folder: Path) -> bytes:
    archive = folder / "layer.zip"
    members = sorted(folder.glob(f"{NAME}.*"))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for one in members:
            written.write(one, one.name)
    return archive.read_bytes()
