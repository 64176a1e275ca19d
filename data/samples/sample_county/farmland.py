"""Which farmland units there are, and of what category.

Units follow the fields, some ten of them each. Around the smelter and below the
tailings pond the line of strict control cuts across fields, as pollution does.
"""

from __future__ import annotations

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from sample_county import plane
from sample_county.plane import MILLIMETRE, blob, polygons_of
from sample_county.records import Record
from sample_county.survey import Parcel

CELL_M = 560.0
SMALLEST_PART_M2 = 900.0
NUMERALS = {
    "priority_protection": "Ⅰ",
    "safe_use": "Ⅱ",
    "strict_control": "Ⅲ",
    "unclassified": "",
}
CROPS = {"0101": "水稻", "0102": "小麦;玉米", "0103": "小麦;玉米", "0201": "苹果"}

STRICT = shapely.union_all(
    [
        blob(5520.0, 3170.0, 430.0, "strict smelter", 24),
        blob(1180.0, 3420.0, 210.0, "strict tailings", 18),
        blob(7600.0, 2730.0, 150.0, "strict river", 18),
    ]
)
SAFE = shapely.union_all(
    [
        blob(5750.0, 3000.0, 1180.0, "safe smelter", 36),
        blob(1420.0, 3500.0, 760.0, "safe tailings", 30),
        blob(6700.0, 4850.0, 430.0, "safe old industry", 24),
        blob(7600.0, 2650.0, 420.0, "safe river", 24),
    ]
)
UNSURVEYED = shapely.union_all(
    [shapely.box(6020, 5420, 7300, 6850), shapely.box(7300, 400, 8900, 1500)]
)


def make_farmland(parcels: list[Parcel]) -> list[Record]:
    """Return units that tile the cultivated land and orchards of both counties."""
    fields = [p for p in parcels if is_farmland(p)]
    units = _units(fields)
    units = _cut_by_strict_line(units)
    serials: dict[str, int] = {}
    records = []
    for (township, category, land_use), shape in units:
        county = township[:6]
        serials[county] = serials.get(county, 0) + 1
        code = f"{county}{serials[county]:06d}{NUMERALS[category]}"
        scheme = "gbt21010_2017" if county == "999901" else "ydyh_2023"
        values = {
            "township_code": township,
            "category": category,
            "land_use_scheme": scheme,
            "land_use_code": land_use,
            "crop": CROPS[land_use],
            "target_pollutants": _targets(category, shape),
            "registered_area_m2": plane.ellipsoid_area_m2(shape),
        }
        records.append(Record(code, county, values, shape))
    return records


def is_farmland(parcel: Parcel) -> bool:
    """Whether the parcel is cultivated land or orchard."""
    return parcel.kind == "field" and (parcel.land_use or "")[:2] in ("01", "02")


def _targets(category: str, shape: BaseGeometry) -> list[str] | None:
    if category == "strict_control":
        return ["镉", "铅"] if shape.centroid.x > 3000 else ["镉", "砷"]
    return ["镉"] if category == "safe_use" else None


Key = tuple[str, str, str]


def _units(fields: list[Parcel]) -> list[tuple[Key, Polygon]]:
    groups: dict[tuple[object, ...], list[BaseGeometry]] = {}
    for parcel in fields:
        point = parcel.geometry.representative_point()
        land_use = parcel.land_use or ""
        key = (
            (parcel.township, _category(point, land_use), land_use),
            int(point.x // CELL_M),
            int(point.y // CELL_M),
        )
        groups.setdefault(key, []).append(parcel.geometry)
    return [
        (key[0], part)  # type: ignore[misc]
        for key, shapes in sorted(groups.items(), key=lambda item: str(item[0]))
        for part in polygons_of(shapely.union_all(shapes, grid_size=MILLIMETRE))
    ]


def _category(point: shapely.Point, land_use: str) -> str:
    if SAFE.contains(point) or STRICT.contains(point):
        return "safe_use"
    if land_use == "0201" or UNSURVEYED.contains(point):
        return "unclassified"
    return "priority_protection"


def _cut_by_strict_line(units: list[tuple[Key, Polygon]]) -> list[tuple[Key, Polygon]]:
    """Part the units along the line of strict control, edges exactly shared."""
    touched = [unit for unit in units if unit[1].intersects(STRICT)]
    lines = [LineString(ring) for _, shape in touched for ring in _rings(shape)]
    lines += [LineString(part.exterior) for part in polygons_of(STRICT)]
    network = shapely.union_all(lines, grid_size=MILLIMETRE)
    faces = list(polygonize(shapely.get_parts(network)))
    points = [face.representative_point() for face in faces]
    found = [unit for unit in units if not unit[1].intersects(STRICT)]
    for key, shape in touched:
        shapely.prepare(shape)
        inside = [
            face
            for face, point in zip(faces, points, strict=True)
            if shape.contains(point)
        ]
        strict = [face for face in inside if _is_strict(face)]
        rest = [face for face in inside if not _is_strict(face)]
        if sum(face.area for face in rest) < SMALLEST_PART_M2:
            strict, rest = inside, []
        for category, parts in (("strict_control", strict), (key[1], rest)):
            joined = shapely.union_all(parts, grid_size=MILLIMETRE)
            found += [((key[0], category, key[2]), p) for p in polygons_of(joined)]
    return sorted(found, key=_order)


def _is_strict(face: Polygon) -> bool:
    inside = bool(STRICT.contains(face.representative_point()))
    return inside and face.area >= SMALLEST_PART_M2


def _order(unit: tuple[Key, Polygon]) -> tuple[str, float, float]:
    point = unit[1].representative_point()
    return (unit[0][0], -round(point.y, 1), round(point.x, 1))


def _rings(polygon: Polygon) -> list[object]:
    return [polygon.exterior, *polygon.interiors]
