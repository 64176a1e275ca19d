"""What counts as JSON the service can work with."""

import asyncio
import json
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


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_body_in_another_encoding_is_told_so_with_its_first_byte(encoding):
    body = '{"reference": "出让"}'.encode(encoding)
    with pytest.raises(NotJson, match=r"is not UTF-8: byte \d+ is 0x[0-9A-F]{2}") as no:
        parse_json(body)
    assert no.value.reason == "encoding"


def test_every_nul_is_named_with_its_place():
    with pytest.raises(InvalidRequest) as refusal:
        parse_json(rb'{"a": ["x", "\u0000"], "b\u0000": 1}')
    assert {fault.where for fault in refusal.value.faults} == {"/a/1", "/b\x00"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"a": 1, "a": 1}', ["/a"]),
        (rb'{"a": 1, "\u0061": "\""}', ["/a"]),
        (b'{"s": {"code": "x", "code": "y"}, "s": 1}', ["/s/code", "/s"]),
        (b'[1, {"a": 1, "a": 2}]', ["/1/a"]),
        (b'{"a": [[[1.5, {"b": 0, "b": ' + b"9" * 300 + b"}]]]}", ["/a/0/0/1/b"]),
    ],
)
def test_a_name_that_comes_twice_in_one_object_is_refused(body, where):
    with pytest.raises(InvalidRequest) as refusal:
        parse_json(body)
    assert [fault.where for fault in refusal.value.faults] == where


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": {"b": 1}, "b": {"a": 1}}',
        rb'{"a\\": "\\\"", "a": "\"a\": 1, \"a\": 2"}',
        b'[[0, "a"], [0, "a"], {"": "", " ": ""}]',
        b'{"coordinates": [[[1, 2], [3, "a"]], "a", "a"]}',
    ],
)
def test_names_that_come_once_in_each_object_are_read(body):
    assert parse_json(body) == json.loads(body)


def test_a_hundred_faults_are_enough():
    with pytest.raises(InvalidRequest) as refusal:
        parse_json(b"[" + rb'"\u0000",' * 1000 + b"1]")
    assert len(refusal.value.faults) == 100


def test_the_place_of_a_fault_in_the_text_is_told():
    with pytest.raises(NotJson, match="2:5"):
        parse_json(b'{"a":\n    nope}')
