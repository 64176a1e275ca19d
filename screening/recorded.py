"""How do recorded facts become facts again? (core).

The inverse of `screening.record.plain`: what a member is, its annotation says. Nothing
is guessed and nothing filled in: a fact that today's rules read and the record does
not hold is named.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from parcels.refusal import Refusal
from parcels.texts import Text
from screening.truth import NO, YES, Truth

T = TypeVar("T")

_AS_WRITTEN = (bool, int, str)


class FactNotRecorded(Refusal):
    """The record is older than a fact that the rules of today read."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "fact_not_recorded",
            f"该记录中没有现行规则所需的事实 {name}；请改用 from = register 复核。",
            f"The record does not hold {name}, which the rules of today read; replay"
            " from the register instead.",
        )
        self.name = name


def read_recorded(kind: type[T], written: Any) -> T:
    """Return the value of this type that `plain` wrote so.

    Raises
    ------
    FactNotRecorded
        If a member without a default is missing.
    TypeError
        If the type is none that records are made of.
    """
    return typing.cast(T, _read(kind, written, kind.__name__))


def _read(kind: Any, written: Any, name: str) -> Any:
    origin, members = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (each for each in members if each is not type(None))
        return None if written is None else _read(inner, written, name)
    if origin is typing.Literal:
        return written
    if origin is tuple:
        return _read_tuple(members, written, name)
    if origin is frozenset:
        return frozenset(_read(members[0], each, name) for each in written)
    if origin is not None and issubclass(origin, Mapping):
        return MappingProxyType(
            {key: _read(members[1], each, name) for key, each in written.items()}
        )
    return _read_plain_type(kind, written, name)


def _read_tuple(members: tuple[Any, ...], written: Any, name: str) -> tuple[Any, ...]:
    if members[1:] == (...,):
        return tuple(_read(members[0], each, name) for each in written)
    pairs = zip(members, written, strict=True)
    return tuple(_read(kind, each, name) for kind, each in pairs)


def _read_plain_type(kind: Any, written: Any, name: str) -> Any:
    if kind is float:
        return float(written) if isinstance(written, str) else written
    if kind is date:
        return date.fromisoformat(written)
    if kind is Text:
        return Text(written["zh"], written["en"])
    if issubclass(kind, enum.Enum):
        return kind(written)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, written, name)
    if kind in _AS_WRITTEN:
        return written
    raise TypeError(f"{name}: no record is made of {kind}")


def _read_dataclass(kind: Any, written: Mapping[str, Any], name: str) -> Any:
    values = {}
    for member, (annotation, has_default) in _members(kind).items():
        if member in written:
            values[member] = _read(annotation, written[member], f"{name}.{member}")
        elif not has_default:
            raise FactNotRecorded(f"{name}.{member}")
    found = kind(**values)
    if isinstance(found, Truth):
        # Rules compare with these two by identity.
        return YES if found == YES else NO if found == NO else found
    return found


@cache
def _members(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return member → annotation, and whether it may be left out."""
    annotations = typing.get_type_hints(kind)
    return {
        each.name: (
            annotations[each.name],
            each.default is not dataclasses.MISSING
            or each.default_factory is not dataclasses.MISSING,
        )
        for each in dataclasses.fields(kind)
    }
