"""What stands against a plant at this place? (core).

选址筛查 (R-C05 to R-C09). The rules are those of the gate for the step `siting`, asked
of the same facts: this module only tells them as rows, each with law, mark of
verification, nearest thing and distance. Beside them stand the rings of the distance
table for proposed plants, and for a new tailings pond what lies down its flow path.

A rule that lacks a fact is `unknown` and says which; a layer that does not cover the
place is never told as free. No decision is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parcels.refusal import Language
from parcels.texts import Text
from screening.neighbourhood import Feature
from screening.parameters import marked_source
from screening.rules.rule import Finding
from screening.runs.columns import (
    BORDER_DIVISION,
    DISTANCE,
    DIVISION,
    number_column,
    text_column,
)
from screening.runs.row import Row
from screening.runs.upstream_rows import PondMaterial, list_below_ponds
from screening.surroundings import Neighbour, describe_distance
from screening.truth import Evidence, Truth
from screening.vocabulary import Outcome, Status

COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("site", "拟建地", "Site"),
    DIVISION,
    text_column("rule", "规则", "Rule", "ring_rule"),
    text_column("status", "判断", "Judged", "rule_status"),
    text_column("outcome", "结论", "Outcome", "outcome"),
    text_column("would_be", "若成立则", "Would be", "outcome"),
    text_column("law", "依据", "Law (official title)"),
    text_column("verification", "核对情况", "Verified", "verification"),
    text_column("theme", "对象", "Thing", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "对象编码", "Code"),
    text_column("name", "对象名称", "Name"),
    DISTANCE,
    number_column("area_m2", "重叠面积", "Area in common", "m2"),
    number_column("limit_m", "限值", "Limit", "m"),
    BORDER_DIVISION,
)
_NOT_RECORDED: Final = Text(
    "筛查结果，未作为核查决定记录", "a screening result, not recorded as a decision"
)
_ACTIONS: Final[Mapping[str, Outcome]] = {
    "deny": Outcome.DENY,
    "consult_ee": Outcome.CONSULT,
}
_SHOWN: Final = (Status.MATCHED, Status.UNKNOWN, Status.NOT_MATCHED)


@dataclass(frozen=True, slots=True)
class RingHit:
    """A thing within a ring of the distance table, and where its number comes from."""

    key: str
    near: Neighbour
    limit_m: float
    action: str
    source: Text


@dataclass(frozen=True, slots=True)
class Told:
    """A finding of the gate, without the rule that made it.

    `told` is what an officer reads of it; `law` and `verification` those of its first
    citation, the others stand in `told`.
    """

    rule: str
    status: str
    outcome: str | None
    would_be: str
    law: str
    verification: str
    told: Text
    nearest: Evidence | None
    evidence: int
    limit_m: float | None


@dataclass(frozen=True, slots=True)
class SitingMaterial:
    """One site: what the gate said of it, what lies in its rings, and below it.

    `polluting` is None where it cannot be told whether the plant may pollute soil.
    `below` is given for a new tailings pond alone.
    """

    site: Feature
    outcome: str
    findings: Sequence[Told]
    rings: Sequence[RingHit]
    polluting: bool | None
    below: PondMaterial | None


def tell_findings(findings: Sequence[Finding]) -> list[Told]:
    """Return the findings as they are told, the matched ones first."""
    kept = [_tell(one) for one in findings if one.status in _SHOWN]
    rank = {status.value: place for place, status in enumerate(_SHOWN)}
    return sorted(kept, key=lambda one: (rank[one.status], one.rule))


def _tell(finding: Finding) -> Told:
    rule, basis = finding.rule, finding.rule.legal_basis
    zh, en = finding.texts("zh"), finding.texts("en")
    metres = [p for p in finding.parameters if p.unit == "m"]
    first = basis[0] if basis else None
    return Told(
        rule.id,
        finding.status.value,
        finding.outcome.value if finding.outcome else None,
        rule.outcome.value,
        f"{first.document.zh}{first.article.zh}" if first else "",
        first.verification if first else "",
        Text(_say(zh, "zh"), _say(en, "en")),
        min(finding.evidence, key=_nearness, default=None),
        len(finding.evidence),
        float(metres[0].value) if metres else None,
    )


def _nearness(evidence: Evidence) -> tuple[float, float, str]:
    distance = evidence.distance_m if evidence.distance_m is not None else 0.0
    return distance, -(evidence.area_m2 or 0.0), evidence.feature or ""


def _say(texts: Mapping[str, Any], language: Language) -> str:
    """Return title, reason, every citation and every number of a finding."""
    parts = [texts["title"], texts.get("reason") or ""]
    for basis in texts.get("legal_basis", ()):
        cited = f"{basis['document']} {basis['article']}"
        parts.append(f"{cited} ({basis['verification_text']}, {basis['confidence']})")
    for number in texts.get("parameters", ()):
        source = Text(number["source"], number["source"])
        known = marked_source(source, number["confidence"]).of(language)
        parts.append(f"{number['value']} {number['unit']} ({known})")
    return {"zh": "；", "en": "; "}[language].join(part for part in parts if part)


def told_truth(value: Truth) -> bool | None:
    """Return true or false, None for unknown."""
    return value.value


def list_siting(material: SitingMaterial) -> list[Row]:
    """Return the rows of one site: the whole, the rules, the rings, the flow path."""
    rows = [_site_row(material)]
    rows += [_rule_row(material.site, one) for one in material.findings]
    if material.polluting is not False:
        rows += [_ring_row(material, hit) for hit in material.rings]
    if material.below is not None:
        rows += [_flow_row(row) for row in list_below_ponds(material.below)]
    return rows


def _site(site: Feature) -> dict[str, Any]:
    return {"site": site.code, "division_code": site.division_code}


def _site_row(material: SitingMaterial) -> Row:
    unknown = [one.rule for one in material.findings if one.status == "unknown"]
    zh, en = _NOT_RECORDED
    if unknown:
        listed = ", ".join(unknown)
        zh = f"尚有规则不能判断：{listed}；{zh}"
        en = f"rules that cannot be judged: {listed}; {en}"
    values = {"row": "site", **_site(material.site), "outcome": material.outcome}
    return Row(values, Text(zh, en), material.site.geometry)


def _rule_row(site: Feature, told: Told) -> Row:
    values: dict[str, Any] = {
        "row": "rule",
        **_site(site),
        "rule": told.rule,
        "status": told.status,
        "outcome": told.outcome,
        "would_be": told.would_be if told.status == "unknown" else None,
        "law": told.law,
        "verification": told.verification,
        "limit_m": told.limit_m,
    }
    why, nearest = told.told, told.nearest
    if nearest is not None:
        values |= {
            "theme": nearest.theme,
            "type": nearest.category,
            "code": nearest.feature,
            "distance_m": _to_centimetre(nearest.distance_m),
            "area_m2": _to_centimetre(nearest.area_m2),
        }
        if nearest.feature is None:
            values["ask_division"] = nearest.division_code
        if told.evidence > 1:
            more = told.evidence - 1
            why = Text(f"{why.zh}；另有 {more} 处", f"{why.en}; {more} more")
    return Row(values, why)


def _to_centimetre(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _ring_row(material: SitingMaterial, hit: RingHit) -> Row:
    thing, lies = hit.near.feature, describe_distance(hit.near)
    known = material.polluting is True and hit.near.ring != "cannot_be_placed"
    action = _ACTIONS[hit.action].value
    values = {
        "row": "ring",
        **_site(material.site),
        "rule": hit.key,
        "status": "matched" if known else "unknown",
        "outcome": action if known else None,
        "would_be": None if known else action,
        "verification": "design_choice",
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name,
        "distance_m": hit.near.distance_m,
        "limit_m": hit.limit_m,
    }
    zh, en = f"{lies.zh}；{hit.source.zh}", f"{lies.en}; {hit.source.en}"
    if material.polluting is None:
        zh += "；不能确定项目是否可能污染土壤"
        en += "; whether the project may pollute soil cannot be told"
    return Row(values, Text(zh, en), thing.geometry)


def _flow_row(row: Row) -> Row:
    """Return a row about a pond's flow path as one of siting; rule E10 is its law."""
    found = row.values
    outcome = found.get("outcome")
    status = {
        "downstream": "matched",
        "inside": "matched",
        "not_downstream": "not_matched",
    }
    state = status.get(str(outcome), "unknown")
    values = {
        "row": "flow_path",
        "site": found["source_code"],
        "division_code": found["division_code"],
        "rule": "E10",
        "status": state,
        "outcome": "deny" if state == "matched" else None,
        "would_be": "deny" if state == "unknown" else None,
        "theme": found.get("theme"),
        "type": found.get("type"),
        "code": found.get("code"),
        "name": found.get("name"),
        "distance_m": found.get("along_m")
        if found.get("along_m") is not None
        else found.get("distance_m"),
        "limit_m": found.get("limit_m"),
        "ask_division": found.get("ask_division"),
    }
    return Row(values, row.why, row.geometry)


def tally_siting(row: Row) -> Mapping[str, float]:
    """Count sites by outcome, and rules by how they were judged."""
    values = row.values
    if values["row"] == "site":
        return {"sites": 1, f"site_outcome.{values['outcome']}": 1}
    return {f"rule_status.{values['status']}": 1}
