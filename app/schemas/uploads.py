"""Uploads over HTTP: what is sent with them and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
)

from parcels.refusal import Language
from parcels.surveys.issues import Severity, severity_of
from parcels.surveys.progress import Step
from parcels.surveys.reports import RecordedChange
from parcels.surveys.repository import Upload

State = Literal[
    "received",
    "reading",
    "needs_confirmation",
    "checked",
    "staged",
    "committed",
    "reverted",
    "failed",
    "withdrawn",
]


class EvidenceModel(BaseModel):
    """One thing that was seen in a file."""

    subject: str
    kind: str
    message: str
    numbers: dict[str, Any]


class ProposalModel(BaseModel):
    """How the file would be read if a person agrees."""

    crs: int | None
    encoding: str | None
    mapping: dict[str, str]
    member: str | None
    must_confirm: list[str] = Field(description="Values that `confirm` must name")
    evidence: list[EvidenceModel]
    samples: list[dict[str, str | None]] = Field(description="Up to five rows as read")
    alternatives: dict[str, list[dict[str, Any]]]
    bounds: list[float] | None = Field(description="West, south, east, north, degrees")


class Told(BaseModel):
    """Why something was not done."""

    reason: str = Field(description="Stable key")
    message: str


class DeclaredModel(BaseModel):
    """What was declared with the file, completed by what was confirmed."""

    valid_from: date
    crs: int | None
    encoding: str | None
    mapping: dict[str, str] | None
    member: str | None
    update: Literal["partial", "whole"]
    repairs: list[str]


class KindCount(BaseModel):
    """How many issues there are of one kind."""

    kind: str
    severity: Severity
    count: int


class ProgressModel(BaseModel):
    """How far reading and checking came."""

    step: Step
    rows: int = Field(description="Rows read and checked one by one so far")
    of: int | None = Field(description="Rows of the file, once they are counted")
    check: str | None = Field(description="Check of the whole file under way")
    checks_done: int
    checks: int = Field(description="Checks of the whole file, where they have begun")


class ChangeModel(BaseModel):
    """A change of the register."""

    number: int
    recorded_at: datetime


class AffectedModel(BaseModel):
    """A decision that did not see what this upload changed."""

    id: UUID
    certificate_number: str
    outcome: str
    recorded_at: datetime
    parcel_codes: list[str]


class UploadModel(BaseModel):
    """A survey file on its way into the register (上传)."""

    id: UUID
    state: State
    under_way: Literal["examine", "commit", "revert"] | None = Field(
        description="What a worker is asked to do and has not finished"
    )
    layer: str
    division_code: str
    filename: str
    sha256: str
    size_bytes: int
    actor: str
    received_at: datetime
    changed_at: datetime
    declared: DeclaredModel
    rows: int | None
    accepted_rows: int | None = Field(
        description="Rows that no error names, neither first nor as the other row"
    )
    proposed: ProposalModel | None
    issue_counts: dict[str, int] = Field(description="Kind → number")
    issue_kinds: list[KindCount] = Field(description="Worst first, then most")
    errors: int
    warnings: int
    progress: ProgressModel | None
    facts: dict[str, Any] | None = Field(description="What reading found out")
    failure: Told | None = Field(description="Why the file could not be read")
    refusal: Told | None = Field(description="Why the last order was not carried out")
    comparison: dict[str, Any] | None = Field(
        description="Numbers by fate: `summary` of the diff"
    )
    acceptance: dict[str, Any] | None = Field(
        description="Who accepted which warnings for what reason, rows set aside"
    )
    change: ChangeModel | None
    revert_change: ChangeModel | None
    affected_decisions: list[AffectedModel] = Field(
        description="Decisions whose answer its changes made another; the latest 1000"
    )
    links: dict[str, str]


class UploadPage(BaseModel):
    """A page of uploads, the latest first."""

    items: list[UploadModel]
    next: str | None


def write_upload(
    upload: Upload,
    language: Language,
    *,
    change: RecordedChange | None = None,
    revert_change: RecordedChange | None = None,
    affected_decisions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return an upload as it is answered."""
    request = upload.request
    comparison = dict(upload.comparison or {})
    # Written there when it was found at the commit alone.
    comparison.pop("affected_decisions", None)
    path = f"/v1/uploads/{upload.id}"
    return {
        "id": upload.id,
        "state": upload.state,
        "under_way": upload.order_kind,
        "layer": request.layer,
        "division_code": upload.division_code,
        "filename": upload.filename,
        "sha256": upload.file.sha256.hex(),
        "size_bytes": upload.file.size,
        "actor": upload.actor,
        "received_at": upload.received_at,
        "changed_at": upload.changed_at,
        "declared": {
            "valid_from": request.valid_from,
            "crs": request.crs,
            "encoding": request.encoding,
            "mapping": None if request.mapping is None else dict(request.mapping),
            "member": request.member,
            "update": request.update,
            "repairs": list(request.repairs),
        },
        "rows": upload.row_count,
        "accepted_rows": upload.accepted_count,
        "proposed": _write_proposal(upload.proposed, language),
        "issue_counts": dict(upload.issue_counts),
        "issue_kinds": count_kinds(upload.issue_counts),
        "errors": upload.error_count,
        "warnings": upload.warning_count,
        "progress": upload.progress,
        "facts": upload.facts,
        "failure": _tell(upload.failure, language),
        "refusal": _tell(upload.refusal, language),
        "comparison": comparison or None,
        "acceptance": upload.acceptance,
        "change": change,
        "revert_change": revert_change,
        "affected_decisions": affected_decisions,
        "links": {
            "self": path,
            "issues": f"{path}/issues",
            "rows": f"{path}/rows",
            "diff": f"{path}/diff",
            "set_aside": f"{path}/set-aside",
        },
    }


_WORST_FIRST: Final = {"error": 0, "warning": 1, "info": 2}


def count_kinds(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return kinds with severity and number, the worst first, then the most."""
    kinds = [
        {"kind": kind, "severity": severity_of(kind), "count": count}
        for kind, count in counts.items()
    ]
    return sorted(kinds, key=lambda one: (_WORST_FIRST[one["severity"]], -one["count"]))


def _write_proposal(
    proposed: Mapping[str, Any] | None, language: Language
) -> dict[str, Any] | None:
    if proposed is None:
        return None
    evidence = [
        {
            "subject": one["subject"],
            "kind": one["kind"],
            "message": one[language],
            "numbers": one["numbers"],
        }
        for one in proposed["evidence"]
    ]
    return {**proposed, "evidence": evidence}


def _tell(
    refusal: Mapping[str, str] | None, language: Language
) -> dict[str, str] | None:
    if refusal is None:
        return None
    return {"reason": refusal["reason"], "message": refusal[language]}
