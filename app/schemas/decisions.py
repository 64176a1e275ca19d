"""Decisions of the gate as they are answered: made from the record and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.geojson import write_geometry
from app.schemas.ledger import HeadModel
from app.schemas.opinions import OpinionModel
from app.schemas.standing import StandingModel, write_standing
from parcels.refusal import Language
from screening.consultation import list_asked, list_waiting
from screening.opinion import Department
from screening.record import show, subject_geometry
from screening.standing import Standing, State


def write_decision(
    record: Mapping[str, Any], language: Language, standing: Standing | None = None
) -> dict[str, Any]:
    """Return a decision as it is answered, made from its record alone.

    Beside it stands what became of it since; without a standing it was made just now.
    """
    shown = show(record, language)
    if standing is None:
        standing = Standing("in_force", [], record["data_versions"]["change"])
    shown["standing"] = write_standing(standing, language) if record["id"] else None
    shown["consultation"] = [
        {
            "department": department,
            "rules": rules,
            "waiting": list_waiting(record, department),
        }
        for department, rules in list_asked(record).items()
    ]
    shown["links"] = _links(record) if record["id"] else {}
    return shown


def _links(record: Mapping[str, Any]) -> dict[str, str]:
    own = f"/v1/gate/decisions/{record['id']}"
    return {
        "self": own,
        "certificate": f"{own}/certificate.pdf",
        "verify": f"/verify/{record['certificate_number']}",
        "record": f"{own}/record",
        "proof": f"{own}/proof",
    }


def write_decision_feature(
    record: Mapping[str, Any], language: Language, standing: Standing
) -> dict[str, Any]:
    """Return a decision as a GeoJSON Feature: the land it is about, as it was then."""
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": write_geometry(subject_geometry(record)),
        "properties": write_decision(record, language, standing),
    }


Outcome = Literal[
    "deny",
    "require_investigation",
    "insufficient_data",
    "consult",
    "allow_with_conditions",
    "allow",
]


class LegalBasisModel(BaseModel):
    """Where a rule stands in law."""

    document: str
    article: str | None
    verification: str = Field(
        description="verified: read in the text; recalled: from memory; design choice"
    )
    verification_text: str
    confidence: str


class EvidenceModel(BaseModel):
    """A thing of the register that a finding rests on."""

    theme: str
    feature: str | None
    relation: str
    category: str | None
    area_m2: float | None
    share: float | None
    distance_m: float | None
    division_code: str | None
    widened_by_m: float | None = Field(
        None,
        description="Of a thing known as a point: what its distance was shortened by, "
        "for its size and accuracy",
    )


class ParameterModel(BaseModel):
    """A number, list or switch a rule worked with, and where it comes from."""

    id: str
    value: str
    unit: str
    confidence: Literal["verified", "recalled", "proposed"]
    source: str


class InForceModel(BaseModel):
    """Since when a rule holds (施行日期), and whether that day was read or recalled."""

    from_: date | None = Field(alias="from")
    to: date | None = Field(description="First day on which it no longer holds")
    confidence: Literal["verified", "recalled", "proposed"]
    source: str


class FindingModel(BaseModel):
    """What one rule says (规则结论); texts only where the rule speaks."""

    rule: str = Field(examples=["A01"])
    status: Literal["matched", "not_matched", "unknown", "not_applicable"]
    outcome: Outcome | None = None
    would_be: Outcome | None = Field(
        None, description="Of an unknown rule: its outcome if it matched"
    )
    title: str
    reason: str | None = None
    legal_basis: list[LegalBasisModel] = []
    in_force: InForceModel | None = None
    evidence: list[EvidenceModel]
    missing: list[str] = Field([], description="Facts an unknown rule waits for")
    parameters: list[ParameterModel] = Field(
        [], description="Numbers and lists the result rests on"
    )
    required_documents: list[str] = []
    consult: list[str] = []
    lifts_when: str | None = None
    note: str | None = None


class MissingFactModel(BaseModel):
    """A fact the answer waits for (缺失事实), and how to supply it."""

    fact: str
    name: str
    effect: Literal["blocks", "warns"]
    reason: str
    source: str
    theme: str | None
    division_code: str | None = Field(description="The county to ask")
    rules: list[str]


class ConditionModel(BaseModel):
    """What has to be done for the transaction to go ahead (附带条件)."""

    rule: str | None
    fact: str | None
    text: str
    required_documents: list[str]


class DifferenceModel(BaseModel):
    """A statement that differs from a record; the record is used."""

    fact: str
    recorded: str
    declared: str


class RuleSetModel(BaseModel):
    """The rules that were asked."""

    id: str
    version: str
    sha256: str


class EntryModel(BaseModel):
    """Where the ledger holds a decision; its proof is under `links.proof`."""

    entry: UUID
    leaf_hash: str = Field(description="SHA-256 in hex, of the entry with its salt")


class ConsultedModel(BaseModel):
    """A department that the decision asks (征求意见)."""

    department: Department
    rules: list[str] = Field(description="Rules it has to answer for")
    waiting: list[str] = Field(description="Those among them without its opinion")


class DecisionModel(BaseModel):
    """An answer of the gate (准入核查意见). The competent authority decides."""

    id: UUID | None = Field(description="Null for a dry run")
    certificate_number: str | None
    division_code: str
    outcome: Outcome
    outcome_title: str
    transaction: str
    subject: dict[str, Any]
    planned_use: dict[str, Any] | None
    project: dict[str, Any]
    declared: dict[str, Any]
    reference: str | None
    replaces: UUID | None = Field(description="The decision it stands in the place of")
    opinions: list[OpinionModel] = Field(
        description="Opinions given on this question, withdrawn ones too"
    )
    consultation: list[ConsultedModel]
    findings: list[FindingModel]
    missing_facts: list[MissingFactModel]
    conditions: list[ConditionModel]
    notes: list[str]
    differences: list[DifferenceModel]
    themes: list[dict[str, Any]]
    rule_set: RuleSetModel
    data_versions: dict[str, Any]
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    asked_by: dict[str, str]
    ledger: EntryModel | None = Field(description="Null for a dry run")
    ledger_head: HeadModel | None = Field(
        description="Head of the ledger signed last before it; null for a dry run and"
        " before the first seal"
    )
    standing: StandingModel | None = Field(description="Null for a dry run")
    disclaimer: str
    links: dict[str, str]


class DecisionSummaryModel(BaseModel):
    """A decision in a list."""

    id: UUID
    certificate_number: str
    division_code: str
    transaction: str
    outcome: Outcome
    parcel_codes: list[str]
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    actor: str
    state: State = Field(description="How it stands today")


class DecisionPageModel(BaseModel):
    """A page of decisions, the latest first."""

    items: list[DecisionSummaryModel]
    next: str | None


class VerificationModel(BaseModel):
    """Whether a certificate is genuine; nothing else is told."""

    certificate_number: str
    genuine: bool
    outcome: Outcome
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    state: Literal["in_force", "expired", "replaced", "affected", "annulled"]
