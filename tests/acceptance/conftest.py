"""The sample county, loaded once from its files, and the application over it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.cluster import ClusterUrls
from app.main import create_app
from app.samples import load_if_empty
from app.security.keys import ensure_demo_keys
from app.settings import Settings
from tests.acceptance.running import RunningService


@dataclass(frozen=True)
class SampleCounty:
    """The loaded county: its database and the application as a caller sees it."""

    urls: ClusterUrls
    client: TestClient
    keys: dict[str, str]

    def send(
        self, method: str, path: str, role: str = "planner", **options: Any
    ) -> httpx.Response:
        """Send one request with the demonstration key of a role."""
        headers = {
            "Authorization": f"Bearer {self.keys[role]}",
            "Accept-Language": "en",
        }
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, **options)


@pytest.fixture(scope="session")
def service(make_data_dir: Callable[[], Path]) -> Iterator[RunningService]:
    """A whole service with the sample county, which tests may kill parts of."""
    running = RunningService(make_data_dir()).wait_until_ready()
    yield running
    running.end()


@pytest.fixture(scope="session")
def county(
    copy_database: Callable[[], ClusterUrls], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SampleCounty]:
    """The sample county in a database of its own."""
    urls = copy_database()
    folder: Path = tmp_path_factory.mktemp("county")
    settings = Settings(data_dir=folder, database_url=urls.service)
    load_if_empty(settings)
    keys = json.loads(ensure_demo_keys(settings, urls.owner).read_text())
    with TestClient(create_app(settings, urls.service)) as client:
        yield SampleCounty(urls, client, keys)
