"""The words of OGC API: coordinate systems, filters, conformance, refusals.

Features Parts 1 (core), 2 (CRS) and of 3 the queryables with equality; Tiles Part 1.
`filter` takes a small subset of CQL2 text; the classes of CQL2 are not claimed, so that
a client with more to ask filters for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from app.problems import Fault
from app.validation import show
from parcels.refusal import Refusal
from parcels.texts import Text

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_4490: Final = "http://www.opengis.net/def/crs/EPSG/0/4490"
CRS_LIST: Final = (CRS84, EPSG_4490)
"""CRS84 first: desktop GIS takes the first. EPSG:4490 has latitude before longitude;
WGS 84 differs from CGCS2000 by less than a survey's accuracy and is taken for it."""

_SPEC: Final = "http://www.opengis.net/spec"
CONFORMANCE: Final = (
    f"{_SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-common-1/1.0/conf/landing-page",
    f"{_SPEC}/ogcapi-common-1/1.0/conf/json",
    f"{_SPEC}/ogcapi-common-2/1.0/conf/collections",
    f"{_SPEC}/ogcapi-features-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    f"{_SPEC}/ogcapi-features-3/1.0/conf/queryables",
    f"{_SPEC}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/tileset",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/tilesets-list",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/mvt",
)
"""Classes whose every requirement is met. Not among them: `oas30`, as the API document
is OpenAPI 3.1; `html`; `filter` and CQL2, of which only a subset is understood."""

_TERM: Final = re.compile(r"""\s*(?:"([^"]+)"|(\w+))\s*=\s*'((?:[^']|'')*)'\s*""")
_BOX: Final = re.compile(
    r"\s*S_INTERSECTS\s*\(\s*geom(?:etry)?\s*,\s*BBOX\s*\(([^()]*)\)\s*\)\s*",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"AND\b", re.IGNORECASE)
_MOST_BRACKETS: Final = 100
"""Of a filter; each pair is read by a call inside the other's. A project default."""


class BadQuery(Refusal):
    """Parameters of an OGC call ask for what is not offered: a 400 (not a 422).

    Features Part 1, 7.5 (`/req/core/query-param-invalid`, `-unknown`).
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "bad_query",
            f"请求参数有 {len(faults)} 处错误，见 errors。",
            f"The parameters have {len(faults)} fault(s), see errors.",
        )
        self.faults = tuple(faults)


class NotThere(Refusal):
    """There is no such tile or tile matrix set, for anybody: a 404."""


def bad_query(parameter: str, found: str, zh: str, en: str) -> BadQuery:
    """Return the refusal of one parameter of the address."""
    return BadQuery([Fault("query", parameter, "value", Text(zh, en), show(found))])


def not_a_filter(found: str) -> BadQuery:
    """Return the refusal of a filter that asks for more than equality and a box."""
    return bad_query(
        "filter",
        found,
        "无法理解此处起的过滤条件；可用：属性 = '值'、"
        "S_INTERSECTS(geometry,BBOX(西,南,东,北))，以 AND 连接。",
        "is not understood from here on; use property = 'value' and"
        " S_INTERSECTS(geometry,BBOX(west,south,east,north)) joined by AND.",
    )


@dataclass(slots=True)
class Filter:
    """What a filter asks for: names that equal values, and the text of a box."""

    equals: list[tuple[str, str]] = field(default_factory=list)
    box: str | None = None


def parse_filter(text: str) -> Filter:
    """Return what a filter says; raises `BadQuery`.

    Examples
    --------
    >>> parse_filter("(theme = 'a') AND name='O''Hara'").equals
    [('theme', 'a'), ('name', "O'Hara")]
    """
    if text.count("(") > _MOST_BRACKETS:
        raise not_a_filter(text)
    found, rest = Filter(), text.strip()
    while True:
        rest = _term(rest, found)
        if not rest:
            return found
        joined = _AND.match(rest)
        if joined is None:
            raise not_a_filter(rest)
        rest = rest[joined.end() :]


def _term(text: str, found: Filter) -> str:
    """Take one condition off a filter, with the brackets around it; return the rest."""
    text = text.lstrip()
    if text.startswith("("):
        rest = _term(text[1:], found).lstrip()
        if not rest.startswith(")"):
            raise not_a_filter(rest or text)
        return rest[1:].lstrip()
    box = _BOX.match(text)
    if box is not None and found.box is None:
        found.box = box[1].replace(" ", "")
        return text[box.end() :]
    term = _TERM.match(text)
    if term is None:
        raise not_a_filter(text)
    found.equals.append((term[1] or term[2], term[3].replace("''", "'")))
    return text[term.end() :]


def check_crs(parameter: str, uri: str | None) -> str:
    """Return the system asked for, CRS84 when none was; raises `BadQuery`."""
    if uri is None or uri in CRS_LIST:
        return uri or CRS84
    offered = ", ".join(CRS_LIST)
    raise bad_query(
        parameter,
        uri,
        f"不提供该坐标系；可用：{offered}。",
        f"is not offered; there are: {offered}.",
    )


def in_order_of(crs: str, geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return a geometry of the register with the axes in a system's order."""
    if geometry is None or crs != EPSG_4490:
        return geometry
    swapped: BaseGeometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    return swapped
