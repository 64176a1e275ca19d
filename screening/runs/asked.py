"""Are these the parameters of that kind of run? (core).

Every fault is told with its place and what was expected; what is good comes back plain
and with the defaults filled in, so that a run repeated from it asks the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Final

import shapely

from parcels.codes import InvalidCode, normalise_division
from parcels.refusal import Refusal
from parcels.texts import Text, listing
from screening.runs.row import LONGEST_LIST, LONGEST_TEXT, Field
from screening.subject import InvalidSubjectGeometry, check_subject

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class ParameterFault:
    """What is wrong with one parameter; `where` is its JSON Pointer from the body."""

    where: str
    reason: str
    message: Text
    found: object = None


class InvalidParameters(Refusal):
    """The parameters of a run are not those of its kind; `faults` names each."""

    def __init__(self, faults: Sequence[ParameterFault]) -> None:
        super().__init__(
            "invalid_parameters",
            f"参数有 {len(faults)} 处错误，见 errors。",
            f"The parameters have {len(faults)} fault(s), see errors.",
        )
        self.faults = tuple(faults)


class _Wrong(Exception):
    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.text = Text(zh, en)


def check_parameters(given: object, fields: Sequence[Field]) -> dict[str, Any]:
    """Return the parameters of a run, plain and complete, in the order of the fields.

    Raises
    ------
    InvalidParameters
        With every fault: no object, unknown names, what is missing or does not fit.
    """
    if not isinstance(given, Mapping):
        text = Text("应为 JSON 对象。", "must be a JSON object.")
        raise InvalidParameters([ParameterFault("/parameters", "object", text, given)])
    faults = list(_unknown(given, fields))
    checked: dict[str, Any] = {}
    for field in fields:
        value = given.get(field.name)
        try:
            if value is not None:
                checked[field.name] = _check(field, value)
            elif field.required:
                raise _Wrong("missing", "必须给出。", "must be given.")
            elif field.default is not None:
                checked[field.name] = field.default
        except _Wrong as wrong:
            where = f"/parameters/{field.name}"
            faults.append(ParameterFault(where, wrong.reason, wrong.text, value))
    if faults:
        raise InvalidParameters(faults)
    return checked


def _unknown(
    given: Mapping[str, Any], fields: Sequence[Field]
) -> Iterator[ParameterFault]:
    known = {field.name for field in fields}
    listed = ", ".join(field.name for field in fields)
    for name in given:
        if name not in known:
            text = Text(
                f"该类筛查没有这一参数；可用参数：{listed}。",
                f"is no parameter of this kind; there are: {listed}.",
            )
            yield ParameterFault(
                f"/parameters/{name}", "extra_forbidden", text, given[name]
            )


def _check(field: Field, value: Any) -> Any:
    match field.type:
        case "choice":
            return _choice(field, value)
        case "choices":
            return sorted({_choice(field, one) for one in _list(value, field)})
        case "number":
            return _number(field, value)
        case "numbers":
            return sorted({_number(field, one) for one in _list(value, field)})
        case "codes":
            return sorted({_text(one) for one in _list(value, field)})
        case "date":
            return _day(value)
        case "division":
            return _division(value)
        case "polygon":
            return _polygon(value)
        case "yes_no":
            if isinstance(value, bool):
                return value
            raise _Wrong("bool_type", "应为 true 或 false。", "must be true or false.")
        case _:
            return _text(value)


def _choice(field: Field, value: Any) -> str:
    if isinstance(value, str) and value in {one.value for one in field.choices}:
        return value
    named = listing(tuple(Text(one.value, one.value) for one in field.choices))
    raise _Wrong("enum", f"应为下列之一：{named.zh}。", f"must be one of {named.en}.")


def _number(field: Field, value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if good and isfinite(value) and field.least <= value <= field.most:
        return float(value)
    raise _Wrong(
        "number",
        f"应为 {field.least:g} 至 {field.most:g} 之间的数。",
        f"must be a number from {field.least:g} to {field.most:g}.",
    )


def _text(value: Any) -> str:
    if (
        isinstance(value, str)
        and 0 < len(value.strip()) <= LONGEST_TEXT
        and "\x00" not in value
    ):
        return value.strip()
    raise _Wrong(
        "text",
        f"应为 1 至 {LONGEST_TEXT} 个字符的文字。",
        f"must be a text of 1 to {LONGEST_TEXT} characters.",
    )


def _day(value: Any) -> str:
    """Return a day as ISO text, which sorts as days do."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise _Wrong(
        "date", "应为日期，如 2026-03-01。", "must be a date such as 2026-03-01."
    )


def _division(value: Any) -> str:
    try:
        return normalise_division(_text(value))
    except InvalidCode as invalid:
        raise _Wrong("division", invalid.zh, invalid.en) from invalid


def _polygon(value: Any) -> dict[str, Any]:
    """Return a polygon that can be asked about, as GeoJSON."""
    try:
        drawn = shapely.from_geojson(json.dumps(value))
        checked = check_subject(drawn)
    except InvalidSubjectGeometry as invalid:
        raise _Wrong(invalid.reason, invalid.zh, invalid.en) from invalid
    except (TypeError, ValueError, shapely.GEOSException) as error:
        raise _Wrong(
            "polygon",
            "应为 GeoJSON 面（EPSG:4490，经度在前）。",
            "must be a GeoJSON polygon (EPSG:4490, longitude first).",
        ) from error
    written: dict[str, Any] = json.loads(shapely.to_geojson(checked))
    return written


def _list(value: Any, field: Field) -> list[Any]:
    most = 20 if field.type == "numbers" else LONGEST_LIST
    if isinstance(value, list) and 1 <= len(value) <= most:
        return value
    raise _Wrong(
        "list",
        f"应为 1 至 {most} 项的列表。",
        f"must be a list of 1 to {most} entries.",
    )
