"""The service on a port, with a small register, for a browser to look at."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn
from starlette.testclient import TestClient

from app.cluster import ClusterUrls
from app.main import create_app
from app.migration import sqlalchemy_url
from app.pages.assets import STATIC_FOLDER
from app.security.keys import create_client
from app.settings import Settings
from tests.browser.register import fill_register
from tests.browser.surveys import write_surveys
from tests.persons import link_person

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Site:
    """A running service; `look` plays a scenario of ``scenarios`` in a browser."""

    url: str
    keys: dict[str, str]
    files: dict[str, str]

    def look(self, scenario: str, **options: object) -> None:
        """Play a scenario; its output is the message when it fails."""
        settings = {"url": self.url, "keys": self.keys, **self.files, **options}
        done = subprocess.run(
            ["node", str(HERE / "play.mjs"), scenario, json.dumps(settings)],
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def site(
    copy_database: Callable[[], ClusterUrls],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The service with two invented counties (see `fill_register`)."""
    assert (STATIC_FOLDER / "manifest.json").is_file(), (
        "the pages are not built: run npm ci and npm run build in app/frontend"
    )
    urls = copy_database()
    keys = _make_keys(urls)
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), webhook_networks="127.0.0.0/8"
    )
    files = write_surveys(tmp_path_factory.mktemp("surveys"))
    app = create_app(settings, urls.service)
    with TestClient(app) as client:
        fill_register(client, keys["admin"])
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings, urls.service), port=0, log_level="warning", ws="none"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the service did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    with _worker(urls, settings):
        yield Site(f"http://127.0.0.1:{port}", keys, files)
    server.should_exit = True
    thread.join(20)


@contextmanager
def _worker(urls: ClusterUrls, settings: Settings) -> Iterator[None]:
    """The program's own worker, which reads and writes what is uploaded."""
    environment = {
        **os.environ,
        "JINGTU_DATABASE_URL": urls.service,
        "JINGTU_DATA_DIR": str(settings.data_dir),
        "JINGTU_LOG_LEVEL": "warning",
        "JINGTU_WEBHOOK_NETWORKS": settings.webhook_networks,
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "app.worker_process"], env=environment
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(30)


def _make_keys(urls: ClusterUrls) -> dict[str, str]:
    engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
    clients = {
        "planner": ("planner", "999901"),
        "surveyor": ("surveyor", "999901"),
        "auditor": ("auditor", "999901"),
        "registrar": ("registrar", "999901"),
        "province": ("registrar", "99"),
        "agriculture": ("agriculture", "999901"),
        "admin": ("admin", "*"),
    }
    with engine.begin() as connection:
        keys = {
            name: create_client(connection, name=name, role=role, scope=scope)[1]
            for name, (role, scope) in clients.items()
        }
        for name in clients:
            link_person(connection, name)
        return keys
