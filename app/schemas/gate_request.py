"""Questions to the gate: the subject here, the rest by `screening.request`.

Every fault of the whole body is named at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.geojson import POLYGONS, read_geometry
from app.problems import Fault
from app.request_errors import InvalidRequest
from app.validation import TEXT, UNKNOWN, YES_NO, gate_faults, json_pointer, show
from parcels.codes import InvalidCode, normalise_parcel_code
from parcels.texts import Text
from screening.gate import Question
from screening.request import InvalidGateRequest, parse_gate_request
from screening.subject import MOST_VERTICES

MOST_PARCELS: Final = 200
"""Parcels one question may name; a project default."""

_NAMES: Final = ("parcel_code", "parcel_codes", "geometry")
OBJECT: Final = Text("应为 JSON 对象。", "must be a JSON object.")
_ONE_OF: Final = Text(
    "parcel_code、parcel_codes、geometry 应恰好给出一个。",
    "exactly one of parcel_code, parcel_codes and geometry must be given.",
)
_SUBJECT: Final = Text(
    f"应为 JSON 对象；其中{_ONE_OF.zh}",
    f"must be a JSON object; of it {_ONE_OF.en}",
)
_CODES: Final = Text(
    f"应为 1 至 {MOST_PARCELS} 个宗地代码的列表。",
    f"must be a list of 1 to {MOST_PARCELS} parcel codes.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks."""

    question: Question
    dry_run: bool


def read_gate_request(body: Any, as_of: date) -> Asked:
    """Return what a body asks on a day.

    Raises
    ------
    InvalidRequest
        With every fault of the body.
    """
    if not isinstance(body, Mapping):
        raise InvalidRequest([_fault((), "object", OBJECT, body)])
    reader = _Reader()
    subject = reader.subject(body.get("subject"))
    dry_run = reader.dry_run(body.get("dry_run"))
    try:
        request = parse_gate_request(body, as_of)
    except InvalidGateRequest as invalid:
        raise InvalidRequest([*gate_faults(invalid), *reader.faults]) from None
    if reader.faults:
        raise InvalidRequest(reader.faults)
    return Asked(Question(request, **subject), dry_run)


class _Reader:
    """Reads what the shell reads of a body, and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def dry_run(self, value: Any) -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        self.faults.append(_fault(("dry_run",), "bool_type", YES_NO, value))
        return False

    def subject(self, value: Any) -> dict[str, Any]:
        """Return the arguments of `Question` that name the land."""
        if not isinstance(value, Mapping):
            reason = "missing" if value is None else "object"
            self.faults.append(_fault(("subject",), reason, _SUBJECT, value))
            return {}
        for name in value:
            if name not in (*_NAMES, "crs"):
                place = ("subject", name)
                self.faults.append(
                    _fault(place, "extra_forbidden", UNKNOWN, value[name])
                )
        given = [name for name in _NAMES if value.get(name) is not None]
        if len(given) != 1:
            self.faults.append(_fault(("subject",), "one_of", _ONE_OF, given))
            return {}
        return self._named(given[0], value)

    def _named(self, name: str, subject: Mapping[str, Any]) -> dict[str, Any]:
        found = subject[name]
        if name == "geometry":
            return self._geometry(found, subject.get("crs"))
        if name == "parcel_code":
            return {"parcel_codes": (self._code(found, (name,)),)}
        if not isinstance(found, list) or not 1 <= len(found) <= MOST_PARCELS:
            self.faults.append(_fault(("subject", name), "codes", _CODES, found))
            return {}
        codes = [self._code(code, (name, place)) for place, code in enumerate(found)]
        return {"parcel_codes": tuple(codes)}

    def _geometry(self, value: Any, crs: Any) -> dict[str, Any]:
        place = ("subject", "geometry")
        try:
            geometry = read_geometry(
                value,
                POLYGONS,
                crs=crs,
                place=place,
                checked=False,
                most_vertices=MOST_VERTICES,
            )
        except InvalidRequest as invalid:
            self.faults += invalid.faults
            return {}
        return {"geometry": geometry}

    def _code(self, value: Any, place: tuple[object, ...]) -> str:
        where = ("subject", *place)
        if not isinstance(value, str):
            self.faults.append(_fault(where, "string_type", TEXT, value))
            return ""
        try:
            return normalise_parcel_code(value)
        except InvalidCode as invalid:
            text = Text(invalid.zh, invalid.en)
            self.faults.append(_fault(where, invalid.reason, text, value))
            return ""


def _fault(place: tuple[object, ...], reason: str, text: Text, found: Any) -> Fault:
    shown = None if reason == "missing" else show(found)
    return Fault("body", json_pointer(place), reason, text, shown)
