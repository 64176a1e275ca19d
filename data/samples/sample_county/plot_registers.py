"""What published registers say of a plot: where its stage came from, what is public.

Batches and documents are invented; limits are those of GB 36600-2018 for class 2 land
(transcribed and compared, see the domain notes), maxima are invented.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sample_county.records import Record

LIST_OF_STAGE = {
    **dict.fromkeys(
        ("suspected", "initial_survey", "initial_review", "cleared", "closed_error"),
        "suspected",
    ),
    **dict.fromkeys(
        ("contaminated", "detailed_survey", "risk_assessment", "risk_acceptable"),
        "contaminated",
    ),
    **dict.fromkeys(
        (
            *("rcr_listed", "risk_control", "remediation", "effect_evaluation"),
            *("target_not_met", "removed", "aftercare"),
        ),
        "rcr",
    ),
}
PUBLIC_FIELDS = [
    *("plot_code", "name", "address", "location", "area", "former_enterprise"),
    *("pollutants", "negative_list", "planned_use", "list_batch"),
]
_LIMITS_MG_PER_KG = {
    "砷": (60.0, 140.0),
    "镉": (65.0, 172.0),
    "铅": (800.0, 2500.0),
    "汞": (38.0, 82.0),
    "镍": (900.0, 2000.0),
    "六价铬": (5.7, 78.0),
    "苯": (4.0, 40.0),
    "氯仿": (0.9, 10.0),
    "苯并[a]芘": (1.5, 15.0),
}


def batch_of(begin: date) -> str:
    """Return the batch of a list that was published on a day."""
    return f"{begin.year}年第{1 + begin.month // 7}批"


def source_of(begin: date) -> str:
    """Return the number of the letter that published it."""
    return f"示范环函〔{begin.year}〕{begin.month * 3 + 1}号"


def entry_of(stage: str, begins: dict[str, date], on: date) -> dict[str, Any]:
    """Return the register a stage is taken from; none for a lead.

    `begins` is list → day on which the plot came to it.
    """
    listed = LIST_OF_STAGE.get(stage)
    if listed is None:
        return {}
    begin = begins.get(listed, on)
    return {
        "entry_list": listed,
        "entry_batch": batch_of(begin),
        "entry_source": source_of(begin),
        "entry_published_on": on,
    }


def publication_of(stage: str, serial: int, on: date) -> dict[str, Any]:
    """Return what of a plot is public: two of three on a register are."""
    listed = LIST_OF_STAGE.get(stage)
    if listed in (None, "suspected") or serial % 3 == 0:
        return {}
    return {
        "published_fields": PUBLIC_FIELDS,
        "published_on": on,
        "publication_source": source_of(on),
    }


def pollutants_of(
    code: str, division: str, names: list[str], begin: date, serial: int
) -> list[Record]:
    """Return the pollutants of a plot with limits, as its survey found them."""
    rows = []
    for place, name in enumerate(names):
        limits = _LIMITS_MG_PER_KG.get(name)
        if limits is None:
            continue
        screening, intervention = limits
        values = {
            "plot_code": code,
            "analyte": name,
            "medium": "soil",
            "maximum": round(screening * (1.4 + 0.3 * place + 0.1 * (serial % 5)), 2),
            "screening_value": screening,
            "intervention_value": intervention,
            "unit": "mg/kg",
            "depth_from_m": 0.0,
            "depth_to_m": float(2 + place),
            "source_document": source_of(begin),
        }
        rows.append(Record(f"{code}-P{place + 1:02d}", division, values, None, begin))
    return rows
