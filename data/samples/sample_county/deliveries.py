"""Which files are shipped, in what order, and what the manifest says of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sample_county import plane
from sample_county.records import Record
from sample_county.survey_files import write_csv, write_shapefile, write_xlsx


@dataclass(frozen=True)
class Delivery:
    """One file of one county for one layer.

    `role` is ``survey`` (a layer as it stands), ``past`` (rows that ended, loaded
    before what followed them) or ``table``.
    """

    path: str
    layer: str
    division: str
    records: list[Record]
    valid_from: date
    srid: int | None = plane.ZONE_SRID
    encoding: str = "gbk"
    role: str = "survey"
    driver_byte: bool = True


def write_deliveries(deliveries: Iterable[Delivery], folder: Path) -> None:
    """Write every file; files of an earlier run are removed first."""
    for county in ("999901", "999902"):
        shutil.rmtree(folder / county, ignore_errors=True)
    for delivery in deliveries:
        path = folder / delivery.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".zip":
            assert delivery.srid is not None
            write_shapefile(
                path,
                delivery.layer,
                delivery.records,
                delivery.srid,
                delivery.encoding,
                delivery.driver_byte,
            )
        elif path.suffix == ".xlsx":
            write_xlsx(path, delivery.layer, delivery.records, path.stem)
        else:
            write_csv(path, delivery.layer, delivery.records, delivery.encoding)


MANIFEST_HEAD = """\
# Files of the invented sample county, in the order in which they are loaded.
#
# path        below this folder
# layer       layer of the register (parcels/register/layers.py)
# division    county the rows belong to
# crs         EPSG code of the coordinates; absent for tables without geometry
# encoding    of the text; absent for xlsx
# valid_from  day from which a row holds, unless its own field says another
#             (生效日期 and 失效日期, in UTF-8 files valid_from and valid_to)
# role        survey, past (rows that have ended; before what followed) or table
#
# Written by generate.py; do not edit.
"""


def manifest_text(deliveries: Iterable[Delivery], rasters: list[str]) -> str:
    """Return the text of manifest.toml."""
    text = MANIFEST_HEAD
    for delivery in deliveries:
        text += "\n[[file]]\n"
        text += f'path = "{delivery.path}"\n'
        text += f'layer = "{delivery.layer}"\n'
        text += f'division = "{delivery.division}"\n'
        if delivery.srid is not None:
            text += f"crs = {delivery.srid}\n"
        if not delivery.path.endswith(".xlsx"):
            text += f'encoding = "{delivery.encoding}"\n'
        text += f"valid_from = {delivery.valid_from.isoformat()}\n"
        text += f'role = "{delivery.role}"\n'
        text += f"rows = {len(delivery.records)}\n"
    for path in rasters:
        text += f'\n[[raster]]\npath = "{path}"\nkind = "elevation"\n'
    return text
