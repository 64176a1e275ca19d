"""Where do the rule sets come from? (shell: reads files, decides nothing).

Every `*.toml` of the folder but `industry_lists.toml` is one rule set. A local set
names what it `extends`: its parameters replace those of the same id, its dates of
effect those of the same rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, cast, get_args

from parcels.texts import Text
from screening.industries import EDITIONS, EditionCodes, IndustryList
from screening.parameters import PARAMETER_IDS, SWITCHES, Confidence, Parameter, Switch
from screening.rule_set import (
    Definition,
    InvalidRuleSet,
    RuleSets,
    build_rule_set,
)
from screening.rules import RULES
from screening.rules.rule import InForce, Mark

FOLDER: Final = Path(__file__).parent
"""Rule sets shipped with the program; a deployment may read another folder."""

LISTS: Final = "industry_lists.toml"


def read_rule_sets(folder: Path = FOLDER) -> RuleSets:
    """Return every rule set of a folder, resolved.

    Raises
    ------
    InvalidRuleSet
        A file cannot be read or does not fit the rules; nothing is half loaded.
    """
    lists = read_industry_lists(folder / LISTS)
    documents = {
        path.stem: _read(path)
        for path in sorted(folder.glob("*.toml"))
        if path.name != LISTS
    }
    definitions = [_definition(name, documents) for name in documents]
    return RuleSets(tuple(build_rule_set(d, RULES, lists) for d in definitions))


def read_industry_lists(path: Path) -> Mapping[str, IndustryList]:
    """Return the industry lists by name; raises `InvalidRuleSet`."""
    document = _read(path)
    try:
        return {
            name: _industry_list(name, entry, document["codes"])
            for name, entry in document["lists"].items()
        }
    except KeyError as missing:
        raise InvalidRuleSet(f"{path.name}: nothing is called {missing}") from missing


def _industry_list(
    name: str, entry: Mapping[str, Any], codes: Mapping[str, Mapping[str, Any]]
) -> IndustryList:
    members = [codes[member] for member in entry["members"]]
    return IndustryList(
        name,
        Text(entry["title_zh"], entry["title_en"]),
        {
            edition: tuple(_edition_codes(member, edition) for member in members)
            for edition in EDITIONS
        },
    )


def _edition_codes(member: Mapping[str, Any], edition: str) -> EditionCodes:
    return EditionCodes(
        (*member.get("all", ()), *member.get(edition, ())),
        tuple(member.get("excluded", {}).get(edition, ())),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRuleSet(f"{path.name}: {error}") from error


def _definition(name: str, documents: Mapping[str, dict[str, Any]]) -> Definition:
    own = _own_definition(name, documents[name])
    base_name = documents[name].get("extends")
    if base_name is None:
        return own
    if base_name not in documents or base_name == name:
        raise InvalidRuleSet(f"{name}.toml: extends {base_name}, which is not there")
    base = _definition(base_name, {**documents, name: {}})
    replaced = {parameter.id for parameter in own.parameters}
    dated = {entry.rule_id for entry in own.in_force}
    return replace(
        own,
        marks=base.marks | own.marks,
        not_judged=own.not_judged or base.not_judged,
        parameters=own.parameters
        + tuple(p for p in base.parameters if p.id not in replaced),
        in_force=own.in_force
        + tuple(e for e in base.in_force if e.rule_id not in dated),
    )


def _own_definition(name: str, document: Mapping[str, Any]) -> Definition:
    try:
        return Definition(
            id=name,
            version=document["version"],
            title=Text(document["title_zh"], document["title_en"]),
            divisions=tuple(document["divisions"]),
            marks=_marks(name, document["marks"]),
            parameters=tuple(_parameters(name, document.get("parameter", ()))),
            in_force=tuple(
                rule
                for entry in document.get("in_force", ())
                for rule in _dates(name, entry)
            ),
            not_judged=Text(document["not_judged_zh"], document["not_judged_en"])
            if "not_judged_zh" in document
            else None,
        )
    except KeyError as missing:
        raise InvalidRuleSet(f"{name}.toml: {missing} is missing") from missing


def _marks(name: str, marks: Iterable[str]) -> frozenset[Mark]:
    found = frozenset(marks)
    unknown = found - set(get_args(Mark))
    if unknown:
        raise InvalidRuleSet(f"{name}.toml: no rule bears {', '.join(unknown)}")
    return cast(frozenset[Mark], found)


def _parameters(name: str, entries: Iterable[Mapping[str, Any]]) -> Iterable[Parameter]:
    for entry in entries:
        if entry["id"] not in PARAMETER_IDS:
            raise InvalidRuleSet(f"{name}.toml: no rule reads {entry['id']}")
        value = entry["value"]
        if not _fits(entry["id"], value):
            raise InvalidRuleSet(f"{name}.toml: {entry['id']} cannot be {value!r}")
        yield Parameter(
            entry["id"],
            tuple(value) if isinstance(value, list) else value,
            entry.get("unit", ""),
            *_validity(name, entry),
        )


def _fits(parameter_id: str, value: Any) -> bool:
    """Whether a value is of the kind the parameter takes; no number is negative."""
    if parameter_id in SWITCHES:
        return value in get_args(Switch)
    if parameter_id == "listed_industries":
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    whole = parameter_id.endswith(("_months", "_days", "_year"))
    number = isinstance(value, int if whole else int | float)
    return number and not isinstance(value, bool) and value >= 0


def _validity(
    name: str, entry: Mapping[str, Any]
) -> tuple[date | None, date | None, Confidence, Text]:
    """Return dates, confidence and source of an entry."""
    days = entry.get("valid_from"), entry.get("valid_to")
    for day in days:
        if day is not None and type(day) is not date:
            raise InvalidRuleSet(f"{name}.toml: {day!r} is no day (write 2026-01-31)")
    confidence = entry["confidence"]
    if confidence not in ("verified", "recalled", "proposed"):
        raise InvalidRuleSet(f"{name}.toml: no such confidence: {confidence!r}")
    return *days, confidence, Text(entry["source_zh"], entry["source_en"])


def _dates(name: str, entry: Mapping[str, Any]) -> Iterable[InForce]:
    for rule_id in entry["rules"]:
        yield InForce(rule_id, *_validity(name, entry))
