"""PostGIS as a contender: one set query over plain tables with indexes (shell)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import psycopg
import shapely

from benchmarks.overlay_layers import read_layer
from benchmarks.processor_time import tree_seconds

_OVERLAY: Final = """
create table peer.pairs as
select p.id as a, m.id as b,
    case when st_contains(m.geom, p.geom) then st_area(p.geom)
        else st_area(st_intersection(p.geom, m.geom)) end as area
from peer.{masks} m
join peer.parcels p on st_intersects(p.geom, m.geom)
"""


def load_layers(url: str, folder: Path, names: tuple[str, ...]) -> None:
    """Copy the layers into tables with a spatial index, analysed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create extension if not exists postgis")
        connection.execute("create schema peer")
        for name in names:
            connection.execute(f"create table peer.{name} (id integer, geom geometry)")
            written = shapely.to_wkb(read_layer(folder, name), hex=True)
            with connection.cursor().copy(f"copy peer.{name} from stdin") as copy:
                for number, wkb in enumerate(written):
                    copy.write_row((number, wkb))
            connection.execute(f"create index on peer.{name} using gist (geom)")
            connection.execute(f"vacuum analyze peer.{name}")


def overlay(url: str, masks: str, server_pid: int) -> dict[str, Any]:
    """Run the query; return pairs, seconds and the server's processor time."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set max_parallel_workers_per_gather = 2")
        connection.execute("set parallel_setup_cost = 0")
        connection.execute("set jit = off")
        connection.execute("drop table if exists peer.pairs")
        begun, used = time.perf_counter(), tree_seconds(server_pid)
        connection.execute(_OVERLAY.format(masks=masks))
        seconds = time.perf_counter() - begun
        processor_s = tree_seconds(server_pid) - used
        row = connection.execute("select count(*) from peer.pairs where area > 0")
        (pairs,) = row.fetchone() or (0,)
    return {"seconds": seconds, "processor_s": processor_s, "pairs": pairs}
