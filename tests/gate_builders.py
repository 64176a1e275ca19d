"""Subjects, extracts and requests for the rules, written in the words of a case.

Everything is covered and nothing is found unless a case says otherwise, so that a case
shows only what matters. The subject is one parcel, 100 m square.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from screening.decide import Decision, judge
from screening.extract import (
    BorderHit,
    CategoryShare,
    County,
    CoverageState,
    Extract,
    ExtractItem,
    Feature,
    ParcelRecord,
    Subject,
    ThemeResult,
)
from screening.facts import Facts, derive_facts
from screening.request import GateRequest, parse_gate_request
from screening.rule_set import RuleSets, RulesInForce
from screening.rule_sets import read_rule_sets
from screening.rules import RULES
from screening.themes import THEMES
from screening.truth import truth
from tests.builders import multi, rectangle

SUBJECT_M2 = 10_000.0
DAY = date(2026, 3, 1)
DIVISIONS = {"national": "999901", "liangshan": "513425", "zhengzhou": "410122"}
NEIGHBOUR = "999902"
PARTS = {
    "whole": (-50, -50, 50, 50),
    "west half": (-50, -50, 0, 50),
    "east half": (0, -50, 50, 50),
}
GIVEN = {
    "transaction",
    "planned_use",
    "current_use",
    "parcels",
    "drawn",
    "plots",
    "farmland",
    "overlaps",
    "key_units",
    "enterprises",
    "former_uses",
    "near",
    "zones",
    "sources",
    "flow_path",
    "slivers",
    "points",
    "no_coverage",
    "stale",
    "border",
    "restricted",
    "project",
    "declared",
    "documents",
    "supplied",
}


@cache
def rule_sets() -> RuleSets:
    """Return the rule sets shipped with the program."""
    return read_rule_sets()


@cache
def rules_in_force(name: str = "national", on: date = DAY) -> RulesInForce:
    """Return the rules of a place on a day."""
    return rule_sets().find([DIVISIONS[name]]).at(on)


def changed_rules(
    rules: RulesInForce,
    parameters: Mapping[str, Any],
    switched_on: Iterable[str] = (),
) -> RulesInForce:
    """Return the rules as a deployment has them that sets these values."""
    if not parameters and not switched_on:
        return rules
    added = [rule for rule in RULES if rule.id in switched_on]
    asked = {
        transaction: (*known, *(r for r in added if transaction in r.transactions))
        for transaction, known in rules.asked.items()
    }
    off = {
        transaction: tuple(f for f in found if f.rule.id not in switched_on)
        for transaction, found in rules.not_applicable.items()
    }
    return replace(
        rules,
        parameters=replace(rules.parameters, **parameters),
        asked=asked,
        not_applicable=off,
    )


def decide_case(
    given: Mapping[str, Any],
    rule_set: str = "national",
    on: date = DAY,
    rules: RulesInForce | None = None,
) -> Decision:
    """Return the decision on what a case gives."""
    in_force = rules or rules_in_force(rule_set, on)
    return judge(facts_of(given, rule_set, on, in_force), in_force)


def facts_of(
    given: Mapping[str, Any],
    rule_set: str = "national",
    on: date = DAY,
    rules: RulesInForce | None = None,
) -> Facts:
    """Return the facts of what a case gives."""
    in_force = rules or rules_in_force(rule_set, on)
    extract = extract_of(given, DIVISIONS[rule_set], on)
    facts = derive_facts(extract, request_of(given, on), in_force.parameters)
    if "flow_path" not in given or facts.siting is None:
        return facts
    path = truth(given["flow_path"])
    return replace(facts, siting=replace(facts.siting, flow_path=path))


def request_of(given: Mapping[str, Any], on: date = DAY) -> GateRequest:
    """Return the request; it goes through the same reading as a call's body."""
    unknown = set(given) - GIVEN
    assert not unknown, f"a case cannot give {unknown}"
    names = ("transaction", "planned_use", "project", "declared")
    body = {name: given[name] for name in names if name in given}
    if "planned_use" in body:
        body["planned_use"] = _use(body["planned_use"])
    declared = body.get("declared", {})
    if "current_use" in declared:
        body["declared"] = declared | {"current_use": _use(declared["current_use"])}
    return parse_gate_request(body, on)


def _use(text: str) -> dict[str, str]:
    scheme, code = text.split()
    return {"scheme": scheme, "code": code}


def extract_of(
    given: Mapping[str, Any], division: str = "999901", on: date = DAY
) -> Extract:
    """Return the extract of the register as the case has it."""
    found = _features(given, division)
    names = {spec.theme for spec in THEMES} | set(found)
    themes = {
        name: _theme(name, found.get(name, ()), given, division) for name in names
    }
    return Extract(
        subject=_subject(given, division),
        as_of=on,
        known_at=1,
        themes=themes,
        distances=(),
        counties=(
            County(
                division,
                "净土示范县",
                "Sample County",
                rectangle(-5000, -5000, 5000, 5000),
                restricted=bool(given.get("restricted")),
            ),
        ),
    )


def _subject(given: Mapping[str, Any], division: str) -> Subject:
    parcels = given.get("parcels") or [
        {name: given[name] for name in ("documents", "supplied") if name in given}
        | {"use": given.get("current_use", "")}
    ]
    geometry = multi(rectangle(*PARTS["whole"]))
    if given.get("drawn"):
        parcels = []
    return Subject(
        geometry,
        SUBJECT_M2,
        (division,),
        tuple(_parcel(place, entry, division) for place, entry in enumerate(parcels)),
    )


def _parcel(place: int, entry: Mapping[str, Any], division: str) -> ParcelRecord:
    scheme, _, code = entry.get("use", "").partition(" ")
    return ParcelRecord(
        code=f"{division}001001GB{place + 1:05d}",
        division_code=division,
        township_code=None,
        land_use_scheme=scheme or None,
        land_use_code=code or None,
        registered_area_m2=SUBJECT_M2,
        mapped_area_m2=SUBJECT_M2,
        supplied=entry.get("supplied"),
        version_id=place + 1,
        documents=tuple(entry.get("documents", ())),
    )


def _features(
    given: Mapping[str, Any], division: str
) -> dict[str, tuple[ExtractItem, ...]]:
    lists = {
        "plot": ("stage", given.get("plots", ())),
        "farmland_unit": ("category", given.get("farmland", ())),
        "key_unit": ("status", given.get("key_units", ())),
        "enterprise": ("status", given.get("enterprises", ())),
        "former_use": ("kind", given.get("former_uses", ())),
        "water_zone": (
            "level",
            [{"basis": "approved", **zone} for zone in given.get("zones", ())],
        ),
        "water_source": (
            "kind",
            [{"relation": "within", **source} for source in given.get("sources", ())],
        ),
    }
    found = {
        theme: tuple(
            _item(theme, place, entry, kind, division)
            for place, entry in enumerate(entries)
        )
        for theme, (kind, entries) in lists.items()
    }
    for word, relation in (("slivers", "sliver"), ("points", "imprecise")):
        for theme in given.get(word, ()):
            entry = {"relation": relation}
            found[theme] = (*found.get(theme, ()), _item(theme, 9, entry, "", division))
    for entry in given.get("overlaps", ()):
        named = {"theme": entry} if isinstance(entry, str) else entry
        theme = named["theme"]
        found[theme] = (_item(theme, 0, named, "category", division),)
    for entry in given.get("near", ()):
        theme, near = entry["theme"], {"relation": "within", **entry}
        others = found.get(theme, ())
        found[theme] = (*others, _item(theme, len(others), near, "kind", division))
    return {theme: items for theme, items in found.items() if items}


def _item(
    theme: str, place: int, entry: Mapping[str, Any], kind: str, division: str
) -> ExtractItem:
    placement = {"relation", "part", "distance_m", "theme", kind}
    relation = entry.get("relation", "on")
    west, south, east, north = PARTS[entry.get("part", "whole")]
    area_m2 = (east - west) * (north - south) if relation == "on" else 0.0
    feature = Feature(
        theme=theme,
        layer=theme,
        code=f"{theme}-{place + 1}",
        name=None,
        category=entry.get(kind),
        division_code=division,
        geometry=multi(rectangle(west, south, east, north)),
        attributes={k: v for k, v in entry.items() if k not in placement},
    )
    return ExtractItem(
        feature,
        relation,
        area_m2=0.4 if relation == "sliver" else area_m2,
        share=area_m2 / SUBJECT_M2,
        distance_m=float(entry.get("distance_m", 0)),
    )


def _theme(
    name: str, items: tuple[ExtractItem, ...], given: Mapping[str, Any], division: str
) -> ThemeResult:
    state = "covered"
    for word in ("no_coverage", "stale"):
        if name in given.get(word, ()) or given.get(word) == ["everything"]:
            state = word
    border = tuple(
        BorderHit(name, hit.get("relation", "on"), hit.get("within_m"), NEIGHBOUR)
        for hit in given.get("border", ())
        if hit["theme"] == name
    )
    shares: dict[str, float] = {}
    for item in items:
        category = item.feature.category or ""
        shares[category] = min(1.0, shares.get(category, 0) + item.share)
    return ThemeResult(
        theme=name,
        status="concerned" if items else "clear",
        coverage=(CoverageState(division, state, DAY, share=1.0),),
        area_m2=sum(item.area_m2 for item in items if item.relation == "on"),
        share=min(1.0, sum(item.share for item in items)),
        sliver_area_m2=sum(i.area_m2 for i in items if i.relation == "sliver"),
        items=items,
        border=border,
        categories=tuple(
            CategoryShare(category, share * SUBJECT_M2, share)
            for category, share in shares.items()
        ),
    )
