"""Which coordinate system does a file say it is in? (core).

A .prj, a GeoPackage or a GeoParquet column names its system in words of its maker's
choice: as ArcGIS does (``CGCS2000_3_Degree_GK_Zone_38``), by EPSG number, or under a
name of the office's own (``国家2000_114``). The name is not trusted, the parameters
are: datum and ellipsoid, central meridian, false easting, scale (section 1.5 of the
survey conventions).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import pyproj

from parcels.crs import Datum, SurveyCrs, list_crs, parse_srid
from parcels.surveys.refusals import FileRefused

Standing = Literal["named", "unnamed_datum", "local", "foreign", "undefined"]

_ELLIPSOIDS: Final[tuple[tuple[float, float, Datum], ...]] = (
    (6378137.0, 298.257222101, "CGCS2000"),
    (6378137.0, 298.257223563, "WGS 84"),
    (6378140.0, 298.257, "Xian 1980"),
    (6378245.0, 298.3, "Beijing 1954"),
)
"""Semi-major axis in metres, inverse flattening → datum, where no name says else."""
_DATUM_WORDS: Final[tuple[tuple[str, Datum], ...]] = (
    ("cgcs", "CGCS2000"),
    ("china2000", "CGCS2000"),
    ("chinageodetic", "CGCS2000"),
    ("国家2000", "CGCS2000"),
    ("国家大地", "CGCS2000"),
    ("xian", "Xian 1980"),
    ("西安80", "Xian 1980"),
    ("beijing", "Beijing 1954"),
    ("北京54", "Beijing 1954"),
    ("wgs", "WGS 84"),
    ("worldgeodeticsystem1984", "WGS 84"),
)
_UNNAMED: Final = ("unknown", "unnamed", "userdefined", "custom", "notspecified")
_SHIFTED: Final = ("gcj02", "bd09", "火星", "高德", "百度")
_PLAIN_NAMES: Final = {
    "cgcs2000": 4490,
    "国家大地坐标系2000": 4490,
    "2000国家大地坐标系": 4490,
    "wgs84": 4326,
}
_METHODS: Final = ("Transverse Mercator", "Gauss Kruger", "Gauss-Kruger")
_UTM_SCALE: Final = 0.9996
_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class StatedCrs:
    """What a file's own words on its coordinate system come to (文件自述坐标系).

    Attributes
    ----------
    name
        As the file writes it, shortened.
    crs
        The system of ours with these parameters, None where there is none.
    standing
        ``named``: datum and parameters are ours. ``unnamed_datum``: the parameters
        are, but the datum has no name that says so, or is WGS 84 under a projection
        of CGCS2000. ``local``: Gauss-Krüger with a central meridian or false easting
        of its own. ``foreign``: any other coordinate system, as UTM.
        ``undefined``: the file says that it does not know.
    central_meridian, false_easting_m
        Of a transverse Mercator projection.
    """

    name: str
    crs: SurveyCrs | None
    standing: Standing
    central_meridian: float | None = None
    false_easting_m: float | None = None


def read_crs_words(words: str) -> StatedCrs | None:
    """Return what the words come to; None where they are no coordinate system.

    Parameters
    ----------
    words
        WKT (also of ESRI), PROJJSON, or an authority's code like ``EPSG:4526``.
    """
    try:
        crs = pyproj.CRS.from_user_input(words)
    except pyproj.exceptions.CRSError:
        return None
    if crs.is_compound and crs.sub_crs_list:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    name = _written_name(words) or crs.name
    if crs.is_engineering or crs.name.lower().startswith("undefined"):
        return StatedCrs(name, None, "undefined")
    if crs.is_geographic:
        return _read_geographic(crs, name)
    if crs.is_projected:
        return _read_projected(crs, name)
    return StatedCrs(name, None, "foreign")


def find_declared_srid(text: str) -> int | None:
    """Return the EPSG number of a system as people declare it, None for no system.

    A number with or without ``EPSG:``, a name as ArcGIS writes it, or ``CGCS2000`` and
    ``WGS84`` for degrees.

    Raises
    ------
    FileRefused
        If it names coordinates of a web map that are shifted (GCJ-02, BD-09).

    Examples
    --------
    >>> find_declared_srid("EPSG:4526"), find_declared_srid("CGCS2000")
    (4526, 4490)
    """
    plain = "".join(c for c in text.lower() if c.isalnum())
    if any(word in plain for word in _SHIFTED):
        raise FileRefused("crs_shifted", name=text[:_NAME_LENGTH])
    srid = parse_srid(text.strip())
    if srid is not None:
        return srid
    if plain in _PLAIN_NAMES:
        return _PLAIN_NAMES[plain]
    stated = read_crs_words(text)
    return None if stated is None or stated.crs is None else stated.crs.srid


def same_plane(one: SurveyCrs | None, other: SurveyCrs) -> bool:
    """Return whether two systems give a place the same coordinates, to centimetres.

    WGS 84 and CGCS2000 do; a 6-degree zone without prefix does whose meridian is that
    of a 3-degree zone.
    """
    if one is None or (one.way == "refused") != (other.way == "refused"):
        return False
    same_datum = one.datum == other.datum or one.way != "refused"
    return same_datum and (one.central_meridian, one.false_easting_m) == (
        other.central_meridian,
        other.false_easting_m,
    )


def _written_name(words: str) -> str | None:
    """Return the first quoted name of a WKT: pyproj shows the official one."""
    parts = words[:1000].split('"')
    is_wkt = len(parts) > 2 and parts[0].rstrip().endswith("[")
    return parts[1][:_NAME_LENGTH] if is_wkt else None


def _read_geographic(crs: pyproj.CRS, name: str) -> StatedCrs:
    datum, named = _datum(crs)
    found = _find(datum, None, None)
    if found is None or datum is None:
        return StatedCrs(name, None, "foreign")
    return StatedCrs(name, found, "named" if named else "unnamed_datum")


def _read_projected(crs: pyproj.CRS, name: str) -> StatedCrs:
    operation = crs.coordinate_operation
    if operation is None or operation.method_name not in _METHODS:
        return StatedCrs(name, None, "foreign")
    values = {one.code: float(one.value) for one in operation.params}
    meridian, easting = values.get("8802"), values.get("8806")
    datum, named = _datum(crs)
    if datum is None or meridian is None or easting is None:
        return StatedCrs(name, None, "foreign")
    scale = values.get("8805", 1.0)
    if datum == "WGS 84" and scale == _UTM_SCALE:
        return StatedCrs(name, None, "foreign", meridian, easting)
    plain = (
        scale == 1.0
        and values.get("8801", 0.0) == values.get("8807", 0.0) == 0.0
        and all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    )
    # WGS 84 under a Gauss-Krüger zone is what programs write that know no CGCS2000.
    alike: Datum = "CGCS2000" if datum == "WGS 84" else datum
    found = _find(alike, meridian, easting) if plain else None
    if found is None:
        return StatedCrs(name, None, "local", meridian, easting)
    sure = named and datum != "WGS 84"
    standing: Standing = "named" if sure else "unnamed_datum"
    return StatedCrs(name, found, standing, meridian, easting)


def _datum(crs: pyproj.CRS) -> tuple[Datum | None, bool]:
    """Return the datum, None for a foreign one, and whether its name says so."""
    by_shape = _by_ellipsoid(crs)
    words = f"{crs.datum.name if crs.datum else ''}"
    plain = "".join(c for c in words.lower() if c.isalnum())
    for word, datum in _DATUM_WORDS:
        if word in plain:
            # A name that contradicts its own ellipsoid is no name.
            return (datum, True) if datum == by_shape else (by_shape, False)
    if not plain or any(word in plain for word in _UNNAMED):
        return by_shape, False
    return None, False


def _by_ellipsoid(crs: pyproj.CRS) -> Datum | None:
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        return None
    for axis_m, inverse_flattening, datum in _ELLIPSOIDS:
        if (
            abs(ellipsoid.semi_major_metre - axis_m) < 1e-3
            and abs(ellipsoid.inverse_flattening - inverse_flattening) < 1e-9
        ):
            return datum
    return None


@cache
def _find(
    datum: Datum | None, meridian: float | None, easting: float | None
) -> SurveyCrs | None:
    """Return the system with these parameters; three-degree zones come first."""
    fitting = [
        crs
        for crs in list_crs()
        if crs.datum == datum
        and crs.central_meridian == meridian
        and crs.false_easting_m == easting
        and crs.srid != _GEOGRAPHIC_3D
    ]
    fitting.sort(key=lambda crs: (crs.zone_width or 0, crs.srid))
    return fitting[0] if fitting else None


_GEOGRAPHIC_3D: Final = 4480
