"""One contender in a process of its own: prints pairs, area, seconds, memory (command).

The layers are read before the clock starts; so are the parcels' areas of record, which
a register holds (their measuring is printed apart).
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas
import numpy as np

from benchmarks.overlay_layers import read_layer
from parcels.area import measure_area
from screening.overlay_layers import Layer, join_pairs, overlay_layers


def main() -> None:
    """Run one contender: `ours` with a number of threads, or `geopandas`."""
    name, threads, folder, masks = sys.argv[1:5]
    left, right = read_layer(Path(folder), "parcels"), read_layer(Path(folder), masks)
    run = _geopandas if name == "geopandas" else _ours
    run(left, right, int(threads))


def _ours(left, right, threads: int) -> None:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    areas = measure_area(left)
    measured_s = time.perf_counter() - begun
    begun, used = time.perf_counter(), time.process_time()
    parcels, masks = Layer.of(left, areas), Layer.of(right)
    with ThreadPoolExecutor(threads) as executor:
        mapping = map if threads == 1 else executor.map
        pairs = join_pairs(overlay_layers(parcels, masks, map_blocks=mapping))
    _tell(
        begun,
        used,
        len(pairs),
        float(pairs.areas_m2.sum()),
        areas_of_record_s=measured_s,
    )


def _geopandas(left, right, threads: int) -> None:  # type: ignore[no-untyped-def]
    one = geopandas.GeoDataFrame({"a": range(len(left))}, geometry=left, crs=4490)
    other = geopandas.GeoDataFrame({"b": range(len(right))}, geometry=right, crs=4490)
    begun, used = time.perf_counter(), time.process_time()
    found = geopandas.overlay(one, other, how="intersection")
    # Its result has no areas; measuring them is left out of its time.
    seconds, processor_s = time.perf_counter() - begun, time.process_time() - used
    pieces = np.array(found.geometry.values, dtype=object)
    area_m2 = float(measure_area(pieces, edges="drawn").sum())
    _print(seconds, processor_s, len(found), area_m2)


def _tell(begun: float, used: float, pairs: int, area_m2: float, **more: float) -> None:
    seconds, processor_s = time.perf_counter() - begun, time.process_time() - used
    _print(seconds, processor_s, pairs, area_m2, **more)


def _print(
    seconds: float, processor_s: float, pairs: int, area_m2: float, **more: float
) -> None:
    # What getrusage tells was the parent's until this process was more.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    told = {
        "seconds": seconds,
        "processor_s": processor_s,
        "pairs": pairs,
        "area_m2": area_m2,
        "peak_bytes": peak,
        **more,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
