"""How long does a tile of about 1,300 parcels take, beside the bare query? (command).

Ours opens the caller's transaction, reads the tag and draws the tile under row-level
security, as the endpoint does. The peer is the shortest `ST_AsMVT` query over the same
rows by the owner of the tables, who is under no policy. Both draw the same random
tiles of zoom 14 in turns; the first drawing of each is left out.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg

from app.cluster import ClusterUrls
from app.database import Database
from app.refusals import CannotRun
from app.security.principals import Principal
from benchmarks.database import (
    RegisterNotEmpty,
    loaded_database,
    say,
    working_folder,
)
from benchmarks.landscape import County
from parcels.register.tiles import (
    TileAddress,
    find_tile_layer,
    read_mark,
    render_tile,
)

ZOOM = 14
FULL = 1_000
"""A tile with fewer parcels lies at the edge of the county and is not drawn."""

_BARE = """
select st_asmvt(drawn, 'parcel'), count(*)
from (
    select code, land_use_code, mapped_area_m2,
        st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope(%(z)s, %(x)s, %(y)s))
    from registry.parcel
    where closed_by is null
        and geom && st_transform(st_tileenvelope(%(z)s, %(x)s, %(y)s), 4490)
) drawn
"""
_TILES = """
select distinct
    floor((st_x(p) + 180) / 360 * 2 ^ %(z)s)::integer,
    floor((1 - ln(tan(radians(st_y(p))) + 1 / cos(radians(st_y(p)))) / pi())
        / 2 * 2 ^ %(z)s)::integer
from (
    select st_pointonsurface(geom) as p from registry.parcel
    where closed_by is null and version_id %% 500 = 0
) sampled
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 when both drew the same tiles."""
    options = _read_options(arguments)
    county = County(options.parcels)
    try:
        with (
            working_folder(options.keep) as folder,
            loaded_database(folder, county, say) as urls,
        ):
            return _compare(urls, county, options)
    except (CannotRun, RegisterNotEmpty) as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/tiles", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="use, or make and keep, this database"
    )
    parser.add_argument("--tiles", type=int, default=20, help="different tiles")
    parser.add_argument("--rounds", type=int, default=5, help="drawings of each tile")
    return parser.parse_args(arguments)


def _compare(urls: ClusterUrls, county: County, options: argparse.Namespace) -> int:
    planner = Principal(UUID(int=0), "benchmark", "planner", county.code)
    layer = find_tile_layer("parcel")
    database = Database(urls.service)

    def ours(address: TileAddress) -> int:
        with database.transaction(planner, read_only=True) as connection:
            mark = read_mark(connection, layer)
            return len(render_tile(connection, layer, address, mark.day))

    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("set jit = off")

        def bare(address: TileAddress) -> tuple[int, int]:
            values = {"z": address.z, "x": address.x, "y": address.y}
            cursor = connection.cursor(binary=True)
            row = cursor.execute(_BARE, values, prepare=True).fetchone()
            assert row is not None
            return len(row[0] or b""), row[1]

        tiles = _choose(connection, bare, options.tiles)
        say(f"{len(tiles)} tiles of zoom {ZOOM}, {options.rounds} drawings each")
        ours_ms: list[float] = []
        bare_ms: list[float] = []
        for address in tiles:
            for turn in range(options.rounds + 1):
                pair = _milliseconds(bare, address), _milliseconds(ours, address)
                if turn:
                    bare_ms.append(pair[0])
                    ours_ms.append(pair[1])
        sizes = [(bare(address), ours(address)) for address in tiles]
    database.close()
    return _report(ours_ms, bare_ms, sizes)


def _choose(
    connection: psycopg.Connection,
    bare: Callable[[TileAddress], tuple[int, int]],
    count: int,
) -> list[TileAddress]:
    """Return random tiles that lie wholly inside the county."""
    found = connection.execute(_TILES, {"z": ZOOM}).fetchall()
    addresses = [TileAddress(ZOOM, x, y) for x, y in found]
    random.Random(1).shuffle(addresses)
    return [address for address in addresses if bare(address)[1] >= FULL][:count]


def _milliseconds(draw: Callable[[TileAddress], object], address: TileAddress) -> float:
    began = time.perf_counter()
    draw(address)
    return (time.perf_counter() - began) * 1000


def _report(
    ours_ms: list[float],
    bare_ms: list[float],
    sizes: list[tuple[tuple[int, int], int]],
) -> int:
    if not ours_ms:
        print("No tile lies wholly inside the county: take more parcels.")
        return 1
    parcels = statistics.mean(count for (_, count), _ in sizes)
    say(f"parcels a tile {parcels:.0f}, load {os.getloadavg()[0]:.1f}")
    for name, taken in (("jingtu", ours_ms), ("bare", bare_ms)):
        p90 = statistics.quantiles(taken, n=10)[-1]
        say(f"  {name:8} p50 {statistics.median(taken):6.1f} ms   p90 {p90:6.1f} ms")
    # A pair is drawn one right after the other: its ratio holds on a busy machine.
    pairs = zip(ours_ms, bare_ms, strict=True)
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    say(f"  ratio jingtu : bare = {ratio:.2f} (mark: at most 1.3)")
    # Ours reaches a little over the tile's edge, so that outlines join.
    same = all(0.8 < drawn / size < 1.3 for (size, _), drawn in sizes)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
