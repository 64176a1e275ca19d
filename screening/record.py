"""What is kept of a decision, and how is it shown? (core).

The record is one document: request, subject, facts, findings in both languages, rule
set, data versions. It is written once as canonical bytes; what a caller reads, what is
printed and what is proved later are made from it and from nothing else. Measured
numbers are texts in it (areas to 0.01 m², distances to 0.01 m, shares to 0.000001),
because a float has no single written form.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry

from parcels.ledger.canonical import decimal_text
from parcels.refusal import Language
from parcels.texts import Text
from screening.decide import Condition, Decision, MissingFact
from screening.extract import CoverageStateName, Extract, ThemeResult
from screening.facts import Facts
from screening.parameters import source_beside_mark
from screening.request import GateRequest
from screening.rules.rule import Finding, Rule
from screening.truth import NO, YES, Evidence, Truth
from screening.vocabulary import OUTCOME_NAMES, Outcome, Status

FORMAT: Final = "jingtu-decision/1"

PLACES: Final = {"area_m2": 2, "share": 6, "distance_m": 2, "widened_by_m": 2}
"""Decimals kept of each kind of measured number."""

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

DISCLAIMER: Final = Text(
    "本结果为系统核查意见，仅供参考；是否准予办理由主管机关依法决定。",
    "This is a screening result. The decision lies with the competent authority.",
)


def plain(value: Any) -> Any:
    """Return facts and the like as a document without floats.

    Dataclasses become objects, enumerations their value, dates ISO text, sets sorted
    lists, floats the shortest text that reads back as the same number.
    """
    kind = type(value)
    write = _KNOWN.get(kind)
    if write is None:
        write = _KNOWN[kind] = _writer_of(kind)
    return write(value)


_KNOWN: Final[dict[type, Callable[[Any], Any]]] = {}
"""How values of the kinds met so far are written: a decision has some 300 values."""


def _writer_of(kind: type) -> Callable[[Any], Any]:
    for kinds, write in _WRITERS:
        if issubclass(kind, kinds):
            return write
    return _object_writer(tuple(field.name for field in dataclasses.fields(kind)))


def _object_writer(names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    if len(names) < 2:
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    take = attrgetter(*names)

    def write(value: Any) -> dict[str, Any]:
        # Most values are as they are; a call for each would cost as much as the rest.
        return {
            name: inner if type(inner) in _AS_THEY_ARE else plain(inner)
            for name, inner in zip(names, take(value), strict=True)
        }

    return write


_AS_THEY_ARE: Final = frozenset((type(None), bool, int, str))


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(plain(key)): plain(inner) for key, inner in value.items()}


_write_truth: Final = _object_writer(("value", "missing", "stale", "evidence"))


def _truth(value: Truth) -> dict[str, Any]:
    """Write the two bare truths once; shared, so nobody may change them."""
    if value is NO:
        return _WRITTEN_NO
    return _WRITTEN_YES if value is YES else _write_truth(value)


_write_evidence: Final = _object_writer(
    tuple(each.name for each in dataclasses.fields(Evidence))
)


def _evidence(value: Evidence) -> dict[str, Any]:
    """Write what a point was widened by only where one was: most things are none."""
    written = _write_evidence(value)
    if value.widened_by_m is None:
        del written["widened_by_m"]
    return written


_WRITTEN_NO: Final = {"value": False, "missing": [], "stale": [], "evidence": []}
_WRITTEN_YES: Final = _WRITTEN_NO | {"value": True}

_WRITERS: Final[tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...]] = (
    ((type(None), bool, int), lambda value: value),
    ((enum.Enum,), lambda value: plain(value.value)),
    ((str,), lambda value: value),
    ((Truth,), _truth),
    ((Evidence,), _evidence),
    ((float,), repr),
    ((date,), lambda value: value.isoformat()),
    ((Text,), lambda value: {"zh": value.zh, "en": value.en}),
    ((Mapping,), _mapping),
    ((set, frozenset), lambda value: sorted(plain(inner) for inner in value)),
    ((Sequence,), lambda value: [plain(inner) for inner in value]),
)
"""How kinds of values are written: the first kind that a value is of counts."""


def measured_as_text(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return a piece of evidence with its measured numbers as decimal text."""
    return {
        name: decimal_text(value, PLACES[name])
        if name in PLACES and value is not None
        else value
        for name, value in shown.items()
    }


def text_as_number(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a piece of evidence with its decimal texts as JSON numbers."""
    return {
        name: float(value) if name in PLACES and value is not None else value
        for name, value in kept.items()
    }


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Id and certificate number of a decision that is kept."""

    id: UUID
    certificate_number: str


def make_record(
    *,
    identity: Identity | None,
    recorded_at: datetime,
    asked_by: Any,
    division_code: str,
    request: GateRequest,
    extract: Extract,
    facts: Facts,
    decision: Decision,
    valid_days: int | None,
    engine: Mapping[str, str],
    replaces: Mapping[str, str] | None = None,
    ledger_head: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the document that is kept of a decision; `identity` None for a dry run.

    It stands through the day `valid_days` after the one it speaks of; None: for good.
    `replaces` is number and time of the decision in whose place it stands, and
    `ledger_head` the head signed last before (`SignedHead.shown`): whoever holds the
    record or its certificate can tell later whether the ledger still continues it. The
    record has such members only where there are such things.
    """
    valid_until = extract.as_of + timedelta(valid_days) if valid_days else None
    return {
        "format": FORMAT,
        "engine": dict(engine),
        "id": str(identity.id) if identity else None,
        "certificate_number": identity.certificate_number if identity else None,
        "recorded_at": recorded_at.isoformat(timespec="microseconds"),
        "as_of": extract.as_of.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "asked_by": {
            "name": asked_by.name,
            "role": asked_by.role,
            "scope": asked_by.scope,
        },
        "division_code": division_code,
        "request": _without_silence(plain(request)),
        "subject": _subject(extract),
        "facts": plain(facts),
        "decision": write_judgement(decision),
        "themes": [_theme(theme) for theme in extract.themes.values()],
        "rule_set": plain(decision.rule_set),
        "data_versions": {"change": extract.known_at},
        **({"replaces": dict(replaces)} if replaces else {}),
        **({"ledger_head": dict(ledger_head)} if ledger_head else {}),
    }


def _without_silence(request: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the caller did not say."""
    return {
        name: _without_silence(value) if isinstance(value, dict) else value
        for name, value in request.items()
        if value is not None and value != {}
    }


def _subject(extract: Extract) -> dict[str, Any]:
    subject = extract.subject
    written = shapely.to_wkb(subject.geometry)
    return {
        "parcel_codes": [parcel.code for parcel in subject.parcels],
        "parcel_versions": [parcel.version_id for parcel in subject.parcels],
        "division_codes": list(subject.division_codes),
        "mapped_area_m2": decimal_text(subject.mapped_area_m2, PLACES["area_m2"]),
        "geometry_wkb": written.hex(),
        "geometry_sha256": hashlib.sha256(written).hexdigest(),
    }


def write_judgement(decision: Decision) -> dict[str, Any]:
    """Return the member `decision` of a record: what was found, in both languages."""
    return {
        "outcome": decision.outcome.value,
        "findings": [_finding(finding) for finding in decision.findings],
        "missing_facts": _both(decision.missing_facts),
        "conditions": _both(decision.conditions),
        "notes": plain(decision.notes),
        "differences": plain(decision.differences),
    }


def _both(entries: Sequence[MissingFact | Condition]) -> list[dict[str, Any]]:
    return [
        {language: entry.texts(language) for language in LANGUAGES} for entry in entries
    ]


def _finding(finding: Finding) -> dict[str, Any]:
    if finding.status in _BARE:
        return _bare_finding(finding.rule, finding.status)
    return _full_finding(finding)


_BARE: Final = (Status.NOT_MATCHED, Status.NOT_APPLICABLE)
"""Findings of these are shown by the rule's title alone, the same every time."""


@cache
def _bare_finding(rule: Rule, status: Status) -> dict[str, Any]:
    """Write such a finding once for each rule; shared, so nobody may change it."""
    return _full_finding(Finding(rule, status))


def _full_finding(finding: Finding) -> dict[str, Any]:
    texts: dict[str, dict[str, Any]] = {
        language: finding.texts(language) for language in LANGUAGES
    }
    evidence = texts["zh"].pop("evidence", [])
    texts["en"].pop("evidence", None)
    return {
        "rule": finding.rule.id,
        "status": finding.status.value,
        "evidence": [measured_as_text(piece) for piece in evidence],
        **texts,
    }


def _theme(theme: ThemeResult) -> dict[str, Any]:
    silent = not (theme.items or theme.border)
    return _silent_theme(theme) if silent else _written_theme(theme)


@lru_cache(maxsize=4096)
def _silent_theme(theme: ThemeResult) -> dict[str, Any]:
    """Write a theme of which nothing is found once; shared, so nobody may change it."""
    return _written_theme(theme)


def _written_theme(theme: ThemeResult) -> dict[str, Any]:
    return {
        "theme": theme.theme,
        "status": theme.status,
        "area_m2": decimal_text(theme.area_m2, PLACES["area_m2"]),
        "share": decimal_text(theme.share, PLACES["share"]),
        "coverage": [
            _coverage_state(
                state.division_code, state.state, state.data_date, state.part
            )
            for state in theme.coverage
        ],
    }


@lru_cache(maxsize=4096)
def _coverage_state(
    division_code: str, state: CoverageStateName, data_date: date | None, part: bool
) -> dict[str, Any]:
    """Write such a state once; shared, so nobody may change it."""
    return {
        "division_code": division_code,
        "state": state,
        "data_date": data_date.isoformat() if data_date else None,
        "part": part,
    }


def show(record: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a decision as the HTTP contract says, from its record alone."""
    kept = record["decision"]
    request = record["request"]
    outcome = Outcome(kept["outcome"])
    return {
        "id": record["id"],
        "certificate_number": record["certificate_number"],
        "division_code": record["division_code"],
        "outcome": kept["outcome"],
        "outcome_title": OUTCOME_NAMES[outcome].of(language),
        "transaction": request["transaction"],
        "subject": _shown_subject(record["subject"]),
        "planned_use": request.get("planned_use"),
        "project": request.get("project", {}),
        "declared": request.get("declared", {}),
        "reference": request.get("reference"),
        "replaces": request.get("replaces"),
        "opinions": request.get("opinions", []),
        "findings": [show_finding(finding, language) for finding in kept["findings"]],
        "missing_facts": [entry[language] for entry in kept["missing_facts"]],
        "conditions": [entry[language] for entry in kept["conditions"]],
        "notes": [text[language] for text in kept["notes"]],
        "differences": kept["differences"],
        "themes": [text_as_number(theme) for theme in record["themes"]],
        "rule_set": record["rule_set"],
        "data_versions": record["data_versions"],
        "as_of": record["as_of"],
        "recorded_at": record["recorded_at"],
        "valid_until": record["valid_until"],
        "asked_by": record["asked_by"],
        "ledger": record.get("ledger"),
        "ledger_head": record.get("ledger_head"),
        "disclaimer": DISCLAIMER.of(language),
    }


def subject_geometry(record: Mapping[str, Any]) -> BaseGeometry:
    """Return the land a decision is about, EPSG:4490, as it was when it was made."""
    return shapely.from_wkb(record["subject"]["geometry_wkb"])


def _shown_subject(kept: Mapping[str, Any]) -> dict[str, Any]:
    shown = text_as_number({**kept, "area_m2": kept["mapped_area_m2"]})
    shown["mapped_area_m2"] = shown.pop("area_m2")
    del shown["geometry_wkb"]
    return shown


def show_finding(kept: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return one recorded finding as the HTTP contract says."""
    told = {
        **kept[language],
        "evidence": [text_as_number(piece) for piece in kept["evidence"]],
    }
    if told.get("in_force"):
        told["in_force"] = _beside_mark(told["in_force"])
    if told.get("parameters"):
        told["parameters"] = [_beside_mark(each) for each in told["parameters"]]
    return told


def _beside_mark(figure: Mapping[str, Any]) -> dict[str, Any]:
    source = source_beside_mark(figure["source"], figure["confidence"])
    return {**figure, "source": source}
