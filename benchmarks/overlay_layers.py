"""The layers of the overlay benchmark, the same for every contender (shell).

Parcels tile the ground; enterprises are points in towns with a buffer of 470 m, which
gives some 430 parcels each; plots are blobs of 15 to 90 m. Degrees, EPSG:4490.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import shapely
from numpy.typing import NDArray

from benchmarks.landscape import County, blobs, scatter
from screening.distance import buffer_for_display

BUFFER_M: Final = 470.0
LAYERS: Final = ("parcels", "buffers", "plots")


def write_layers(county: County, folder: Path) -> dict[str, int]:
    """Write the three layers as WKB; return how many features each has."""
    random = np.random.default_rng(county.seed)
    columns, rows = county.cells(np.arange(county.parcels))
    rings = county.tessellation.rings(columns, rows)
    places = county.lonlat(scatter(county, random, county.scaled(2000), in_town=0.6))
    centres = scatter(county, random, county.scaled(10_000), in_town=0.6)
    radii_m = random.uniform(15.0, 90.0, len(centres))
    made = {
        "parcels": county.to_degrees(shapely.polygons(rings)),
        "buffers": np.array(
            [buffer_for_display(shapely.Point(*place), BUFFER_M) for place in places],
            dtype=object,
        ),
        "plots": county.to_degrees(blobs(random, centres, radii_m, 40)),
    }
    for name, shapes in made.items():
        table = pa.table({"id": np.arange(len(shapes)), "geom": shapely.to_wkb(shapes)})
        feather.write_feather(table, folder / f"{name}.arrow", compression="lz4")
    return {name: len(shapes) for name, shapes in made.items()}


def read_layer(folder: Path, name: str) -> NDArray[Any]:
    """Return the geometries of a layer."""
    table = feather.read_table(folder / f"{name}.arrow")
    shapes: NDArray[Any] = shapely.from_wkb(
        table["geom"].to_numpy(zero_copy_only=False)
    )
    return shapes
