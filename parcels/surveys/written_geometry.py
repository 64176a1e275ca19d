"""Does a column of a table hold geometry as text? (core).

It is not read, whatever program wrote it: a table says nothing of its coordinate system
or of what a spreadsheet has cut off. Whoever sends one is told which column it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import shapely

from parcels.surveys.parsing import to_text
from parcels.surveys.raw import RawBatch

_WKT: Final = re.compile(
    r"(?:SRID=\d+;)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)"
    r"\s*(?:Z|M|ZM)?\s*\(",
    re.IGNORECASE,
)
_WKB: Final = re.compile(r"(?:\\x)?((?:00|01)[0-9A-F]{40,})", re.IGNORECASE)
_GEOJSON: Final = re.compile(r'\{.*"coordinates"\s*:\s*\[', re.DOTALL)


def find_written_geometry(
    rows: RawBatch, names: Iterable[str]
) -> tuple[str, str] | None:
    """Return the column that holds geometry as text, and the form; None for none.

    The first value of each column that is not blank tells.
    """
    for name in names:
        texts = to_text(rows.columns[name]).drop_null()
        form = _form_of(texts[0].as_py().strip()) if len(texts) else None
        if form is not None:
            return name, form
    return None


def _form_of(text: str) -> str | None:
    """Return the form in which a text is a geometry.

    Examples
    --------
    >>> _form_of("SRID=4490;Polygon((0 0, 1 0, 1 1, 0 0))"), _form_of("(0, 0)")
    ('WKT', None)
    """
    if _WKT.match(text):
        return "WKT"
    if _GEOJSON.match(text):
        return "GeoJSON"
    digits = _WKB.fullmatch(text)
    if digits and len(digits[1]) % 2 == 0 and _is_wkb(digits[1]):
        return "WKB"
    return None


def _is_wkb(digits: str) -> bool:
    found = shapely.from_wkb(bytes.fromhex(digits), on_invalid="ignore")
    return found is not None
