"""What is wrong with a request, in words: from the checkers' terms to ours.

pydantic names faults for programmers; an officer reads what was found, what was
expected and what to do, for every fault at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError

from app.problems import Fault, Place
from parcels.plots.refusals import EventNotPossible
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.request import InvalidGateRequest

_LONGEST_FOUND = 80
_PLACES: Final[Mapping[str, Place]] = {
    "body": "body",
    "query": "query",
    "path": "path",
    "header": "header",
    "cookie": "header",
}

_MISSING = Text("缺少此项；请填写。", "is missing; give it.")
UNKNOWN: Final = Text(
    "没有这一项；请删除或改正名称。", "does not exist; remove or rename it."
)
TEXT: Final = Text("应为文字。", "must be a text.")
_WHOLE = Text("应为整数。", "must be a whole number.")
_NUMBER = Text("应为有限的数字。", "must be a finite number.")
YES_NO: Final = Text("应为 true 或 false。", "must be true or false.")
_LIST = Text("应为列表。", "must be a list.")
_OBJECT = Text("应为对象。", "must be an object.")
_UUID = Text("应为 UUID。", "must be a UUID.")

_MESSAGES: Final[Mapping[str, Text]] = {
    "missing": _MISSING,
    "extra_forbidden": UNKNOWN,
    "string_type": TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": YES_NO,
    "bool_parsing": YES_NO,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "repeated": Text(
        "给出了多次；请只给出一次。", "is given more than once; give it once."
    ),
    "enum": Text("应为以下之一：{expected}。", "must be one of {expected}."),
    "literal_error": Text("应为以下之一：{expected}。", "must be one of {expected}."),
    "greater_than": Text("应大于 {gt}。", "must be above {gt}."),
    "greater_than_equal": Text("应不小于 {ge}。", "must be {ge} or more."),
    "less_than": Text("应小于 {lt}。", "must be below {lt}."),
    "less_than_equal": Text("应不大于 {le}。", "must be {le} or less."),
    "string_too_short": Text(
        "至少 {min_length} 个字符。", "needs {min_length} character(s) or more."
    ),
    "string_too_long": Text(
        "至多 {max_length} 个字符。", "may have {max_length} characters at most."
    ),
    "too_short": Text("至少 {min_length} 项。", "needs {min_length} item(s) or more."),
    "too_long": Text("至多 {max_length} 项。", "may have {max_length} items at most."),
}
FORMS: Final[Mapping[str, Text]] = {
    r"^[ -~]+$": Text(
        "只可使用英文字母、数字、半角标点和空格（可打印的 ASCII 字符）。",
        "may have letters A to Z, digits, punctuation and blanks only (printable ASCII"
        " characters).",
    ),
    r"^https?://[!-~]+$": Text(
        "应以 http:// 或 https:// 开头，其后只可使用英文字母、数字和半角标点。",
        "must begin with http:// or https://, with letters A to Z, digits and"
        " punctuation after it and no blank.",
    ),
    r"^[^\x00]+$": Text("不可含空字符（NUL）。", "must not have the character NUL."),
    "^[0-9a-f]{64}$": Text(
        "应为 64 位十六进制数（0 至 9，小写 a 至 f）。",
        "must be 64 hexadecimal digits (0 to 9, a to f in lower case).",
    ),
    "^[0-9A-Z]{18}$": Text(
        "应为 18 位，只可使用数字和大写字母。",
        "must be 18 characters, digits and capital letters only.",
    ),
    "^[1-9][0-9]{1,11}$": Text(
        "应为 2 至 12 位数字，首位不为 0。",
        "must be 2 to 12 digits, the first of them not 0.",
    ),
    "^[A-Z][0-9]{2}$": Text(
        "应为一个大写字母和两位数字，如 B07。",
        "must be a capital letter and two digits, such as B07.",
    ),
}
"""Which characters a pattern of a request allows, in words."""
_OTHER_FORM: Final = Text("格式不符合要求。", "does not have the form asked for.")
_ONE_OF: Final = re.compile(r"\^\(([a-z_|]+)\)\$")
"""A pattern that lists the words that may be sent."""
_NOTHING_FOUND: Final = {"missing"}


def read_faults(error: RequestValidationError) -> tuple[Fault, ...]:
    """Return every fault FastAPI found in a request."""
    return tuple(_fault(entry, error.body) for entry in error.errors())


def _fault(entry: Mapping[str, Any], body: object) -> Fault:
    place = _PLACES.get(str(entry["loc"][0]), "body")
    inside = entry["loc"][1:]
    where = (
        json_pointer(_sent(inside, body))
        if place == "body"
        else ".".join(str(i) for i in inside)
    )
    found = None if entry["type"] in _NOTHING_FOUND else show(entry.get("input"))
    reason, message = _reason(entry)
    return Fault(place, where, reason, message, found)


def _sent(path: Sequence[object], body: object) -> Sequence[object]:
    """Return a path without what pydantic adds: the kinds that a value was tried as.

    Examples
    --------
    >>> _sent(["crs", "int"], {"crs": []}), _sent(["a", "b"], {"a": {}})
    (['crs'], ['a', 'b'])
    """
    sent: list[object] = []
    for part in path:
        if isinstance(body, Mapping):
            body = body.get(part)
        elif isinstance(body, list) and isinstance(part, int):
            body = body[part] if part < len(body) else None
        else:
            break
        sent.append(part)
    return sent


def _reason(entry: Mapping[str, Any]) -> tuple[str, Text]:
    context = entry.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, Refusal):
        return cause.reason, Text(cause.zh, cause.en)
    if "expected" in context:
        # pydantic joins what may be sent as an English sentence does.
        context = {"expected": str(context["expected"]).replace(" or ", ", ")}
    if "pattern" in context:
        return str(entry["type"]), describe_pattern(str(context["pattern"]))
    message = _MESSAGES.get(entry["type"])
    if message is None:
        return str(entry["type"]), Text("不符合要求。", str(entry["msg"]))
    return str(entry["type"]), Text(*(text.format(**context) for text in message))


def describe_pattern(pattern: str) -> Text:
    """Return in words what a pattern of a request allows."""
    listed = _ONE_OF.fullmatch(pattern)
    if listed is None:
        return FORMS.get(pattern, _OTHER_FORM)
    words = listed[1].replace("|", ", ")
    return Text(*(text.format(expected=words) for text in _MESSAGES["enum"]))


def gate_faults(error: InvalidGateRequest) -> tuple[Fault, ...]:
    """Return the faults of a gate request with their places as JSON Pointers."""
    return tuple(
        Fault("body", _pointer_of_path(fault.field), "value", fault.text, fault.value)
        for fault in error.faults
    )


def plot_faults(error: EventNotPossible) -> tuple[Fault, ...]:
    """Return everything that stands in the way of an event, with its grounds."""
    return tuple(
        Fault(
            "body",
            missing.where,
            missing.guard,
            Text(missing.words.zh, missing.words.en),
            legal_basis=missing.basis,
        )
        for missing in error.missing
    )


def _pointer_of_path(path: str) -> str:
    """Turn ``declared.former_use[0].from_year`` into a JSON Pointer."""
    return json_pointer(path.replace("[", ".").replace("]", "").split("."))


def json_pointer(parts: Sequence[object]) -> str:
    """Return a JSON Pointer (RFC 6901).

    Examples
    --------
    >>> json_pointer(["subject", "a/b", 0])
    '/subject/a~1b/0'
    """
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def show(value: object) -> str:
    """Return a value as JSON in at most 80 characters."""
    try:
        text = orjson.dumps(value, default=str).decode()
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"
