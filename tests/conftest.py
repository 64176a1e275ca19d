"""A PostGIS cluster of the tests' own: made when first asked for, removed at the end.

`database_urls` is one migrated database for the whole run: leave it as you found it.
`fresh_database_urls` is an empty register for one test.
"""

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from app.cluster import Cluster, ClusterUrls
from app.cluster.provision import make_database
from app.migration import upgrade

# The same examples at every run, however slow the machine: a change that breaks nothing
# must not fail by luck.
hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")

SHARED = ("api", "browser")
"""Folders whose tests share one register, file after file."""


class Together(LoadScopeScheduling):
    """Keeps in one process what shares a register or a file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in SHARED else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Share the tests out among processes (`scripts/test`)."""
    return Together(config, log)


# A stop signal ends the run with its clean-up: a cluster must not outlive its tests.
signal.signal(
    signal.SIGTERM,
    lambda number, frame: pytest.exit("stopped by a signal", returncode=143),
)

PREFIX = "jingtu-test-"
TEMPLATE = "jingtu_template"


def at_database(urls: ClusterUrls, name: str) -> ClusterUrls:
    """Return the same roles' URLs at another database of the cluster."""
    return replace(
        urls,
        superuser=urls.superuser.replace("@/jingtu?", f"@/{name}?"),
        owner=urls.owner.replace("@/jingtu?", f"@/{name}?"),
        service=urls.service.replace("@/jingtu?", f"@/{name}?"),
    )


def _remove(folder: Path) -> None:
    Cluster(folder).remove()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers() -> None:
    """Remove clusters of test runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}[0-9]*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        ours = folder.lstat().st_uid == os.geteuid()
        if ours and not Path(f"/proc/{pid}").exists():
            _remove(folder)


@pytest.fixture(scope="session")
def make_data_dir() -> Iterator[Callable[[], Path]]:
    """Make data directories that the database's user can enter; remove them at the end.

    pytest's own `tmp_path` is closed to every user but the one who runs the tests.
    """
    _remove_leftovers()
    made: list[Path] = []

    def make() -> Path:
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        folder.chmod(0o711)
        made.append(folder)
        return folder

    yield make
    for folder in made:
        _remove(folder)


@pytest.fixture(scope="session")
def cluster_urls(make_data_dir: Callable[[], Path]) -> ClusterUrls:
    """Roles of a running cluster; its database `jingtu` is not migrated."""
    return Cluster(make_data_dir(), durable=False).start()


@pytest.fixture(scope="session")
def copy_database(cluster_urls: ClusterUrls) -> Callable[[], ClusterUrls]:
    """Make one more migrated database, empty, in a tenth of a second."""
    numbers = itertools.count(1)
    administration = at_database(cluster_urls, "postgres").superuser
    with psycopg.connect(administration, autocommit=True) as connection:
        make_database(connection, TEMPLATE)
    template = at_database(cluster_urls, TEMPLATE)
    upgrade(template.owner, template.superuser)

    def copy() -> ClusterUrls:
        name = f"jingtu_{next(numbers)}"
        with psycopg.connect(administration, autocommit=True) as connection:
            make_database(connection, name, template=TEMPLATE)
        return at_database(cluster_urls, name)

    return copy


@pytest.fixture(scope="session")
def database_urls(copy_database: Callable[[], ClusterUrls]) -> ClusterUrls:
    """One migrated database for the whole run; tests roll back what they write."""
    return copy_database()


@pytest.fixture
def fresh_database_urls(
    cluster_urls: ClusterUrls, copy_database: Callable[[], ClusterUrls]
) -> Iterator[ClusterUrls]:
    """An empty register for one test, which may commit; dropped after it."""
    urls = copy_database()
    yield urls
    name = urls.service.partition("@/")[2].partition("?")[0]
    administration = at_database(cluster_urls, "postgres").superuser
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        )
