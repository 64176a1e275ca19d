"""Enterprises, facilities, receptors and former uses of the invented county (core)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.land_areas import Ground
from benchmarks.landscape import Places, blobs
from benchmarks.layer_rows import KEY_COLUMNS, LayerRows, pick, some_day
from parcels.codes import credit_check_character

INDUSTRIES: Final = (
    *("0911", "0912", "0810", "0610", "1910", "2511", "2521", "2611", "2631", "2645"),
    *("2710", "3120", "3211", "3212", "3221", "3360", "3843", "4210", "5265", "7724"),
    *("1311", "1810", "2110", "2231", "3034", "3411", "3525", "3670", "3919", "5210"),
)
"""GB/T 4754-2017: twenty on some list of the rules, ten on none."""

_FACILITY_KINDS: Final = (
    *("tailings_pond", "landfill", "waste_yard", "sewage_works"),
    *("hazardous_waste_site", "other"),
)
_RECEPTOR_KINDS: Final = (
    *("residential", "residential", "residential", "kindergarten", "school"),
    *("hospital", "sanatorium", "elder_care", "well", "other"),
)


def site_layers(ground: Ground) -> Iterator[LayerRows]:
    """Yield enterprises with key-unit lists, facilities, receptors and former uses."""
    yield from _enterprises(ground)
    yield _facilities(ground)
    yield _receptors(ground)
    yield _former_uses(ground)


def _premises(
    ground: Ground,
    random: np.random.Generator,
    places: Places,
    point_share: float,
    largest_m: float,
) -> tuple[NDArray[Any], list[tuple[float | None, str]]]:
    """Return shapes, some of them points, with accuracy (m) and coordinate source."""
    count = len(places)
    shapes = blobs(random, places, random.uniform(15.0, largest_m, count), 20)
    is_point = random.random(count) < point_share
    shapes[is_point] = shapely.points(places[is_point])
    facts = [
        (pick(random, 5.0, 20.0, 100.0), pick(random, "gnss", "geocoded", "gcj02"))
        if point
        else (None, "survey")
        for point in is_point
    ]
    return ground.county.to_degrees(shapes), facts


def _credit_code(division_code: str, number: int) -> str:
    first = f"91{division_code}MA{number:07d}"
    return first + credit_check_character(first)


def _enterprises(ground: Ground) -> Iterator[LayerRows]:
    random = ground.random(50)
    count = ground.count(2_000)
    places = ground.scatter(random, count, in_town=0.6)
    shapes, facts = _premises(ground, random, places, 0.6, 150.0)
    codes = [_credit_code(ground.division_code, n + 1) for n in range(count)]
    rows = [
        (
            code,
            ground.division_code,
            some_day(random, 2010, 13),
            f"虚构企业{number + 1}",
            pick(random, *INDUSTRIES),
            "2017",
            pick(random, "active", "active", "active", "closed", "moved"),
            *facts[number],
        )
        for number, code in enumerate(codes)
    ]
    columns = ("name", "industry_code", "industry_edition", "status")
    yield LayerRows(
        "enterprise",
        (*KEY_COLUMNS, *columns, "accuracy_m", "coord_source"),
        rows,
        shapes,
    )
    listed = [code for code in codes if random.random() < 0.08]
    yield LayerRows(
        "key_unit_list",
        (*KEY_COLUMNS, "enterprise_code", "year", "list_name"),
        [
            (
                f"{code}-{year}",
                ground.division_code,
                date(year, 3, 31),
                code,
                year,
                "土壤污染重点监管单位名录(虚构)",
            )
            for code in listed
            for year in (2022, 2023, 2024)
        ],
    )


def _facilities(ground: Ground) -> LayerRows:
    random = ground.random(51)
    count = ground.count(400)
    shapes, facts = _premises(ground, random, ground.scatter(random, count), 0.4, 250.0)
    rows = [
        (
            f"{ground.division_code}SS{number + 1:05d}",
            ground.division_code,
            some_day(random, 2010, 13),
            f"虚构设施{number + 1}",
            pick(random, *_FACILITY_KINDS),
            pick(random, "in_use", "in_use", "stopped", "closed", "struck_off"),
            *facts[number],
        )
        for number in range(count)
    ]
    columns = ("name", "kind", "status", "accuracy_m", "coord_source")
    return LayerRows("facility", (*KEY_COLUMNS, *columns), rows, shapes)


def _receptors(ground: Ground) -> LayerRows:
    random = ground.random(52)
    count = ground.count(6_000)
    places = ground.scatter(random, count, in_town=0.5)
    shapes, facts = _premises(ground, random, places, 0.6, 120.0)
    rows = [
        (
            f"{ground.division_code}ST{number + 1:06d}",
            ground.division_code,
            some_day(random, 2010, 13),
            f"虚构受体{number + 1}",
            pick(random, *_RECEPTOR_KINDS),
            int(random.integers(10, 3_000)),
            *facts[number],
        )
        for number in range(count)
    ]
    columns = ("name", "kind", "population", "accuracy_m", "coord_source")
    return LayerRows("receptor", (*KEY_COLUMNS, *columns), rows, shapes)


def _former_uses(ground: Ground) -> LayerRows:
    random = ground.random(53)
    count = ground.count(3_000)
    places = ground.scatter(random, count, in_town=0.6)
    shapes, facts = _premises(ground, random, places, 0.5, 120.0)
    rows = []
    for number in range(count):
        first_year = int(random.integers(1958, 2005))
        rows.append(
            (
                f"{ground.division_code}LS{number + 1:05d}",
                ground.division_code,
                some_day(random, 2018, 5),
                f"虚构原厂{number + 1}",
                pick(random, *INDUSTRIES),
                pick(random, "2017", "2017", "2011"),
                first_year,
                first_year + int(random.integers(3, 30)),
                "历史影像(虚构)",
                *facts[number],
            )
        )
    columns = (
        *("name", "industry_code", "industry_edition", "from_year", "to_year"),
        *("evidence", "accuracy_m", "coord_source"),
    )
    return LayerRows("former_use", (*KEY_COLUMNS, *columns), rows, shapes)
