"""Why is a geometry not valid, in words of both languages? (core).

GEOS tells its reason as ``Self-intersection[x y]``, in English alone.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

_REASON: Final = re.compile(r"(.*?)\[(\S+) (\S+)\]$")
_REASONS_ZH: Final = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞嵌套",
    "Interior is disconnected": "内部不连通",
    "Nested shells": "外环嵌套",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "节点数不足",
    "Invalid Coordinate": "坐标无效",
    "Ring is not closed": "环未闭合",
}
_OTHER_ZH: Final = "几何结构有误"


class Invalidity(NamedTuple):
    """Why, in both languages, and where: in units of the geometry, NaN if unknown.

    In English it is the name that GIS programs show.
    """

    zh: str
    en: str
    x: float
    y: float


def explain(reason: str) -> Invalidity:
    """Return what `shapely.is_valid_reason` says of a geometry that is not valid.

    Examples
    --------
    >>> explain("Self-intersection[114.5 34.25]")
    Invalidity(zh='自相交', en='Self-intersection', x=114.5, y=34.25)
    """
    match = _REASON.match(reason)
    name, x, y = match.groups() if match else (reason, math.nan, math.nan)
    return Invalidity(_REASONS_ZH.get(name, _OTHER_ZH), name, float(x), float(y))
