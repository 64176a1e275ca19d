"""What counts as JSON the service can work with."""

import asyncio
from types import SimpleNamespace

import pytest

from app.bodies import DEEPEST, parse_json, read_bytes
from app.request_errors import BodyTooSlow, InvalidRequest, NotJson


def nested(levels):
    return b"[" * levels + b"]" * levels


async def _trickle():
    yield b"{"
    await asyncio.sleep(10)


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("app.bodies.PATIENCE_S", 0.01)
    request = SimpleNamespace(headers={}, stream=_trickle)
    with pytest.raises(BodyTooSlow):
        asyncio.run(read_bytes(request, 100))


def test_nesting_up_to_the_limit_is_read():
    assert parse_json(nested(DEEPEST)) is not None


def test_nesting_beyond_the_limit_is_refused():
    with pytest.raises(NotJson, match="deeper"):
        parse_json(nested(DEEPEST + 1))


def test_many_shallow_lists_are_not_deep():
    assert len(parse_json(b"[" + b"[]," * 1000 + b"[]]")) == 1001


def test_an_escaped_backslash_before_u0000_is_no_nul():
    assert parse_json(rb'"a\\u0000"') == r"a\u0000"


def test_every_nul_is_named_with_its_place():
    with pytest.raises(InvalidRequest) as refusal:
        parse_json(rb'{"a": ["x", "\u0000"], "b\u0000": 1}')
    assert {fault.where for fault in refusal.value.faults} == {"/a/1", "/b\x00"}


def test_the_place_of_a_fault_in_the_text_is_told():
    with pytest.raises(NotJson, match="2:5"):
        parse_json(b'{"a":\n    nope}')
