"""Can this value of a request be read as the kind its field asks for? (core).

One reader for each kind of field of `screening.request_fields`. Nothing is converted:
`"true"` is no boolean and `1` is none either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from parcels.codes import InvalidCode, normalise_industry_code
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.industries import EDITIONS, Industry
from screening.land_use import LandUse, parse_land_use
from screening.request_fields import Field

LONGEST_TEXT: Final = 200
"""Characters of a free text field; project default."""
_MOST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Crop:
    """The crop to be grown (拟种作物); `edible` None means not said."""

    name: str | None = None
    edible: bool | None = None


class WrongValue(Exception):
    """A value that cannot be read; `inside` points into a list or an object."""

    def __init__(
        self,
        value: object,
        text: Text,
        allowed: tuple[str, ...] = (),
        inside: str = "",
    ) -> None:
        super().__init__(text.en)
        self.value = value
        self.text = text
        self.allowed = allowed
        self.inside = inside


_NOT_EMPTY: Final = Text(
    f"须为 1 至 {LONGEST_TEXT} 个可见字符的文字",
    f"must be text of 1 to {LONGEST_TEXT} printable characters",
)
_ENDED_BEFORE: Final = Text("终止年份早于起始年份", "must not be before from_year")
_SCHEME_AND_CODE: Final = Text(
    '须同时给出 scheme 与 code（文字），如 {"scheme": "ydyh_2023", "code": "0701"}',
    'needs scheme and code as texts, e.g. {"scheme": "ydyh_2023", "code": "0701"}',
)


def no_such_field(known: Sequence[str]) -> Text:
    """Return what is told of a field that does not exist, and which do."""
    return Text(
        f"没有这个字段，请删除或改正名称；可用：{'、'.join(known)}",
        f"no such field; remove or rename; there are {', '.join(known)}",
    )


def object_of(known: Sequence[str]) -> Text:
    """Return what is told of a value that is no object with these fields."""
    return Text(
        f"须为对象，可含字段 {'、'.join(known)}",
        f"must be an object with fields of {', '.join(known)}",
    )


def shown(value: object) -> str:
    """Return at most 80 characters of a name from outside, safe to print and store."""
    plain = value if isinstance(value, str) and value.isprintable() else ascii(value)
    return plain[:_MOST_SHOWN]


def shown_as_json(value: object) -> str:
    """Return a value as JSON in at most 80 characters, safe to print and store."""
    write = partial(json.dumps, separators=(",", ":"), default=str)
    text = write(value, ensure_ascii=False)
    if not text.isprintable():
        text = write(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def _read_boolean(_field: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongValue(value, Text("须为 true 或 false", "must be true or false"))


def _read_choice(field: Field, value: object) -> str:
    if isinstance(value, str) and value in field.allowed:
        return value
    text = Text(
        f"须为以下之一：{'、'.join(field.allowed)}",
        f"must be one of {', '.join(field.allowed)}",
    )
    raise WrongValue(value, text, field.allowed)


def _read_integer(field: Field, value: object) -> int:
    lowest, highest = field.lowest or 0, field.highest or 0
    if isinstance(value, int) and not isinstance(value, bool):
        if lowest <= value <= highest:
            return value
    text = Text(
        f"须为 {lowest} 至 {highest} 的整数",
        f"must be a whole number from {lowest} to {highest}",
    )
    raise WrongValue(value, text)


def _read_text(_field: Field, value: object) -> str:
    """Return a short text; control characters and lone surrogates are refused."""
    if isinstance(value, str) and value.isprintable():
        text = value.strip()
        if 1 <= len(text) <= LONGEST_TEXT:
            return text
    raise WrongValue(value, _NOT_EMPTY)


def _read_texts(field: Field, value: object) -> tuple[str, ...]:
    return tuple(_read_text(field, member) for member in _list(value))


def _read_land_use(field: Field, value: object) -> LandUse:
    if not isinstance(value, Mapping):
        raise WrongValue(value, _SCHEME_AND_CODE)
    found = _object(value, ("scheme", "code"))
    try:
        scheme = _read_text(field, found.get("scheme"))
        code = _read_text(field, found.get("code"))
    except WrongValue:
        raise WrongValue(value, _SCHEME_AND_CODE) from None
    try:
        return parse_land_use(scheme, code)
    except Refusal as refusal:
        raise WrongValue(value, Text(refusal.zh, refusal.en)) from None


def _read_industry(field: Field, value: object) -> str:
    code = _read_text(field, value)
    try:
        normalise_industry_code(code)
    except InvalidCode as refusal:
        raise WrongValue(value, Text(refusal.zh, refusal.en)) from None
    return code


def _read_industries(field: Field, value: object) -> tuple[Industry, ...]:
    industries = []
    for place, member in enumerate(_list(value)):
        try:
            industries.append(_read_former_industry(field, member))
        except WrongValue as wrong:
            wrong.inside = f"[{place}]{wrong.inside}"
            raise
    return tuple(industries)


def _read_former_industry(field: Field, value: object) -> Industry:
    names = ("industry_code", "industry_edition", "from_year", "to_year")
    found = _object(value, names)
    begun, ended = (_read_year(found.get(name), name) for name in names[2:])
    if begun is not None and ended is not None and ended < begun:
        raise WrongValue(ended, _ENDED_BEFORE, inside=".to_year")
    edition = found.get("industry_edition")
    choices = Field(field.path, "choice", field.title, EDITIONS)
    if edition is not None:
        _read_member(_read_choice, choices, found, "industry_edition")
    code = _read_member(_read_industry, field, found, "industry_code")
    return Industry(code, edition, begun, ended)


def _read_member(
    read: Callable[[Field, object], Any],
    field: Field,
    found: Mapping[str, Any],
    name: str,
) -> Any:
    """Return a member of an object; what is wrong with it is told under its name."""
    try:
        return read(field, found.get(name))
    except WrongValue as wrong:
        wrong.inside = f".{name}{wrong.inside}"
        raise


def _read_year(value: object, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1800 <= value <= 2200:
        return value
    raise WrongValue(value, Text("须为四位年份", "must be a year"), inside=f".{name}")


def _read_crop(field: Field, value: object) -> Crop:
    found = _object(value, ("name", "edible"))
    name, edible = found.get("name"), found.get("edible")
    if name is not None:
        name = _read_member(_read_text, field, found, "name")
    if edible is not None:
        edible = _read_member(_read_boolean, field, found, "edible")
    return Crop(name, edible)


def _object(value: object, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WrongValue(value, object_of(known), known)
    for name in value:
        if name not in known:
            text = no_such_field(known)
            raise WrongValue(value[name], text, known, f".{shown(name)}")
    return value


def _list(value: object) -> list[Any]:
    if isinstance(value, list | tuple) and len(value) <= LONGEST_TEXT:
        return list(value)
    text = Text(
        f"须为至多 {LONGEST_TEXT} 项的列表", f"must be a list of up to {LONGEST_TEXT}"
    )
    raise WrongValue(value, text)


READERS: Final[Mapping[str, Callable[[Field, object], Any]]] = {
    "boolean": _read_boolean,
    "choice": _read_choice,
    "integer": _read_integer,
    "text": _read_text,
    "texts": _read_texts,
    "land_use": _read_land_use,
    "industry": _read_industry,
    "industries": _read_industries,
    "crop": _read_crop,
}
