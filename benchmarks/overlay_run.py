"""How long does a county's overlay take, beside three other engines? (command).

Every contender gets the same degrees, in a process of its own, its layers in memory
before its clock starts; they take turns, and the best of the rounds counts. Marks: 8 ×
geopandas.overlay and 2 × DuckDB Spatial on the buffers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.cluster import running_database
from benchmarks.database import database_pid, settings_for
from benchmarks.landscape import County
from benchmarks.overlay_layers import LAYERS, write_layers
from benchmarks.overlay_postgis import load_layers, overlay

REQUIREMENTS: Final = Path(__file__).with_name("overlay-requirements.txt")
GEOPANDAS_MARK: Final = 8.0
DUCKDB_MARK: Final = 2.0
_OURS: Final = ("ours, 1 thread", "ours, all threads")


def main() -> None:
    """Run the benchmark; ends with 1 when contenders disagree on the pairs."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="jingtu-overlay-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        counts = write_layers(County(given.parcels), folder)
        print(", ".join(f"{many:,} {layer}" for layer, many in counts.items()))
        print(f"load average {os.getloadavg()[0]:.1f}, {_processors()} processors")
        python = _duckdb_environment(given.environment or folder / "duckdb")
        agreed = True
        with _postgis(folder, given.without_postgis) as peer:
            for masks in given.masks:
                agreed &= _compare(folder, masks, python, peer, given.rounds)
    sys.exit(0 if agreed else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/overlay", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--masks", nargs="+", default=["buffers", "plots"])
    parser.add_argument("--without-postgis", action="store_true")
    parser.add_argument(
        "--environment", type=Path, help="folder that keeps DuckDB's environment"
    )
    return parser.parse_args()


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _duckdb_environment(place: Path) -> Path:
    """Make DuckDB's environment when it is not there; return its Python."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = place / "requirements.sha256"
    if not (stamp.exists() and stamp.read_text(encoding="ascii") == wanted):
        make = [sys.executable, "-m", "venv", "--clear", str(place)]
        subprocess.run(make, check=True)
        install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run(
            [str(place / "bin/python"), *install, "-r", str(REQUIREMENTS)], check=True
        )
        stamp.write_text(wanted, encoding="ascii")
    return place / "bin/python"


@contextmanager
def _postgis(folder: Path, left_out: bool) -> Iterator[tuple[str, int] | None]:
    """Give a database that holds the layers, with the pid of its server."""
    if left_out:
        yield None
        return
    with running_database(settings_for(folder), make=True) as urls:
        load_layers(urls.superuser, folder, LAYERS)
        yield urls.superuser, database_pid(folder)


def _compare(
    folder: Path,
    masks: str,
    python: Path,
    peer: tuple[str, int] | None,
    rounds: int,
) -> bool:
    best: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        for name, found in _round(folder, masks, python, peer):
            kept = best.get(name)
            if kept is None or found["seconds"] < kept["seconds"]:
                best[name] = found
    print(f"\nparcels × {masks}")
    for name, found in best.items():
        print(_line(name, found))
    _print_ratios(best, masks)
    return _agree(best)


def _round(
    folder: Path, masks: str, python: Path, peer: tuple[str, int] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    ours = [sys.executable, "-m", "benchmarks.overlay_ours"]
    duckdb = [str(python), str(Path(__file__).with_name("overlay_duckdb.py"))]
    threads = str(_processors())
    where = [str(folder), masks]
    yield _OURS[0], _run([*ours, "ours", "1", *where])
    yield _OURS[1], _run([*ours, "ours", threads, *where])
    yield "geopandas.overlay", _run([*ours, "geopandas", "1", *where])
    yield "DuckDB Spatial", _run([*duckdb, "plain", threads, *where])
    yield "DuckDB, shortcut", _run([*duckdb, "shortcut", threads, *where])
    if peer is not None:
        yield "PostGIS", overlay(peer[0], masks, peer[1])


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _line(name: str, found: dict[str, Any]) -> str:
    line = f"  {name:20}{found['seconds']:8.2f} s{found['processor_s']:9.2f} s of work"
    line += f"{found['pairs']:>12,} pairs"
    if "peak_bytes" in found:
        line += f"  peak {found['peak_bytes'] / 2**20:,.0f} MB"
    if "areas_of_record_s" in found:
        line += f"  (areas of record, {found['areas_of_record_s']:.2f} s)"
    return line


def _print_ratios(best: dict[str, dict[str, Any]], masks: str) -> None:
    ours = min(best[name]["seconds"] for name in _OURS)
    for peer, mark in (
        ("geopandas.overlay", GEOPANDAS_MARK),
        ("DuckDB Spatial", DUCKDB_MARK),
        ("DuckDB, shortcut", DUCKDB_MARK),
    ):
        ratio = best[peer]["seconds"] / ours
        work = best[peer]["processor_s"] / best[_OURS[0]]["processor_s"]
        marked = f", mark {mark:g}" if masks == "buffers" else ""
        print(f"  {peer}: ours is {ratio:.2f} × as fast{marked}; work {work:.2f} ×")


def _agree(best: dict[str, dict[str, Any]]) -> bool:
    """Whether all found the same pairs, but for touches along a boundary.

    Ours leaves out films below 1 cm² (`screening.overlay`): 1.6 in 10,000 of the pairs
    of parcels and plots, each checked once.
    """
    counts = [found["pairs"] for found in best.values()]
    agreed = max(counts) - min(counts) <= max(10, max(counts) // 5_000)
    if not agreed:
        print(f"  the contenders found different pairs: {counts}")
    return agreed


if __name__ == "__main__":
    main()
