"""How long does a county's survey take into the register, beside ogr2ogr? (command).

Ours receives the zipped shapefile, reads and checks every row, and commits it: every
version under its change, in all indexes. The peer copies the same file into a plain
table with a spatial index and looks at nothing. Both take turns on one server, after a
copy that is not measured. With ``--held`` the register holds another county before.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import pyarrow as pa

from app.cluster import ClusterUrls, running_database
from app.migration import upgrade
from app.refusals import CannotRun
from benchmarks.database import database_pid, say, settings_for, working_folder
from benchmarks.import_turns import (
    NotAsItShouldBe,
    Turn,
    copy_survey,
    declare,
    import_survey,
)
from benchmarks.landscape import County
from benchmarks.survey import draw_divisions, write_survey
from benchmarks.survey_faults import count_seeded, find_unseen, seed_faults
from parcels.surveys.confinement import close_readers, run_examination
from parcels.surveys.ground import make_ground
from parcels.surveys.limits import Limits
from parcels.surveys.proposing import Proposal

MARK = 2.0
MEMORY_MARK_BYTES = 3 * 2**30
HELD_CODE = "999802"
"""The county that a register holds before, so many kilometres to the north."""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 when the marks are met and every row arrived."""
    options = _read_options(arguments)
    try:
        with working_folder(options.keep) as folder:
            return _run(folder, County(options.parcels), options)
    except (CannotRun, NotAsItShouldBe) as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/import", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument(
        "--held",
        type=int,
        default=0,
        metavar="PARCELS",
        help="of another county, brought in before without being measured",
    )
    parser.add_argument("--rounds", type=int, default=1, help="turns of each")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the survey file in DIR"
    )
    parser.add_argument(
        "--no-faults", action="store_true", help="leave the survey with faults out"
    )
    parser.add_argument(
        "--no-peer", action="store_true", help="measure ours alone (development)"
    )
    return parser.parse_args(arguments)


def _run(folder: Path, county: County, options: argparse.Namespace) -> int:
    survey = _survey(folder, county)
    held = County(options.held, HELD_CODE)
    before = _survey(folder, held) if options.held else None
    ours: list[Turn] = []
    peer: list[Turn] = []
    for turn in range(1, options.rounds + 1):
        # A register holds a version once: each turn has a database of its own.
        with _database(folder / f"turn{turn}") as urls:
            server = database_pid(folder / f"turn{turn}")
            # A server that was just made has neither pages nor a log to write over.
            copy_survey(urls, survey, county, server)
            if before:
                import_survey(urls, held, before, server)
            ours.append(import_survey(urls, county, survey, server))
            say(f"  turn {turn} jingtu  {_described(ours[-1])}")
            if not options.no_peer:
                peer.append(copy_survey(urls, survey, county, server))
                say(f"  turn {turn} ogr2ogr {_described(peer[-1])}")
    met = _report(county, ours, peer)
    if not options.no_faults:
        met &= _find_faults(folder, county)
    return 0 if met else 1


def _survey(folder: Path, county: County) -> Path:
    survey = folder / f"{county.code}-{county.parcels}.zip"
    if not survey.exists():
        say(f"Writing a survey of {county.parcels:,} parcels ...")
        write_survey(county, survey)
    say(f"{survey.stat().st_size / 1e6:,.0f} MB zipped")
    return survey


@contextmanager
def _database(folder: Path) -> Iterator[ClusterUrls]:
    folder.mkdir()
    folder.chmod(0o711)
    try:
        with running_database(settings_for(folder), say, make=True) as urls:
            upgrade(urls.owner, urls.superuser)
            yield urls
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _described(turn: Turn) -> str:
    steps = ", ".join(f"{name} {s:.1f}" for name, s in turn.steps.items())
    cpu = f"processor {turn.cpu.program:.1f} + database {turn.cpu.database:.1f} s"
    return f"{turn.seconds:7.1f} s ({steps}); {cpu}"


def _report(county: County, ours: list[Turn], peer: list[Turn]) -> bool:
    seconds = median(turn.seconds for turn in ours)
    peak = max(turn.peak_bytes for turn in ours)
    say(f"\n{county.parcels:,} parcels, load {os.getloadavg()[0]:.1f} (one minute)")
    say(f"  jingtu   {seconds:8.1f} s  {county.parcels / seconds:10,.0f} rows/s")
    met = peak <= MEMORY_MARK_BYTES
    if peer:
        theirs = median(turn.seconds for turn in peer)
        say(f"  ogr2ogr  {theirs:8.1f} s  {county.parcels / theirs:10,.0f} rows/s")
        ratio = seconds / theirs
        say(f"  ratio jingtu : ogr2ogr = {ratio:.2f} (mark: at most {MARK:.1f})")
        met = met and ratio <= MARK
    say(f"  peak memory {peak / 2**30:.2f} GiB (mark: at most 3.00)")
    return met


def _find_faults(folder: Path, county: County) -> bool:
    """Examine a survey full of known faults; tell whether each was found."""
    say(f"Examining the survey with {count_seeded(county.parcels):,} known faults ...")
    survey = folder / f"{county.parcels}-faulty.zip"
    if not survey.exists():
        write_survey(county, survey, partial(seed_faults, rows=county.parcels))
    request = declare(county)
    ground = make_ground(
        (code, name, None, wkb) for code, name, wkb in draw_divisions(county)
    )
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        found = run_examination(survey, survey.name, request, ground, Limits(), scratch)
        if isinstance(found, Proposal):
            raise NotAsItShouldBe(f"The file has to be confirmed: {found}")
        unseen = find_unseen(_issues(found.issues), county.parcels)
        checks = found.facts["checks"]
    finally:
        close_readers()
        shutil.rmtree(scratch)
    say(f"  {len(unseen)} of them not found{': ' if unseen else ''}{unseen[:5] or ''}")
    say(
        "  rows seen by each check: "
        + ", ".join(f"{k} {n:,}" for k, n in checks.items())
    )
    return not unseen and set(checks.values()) == {county.parcels}


def _issues(table: pa.Table) -> Iterator[tuple[str, int]]:
    """Yield kind and row of each issue; an overlap has two rows."""
    columns = (table[name].to_pylist() for name in ("kind", "row", "details"))
    for kind, row, details in zip(*columns, strict=True):
        yield kind, row
        if kind == "overlap":
            yield kind, json.loads(details)["other_row"]


if __name__ == "__main__":
    sys.exit(main())
