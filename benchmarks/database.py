"""The database a benchmark works on: in a cluster of its own, or the one named (shell).

Its register holds the invented county and nothing else. A folder that is kept is used
again by the next run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import psycopg
import sqlalchemy as sa

from app.cluster import ClusterUrls, running_database
from app.cluster.place import find_place
from app.cluster.processes import running_server
from app.migration import sqlalchemy_url, upgrade
from app.security.keys import create_client
from app.settings import Settings
from benchmarks.landscape import County
from benchmarks.load import CHANGE_REASON, load_county

Say = Callable[[str], None]

CLIENT_NAME: Final = "benchmark"
HITS_SAMPLE: Final = 2_000

_HITS = """
select avg(hit::integer)
from (
    select
        exists (select from registry.restriction_area v where v.closed_by is null
            and v.geom && p.geom and st_intersects(v.geom, p.geom))
        or exists (select from registry.farmland_unit v where v.closed_by is null
            and v.geom && p.geom and st_intersects(v.geom, p.geom))
        or exists (select from registry.water_zone v where v.closed_by is null
            and v.geom && p.geom and st_intersects(v.geom, p.geom))
        or exists (select from registry.plot v where v.closed_by is null
            and v.geom && p.geom and st_intersects(v.geom, p.geom))
        or exists (select from registry.former_use v where v.closed_by is null
            and v.geom && p.geom and st_intersects(v.geom, p.geom)) as hit
    from registry.parcel p
    where p.code = any(%s) and p.closed_by is null
) sampled
"""


class RegisterNotEmpty(Exception):
    """The database holds something else than the invented county."""


def say(line: str) -> None:
    """Say a line at once, whoever reads it."""
    print(line, flush=True)


@contextmanager
def working_folder(kept: Path | None) -> Iterator[Path]:
    """Give the folder that is kept, or one that is removed afterwards.

    The account of the database may enter the latter, and not list it.
    """
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="jingtu-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def settings_for(folder: Path) -> Settings:
    """Return the settings of the service whose data directory lies in the folder.

    `JINGTU_DATABASE_URL`, when set, is used instead of an own cluster.
    """
    return Settings(data_dir=folder / "data", demo=False)


@contextmanager
def loaded_database(
    folder: Path, county: County, say: Say, peer: bool = True
) -> Iterator[ClusterUrls]:
    """Give a running database that holds the county; load it when it is empty.

    Parameters
    ----------
    peer
        Also keep a plain copy of the parcels for the peer, see `_copy_for_peer`.

    Raises
    ------
    RegisterNotEmpty
        If there are other data, or a county of another size.
    """
    with running_database(settings_for(folder), say, make=True) as urls:
        upgrade(urls.owner, urls.superuser)
        if not _holds_county(urls.owner, county):
            _load(urls, county, say)
        if peer:
            _copy_for_peer(urls.owner, say)
        _settle(urls, peer)
        yield urls


def _holds_county(owner_url: str, county: County) -> bool:
    """Tell whether the county is there; False when the register is empty."""
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("select reason from registry.change").fetchall()
    reason = CHANGE_REASON.format(parcels=county.parcels)
    if found and (reason,) not in found:
        raise RegisterNotEmpty(
            f"The database does not hold the invented county of {county.parcels:,}"
            " parcels, and is not empty. Name another folder with --keep, or another"
            " database."
        )
    return bool(found)


def _load(urls: ClusterUrls, county: County, say: Say) -> None:
    say(f"Loading an invented county of {county.parcels:,} parcels ...")
    began = time.perf_counter()
    report = load_county(urls.owner, county, say)
    for table, seconds in report.seconds.items():
        say(f"  {table:22}{report.rows[table]:>12,} rows {seconds:8.1f} s")
    say(f"Loaded in {time.perf_counter() - began:.0f} s.")
    share = measure_hits(urls.owner, pick_codes(urls.owner, HITS_SAMPLE, seed=1))
    say(f"Parcels with at least one theme on them: {share:.0%} (of {HITS_SAMPLE:,}).")


def _copy_for_peer(owner_url: str, say: Say) -> None:
    """Give the peer a plain table with one unique index on the code.

    It could read a view of the register's open versions, but is 7 % faster so.
    """
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("select to_regclass('peer.parcel')").fetchone()
        if row is not None and row[0] is not None:
            return
        say("Copying the parcels for the peer ...")
        connection.execute("create schema if not exists peer")
        connection.execute(
            "create table peer.parcel as"
            " select * from registry.parcel where closed_by is null"
        )
        connection.execute("alter table peer.parcel add primary key (version_id)")
        connection.execute("create unique index on peer.parcel (code)")


def _settle(urls: ClusterUrls, peer: bool) -> None:
    """Have no vacuum, analysis or checkpoint of the load fall into the measurement."""
    if peer:
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("vacuum (analyze) peer.parcel")
    if urls.superuser:
        with psycopg.connect(urls.superuser, autocommit=True) as connection:
            connection.execute("checkpoint")


def pick_codes(owner_url: str, count: int, seed: int) -> list[str]:
    """Return codes of random parcels, each at most once, in random order."""
    random = np.random.default_rng(seed)
    with psycopg.connect(owner_url) as connection:
        last = connection.execute("select max(version_id) from registry.parcel")
        wanted = random.integers(1, (last.fetchone() or (0,))[0], count, endpoint=True)
        rows = connection.execute(
            "select code from registry.parcel"
            " where closed_by is null and version_id = any(%s)",
            (wanted.tolist(),),
        ).fetchall()
    codes = [row[0] for row in rows]
    return [codes[place] for place in random.permutation(len(codes))]


def measure_hits(owner_url: str, codes: list[str]) -> float:
    """Return the share of these parcels that some area theme touches."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(_HITS, (codes,)).fetchone()
    assert row is not None
    return float(row[0])


def count_decisions(owner_url: str) -> int:
    """Return the number of decisions recorded so far."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("select count(*) from registry.decision").fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def client_key(owner_url: str, county: County) -> Iterator[str]:
    """Give the key of a permit system of the county; it opens nothing afterwards."""
    engine = sa.create_engine(sqlalchemy_url(owner_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        client_id, key = create_client(
            connection, name=CLIENT_NAME, role="permit_system", scope=county.code
        )
    try:
        yield key
    finally:
        with engine.begin() as connection:
            connection.execute(
                sa.text(
                    "update registry.api_client set disabled_at = now() where id = :id"
                ),
                {"id": client_id},
            )


def database_pid(folder: Path) -> int | None:
    """Return the first process of the database server; None when it is not ours."""
    settings = settings_for(folder)
    place = find_place(settings.data_dir) if settings.has_own_cluster else None
    server = running_server(place / "data") if place else None
    return server.pid if server else None
