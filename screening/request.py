"""What is the gate asked, and is the question well formed? (core).

`GateRequest` is the checked question; `parse_gate_request` makes it from the body of
a call and names every fault at once. The subject is read by the shell: it needs the
register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from parcels.refusal import Refusal
from parcels.texts import Text
from screening.industries import Industry
from screening.land_use import LandUse
from screening.opinion import Opinion
from screening.request_fields import FIELDS, Field
from screening.request_values import (
    READERS,
    Crop,
    WrongValue,
    no_such_field,
    object_of,
    shown,
    shown_as_json,
)
from screening.transaction_names import find_by_other_name
from screening.vocabulary import TRANSACTION_NAMES, Transaction

Facility = Literal[
    "none",
    "industrial_solid_waste",
    "hazardous_waste",
    "landfill",
    "tailings_pond",
    "chemical_park",
]


@dataclass(frozen=True, slots=True)
class Project:
    """What the caller says of the project (项目情况); None means not said.

    An exception counts only when it is claimed: the last four fields, and `type` with
    `remediation`, are False or None by silence.
    """

    type: Literal["remediation", "other"] | None = None
    industry_code: str | None = None
    industry_edition: Literal["2002", "2011", "2017"] | None = None
    facility: Facility | None = None
    build: Literal["new", "extension", "rebuild"] | None = None
    may_pollute_soil: bool | None = None
    emits_heavy_metals: bool | None = None
    discharges_pollutants: bool | None = None
    heavily_pollutes_water: bool | None = None
    discharge_outlet: bool | None = None
    adds_discharge: bool | None = None
    approved: bool | None = None
    national_key_project: bool | None = None
    redline_activity: int | None = None
    serves_water_supply: bool | None = None
    safety_rebuild: bool | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the caller says of the land where the register is silent (申报情况)."""

    current_use: LandUse | None = None
    former_use: tuple[Industry, ...] | None = None
    new_supply: bool | None = None
    existing_supplied_land: bool | None = None
    pollutants_at_risk: tuple[str, ...] | None = None
    dismantling_event: bool | None = None
    dismantling_plan_filed: bool | None = None
    land_disturbed_since_survey: bool | None = None
    crop: Crop | None = None
    transferee: Literal["household", "cooperative", "enterprise"] | None = None
    state_council_approval: str | None = None


@dataclass(frozen=True, slots=True)
class GateRequest:
    """One question to the gate, on a day in law (准入查询).

    `reference` is the caller's own file number, shown and never read; `replaces` the
    id of an earlier decision that the new one stands in the place of. `opinions` were
    given on earlier decisions on the same question; no caller sends them.
    """

    transaction: Transaction
    as_of: date
    planned_use: LandUse | None = None
    project: Project = Project()
    declared: Declared = Declared()
    reference: str | None = None
    replaces: str | None = None
    opinions: tuple[Opinion, ...] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: where, what was found, what is allowed."""

    field: str
    value: str
    text: Text
    allowed: tuple[str, ...] = ()


class InvalidGateRequest(Refusal):
    """The request cannot be read; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "invalid_gate_request",
            "；".join(f"{fault.field}：{fault.text.zh}" for fault in faults),
            "; ".join(f"{fault.field}: {fault.text.en}" for fault in faults),
        )
        self.faults = faults


TOP_LEVEL: Final = (
    "transaction",
    "subject",
    "planned_use",
    "project",
    "declared",
    "reference",
    "replaces",
    "dry_run",
)
"""Fields of the body; `subject` and `dry_run` are read by the shell."""


def parse_gate_request(body: Mapping[str, Any], as_of: date) -> GateRequest:
    """Return the checked request of this body, asked for this day in law.

    A null counts as not sent. A known field that the transaction does not use is read
    and has no effect.

    Raises
    ------
    InvalidGateRequest
        With every fault: unknown fields, wrong types, values that are not allowed.
    """
    reader = _Reader()
    reader.refuse_unknown(body, "", TOP_LEVEL)
    request = reader.read(body, as_of)
    if reader.faults or request is None:
        raise InvalidGateRequest(tuple(reader.faults))
    return request


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def read(self, body: Mapping[str, Any], as_of: date) -> GateRequest | None:
        transaction = self._transaction(body.get("transaction"))
        planned = self._value(FIELDS["planned_use"], body.get("planned_use"))
        project = self._section(body, "project")
        declared = self._section(body, "declared")
        reference = self._reference(body.get("reference"))
        replaces = self._replaces(body.get("replaces"))
        if transaction is None or self.faults:
            return None
        return GateRequest(
            transaction,
            as_of,
            planned,
            Project(**project),
            Declared(**declared),
            reference,
            replaces,
        )

    def refuse_unknown(
        self, found: Mapping[str, Any], prefix: str, known: tuple[str, ...]
    ) -> None:
        for name in found:
            if name not in known:
                place = f"{prefix}{shown(name)}"
                self.fault(place, found[name], no_such_field(known), known)

    def fault(
        self, field: str, value: object, text: Text, allowed: tuple[str, ...] = ()
    ) -> None:
        self.faults.append(Fault(field, shown_as_json(value), text, allowed))

    def _transaction(self, value: object) -> Transaction | None:
        names = tuple(transaction.value for transaction in Transaction)
        if isinstance(value, str) and value in names:
            return Transaction(value)
        known = (f"{name}（{TRANSACTION_NAMES[name].zh}）" for name in Transaction)
        text = Text(
            f"须为以下业务环节之一：{'、'.join(known)}",
            f"must be one of {', '.join(names)}",
        )
        other = find_by_other_name(value) if isinstance(value, str) else None
        if other is not None:
            named = f"{other}（{TRANSACTION_NAMES[other].zh}）"
            text = Text(f"请用 {named}；{text.zh}", f"send {other} for it; {text.en}")
        self.fault("transaction", value, text, names)
        return None

    def _reference(self, value: object) -> str | None:
        field = Field("reference", "text", Text("受理编号", "reference"))
        result: str | None = self._value(field, value)
        return result

    def _replaces(self, value: object) -> str | None:
        if value is None:
            return None
        try:
            return str(UUID(value if isinstance(value, str) else ""))
        except ValueError:
            text = Text("须为意见书的 id", "must be the id of a decision")
            self.fault("replaces", value, text)
            return None

    def _section(self, body: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Read `project` or `declared`; names are those of the dataclass."""
        found = body.get(name)
        prefix = f"{name}."
        known = tuple(
            path.removeprefix(prefix) for path in FIELDS if path.startswith(prefix)
        )
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.fault(name, found, object_of(known))
            return {}
        self.refuse_unknown(found, prefix, known)
        return {
            key: self._value(FIELDS[prefix + key], found[key])
            for key in known
            if found.get(key) is not None
        }

    def _value(self, field: Field, value: Any) -> Any:
        if value is None:
            return None
        try:
            return READERS[field.kind](field, value)
        except WrongValue as wrong:
            path = f"{field.path}{wrong.inside}"
            self.fault(path, wrong.value, wrong.text, wrong.allowed)
            return None
