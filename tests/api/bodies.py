"""Bodies of requests: valid by default, one thing overridden."""

import itertools
from typing import Any

import shapely

OURS, THEIRS = "999901", "999902"
# Well formed, and nothing has it. Fixed: names of tests are the same at every run.
NO_SUCH_ID = "00000000-0000-4000-8000-000000000000"
_numbers = itertools.count(1)


def square(west: float, south: float, side: float = 0.001) -> dict[str, Any]:
    """A GeoJSON square."""
    box = shapely.box(west, south, west + side, south + side)
    return {
        "type": "Polygon",
        "coordinates": [[list(point) for point in box.exterior.coords]],
    }


def comb(
    west: float, south: float, side: float, teeth: int, *, lying: bool
) -> dict[str, Any]:
    """A polygon of long thin teeth, standing on a strip or lying beside one."""
    step, back = side / teeth, -side / 1000
    ring = [(0.0, back)]
    for tooth in range(teeth):
        left, right = tooth * step, (tooth + 0.5) * step
        ring += [(left, 0.0), (left, side), (right, side), (right, 0.0)]
    ring += [(side, back), (0.0, back)]
    turned = [(y, x) if lying else (x, y) for x, y in ring]
    return {
        "type": "Polygon",
        "coordinates": [[[west + x, south + y] for x, y in turned]],
    }


def with_exclave(division: dict[str, Any], *box: float) -> dict[str, Any]:
    """The body of a division with a box of ground more: west, south, east, north."""
    ground = shapely.geometry.shape(division["geometry"]) | shapely.box(*box)
    return division | {"geometry": shapely.geometry.mapping(ground)}


def parcel_code(number: int, county: str = OURS) -> str:
    """A parcel code of the county."""
    return f"{county}001001GB{number:05d}"


def new_code() -> str:
    """A parcel code nobody has used."""
    return parcel_code(50_000 + next(_numbers))


def parcel(code: str, west: float = 114.0, south: float = 34.6, **more: Any) -> dict:
    """The body of a parcel."""
    return {
        "parcel_code": code,
        "division_code": code[:6],
        "land_use_scheme": "gbt21010_2017",
        "land_use_code": "0701",
        "valid_from": "2024-01-01",
        "geometry": square(west, south),
        **more,
    }


def entry(listed: str = "rcr") -> dict[str, Any]:
    """What a plot of a published register says of where its stage comes from."""
    return {
        "entry_list": listed,
        "entry_batch": "2024年第1批",
        "entry_source": "净环函〔2024〕8号",
        "entry_published_on": "2024-03-01",
    }
