"""DuckDB Spatial as a contender, in its own environment (command).

Reads nothing of this program: it runs where only DuckDB is installed. Areas are plane,
in square degrees: DuckDB's area on the ellipsoid would only cost it more.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.feather as feather
from duckdb_extensions import import_extension

PLAIN = "st_area(st_intersection(p.geom, m.geom))"
SHORT = f"case when st_contains(m.geom, p.geom) then st_area(p.geom) else {PLAIN} end"


def main() -> None:
    """Overlay once and print pairs, area, seconds and memory."""
    way, threads, folder, masks = sys.argv[1:5]
    import_extension("spatial")
    connection = duckdb.connect()
    connection.execute("load spatial")
    connection.execute(f"set threads = {int(threads)}")
    for table, name in (("p", "parcels"), ("m", masks)):
        source = feather.read_table(f"{folder}/{name}.arrow")
        connection.register("source", source)
        connection.execute(
            f"create table {table} as"  # noqa: S608
            " select id, st_geomfromwkb(geom) as geom from source"
        )
        connection.unregister("source")
    area = SHORT if way == "shortcut" else PLAIN
    begun, used = time.perf_counter(), time.process_time()
    connection.execute(
        f"create table pairs as select p.id as a, m.id as b, {area} as area"  # noqa: S608
        " from p join m on st_intersects(p.geom, m.geom)"
    )
    seconds, processor_s = time.perf_counter() - begun, time.process_time() - used
    found = connection.execute("select count(*), sum(area) from pairs where area > 0")
    pairs, total = found.fetchone()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    told = {
        "seconds": seconds,
        "processor_s": processor_s,
        "pairs": pairs,
        "area_deg2": total,
        "peak_bytes": peak,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
