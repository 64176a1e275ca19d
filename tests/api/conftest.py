"""The whole HTTP application on real PostGIS, with a key for every role.

One register for the run of these tests: two invented counties with a few objects each.
A test that writes makes objects of its own (`new_code`).
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.cluster import ClusterUrls
from app.database import Database
from app.impact import WHOLE_COUNTRY, ImpactRounds
from app.main import create_app
from app.migration import sqlalchemy_url
from app.security.keys import DEMO_CLIENTS, create_client
from app.settings import Settings
from app.uploads import find_archive
from screening.gate import Gate
from screening.impact.watch import compare_with_changes
from screening.rule_sets import read_rule_sets
from tests.api.bodies import OURS, THEIRS, parcel, parcel_code, square
from tests.api.runs import Runs
from tests.api.survey_uploads import Bureau, Worker
from tests.persons import link_person


@dataclass
class Api:
    """The application as a caller of a role sees it."""

    client: TestClient
    keys: dict[str, str]
    role: str | None = "planner"
    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, role: str | None, **headers: str) -> "Api":
        """The same application for another role, or for nobody."""
        return Api(self.client, self.keys, role, headers)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request with the role's key."""
        headers = {**self.headers, **options.pop("headers", {})}
        if self.role is not None:
            headers.setdefault("Authorization", f"Bearer {self.keys[self.role]}")
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.send("POST", path, json=body, **options)

    def put(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return self.send("PUT", path, json=body, **options)

    def create(self, path: str, body: Any, role: str = "admin") -> dict[str, Any]:
        """Create an object that must be accepted."""
        answer = self.as_(role).post(path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture(scope="session")
def api_urls(copy_database: Callable[[], ClusterUrls]) -> ClusterUrls:
    """A database for the tests of this folder."""
    return copy_database()


@pytest.fixture(scope="session")
def keys(api_urls: ClusterUrls) -> dict[str, str]:
    """A key for each role and for the planner of the other county."""
    return make_keys(api_urls)


def make_keys(urls: ClusterUrls) -> dict[str, str]:
    engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        return {
            name: create_client(connection, name=name, role=role, scope=scope)[1]
            for name, (role, scope) in DEMO_CLIENTS.items()
        }


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def _client(api_urls: ClusterUrls, data_dir: Path) -> Iterator[TestClient]:
    with serve(api_urls, data_dir) as client:
        yield client


@contextmanager
def serve(
    urls: ClusterUrls, data_dir: Path, *, orders_in_hand: int = 10_000
) -> Iterator[TestClient]:
    """Serve the application on a database."""
    settings = Settings(data_dir=data_dir, orders_in_hand=orders_in_hand)
    app = create_app(settings, urls.service)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def _register(_client: TestClient, keys: dict[str, str]) -> Api:
    return fill_register(Api(_client, keys))


def fill_register(api: Api) -> Api:
    """Enter two counties with three parcels each."""
    for code, west in ((OURS, 114.0), (THEIRS, 114.1)):
        api.create(
            "/v1/divisions",
            {
                "code": code,
                "division_code": code,
                "name_zh": f"县{code}",
                "invented": True,
                "valid_from": "2020-01-01",
                "geometry": square(west, 34.6, 0.1),
            },
        )
        for number in (1, 2, 3):
            body = parcel(parcel_code(number, code), west + number * 0.01)
            api.create("/v1/parcels", body)
    return api


@pytest.fixture
def worker(api_urls: ClusterUrls, data_dir: Path) -> Iterator[Worker]:
    """A worker of the application's own database and archive, in this process."""
    database = Database(api_urls.service, pool_size=2, statement_timeout_s=0)
    with psycopg.connect(api_urls.owner, autocommit=True) as owner:
        archive = find_archive(Settings(data_dir=data_dir))
        yield Worker(database, archive, owner)
    database.close()


@pytest.fixture(scope="module")
def runs(api_urls: ClusterUrls) -> Runs:
    """A worker that carries screening runs out at once."""
    return Runs(api_urls.service)


@pytest.fixture
def compare(api_urls: ClusterUrls) -> Iterator[Callable[[], int]]:
    """Compare decisions with what has changed, as a worker does all the time.

    What other tests left to weigh is dropped first: thousands of decisions, which say
    nothing of the test that asks.
    """
    database = Database(api_urls.service, pool_size=2, statement_timeout_s=0)
    gate = Gate(read_rule_sets())
    taken: list[UUID] | None = [UUID(int=0)]
    while taken:
        with database.transaction(WHOLE_COUNTRY) as connection:
            taken = compare_with_changes(connection, gate.inquirer.farthest_m)
    with psycopg.connect(api_urls.owner) as owner:
        owner.execute("delete from registry.impact_check")
    yield ImpactRounds(database, gate).run
    database.close()


@pytest.fixture
def bureau(
    _register: Api, worker: Worker, api_urls: ClusterUrls
) -> Callable[[str], Bureau]:
    """Make a surveyor of a county of the test's own."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)

    def make(county: str) -> Bureau:
        name = f"surveyor {county}"
        with engine.begin() as connection:
            key = create_client(connection, name=name, role="surveyor", scope=county)[1]
        keys = {**_register.keys, name: key}
        return Bureau(Api(_register.client, keys, name), worker, county)

    return make


@pytest.fixture
def api(_register: Api) -> Api:
    """The application for the planner of our county."""
    return _register


_plots = itertools.count(1)


@pytest.fixture(scope="session")
def offices(_register, api_urls):
    """Ecology-environment officers of a county, its city and its province."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    levels = {"county": OURS, "city": OURS[:4], "province": OURS[:2]}
    with engine.begin() as connection:
        keys = {
            f"registrar-{level}": create_client(
                connection, name=f"registrar {level}", role="registrar", scope=scope
            )[1]
            for level, scope in levels.items()
        }
        for level in levels:
            link_person(connection, f"registrar {level}")
    _register.keys.update(keys)
    return _register


@pytest.fixture
def plot(offices):
    """A candidate plot of the test's own, on record since 2020; its path."""
    code = f"P-LIFE-{next(_plots)}"
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2020-01-01",
        "geometry": {"type": "Point", "coordinates": [114.05, 34.65]},
    }
    offices.create("/v1/plots", body)
    return f"/v1/plots/{code}"
