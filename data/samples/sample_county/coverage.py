"""What each county says it knows, theme by theme.

A theme without a row was never loaded; a row with a shape speaks of a part of the
county only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sample_county.ground import Ground
from sample_county.plan import COUNTY, NEIGHBOUR
from sample_county.plane import as_multipolygon
from sample_county.records import Record

THEMES = (
    "plot",
    "farmland_unit",
    "control_area",
    "permanent_basic_farmland",
    "ecological_redline",
    "crop_ban_area",
    "concentrated_priority_farmland",
    "pbf_concentrated_area",
    "ecological_sensitive_area",
    "dense_population_area",
    "yangtze_main_shoreline",
    "yangtze_tributary_shoreline",
    "yellow_river_shoreline_control",
    "scenic_area",
    "nature_reserve",
    "recharge_area",
    "water_zone",
    "former_use",
    "key_unit",
    "enterprise",
    "facility",
    "receptor",
    "water_source",
    "river",
    "flood_detention_area",
)


@dataclass(frozen=True)
class Deviation:
    """How one theme of one county differs from "covered, the whole county"."""

    stale_on: date | None = None
    township: str | None = None
    loaded: bool = True


EXCEPTIONS: dict[tuple[str, str], Deviation] = {
    (COUNTY, "scenic_area"): Deviation(stale_on=date(2024, 1, 1)),
    (COUNTY, "nature_reserve"): Deviation(loaded=False),
    (COUNTY, "recharge_area"): Deviation(township="999901102"),
    (NEIGHBOUR, "plot"): Deviation(township="999902101"),
    (NEIGHBOUR, "ecological_redline"): Deviation(loaded=False),
    (NEIGHBOUR, "permanent_basic_farmland"): Deviation(stale_on=date(2024, 7, 1)),
    (NEIGHBOUR, "former_use"): Deviation(loaded=False),
    (NEIGHBOUR, "facility"): Deviation(stale_on=date(2025, 1, 1)),
    (NEIGHBOUR, "scenic_area"): Deviation(loaded=False),
    (NEIGHBOUR, "flood_detention_area"): Deviation(loaded=False),
}
SOURCES = {
    "plot": "生态环境局地块名录",
    "farmland_unit": "农业农村局类别划分成果",
    "permanent_basic_farmland": "永久基本农田划定成果",
    "enterprise": "重点行业企业用地调查",
}


def make_coverage(ground: Ground) -> list[Record]:
    """Return the rows of both counties; a shape only where a part is meant."""
    rows = []
    for county in (COUNTY, NEIGHBOUR):
        for number, theme in enumerate(THEMES, 1):
            what = EXCEPTIONS.get((county, theme), Deviation())
            if what.loaded:
                rows.append(_row(county, number, theme, what, ground))
    return rows


def _row(
    county: str, number: int, theme: str, what: Deviation, ground: Ground
) -> Record:
    old = what.stale_on is not None
    values = {
        "theme": theme,
        "data_date": date(2021, 6, 30) if old else date(2025, 12, 20),
        "stale_on": what.stale_on,
        "data_source": SOURCES.get(theme, "县级专题数据汇交"),
    }
    shape = as_multipolygon(ground.townships[what.township]) if what.township else None
    return Record(f"{county}-FG{number:02d}", county, values, shape)
