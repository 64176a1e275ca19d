"""The words of OGC API Features: coordinate systems, filters, conformance.

Parts 1 (core), 2 (CRS) and of 3 the queryables with equality. `filter` takes a small
subset of CQL2 text; the classes of CQL2 are not claimed, so that a client with more to
ask filters for itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from parcels.refusal import Refusal

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_4490: Final = "http://www.opengis.net/def/crs/EPSG/0/4490"
CRS_LIST: Final = (CRS84, EPSG_4490)
"""CRS84 first: desktop GIS takes the first. EPSG:4490 has latitude before longitude;
WGS 84 differs from CGCS2000 by less than a survey's accuracy and is taken for it."""

CONFORMANCE: Final = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
    "queryables-query-parameters",
)

_TERM: Final = re.compile(r"""\s*(?:"([^"]+)"|(\w+))\s*=\s*'((?:[^']|'')*)'\s*""")
_BOX: Final = re.compile(
    r"\s*S_INTERSECTS\s*\(\s*geom(?:etry)?\s*,\s*BBOX\s*\(([^()]*)\)\s*\)\s*",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"AND\b", re.IGNORECASE)


class BadQuery(Refusal):
    """A parameter of an OGC call asks for what is not offered."""


class NotAFilter(BadQuery):
    """A filter asks for more than equality and a box."""

    def __init__(self, found: str) -> None:
        super().__init__(
            "filter",
            f"无法理解过滤条件“{found[:60]}”；可用：属性 = '值'、"
            "S_INTERSECTS(geometry,BBOX(西,南,东,北))，以 AND 连接。",
            f"The filter at {found[:60]!r} is not understood; use property = 'value'"
            " and S_INTERSECTS(geometry,BBOX(west,south,east,north)) joined by AND.",
        )


class NotACrs(BadQuery):
    """A coordinate system that collections are not offered in."""

    def __init__(self, found: str) -> None:
        offered = ", ".join(CRS_LIST)
        super().__init__(
            "crs",
            f"不提供坐标系“{found[:80]}”；可用：{offered}。",
            f"Coordinate system {found[:80]!r} is not offered; there are: {offered}.",
        )


@dataclass(slots=True)
class Filter:
    """What a filter asks for: names that equal values, and the text of a box."""

    equals: list[tuple[str, str]] = field(default_factory=list)
    box: str | None = None


def parse_filter(text: str) -> Filter:
    """Return what a filter says; raises `NotAFilter`.

    Examples
    --------
    >>> parse_filter("(theme = 'a') AND name='O''Hara'").equals
    [('theme', 'a'), ('name', "O'Hara")]
    """
    found, rest = Filter(), text.strip()
    while True:
        rest = _term(rest, found)
        if not rest:
            return found
        joined = _AND.match(rest)
        if joined is None:
            raise NotAFilter(rest)
        rest = rest[joined.end() :]


def _term(text: str, found: Filter) -> str:
    """Take one condition off a filter, with the brackets around it; return the rest."""
    text = text.lstrip()
    if text.startswith("("):
        rest = _term(text[1:], found).lstrip()
        if not rest.startswith(")"):
            raise NotAFilter(rest or text)
        return rest[1:].lstrip()
    box = _BOX.match(text)
    if box is not None and found.box is None:
        found.box = box[1].replace(" ", "")
        return text[box.end() :]
    term = _TERM.match(text)
    if term is None:
        raise NotAFilter(text)
    found.equals.append((term[1] or term[2], term[3].replace("''", "'")))
    return text[term.end() :]


def check_crs(uri: str | None) -> str:
    """Return the system asked for, CRS84 when none was; raises `NotACrs`."""
    if uri is None or uri in CRS_LIST:
        return uri or CRS84
    raise NotACrs(uri)


def in_order_of(crs: str, geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return a geometry of the register with the axes in a system's order."""
    if geometry is None or crs != EPSG_4490:
        return geometry
    swapped: BaseGeometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    return swapped
