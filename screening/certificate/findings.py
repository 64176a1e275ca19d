"""What did the rules find, on what ground, and what is still wanting? (core).

Every matched rule with its ground in law and how far that ground was verified; every
rule that could not be judged with what it waits for; what is missing, and the
conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from screening.certificate.saying import Sayer
from screening.certificate.statements import name_codes
from screening.certificate.things import Numbers, list_things


def write_finding(
    finding: Mapping[str, Any], numbers: Numbers, say: Sayer
) -> dict[str, Any]:
    """Return a matched rule: outcome, reason, ground, and what follows from it."""
    return {
        "rule": finding["rule"],
        "outcome": finding["outcome"],
        "outcome_title": say(f"outcome.{finding['outcome']}"),
        "title": finding["title"],
        "reason": name_codes(finding["reason"], say),
        "basis": [_basis(one, say) for one in finding["legal_basis"]],
        "in_force": _in_force(finding.get("in_force"), say),
        "things": say.listed(list_things(finding["evidence"], numbers, say)),
        "documents": _documents(finding, say),
        "consult": say.listed(finding["consult"]),
        "lifts_when": name_codes(finding["lifts_when"] or "", say),
        "note": name_codes(finding["note"] or "", say),
        "parameters": say("certificate.separator").join(
            _parameter(one, say) for one in finding["parameters"]
        ),
    }


def write_waiting(finding: Mapping[str, Any], say: Sayer) -> dict[str, str]:
    """Return a rule that could not be judged: why, and what it would lead to."""
    return {
        "rule": finding["rule"],
        "title": finding["title"],
        "reason": say(
            "certificate.waiting",
            reason=name_codes(finding["reason"], say),
            outcome=say(f"outcome.{finding['would_be']}"),
        ),
    }


def write_missing(
    facts: Iterable[Mapping[str, Any]], say: Sayer
) -> list[dict[str, str]]:
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
                reason=name_codes(reason, say),
                effect=say(
                    f"certificate.effect.{'blocks' if 'blocks' in found else 'warns'}"
                ),
            ),
            "source": name_codes(source, say),
        }
        for (reason, source), found in effects.items()
    ]


def write_conditions(
    conditions: Iterable[Mapping[str, Any]], say: Sayer
) -> list[dict[str, str]]:
    """Return the conditions, each once, with their documents."""
    lines = [
        {
            "rule": condition["rule"] or "",
            "text": name_codes(condition["text"], say),
            "documents": _documents(condition, say),
        }
        for condition in conditions
    ]
    return list({tuple(line.items()): line for line in lines}.values())


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
    told = say.named(f"parameter_value.{value}", value.removesuffix(".0"))
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


def _documents(part: Mapping[str, Any], say: Sayer) -> str:
    """Return the documents asked for; one may be a clause with commas of its own."""
    return say("certificate.separator").join(part["required_documents"])
