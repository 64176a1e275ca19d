"""Which parcels play a part in the named cases.

A site is the free parcel of the right kind and size nearest to a place on the map. Its
use is then set as the case needs it, or kept. Nothing else refers to a parcel by its
code.
"""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry import Point

from sample_county.land_use import GBT21010, YDYH
from sample_county.survey import Parcel

Place = tuple[float, float]


@dataclass(frozen=True)
class Site:
    """What parcel a case needs: zone kind, where, how large, of what use."""

    kind: str
    near: Place
    low_m2: float = 1_500.0
    high_m2: float = 30_000.0
    use: str | None = "keep"
    scheme: str = GBT21010
    supplied: bool | None = True
    touching: str = ""
    division: str = "999901"


def _town(place: Place, use: str | None, supplied: bool | None = True) -> Site:
    return Site("town", place, 1_800, 12_000, use, supplied=supplied)


def _old(place: Place, use: str = "0601") -> Site:
    return Site("old_industry", place, 4_000, 40_000, use)


def _park(place: Place, use: str = "0601", supplied: bool | None = True) -> Site:
    return Site("park", place, 6_000, 60_000, use, supplied=supplied)


def _as_it_is(kind: str, place: Place, division: str = "999901") -> Site:
    """Ask for the parcel at a place and change nothing of it."""
    return Site(kind, place, 300, 140_000, division=division)


def _field(place: Place, use: str = "0102") -> Site:
    return Site("field", place, 9_000, 60_000, use, supplied=None)


SITES: dict[str, Site] = {
    # Homes, shops and public places of the county town: nothing lies on them.
    "flat": _town((3600, 5600), "0701"),
    "shop": _town((4060, 5360), "0501"),
    "warehouse": _town((4980, 5050), "0604"),
    "idle_town": _town((3300, 5930), "1201", False),
    "old_homes": _town((4420, 5900), "0701"),
    "utility": _town((3520, 5020), "0809"),
    "no_record": _town((4700, 5720), None),
    "surveyed_idle": _town((3750, 6080), "1201", False),
    "failed_survey": _town((4620, 5200), "1201", False),
    "flagged_report": _town((3250, 5450), "0504"),
    "barred_firm": _town((4300, 5100), "0604"),
    "disturbed": _town((4880, 5900), "0604"),
    # Plots inside the town.
    "printing_works": _town((4230, 4780), "0601"),
    "school_plot": _town((3900, 5850), "1201", False),
    "cleared_yard": _town((4560, 4680), "0604"),
    "wrong_entry": _town((3420, 5250), "0501"),
    "point_inside": _town((3900, 4700), "0601"),
    "point_near": Site(
        "town", (3990, 4700), 400, 30_000, "0501", touching="point_inside"
    ),
    # The old industrial district.
    "pesticide": _old((5850, 5200)),
    "lead_smelter": _old((6030, 5200)),
    "coking": _old((6250, 5200)),
    "plating_removed": _old((5850, 4950)),
    "acid_works": _old((6300, 4950)),
    "depot_removed": _old((6050, 4950), "0604"),
    "aftercare_breach": _old((5800, 4700)),
    "aftercare_kept": _old((5950, 4700), "0604"),
    "chrome_salt": _old((6150, 4700)),
    "battery": _old((6400, 4800)),
    "dye_works": _old((5950, 4500)),
    "gas_works": _old((6100, 4500)),
    "rubber_works": _old((6250, 4500)),
    "paint_works": _old((6380, 5270)),
    "held_plot": _old((6180, 4350)),
    "in_control_area": Site(
        "old_industry", (6180, 4350), 2_500, 40_000, "0601", touching="held_plot"
    ),
    "fence_plot": _old((5720, 4850)),
    "fence_neighbour": Site(
        "old_industry", (5720, 4850), 2_500, 40_000, "0604", touching="fence_plot"
    ),
    "scrap_yard": _old((5850, 4600)),
    "plating_works": _old((5950, 5280)),
    "solvent_store": _old((6150, 5060), "0604"),
    "weaving_mill": _old((6420, 5150)),
    "tannery": _old((5680, 4980)),
    "pharma_past": _old((5760, 5260), "0604"),
    "copper_2002": _old((6050, 4350)),
    "iron_2002": _old((5840, 4430), "0604"),
    # The industrial park.
    "key_unit": _park((6150, 3950)),
    "key_unit_surveyed": _park((6400, 3950)),
    "key_unit_past": _park((6550, 3700)),
    "park_idle": _park((6750, 3900), "1201", False),
    "food_works": _park((6300, 3600)),
    "machine_works": _park((6900, 3700)),
    # Villages and fields.
    "workshop": Site("village", (4260, 6980), 700, 3_000, "0601", supplied=False),
    "border_home": Site(
        "field", (7040, 7200), 2_500, 60_000, "0604", touching="border"
    ),
    "pbf": _field((5900, 1700)),
    "pbf_half": _field((2950, 3350)),
    "priority": _field((3250, 7150)),
    "strict": _field((5520, 2990), "0101"),
    "unclassified": _field((6600, 5900), "0103"),
    "village_house": Site("village", (3560, 7600), 600, 3_000, "0702", supplied=None),
    # The neighbouring county.
    "n_house": Site(
        "village", (8200, 6320), 500, 3_000, "070301", YDYH, None, division="999902"
    ),
    "n_homes": Site(
        "village", (8120, 6200), 600, 3_000, "070301", YDYH, None, division="999902"
    ),
    "n_gap_house": Site(
        "village", (7960, 3880), 500, 3_000, "070301", YDYH, None, division="999902"
    ),
    "n_gap_idle": Site(
        "village", (8000, 3800), 600, 3_000, "2301", YDYH, False, division="999902"
    ),
    "n_border_plot": Site(
        "field",
        (7120, 7200),
        2_500,
        60_000,
        "100101",
        YDYH,
        True,
        touching="border_home",
        division="999902",
    ),
    # Where zones, the redline, facilities and plants matter, as survey found it.
    "redline_hill": _as_it_is("hill", (748, 7366)),
    "quasi_hill": _as_it_is("hill", (1071, 8104)),
    "scenic_hill": _as_it_is("hill", (2320, 8294)),
    "level1_field": _as_it_is("field", (1823, 7117)),
    "level2_field": _as_it_is("field", (1636, 2942)),
    "level2_house": _as_it_is("village", (1784, 2911)),
    "safe_field": _as_it_is("field", (4662, 3034)),
    "mine_field": _as_it_is("field", (498, 3617)),
    "core_field": _as_it_is("field", (5791, 1652)),
    "core_house": _as_it_is("village", (5305, 1433)),
    "ring_field": _as_it_is("field", (6814, 5520)),
    "park_works": _as_it_is("park", (6592, 3991)),
    "landfill_house": _as_it_is("village", (3611, 7720)),
    "plot_house": _as_it_is("village", (6251, 6361)),
    "smelter_house": _as_it_is("village", (5444, 2744)),
    "n_priority": _as_it_is("field", (8530, 3975), "999902"),
    "n_unclassified": _as_it_is("field", (7255, 5682), "999902"),
    "n_safe": _as_it_is("field", (7800, 2954), "999902"),
    "n_level2": _as_it_is("field", (8873, 7187), "999902"),
    "n_core": _as_it_is("field", (8523, 1903), "999902"),
    "n_store": _as_it_is("village", (7991, 7497), "999902"),
    # By the great rivers, a well without zones, a plot in a zone, failing soil.
    "n_yangtze": _as_it_is("field", (9600, 1505), "999902"),
    "n_yellow": _as_it_is("field", (9673, 7433), "999902"),
    "well_house": Site("village", (2430, 7560), 400, 3_000),
    "zone_plot": _as_it_is("field", (1300, 2950)),
    "n_strict": _as_it_is("field", (7600, 2730), "999902"),
    "n_failed_works": Site(
        "field",
        (8600, 5600),
        4_000,
        60_000,
        "100101",
        YDYH,
        True,
        division="999902",
    ),
}


def choose_sites(parcels: list[Parcel]) -> dict[str, Parcel]:
    """Return the parcel of each site and set its use; no parcel serves twice."""
    chosen: dict[str, Parcel] = {}
    for key, site in SITES.items():
        parcel = _choose(site, parcels, chosen)
        chosen[key] = parcel
        if site.use == "keep":
            continue
        parcel.taken = True
        parcel.land_use, parcel.scheme = site.use, site.scheme
        parcel.supplied = site.supplied
        if site.kind == "field" and site.use in ("0604", "100101"):
            parcel.letters = "GB"
        if site.kind == "village":
            parcel.letters = "JC" if site.use in ("0702", "070301") else "JB"
    return chosen


def _choose(site: Site, parcels: list[Parcel], chosen: dict[str, Parcel]) -> Parcel:
    near = Point(site.near)
    fitting = [
        parcel
        for parcel in parcels
        if parcel.kind == site.kind
        and not parcel.taken
        and parcel.division == site.division
        and site.low_m2 <= parcel.geometry.area <= site.high_m2
        and _touches(site, parcel, parcels, chosen)
    ]
    if not fitting:
        raise LookupError(f"no free {site.kind} parcel near {site.near} for a site")
    return min(fitting, key=lambda p: (round(p.geometry.distance(near), 3), p.location))


def _touches(
    site: Site, parcel: Parcel, parcels: list[Parcel], chosen: dict[str, Parcel]
) -> bool:
    """Whether it has a boundary in common with what the site asks for."""
    if not site.touching:
        return True
    if site.touching == "border":
        others = [p for n in parcel.near if (p := parcels[n]).division != site.division]
    else:
        others = [chosen[site.touching]]
    return any(
        parcel.geometry.intersection(other.geometry).length > 35.0
        for other in others
        if other.geometry.intersects(parcel.geometry)
    )
