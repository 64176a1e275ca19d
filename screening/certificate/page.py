"""What does the certificate say? (core).

From the record of a decision alone, in one language, as texts that the template only
sets. Every matched rule stands there with its ground in law, and how far that ground
was verified; every rule that could not be judged stands there with what it waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from parcels.area import to_mu
from parcels.refusal import Language
from screening.certificate.saying import Catalogue, Sayer
from screening.certificate.statements import (
    list_differences,
    list_statements,
    name_uses,
    say_planned_use,
)
from screening.record import show

_SHOWN_CODES: Final = 6
_NO_THING: Final = ("declared", "no_coverage", "stale")
"""Relations of evidence behind which no thing stands."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing of the register that a finding names, with its number on the page."""

    number: int
    theme: str
    feature: str


def list_hits(record: Mapping[str, Any]) -> list[Hit]:
    """Return what matched and unknown findings name, each once, in their order.

    Things of other divisions have no code and are not among them.
    """
    named = dict.fromkeys(
        (piece["theme"], piece["feature"])
        for finding in record["decision"]["findings"]
        if finding["status"] in ("matched", "unknown")
        for piece in finding["evidence"]
        if piece["feature"] is not None
    )
    return [Hit(number, *thing) for number, thing in enumerate(named, start=1)]


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
        Where a reader may check the certificate: the text of its QR code.
    signed
        Whether an electronic signature will be put on it.
    """
    say = Sayer(texts, language, divisions)
    shown = show(record, language)
    matched = [one for one in shown["findings"] if one["status"] == "matched"]
    waiting = [one for one in shown["findings"] if one["status"] == "unknown"]
    numbers = {(hit.theme, hit.feature): hit.number for hit in list_hits(record)}
    return {
        "language": language,
        "labels": say.labels("certificate.label."),
        "number": record["certificate_number"],
        "outcome": shown["outcome"],
        "outcome_title": say(f"outcome.{shown['outcome']}"),
        "outcome_means": say(f"outcome_means.{shown['outcome']}"),
        "recorded_at": record["recorded_at"],
        "facts": [*_facts(shown, say), *_replaced(record, say)],
        "hits": _hits([*matched, *waiting], numbers, say),
        "no_hits": _no_hits([*matched, *waiting], say),
        "findings": [_finding(one, numbers, say) for one in matched],
        "waiting": [_waiting(one, say) for one in waiting],
        "missing": _missing(shown["missing_facts"], say),
        "conditions": _once(_condition(one, say) for one in shown["conditions"]),
        "notes": [*shown["notes"], *list_differences(shown["differences"], say)],
        "themes": [_theme(one, say) for one in shown["themes"]],
        "disclaimer": shown["disclaimer"],
        "verify_at": verify_at,
        "signed": signed,
        "digest": digest,
        "head": _head(record.get("ledger_head"), say),
        "rules": say("certificate.rules_value", **record["rule_set"]),
        "change": str(record["data_versions"]["change"]),
    }


def _head(head: Mapping[str, Any] | None, say: Sayer) -> list[str]:
    """Return the ledger's head before the decision: what it says, root, signature."""
    if head is None:
        return []
    told = say("certificate.head", size=head["size"], signed_at=head["signed_at"])
    return [told, head["root"], head["signed"]]


def _facts(shown: Mapping[str, Any], say: Sayer) -> list[list[str]]:
    subject = shown["subject"]
    recorded = datetime.fromisoformat(shown["recorded_at"])
    area_m2 = subject["mapped_area_m2"]
    pairs = [
        ("transaction", say(f"transaction.{shown['transaction']}")),
        ("subject", _subject(subject["parcel_codes"], say)),
        ("divisions", say.listed(map(say.division, subject["division_codes"]))),
        (
            "area",
            say("certificate.area", m2=f"{area_m2:,.2f}", mu=f"{to_mu(area_m2):,.4f}"),
        ),
        ("planned_use", say_planned_use(shown, say)),
        ("as_of", say.day(shown["as_of"])),
        ("valid_until", say.day(shown["valid_until"])),
        ("recorded_at", f"{recorded:%Y-%m-%d %H:%M:%S} UTC{recorded:%z}"[:-2]),
        ("asked_by", shown["asked_by"]["name"]),
    ]
    if shown["reference"]:
        pairs.append(("reference", shown["reference"]))
    if statements := list_statements(shown, say):
        pairs.append(("statements", say("certificate.separator").join(statements)))
    return [[say(f"certificate.fact.{name}"), value] for name, value in pairs]


def _replaced(record: Mapping[str, Any], say: Sayer) -> list[list[str]]:
    """Return the line that names the certificate in whose place this one stands."""
    replaced = record.get("replaces")
    if replaced is None:
        return []
    day = say.day(replaced["recorded_at"][:10])
    value = say("certificate.replaced", number=replaced["certificate_number"], day=day)
    return [[say("certificate.fact.replaces"), value]]


def _subject(codes: Sequence[str], say: Sayer) -> str:
    if not codes:
        return say("certificate.polygon")
    if len(codes) <= _SHOWN_CODES:
        return say.listed(codes)
    first = say.listed(codes[:_SHOWN_CODES])
    return say("certificate.and_more", first=first, count=len(codes))


def _hits(
    findings: Iterable[Mapping[str, Any]],
    numbers: Mapping[tuple[str, str], int],
    say: Sayer,
) -> list[dict[str, str]]:
    """Return one line a thing, with the rules that name it."""
    rules: dict[tuple[str, str], list[str]] = {}
    pieces: dict[tuple[str, str], Mapping[str, Any]] = {}
    for finding in findings:
        for piece in finding["evidence"]:
            thing = (piece["theme"], piece["feature"])
            if thing in numbers:
                pieces.setdefault(thing, piece)
                if finding["rule"] not in rules.setdefault(thing, []):
                    rules[thing].append(finding["rule"])
    return [
        {
            "number": str(number),
            "theme": say.named(f"theme.{thing[0]}", thing[0]),
            "feature": thing[1],
            "category": _category(pieces[thing], say),
            "place": _place(pieces[thing], say),
            "rules": say.listed(rules[thing]),
        }
        for thing, number in numbers.items()
    ]


def _category(piece: Mapping[str, Any], say: Sayer) -> str:
    category = piece["category"]
    return say.named(f"category.{category}", category) if category else ""


def _place(piece: Mapping[str, Any], say: Sayer) -> str:
    relation = say.named(f"relation.{piece['relation']}", piece["relation"])
    if piece["share"]:
        return say(
            "certificate.overlap",
            relation=relation,
            m2=f"{piece['area_m2']:,.2f}",
            percent=f"{100 * piece['share']:.4g}",
        )
    if piece["distance_m"] is not None:
        return say(
            "certificate.distance",
            relation=relation,
            metres=f"{piece['distance_m']:,.2f}",
        )
    return relation


def _finding(
    finding: Mapping[str, Any], numbers: Mapping[tuple[str, str], int], say: Sayer
) -> dict[str, Any]:
    return {
        "rule": finding["rule"],
        "outcome": finding["outcome"],
        "outcome_title": say(f"outcome.{finding['outcome']}"),
        "title": finding["title"],
        "reason": name_uses(finding["reason"], say),
        "basis": [_basis(one, say) for one in finding["legal_basis"]],
        "in_force": _in_force(finding.get("in_force"), say),
        "things": say.listed(_things(finding["evidence"], numbers, say)),
        "documents": _documents(finding, say),
        "consult": say.listed(finding["consult"]),
        "lifts_when": finding["lifts_when"] or "",
        "note": finding["note"] or "",
        "parameters": [_parameter(one, say) for one in finding["parameters"]],
    }


def _things(
    evidence: Iterable[Mapping[str, Any]],
    numbers: Mapping[tuple[str, str], int],
    say: Sayer,
) -> Iterable[str]:
    told = (
        say("certificate.thing", number=numbers[piece["theme"], piece["feature"]])
        if piece["feature"] is not None
        else _unnamed(piece, say)
        for piece in evidence
    )
    return dict.fromkeys(told)


def _no_hits(findings: Iterable[Mapping[str, Any]], say: Sayer) -> str:
    """Say why no thing is listed: none is named, or only what lies over a border."""
    across = any(
        piece["feature"] is None and piece["relation"] not in _NO_THING
        for finding in findings
        for piece in finding["evidence"]
    )
    return say("certificate.hits_across" if across else "certificate.no_hits")


def _unnamed(piece: Mapping[str, Any], say: Sayer) -> str:
    """Say what has no code: a statement, a neighbour's thing, a layer wanting data."""
    relation = piece["relation"]
    if relation == "declared":
        return say("certificate.declared", value=piece["category"] or "")
    of_data = relation in _NO_THING
    return say(
        "certificate.wanting_data" if of_data else "certificate.border_thing",
        theme=say.named(f"theme.{piece['theme']}", piece["theme"]),
        relation=say(f"{'status' if of_data else 'relation'}.{relation}"),
        division=say.division(piece["division_code"] or say("certificate.none")),
    )


def _basis(basis: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    document, article = basis["document"], basis["article"]
    return {
        "text": say("certificate.basis", document=document, article=article)
        if article
        else document,
        "mark": basis["verification_text"],
        "verified": "yes" if basis["verification"] == "verified" else "",
    }


def _in_force(since: Mapping[str, Any] | None, say: Sayer) -> str:
    """Return since when a rule holds; nothing for records made before it was told."""
    if since is None:
        return ""
    first, end = since["from"], since["to"]
    if first is None:
        days = say("finding.always")
    elif end is None:
        days = say("finding.from", first=first)
    else:
        days = say("finding.from_to", first=first, end=end)
    return say("certificate.in_force", days=days, **_marked_source(since, say))


def _parameter(parameter: Mapping[str, Any], say: Sayer) -> str:
    """Return a number under its name and its key, with its mark and source."""
    name, value, unit = parameter["id"], parameter["value"], parameter["unit"]
    told = say.named(f"parameter_value.{value}", value)
    return say(
        "certificate.parameter",
        name=say.named(f"parameter.{name}", name),
        id=name.upper(),
        value=f"{told} {say.named(f'parameter_unit.{unit}', unit)}".strip(),
        **_marked_source(parameter, say),
    )


def _marked_source(figure: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    """Return mark and source of a figure; the source may begin with the mark."""
    mark = say.named(f"confidence.{figure['confidence']}", figure["confidence"])
    source = figure["source"]
    for colon in (":", "："):
        source = source.removeprefix(mark + colon).lstrip()
    return {"confidence": mark, "source": source}


def _waiting(finding: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    return {
        "rule": finding["rule"],
        "title": finding["title"],
        "reason": say(
            "certificate.waiting",
            reason=name_uses(finding["reason"], say),
            outcome=say(f"outcome.{finding['would_be']}"),
        ),
    }


def _missing(facts: Iterable[Mapping[str, Any]], say: Sayer) -> list[dict[str, str]]:
    """Return what is missing, each sentence once, blocking where it blocks at all.

    A fact of several layers of one county is missing for each, in the same words.
    """
    effects: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        effects.setdefault((fact["reason"], fact["source"]), set()).add(fact["effect"])
    return [
        {
            "text": say(
                "certificate.missing",
                reason=reason,
                effect=say(
                    f"certificate.effect.{'blocks' if 'blocks' in found else 'warns'}"
                ),
            ),
            "source": source,
        }
        for (reason, source), found in effects.items()
    ]


def _once(lines: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return lines without those that say the same again."""
    return list({tuple(line.items()): line for line in lines}.values())


def _condition(condition: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    return {
        "rule": condition["rule"] or "",
        "text": condition["text"],
        "documents": _documents(condition, say),
    }


def _documents(part: Mapping[str, Any], say: Sayer) -> str:
    """Return the documents asked for; one may be a clause with commas of its own."""
    return say("certificate.separator").join(part["required_documents"])


def _theme(theme: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    states = [
        say(
            "certificate.coverage",
            division=say.division(state["division_code"] or say("extract.no_county")),
            date=state["data_date"] or say("certificate.none"),
        )
        for state in theme["coverage"]
    ]
    status = theme["status"]
    share = theme["share"]
    return {
        "theme": say.named(f"theme.{theme['theme']}", theme["theme"]),
        "status": status,
        "status_title": say(f"status.{status}"),
        "share": f"{100 * share:.4g} %" if share else "",
        "coverage": say.listed(states),
    }
