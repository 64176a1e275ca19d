"""A connection on which no whole request comes is closed, and no other."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import uvicorn

from app import patience
from app.accepting import OpenConnections
from app.head_refusals import TOO_SLOW
from app.http_process import _Server

HEAD = b"GET / HTTP/1.1\r\nhost: a\r\n"
LONG = 8 * 1024 * 1024
"""More than the buffers of two sockets hold."""


async def answer(scope, receive, send):
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    # Longer than anybody's patience here: who is being answered is not slow.
    await asyncio.sleep(0.5 if scope["path"] == "/slow" else 0)
    body = b"ok" * (LONG if scope["path"] == "/long" else 1)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving():
    descriptor = OpenConnections.share(1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configuration = uvicorn.Config(
            answer, http=patience.Connection, log_config=None, access_log=False
        )
        connections = OpenConnections(descriptor, 1, 0)
        server = _Server(configuration, listener.dup(), connections)
        task = asyncio.create_task(server._serve())
        yield listener.getsockname()
        server.should_exit = True
        await task


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.2)


def said(*parts: bytes, pause_s: float = 0.0) -> bytes:
    """Send the parts one after the other; return all that comes until the end."""

    async def run() -> bytes:
        async with serving() as address:
            reader, writer = await asyncio.open_connection(*address)
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause_s)
            try:
                return await asyncio.wait_for(reader.read(), 3.0)
            finally:
                writer.close()

    return asyncio.run(run())


def test_a_connection_that_says_nothing_is_closed():
    assert said().startswith(b"HTTP/1.1 408 ")


def test_a_head_that_never_ends_is_closed_however_often_a_part_comes():
    assert said(HEAD, *[b"x: y\r\n"] * 3, pause_s=0.05).startswith(b"HTTP/1.1 408 ")


def test_a_second_head_that_never_ends_is_closed_after_the_first_answer():
    found = said(HEAD + b"\r\n", b"\r\n", pause_s=0.1)
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert found.count(b"HTTP/1.1 408 ") == 1


def test_who_waits_for_a_long_answer_gets_it():
    slow = HEAD.replace(b"GET /", b"GET /slow") + b"connection: close\r\n\r\n"
    found = said(slow)
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert b" 408 " not in found


async def _leave_unread(pause_s: float) -> tuple[int, bool]:
    """Ask for much and read nothing for a while.

    Returns how much came then, and whether the connection was broken off.
    """
    async with serving() as address:
        with socket.create_connection(address) as peer:
            peer.sendall(HEAD.replace(b"GET /", b"GET /long") + b"\r\n")
            await asyncio.sleep(pause_s)
            peer.settimeout(0.5)
            return await asyncio.to_thread(_read_all, peer)


def _read_all(peer: socket.socket) -> tuple[int, bool]:
    read = 0
    while read < 2 * LONG:
        try:
            piece = peer.recv(1 << 20)
        except ConnectionResetError:
            return read, True
        if not piece:
            return read, True
        read += len(piece)
    return read, False


def test_who_takes_nothing_of_his_answer_is_dropped():
    read, broken_off = asyncio.run(_leave_unread(1.0))
    assert broken_off
    assert read < 2 * LONG


def test_who_takes_his_answer_in_time_gets_all_of_it(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 60.0)
    read, broken_off = asyncio.run(_leave_unread(1.0))
    assert not broken_off
    assert read >= 2 * LONG


def test_it_is_said_once_to_a_peer_that_takes_nothing():
    """Its close has to wait, and the next look comes a tenth of a second later."""
    refused = []
    transport = SimpleNamespace(get_write_buffer_size=lambda: 0)
    slow = SimpleNamespace(
        awaited_since=0.0,
        unread=(0, 0.0),
        refuse=refused.append,
        transport=transport,
    )
    for now in (1.0, 1.1):
        patience.close_slow([slow], now)
    assert refused == [TOO_SLOW]


def problem(found: bytes):
    """The problem document of an answer of one request."""
    head, _, content = found.partition(b"\r\n\r\n")
    assert b"\r\ncontent-type: application/problem+json\r\n" in head
    assert f"content-length: {len(content)}".encode() in head
    document = json.loads(content)
    assert head.startswith(b"HTTP/1.1 %d " % document["status"])
    return document


def test_a_head_without_end_is_refused_before_it_fills_the_memory():
    endless = [b"x: " + b"a" * 40_000, b"a" * 40_000]
    found = problem(said(HEAD, *endless, pause_s=0.02))
    assert (found["status"], found["type"]) == (431, "urn:jingtu:problem:head-too-long")
    assert "65536" in found["detail"]


@pytest.mark.parametrize("part", [b"0\r\nx: ", b"5;"])
def test_neither_has_what_stands_beside_the_parts_of_a_body_no_end(part):
    slow = HEAD.replace(b"GET /", b"POST /slow") + b"transfer-encoding: chunked\r\n\r\n"
    found = said(slow, part, b"a" * 40_000, b"a" * 40_000, pause_s=0.02)
    assert found.startswith(b"HTTP/1.1 431 ")


def test_a_long_body_is_no_long_head():
    length = b"content-length: 300000\r\nconnection: close\r\n\r\n"
    found = said(HEAD.replace(b"GET", b"POST") + length, *[b"a" * 100_000] * 3)
    assert found.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"HELLO\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost a\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        "GET /地块 HTTP/1.1\r\nhost: a\r\n\r\n".encode(),
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: a\r\n\r\n",
    ],
    ids=["line", "header", "length", "letters", "address"],
)
def test_what_is_no_request_is_told_so_in_a_problem_document(sent):
    found = problem(said(sent))
    assert found["type"] == "urn:jingtu:problem:no-http-request"
    assert found["title"] == "不是有效的 HTTP 请求" and "%XX" in found["detail"]


def test_what_is_no_request_is_told_in_the_language_it_asks_for():
    english = b"GET / HTTP/1.1\r\naccept-language: en\r\nhost: a\r\nx\r\n\r\n"
    assert problem(said(english))["title"] == "No HTTP request"
