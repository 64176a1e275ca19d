"""Read a Mapbox Vector Tile (2.1): which layers, which features, what they say.

A reader of our own in forty lines: the tests must not trust the library that drew.
"""

import struct
from collections.abc import Iterator
from typing import Any


def read_tile(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the attributes of every feature, by layer."""
    layers = [_read_layer(body) for number, body in _fields(tile) if number == 3]
    return dict(layers)


def _read_layer(body: bytes) -> tuple[str, list[dict[str, Any]]]:
    fields = list(_fields(body))
    (name,) = [value.decode() for number, value in fields if number == 1]
    keys = [value.decode() for number, value in fields if number == 3]
    values = [_read_value(value) for number, value in fields if number == 4]
    features = [value for number, value in fields if number == 2]
    return name, [_read_feature(feature, keys, values) for feature in features]


def _read_feature(body: bytes, keys: list[str], values: list[Any]) -> dict[str, Any]:
    (tags,) = [value for number, value in _fields(body) if number == 2]
    indexes = list(_varints(tags))
    pairs = zip(indexes[::2], indexes[1::2], strict=True)
    return {keys[key]: values[value] for key, value in pairs}


def _read_value(body: bytes) -> Any:
    ((number, value),) = _fields(body)
    if number == 1:
        return value.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", value)[0]
    if number == 6:
        return (value >> 1) ^ -(value & 1)
    return bool(value) if number == 7 else value


def _fields(body: bytes) -> Iterator[tuple[int, Any]]:
    """Yield field number and value of a protobuf message."""
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(body, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(kind) or _varint(body, at)
            value, at = body[at : at + size], at + size
        yield tag >> 3, value


def _varints(body: bytes) -> Iterator[int]:
    at = 0
    while at < len(body):
        value, at = _varint(body, at)
        yield value


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
