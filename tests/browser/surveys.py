"""The surveyor's files: one with faults, the same without, and one that is none."""

from pathlib import Path

import shapely
import shapely.affinity

from parcels.crs import transform_from_storage
from tests.browser.register import SOUTH, STEP, WEST
from tests.survey_files import parcel_code, parcels_zip

SRID = 4526
SIDE_M = 80.0
ZONE_NUMBER_M = 38_000_000.0
"""The zone's number as it stands before the eastings of `SRID`."""


def write_surveys(folder: Path) -> dict[str, str]:
    """Write the files; return their paths by what they are."""
    faulty = parcels_zip(_squares(overlap_m=5.0), _rows(101, 102, 103, 103, 105))
    fixed = parcels_zip(_squares(overlap_m=0.0), _rows(101, 102, 103, 104, 105))
    first, second, third, *_, last = _squares(overlap_m=5.0)
    squares = [first, second, _bow_tie(third), last]
    folded = parcels_zip(squares, _rows(111, 112, 113, 114))
    unnumbered = [
        shapely.affinity.translate(square, -ZONE_NUMBER_M)
        for square in _squares(overlap_m=0.0)
    ]
    large = parcels_zip(_patchwork(60), _rows(*range(1001, 1001 + 60 * 60)))
    contents = {
        "large": ("宗地_大.zip", large),
        "folded": ("宗地_自相交.zip", folded),
        "faulty": ("宗地_待改.zip", faulty),
        "unnumbered": (
            "宗地_无带号.zip",
            parcels_zip(unnumbered, _rows(121, 122, 123, 124, 125)),
        ),
        "fixed": ("宗地_已改.zip", fixed),
        "rubbish": ("宗地_损坏.zip", b"PK\x03\x04 and nothing more"),
    }
    paths = {}
    for name, (filename, content) in contents.items():
        path = folder / filename
        path.write_bytes(content)
        paths[name] = str(path)
    return paths


def _corner() -> tuple[float, float]:
    """Return where the files begin, well inside the county."""
    corner = transform_from_storage(
        shapely.Point(WEST + 20 * STEP, SOUTH + 20 * STEP), SRID
    )
    return round(corner.x), round(corner.y)


def _patchwork(side: int) -> list[shapely.Polygon]:
    """So many rows of as many squares of 20 m, north of the other files."""
    east, north = _corner()
    return [
        shapely.box(
            east + 20.0 * column,
            north + 200.0 + 20.0 * row,
            east + 20.0 * (column + 1),
            north + 200.0 + 20.0 * (row + 1),
        )
        for column in range(side)
        for row in range(side)
    ]


def _squares(overlap_m: float) -> list[shapely.Polygon]:
    """Five squares in a row, the second pushed into the first."""
    east, north = _corner()
    lefts = [0.0, SIDE_M - overlap_m, 2 * SIDE_M, 3 * SIDE_M, 4 * SIDE_M]
    return [
        shapely.box(east + left, north, east + left + SIDE_M, north + SIDE_M)
        for left in lefts
    ]


def _bow_tie(square: shapely.Polygon) -> shapely.Polygon:
    """Return a square with two of its corners in the wrong order."""
    west, south, east, north = square.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])


def _rows(*serials: int) -> list[tuple[str, str, float]]:
    return [
        (parcel_code(serial), f"净土路{serial}号", SIDE_M * SIDE_M)
        for serial in serials
    ]
