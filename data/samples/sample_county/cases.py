"""The named parcels: cases written by hand, joined to the codes of the day.

`cases.toml` is the source; named_parcels.toml (what the acceptance test asks) and the
table of README.md are made from it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, box

from sample_county import plan
from sample_county.county import County
from sample_county.land_use import GBT21010
from sample_county.plane import to_lonlat

Case = dict[str, Any]
BORDER_NORTHING = 4300.0


def read_cases(path: Path) -> list[Case]:
    """Return the parcels of cases.toml, each with its cases."""
    parcels: list[Case] = tomllib.loads(path.read_text("utf-8"))["parcel"]
    return parcels


def subject_of(site: str, county: County) -> dict[str, Any]:
    """Return the subject of a request: a parcel code, or a drawn polygon."""
    if site != "across_border":
        return {"parcel_code": county.sites[site].code}
    west, _, east, _ = county.ground.counties[plan.COUNTY].bounds
    line = LineString([(west, BORDER_NORTHING), (east + 50, BORDER_NORTHING)])
    crossing = line.intersection(county.ground.counties[plan.COUNTY]).bounds[2]
    square = box(
        crossing - 35, BORDER_NORTHING - 25, crossing + 35, BORDER_NORTHING + 25
    )
    ring = [[x, y] for x, y in to_lonlat(square).exterior.coords]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}}


def complete_cases(parcels: list[Case], county: County) -> list[Case]:
    """Return every case with its request, for the acceptance test."""
    return [
        _case(parcel, case, number, county)
        for parcel in parcels
        for number, case in enumerate(parcel["case"], 1)
    ]


def _case(parcel: Case, case: Case, number: int, county: County) -> Case:
    site = parcel["site"]
    request: Case = {
        "transaction": case["transaction"],
        "subject": subject_of(site, county),
    }
    if "planned" in case:
        scheme, _, code = case["planned"].rpartition(":")
        request["planned_use"] = {"scheme": scheme or GBT21010, "code": code}
    for section in ("project", "declared"):
        if section in case:
            request[section] = case[section]
    found: Case = {
        "id": f"{site}-{number}",
        "name_zh": parcel["zh"],
        "name_en": parcel["en"],
        "role": "planner_other_county" if site.startswith("n_") else "planner",
        "request": request,
    }
    found |= {n: case[n] for n in ("under", "expect", "refused") if n in case}
    for name in ("must", "must_not", "unknown", "missing"):
        found[name] = case.get(name, [])
    found["why"] = case["why"]
    return found


def named_parcels_text(cases: list[Case], about: dict[str, Any]) -> str:
    """Return the text of named_parcels.toml."""
    text = (
        "# Named parcels of the sample county: request, expected answer, why.\n"
        "# Written by generate.py from cases.toml; do not edit.\n\n"
    )
    for name, value in about.items():
        text += f"{name} = {toml_value(value)}\n"
    for case in cases:
        text += f"\n[[{'refused' if 'refused' in case else 'case'}]]\n"
        for name, value in case.items():
            text += f"{name} = {toml_value(value)}\n"
    return text


def toml_value(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {toml_value(v)}" for key, v in value.items())
        return "{ " + inner + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def lineage_codes(county: County) -> dict[str, dict[str, list[str]]]:
    """Return old codes and the codes of today that follow them, by kind of change."""
    follows: dict[str, list[str]] = {}
    for descent in county.lineage.descents:
        follows.setdefault(descent.predecessor.code, []).append(descent.successor.code)
    today = {parcel.code for parcel in county.parcels}

    def latest(code: str) -> list[str]:
        if code in today:
            return [code]
        return sorted({c for later in follows[code] for c in latest(later)})

    return {code: {"successors": latest(code)} for code in sorted(follows)}


def readme_table(parcels: list[Case], county: County) -> str:
    """Return the table of named parcels in Markdown."""
    lines = []
    for parcel in parcels:
        subject = subject_of(parcel["site"], county)
        code = subject.get("parcel_code", "(drawn polygon)")
        lines.append(
            f"\n**`{code}`** {parcel['zh']}, {parcel['en']}: {parcel['lies']}\n"
        )
        lines.append(
            "| transaction | planned use | fields sent | answer | rules | why |"
        )
        lines.append("|---|---|---|---|---|---|")
        lines += [_row(case) for case in parcel["case"]]
    return "\n".join(lines) + "\n"


def _row(case: Case) -> str:
    answer = f"**{case.get('expect') or 'refused: ' + case['refused']}**"
    rules = " ".join(case.get("must", []))
    if case.get("unknown"):
        rules += " unknown: " + " ".join(case["unknown"])
    if case.get("must_not"):
        rules += "; not " + " ".join(case["must_not"])
    sent = "; ".join(
        f"{section}.{name} = {_shown(value)}"
        for section in ("project", "declared")
        for name, value in case.get(section, {}).items()
    )
    under = f" (rules of {case['under']})" if "under" in case else ""
    cells = (
        case["transaction"] + under,
        case.get("planned", "–"),
        sent or "–",
        answer,
        rules.strip("; "),
        case["why"],
    )
    return "| " + " | ".join(cells) + " |"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ":".join(str(v) for v in value.values())
    return str(value).lower() if isinstance(value, bool) else str(value)
