"""What has been done on polluted farmland, unit by unit, in three years.

Most units of safe use and strict control have a measure each year; some have none, some
no evidence yet, some no or poor produce, so that rates are below 1 and say why.
"""

from __future__ import annotations

from datetime import date

from sample_county import plane
from sample_county.plane import chance
from sample_county.records import Record

YEARS = (2024, 2025, 2026)
PERSONS = ("王守田", "李丰禾", "赵净土", "周青苗")
SAFE_USE = (
    "low_accumulation_variety",
    "water_control",
    "lime",
    "conditioner",
    "agronomic_control",
)
STRICT_CONTROL = ("restructuring", "return_to_forest_grass", "fallow")


def make_measures(units: list[Record]) -> list[Record]:
    """Return the measures on the units of both counties, by unit and year."""
    found: list[Record] = []
    numbers: dict[str, int] = {}
    for unit in units:
        if unit.values["category"] not in ("safe_use", "strict_control"):
            continue
        for year in YEARS:
            record = _measure(unit, year)
            if record is not None:
                county = unit.division
                numbers[county] = numbers.get(county, 0) + 1
                record.code = f"{county}-CS{numbers[county]:05d}"
                found.append(record)
    return found


def _measure(unit: Record, year: int) -> Record | None:
    luck = chance(f"measure {unit.code} {year}")
    safe = unit.values["category"] == "safe_use"
    if luck.random() < 0.06:
        return None
    area = plane.ellipsoid_area_m2(unit.geometry)
    share = 1.0 if luck.random() < 0.9 else luck.uniform(0.6, 0.95)
    day = date(year, luck.randrange(3, 7), luck.randrange(1, 29))
    proved = luck.random() < 0.96
    values = {
        "unit_code": unit.code,
        "measure": luck.choice(SAFE_USE if safe else STRICT_CONTROL),
        "year": year,
        "area_m2": round(area * share, 2),
        "done_on": day,
        "responsible_person": luck.choice(PERSONS),
        "evidence": f"{year}年措施落实验收单{luck.randrange(1, 999):03d}"
        if proved
        else None,
        **(_produce(luck.random(), luck.randrange(5, 12)) if safe else {}),
    }
    return Record("", unit.division, values, None, day)


def _produce(luck: float, samples: int) -> dict[str, int | None]:
    if luck < 0.04:
        return {"produce_samples": None, "produce_compliant": None}
    failing = 1 if luck < 0.12 else 0
    failing = samples // 2 if luck < 0.06 else failing
    return {"produce_samples": samples, "produce_compliant": samples - failing}
