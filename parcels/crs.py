"""In which coordinate system is this, and how does it become the stored one? (core).

Everything is stored in CGCS2000 longitude and latitude, EPSG:4490. The only EPSG
numbers of the program stand here: the Gauss-Krüger zones (高斯-克吕格投影分带) of
CGCS2000 and of its two predecessors, three or six degrees wide, with the zone number
before the easting (带号) or without it.

Xian 1980 and Beijing 1954 are recognised and refused: PROJ has no operation between
them and CGCS2000 but a "ballpark" one that shifts nothing, while real shifts are tens
of metres and need parameters that only the surveying authority holds.

Numbers verified in the EPSG data base (PROJ). Easting comes first everywhere, also
where Chinese survey texts call north X.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parcels.refusal import Refusal

STORAGE_SRID: Final = 4490
"""CGCS2000 geographic, degrees, longitude before latitude (国家大地坐标系2000)."""

SEMI_MAJOR_AXIS_M: Final = 6378137.0
"""Semi-major axis of CGCS2000, the same as GRS 80 (长半轴)."""

FLATTENING: Final = 1 / 298.257222101
"""Flattening of CGCS2000, the same as GRS 80 (扁率)."""

CHINA_BOUNDS: Final = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north of the territory with its seas, degrees, rounded outward."""

Datum = Literal["CGCS2000", "Xian 1980", "Beijing 1954", "WGS 84"]
ZoneWidth = Literal[3, 6]
Way = Literal["exact", "equivalent", "refused"]
Geometries = TypeVar("Geometries", BaseGeometry, NDArray[Any])

_EPSG: Final = re.compile(
    r"(?:EPSG:|urn:ogc:def:crs:EPSG::)?([0-9]{4,6})", re.IGNORECASE
)
_DATUM_ZH: Final[dict[Datum, str]] = {
    "CGCS2000": "国家大地坐标系2000",
    "Xian 1980": "1980西安坐标系",
    "Beijing 1954": "1954年北京坐标系",
    "WGS 84": "WGS 84",
}
_FIRST_ZONE: Final[dict[ZoneWidth, int]] = {3: 25, 6: 13}
_LAST_ZONE: Final[dict[ZoneWidth, int]] = {3: 45, 6: 23}
# EPSG number minus zone number, by datum, width and whether the zone prefixes the
# easting. Beijing 1954 has a second run of 6-degree names, 21473 to 21483.
_OFFSETS: Final[dict[tuple[Datum, ZoneWidth, bool], tuple[int, ...]]] = {
    ("CGCS2000", 3, True): (4488,),
    ("CGCS2000", 3, False): (4509,),
    ("CGCS2000", 6, True): (4478,),
    ("CGCS2000", 6, False): (4489,),
    ("Xian 1980", 3, True): (2324,),
    ("Xian 1980", 3, False): (2345,),
    ("Xian 1980", 6, True): (2314,),
    ("Xian 1980", 6, False): (2325,),
    ("Beijing 1954", 3, True): (2376,),
    ("Beijing 1954", 3, False): (2397,),
    ("Beijing 1954", 6, True): (21400,),
    ("Beijing 1954", 6, False): (21440, 21460),
}
_GEOGRAPHIC: Final[dict[int, Datum]] = {
    STORAGE_SRID: "CGCS2000",
    4480: "CGCS2000",
    4326: "WGS 84",
    4610: "Xian 1980",
    4214: "Beijing 1954",
}
_WAYS: Final[dict[Datum, Way]] = {
    "CGCS2000": "exact",
    "WGS 84": "equivalent",
    "Xian 1980": "refused",
    "Beijing 1954": "refused",
}


class UnknownCrs(Refusal):
    """The coordinate system is none of those Chinese surveys use (坐标系不支持)."""

    def __init__(self, srid: int) -> None:
        super().__init__(
            "crs_unknown",
            f"不支持坐标系 EPSG:{srid}；请提供 CGCS2000 经纬度（4490）或高斯-克吕格"
            "3 度、6 度带数据。",
            f"EPSG:{srid} is not supported; deliver CGCS2000 degrees (4490) or a "
            "Gauss-Krüger zone of 3 or 6 degrees.",
        )
        self.srid = srid


class DatumNotConvertible(Refusal):
    """The datum is known, but nothing reliable leads to CGCS2000 (基准无法转换)."""

    def __init__(self, crs: SurveyCrs) -> None:
        super().__init__(
            "datum_not_convertible",
            f"{crs.name_zh}(EPSG:{crs.srid})不能可靠转换到 CGCS2000：偏差可达数十米至"
            "百米以上，需本地七参数。请由测绘主管部门转换后重新提交。",
            f"{crs.name_en} (EPSG:{crs.srid}) cannot be brought to CGCS2000 reliably: "
            "shifts are tens of metres to more than 100 m and need local parameters. "
            "Have the surveying authority convert the data and send it again.",
        )
        self.crs = crs


class CoordinatesOutsideCrs(Refusal):
    """A coordinate has no place in the coordinate system it is said to be in."""

    def __init__(self, crs: SurveyCrs, index: int, x: float, y: float) -> None:
        super().__init__(
            "coordinates_outside_crs",
            f"第 {index + 1} 个坐标 ({x!r}, {y!r}) 不在 {crs.name_zh} 的范围内；"
            "请核对坐标系、带号和坐标顺序（先东后北）。",
            f"Coordinate {index + 1} ({x!r}, {y!r}) lies outside {crs.name_en}; check "
            "the coordinate system, the zone and the order (east before north).",
        )
        self.crs = crs
        self.index = index


@dataclass(frozen=True, slots=True)
class SurveyCrs:
    """One coordinate system of Chinese surveys (坐标系).

    Attributes
    ----------
    srid
        EPSG number.
    datum
        Geodetic datum.
    zone_width, zone, prefixed
        Of a Gauss-Krüger zone: 3 or 6 degrees, its number, and whether the number
        stands before the easting. All None for degrees.
    way
        "exact": projected back without loss; "equivalent": WGS 84, which differs by
        centimetres to a few decimetres and is taken as it is (recalled); "refused".
    """

    srid: int
    datum: Datum
    way: Way
    zone_width: ZoneWidth | None = None
    zone: int | None = None
    prefixed: bool | None = None

    @property
    def central_meridian(self) -> float | None:
        """Degrees east of the central meridian (中央子午线); None for degrees."""
        if self.zone is None:
            return None
        return 3.0 * self.zone if self.zone_width == 3 else 6.0 * self.zone - 3.0

    @property
    def false_easting_m(self) -> float | None:
        """Easting of the central meridian, with the zone number if prefixed."""
        if self.zone is None:
            return None
        return 500_000.0 + (1_000_000.0 * self.zone if self.prefixed else 0.0)

    @property
    def name_zh(self) -> str:
        """Chinese name: `国家大地坐标系2000 3度带 第38带（中央经线114°，有带号）`."""
        datum = _DATUM_ZH[self.datum]
        if self.zone is None:
            return f"{datum} 经纬度"
        prefix = "有带号" if self.prefixed else "无带号"
        meridian = f"中央经线{self.central_meridian:.0f}°"
        return f"{datum} {self.zone_width}度带 第{self.zone}带（{meridian}，{prefix}）"

    @property
    def name_en(self) -> str:
        """English name, e.g. `CGCS2000 3-degree zone 38 (114°E, with prefix)`."""
        if self.zone is None:
            return f"{self.datum} longitude, latitude"
        prefix = "with" if self.prefixed else "without"
        meridian = f"{self.central_meridian:.0f}°E"
        width = f"{self.zone_width}-degree zone {self.zone}"
        return f"{self.datum} {width} ({meridian}, {prefix} prefix)"


@cache
def _register() -> dict[int, SurveyCrs]:
    found = {
        srid: SurveyCrs(srid, datum, _WAYS[datum])
        for srid, datum in _GEOGRAPHIC.items()
    }
    for (datum, width, prefixed), offsets in _OFFSETS.items():
        for zone in range(_FIRST_ZONE[width], _LAST_ZONE[width] + 1):
            for offset in offsets:
                srid = offset + zone
                found[srid] = SurveyCrs(
                    srid, datum, _WAYS[datum], width, zone, prefixed
                )
    return found


def list_crs() -> tuple[SurveyCrs, ...]:
    """Return every coordinate system known here, by EPSG number."""
    return tuple(crs for _, crs in sorted(_register().items()))


def find_crs(srid: int) -> SurveyCrs | None:
    """Return the coordinate system of that EPSG number, None if it is none of ours."""
    return _register().get(srid)


def parse_srid(text: str) -> int | None:
    """Return the EPSG number that a text is, alone or after its authority; None else.

    Examples
    --------
    >>> parse_srid("epsg:4526"), parse_srid("urn:ogc:def:crs:EPSG::4490")
    (4526, 4490)
    """
    match = _EPSG.fullmatch(text)
    return None if match is None else int(match[1])


def get_crs(srid: int) -> SurveyCrs:
    """Return the coordinate system of that EPSG number; raises `UnknownCrs`."""
    crs = find_crs(srid)
    if crs is None:
        raise UnknownCrs(srid)
    return crs


def zone_for(longitude: float, width: ZoneWidth = 3) -> int:
    """Return the number of the Gauss-Krüger zone a longitude lies in.

    A longitude on the line between two zones belongs to the eastern one. The outermost
    zones (25 and 45, 13 and 23) also serve what lies up to 3° beyond them.

    Raises
    ------
    ValueError
        More than 3° beyond the zones of China, or NaN.

    Examples
    --------
    >>> zone_for(113.62), zone_for(113.62, 6), zone_for(112.5)
    (38, 19, 38)
    """
    if not 70.5 <= longitude <= 139.5:
        raise ValueError(f"longitude {longitude} lies outside the zones of China")
    zone = math.floor(longitude / 3 + 0.5 if width == 3 else longitude / 6 + 1)
    return min(max(zone, _FIRST_ZONE[width]), _LAST_ZONE[width])


def srid_for_zone(zone: int, width: ZoneWidth = 3, *, prefixed: bool = True) -> int:
    """Return the EPSG number of a CGCS2000 zone; ValueError for one outside China.

    Examples
    --------
    >>> srid_for_zone(38), srid_for_zone(38, prefixed=False), srid_for_zone(19, 6)
    (4526, 4547, 4497)
    """
    if not _FIRST_ZONE[width] <= zone <= _LAST_ZONE[width]:
        raise ValueError(f"there is no {width}-degree zone {zone} in China")
    return _OFFSETS["CGCS2000", width, prefixed][0] + zone


@cache
def _transformer(source: int, target: int) -> Transformer:
    # pyproj keeps one PROJ context a thread inside; making one costs milliseconds.
    return Transformer.from_crs(
        source, target, always_xy=True, only_best=True, allow_ballpark=False
    )


def _convertible(srid: int) -> SurveyCrs:
    crs = get_crs(srid)
    if crs.way == "refused":
        raise DatumNotConvertible(crs)
    return crs


def coordinates_to_storage(xy: NDArray[np.float64], srid: int) -> NDArray[np.float64]:
    """Return coordinates as longitude and latitude in degrees, EPSG:4490.

    Parameters
    ----------
    xy
        `(n, 2) float64`, east before north. NaN stays NaN.
    srid
        EPSG number they are in.

    Raises
    ------
    UnknownCrs, DatumNotConvertible
        Where there is no reliable way.
    CoordinatesOutsideCrs
        Where a finite coordinate has no longitude and latitude.
    """
    crs = _convertible(srid)
    if crs.zone is None:
        return np.array(xy, dtype=np.float64)
    east, north = xy[:, 0].copy(), xy[:, 1].copy()
    _transformer(srid, STORAGE_SRID).transform(east, north, inplace=True)
    lonlat = np.column_stack((east, north))
    if not np.isfinite(lonlat).all():
        _refuse_lost(crs, xy, lonlat)
    return lonlat


def _refuse_lost(
    crs: SurveyCrs, xy: NDArray[np.float64], lonlat: NDArray[np.float64]
) -> None:
    """Raise if a finite coordinate has become none."""
    lost = np.isfinite(xy).all(axis=1) & ~np.isfinite(lonlat).all(axis=1)
    if lost.any():
        index = int(np.flatnonzero(lost)[0])
        x, y = xy[index].tolist()
        raise CoordinatesOutsideCrs(crs, index, x, y)


def transform_to_storage(geometry: Geometries, srid: int) -> Geometries:
    """Return a geometry, or an array of them, in EPSG:4490, two dimensions.

    Vertices are moved, edges are not densified. None and empty stay what they are.
    Raises what `coordinates_to_storage` raises.
    """
    moved: Geometries = shapely.transform(
        geometry, lambda xy: coordinates_to_storage(xy, srid)
    )
    return moved


def transform_from_storage(geometry: Geometries, srid: int) -> Geometries:
    """Return a geometry of EPSG:4490, or an array of them, in another system.

    Raises
    ------
    UnknownCrs, DatumNotConvertible
        Where there is no reliable way.
    """
    crs = _convertible(srid)
    if crs.zone is None:
        copy: Geometries = shapely.force_2d(geometry)
        return copy
    transformer = _transformer(STORAGE_SRID, srid)
    moved: Geometries = shapely.transform(
        geometry,
        lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])),
    )
    return moved
