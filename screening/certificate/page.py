"""What does the certificate say? (core).

From the record of a decision alone, in one language, as texts that the template only
sets. Every matched rule stands there with its ground in law, and how far that ground
was verified; every rule that could not be judged stands there with what it waits for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from parcels.refusal import Language
from screening.certificate.findings import (
    write_conditions,
    write_finding,
    write_missing,
    write_waiting,
)
from screening.certificate.saying import Catalogue, Sayer
from screening.certificate.statements import (
    list_differences,
    list_statements,
    name_codes,
    say_planned_use,
)
from screening.certificate.subject import (
    list_all,
    say_area,
    say_land,
    say_time,
)
from screening.certificate.themes import themes_of, write_themes
from screening.certificate.things import (
    find_near,
    list_hits,
    say_no_hits,
    write_hits,
)
from screening.record import show, subject_geometry


def list_divisions(record: Mapping[str, Any]) -> set[str]:
    """Return the codes of all divisions that a certificate speaks of."""
    found = set(record["subject"]["division_codes"])
    for theme in record["themes"]:
        found |= {state["division_code"] for state in theme["coverage"]}
    for finding in record["decision"]["findings"]:
        found |= {piece["division_code"] for piece in finding["evidence"]}
    return found - {None, ""}


def write_page(
    record: Mapping[str, Any],
    texts: Catalogue,
    language: Language,
    *,
    divisions: Mapping[str, str],
    digest: str,
    verify_at: str,
    form: str,
    signed: bool,
) -> dict[str, Any]:
    """Return the texts of a certificate.

    Parameters
    ----------
    record
        As kept (`screening.record.make_record`), of a recorded decision.
    divisions
        What divisions were called then, by code (`list_divisions`).
    digest
        SHA-256 of the record's bytes, hexadecimal.
    verify_at
        Page on which a reader may check it by its number; the QR code leads there.
    form
        Mark of the form it is printed in (`screening.certificate.form`).
    signed
        Whether an electronic signature will be put on it.
    """
    say = Sayer(texts, language, divisions)
    shown = show(record, language)
    return {
        "language": language,
        "labels": say.labels("certificate.label."),
        "number": record["certificate_number"],
        "recorded_at": record["recorded_at"],
        "facts": [
            [say(f"certificate.fact.{name}"), value]
            for name, value in _facts(record, shown, say)
        ],
        "all_codes": list_all(shown["subject"]["parcel_codes"]),
        **_outcome(shown, say),
        **_findings(record, shown, say),
        "disclaimer": shown["disclaimer"],
        "verify": say("certificate.verify", address=verify_at),
        "qr_code": f"{verify_at}/{record['certificate_number']}",
        "form": form,
        "signed": signed,
        "digest": digest,
        **_basis(record, say),
    }


def _outcome(shown: Mapping[str, Any], say: Sayer) -> dict[str, Any]:
    """Return the outcome, its title, and what it means."""
    outcome = shown["outcome"]
    return {
        "outcome": outcome,
        "outcome_title": say(f"outcome.{outcome}"),
        "outcome_means": say(f"outcome_means.{outcome}"),
    }


def _findings(
    record: Mapping[str, Any], shown: Mapping[str, Any], say: Sayer
) -> dict[str, Any]:
    """Return what was found on the land, what waits, and what is known of it."""
    matched = [one for one in shown["findings"] if one["status"] == "matched"]
    waiting = [one for one in shown["findings"] if one["status"] == "unknown"]
    told = [*matched, *waiting]
    numbers = {(hit.theme, hit.feature): hit.number for hit in list_hits(record)}
    return {
        "hits": write_hits(told, numbers, say),
        "no_hits": say_no_hits(told, say),
        "findings": [write_finding(one, numbers, say) for one in matched],
        "no_findings": say(
            "certificate.none_certain" if waiting else "certificate.no_findings"
        ),
        "waiting": [write_waiting(one, say) for one in waiting],
        "missing": write_missing(shown["missing_facts"], say),
        "conditions": write_conditions(shown["conditions"], say),
        "notes": [
            *(name_codes(note, say) for note in shown["notes"]),
            *list_differences(shown["differences"], say),
        ],
        "themes": write_themes(themes_of(record, find_near(told)), say),
    }


def _basis(record: Mapping[str, Any], say: Sayer) -> dict[str, Any]:
    """Return the rules, the state of the register and of the ledger it rests on."""
    return {
        "rules": _rules(record["rule_set"], say),
        "change": str(record["data_versions"]["change"]),
        "head": _head(record.get("ledger_head"), say),
    }


def _rules(rule_set: Mapping[str, Any], say: Sayer) -> str:
    name = say.named(f"rule_set.{rule_set['id']}", rule_set["id"])
    return say("certificate.rules_value", name=name, version=rule_set["version"])


def _head(head: Mapping[str, Any] | None, say: Sayer) -> list[str]:
    """Return the ledger's head before the decision: what it says, root, signature."""
    if head is None:
        return []
    told = say("certificate.head", size=head["size"], signed_at=head["signed_at"])
    return [told, head["root"], head["signed"]]


def _facts(
    record: Mapping[str, Any], shown: Mapping[str, Any], say: Sayer
) -> Iterator[tuple[str, str]]:
    subject, asked_by = shown["subject"], shown["asked_by"]
    yield "transaction", say(f"transaction.{shown['transaction']}")
    yield say_land(subject["parcel_codes"], subject_geometry(record), say)
    yield "divisions", say.listed(map(say.division, subject["division_codes"]))
    yield "area", say_area(subject["mapped_area_m2"], say)
    yield "planned_use", say_planned_use(shown, say)
    yield "as_of", say.day(shown["as_of"])
    yield "valid_until", say.day(shown["valid_until"])
    yield "recorded_at", say_time(datetime.fromisoformat(shown["recorded_at"]))
    role = say.named(f"role.{asked_by['role']}", asked_by["role"])
    yield "asked_by", say("certificate.asked_by", name=asked_by["name"], role=role)
    if shown["reference"]:
        yield "reference", shown["reference"]
    if statements := list_statements(shown, say):
        yield "statements", say("certificate.separator").join(statements)
    if replaced := record.get("replaces"):
        yield "replaces", _replaced(replaced, say)


def _replaced(replaced: Mapping[str, Any], say: Sayer) -> str:
    """Name the certificate in whose place this one stands."""
    day = say.day(replaced["recorded_at"][:10])
    return say("certificate.replaced", number=replaced["certificate_number"], day=day)
