"""A whole list of the register as a file for desktop GIS (shell)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field
from starlette.responses import Response

from app.answers import ENTRY_HEADER, file_response
from app.schemas.moments import MomentQuery
from app.security.principals import Principal
from app.services import Services
from parcels.exports.export import Wanted, gather_rows, write_export
from parcels.exports.formats import ENDINGS, MEDIA_TYPES, ExportFormat
from parcels.register.layers import PLOT, Layer
from screening.query_log import log_export

MOST_ROWS: Final = 200_000
"""Objects that a download may hold, a project default; `jingtu export` has no limit."""

FormatQuery = Annotated[
    Literal["json", "geojson", "shp", "gpkg", "parquet", "fgb"],
    Field(
        description="`json` is a page, `geojson` the same as a FeatureCollection (also"
        " by `Accept: application/geo+json`). The others are files with everything that"
        f" fits, up to {MOST_ROWS} objects, whatever `limit` and `after` say: `shp` a"
        " zipped shapefile (GBK) with the list of what a .dbf cannot hold, `gpkg`"
        " GeoPackage, `parquet` GeoParquet, `fgb` FlatGeobuf; all in EPSG:4490"
    ),
]


def export_response(
    services: Services,
    asker: Principal,
    layer: Layer,
    moment: MomentQuery,
    *,
    division: str | None,
    bbox: tuple[float, float, float, float] | None,
    equals: list[tuple[str, str]],
    form: ExportFormat,
) -> Response:
    """Answer with the objects that fit a list's filters as a file.

    Who takes plots away is entered into the ledger.
    """
    logged = layer is PLOT
    headers = {"Vary": "Accept"}
    with services.archive.scratch() as scratch:
        with services.database.transaction(
            asker, snapshot=True, read_only=not logged
        ) as connection:
            wanted = Wanted(layer, moment.resolve(connection), division, bbox, equals)
            rows = gather_rows(connection, wanted, scratch, MOST_ROWS)
            if logged:
                entry = log_export(connection, asker, wanted, form, rows)
                headers[ENTRY_HEADER] = str(entry)
        path = scratch / f"{layer.name}{ENDINGS[form]}"
        write_export(wanted, scratch, path, form)
        name = f"{layer.name}_{wanted.moment.as_of:%Y%m%d}{ENDINGS[form]}"
        return file_response(path, name, MEDIA_TYPES[form], headers)
