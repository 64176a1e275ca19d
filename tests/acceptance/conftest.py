"""The sample county, loaded once from its files, and the application over it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
from screening.gate import Gate
from screening.rule_sets import read_rule_sets
from screening.rule_sets.loader import FOLDER
from tests.acceptance.running import RunningService


@dataclass(frozen=True)
class SampleCounty:
    """The loaded county: its database and the application as a caller sees it."""

    urls: ClusterUrls
    client: TestClient
    keys: dict[str, str]
    elsewhere: TestClient
    """The same county as if it lay in Zhengzhou; see `rules_of_zhengzhou`."""

    def under(self, rule_set: str | None) -> "SampleCounty":
        """Return the county under a rule set that a named case asks for."""
        assert rule_set in (None, "zhengzhou")
        return replace(self, client=self.elsewhere) if rule_set else self

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
    app, elsewhere = (create_app(settings, urls.service) for _ in range(2))
    with TestClient(app) as client, TestClient(elsewhere) as other:
        rules = rules_of_zhengzhou(tmp_path_factory.mktemp("rules"))
        elsewhere.state.services.gate = Gate(read_rule_sets(rules))
        yield SampleCounty(urls, client, keys, other)


def rules_of_zhengzhou(folder: Path) -> Path:
    """Write the shipped rule sets, the county in Zhengzhou, Henan's draft on."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    own = folder / "zhengzhou.toml"
    shipped = own.read_text("utf-8")
    text = shipped.replace('divisions = ["4101"]', 'divisions = ["4101", "999901"]')
    text = text.replace('marks = ["zhengzhou"]', 'marks = ["zhengzhou", "henan_draft"]')
    assert len(text) == len(shipped) + len(', "999901"') + len(', "henan_draft"')
    own.write_text(text, "utf-8")
    return folder
