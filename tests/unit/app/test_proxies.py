"""Who asks, and by http or https, is told by the web servers in front and no others."""

import asyncio
from pathlib import Path

import pytest
from pydantic import ValidationError
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.http_process import server_configuration
from app.settings import Settings

HEADERS = [(b"x-forwarded-for", b"203.0.113.7"), (b"x-forwarded-proto", b"https")]


def seen(peer: str, tmp_path: Path, **chosen: str) -> tuple[str, str]:
    """Client and scheme of a request that a peer hands on."""
    configuration = server_configuration(Settings(data_dir=tmp_path, **chosen))
    found = {}

    async def inside(scope, receive, send):
        found.update(scope)

    trusting = ProxyHeadersMiddleware(inside, configuration.forwarded_allow_ips)
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": HEADERS}
    asyncio.run(trusting(scope, None, None))
    return found["client"][0], found["scheme"]


def test_a_web_server_on_this_machine_is_believed(tmp_path):
    assert seen("127.0.0.1", tmp_path) == ("203.0.113.7", "https")


def test_nobody_else_is_believed_unless_named(tmp_path):
    assert seen("10.20.0.5", tmp_path) == ("10.20.0.5", "http")
    named = {"proxies": "10.20.0.0/24"}
    assert seen("10.20.0.5", tmp_path, **named) == ("203.0.113.7", "https")
    assert seen("127.0.0.1", tmp_path, **named) == ("127.0.0.1", "http")


def test_what_is_no_address_stops_the_program(tmp_path):
    with pytest.raises(ValidationError):
        Settings(data_dir=tmp_path, proxies="everybody")
