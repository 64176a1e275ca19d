"""Enterprises, key-unit lists by year, and former industrial uses of land.

Names are invented; credit codes are well formed and belong to nobody (registration
authority 9, division 9999).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry import Point

from parcels.codes import credit_check_character
from sample_county.plane import chance, on_grid
from sample_county.records import Record
from sample_county.survey import Parcel, inset

KEY_LIST = "土壤污染重点监管单位名录"


@dataclass(frozen=True)
class Firm:
    """An enterprise: on which site or zone, of what industry and state."""

    name: str
    industry: str
    status: str = "active"
    site: str = ""
    kind: str = "park"
    key_years: tuple[int, ...] = ()
    edition: str = "2017"
    permit: bool = True
    point: bool = False
    division: str = "999901"


SINCE_2023 = (2023, 2024, 2025, 2026)
FIRMS = [
    Firm(
        "示范县精细化工有限公司", "2614", site="key_unit", key_years=(2022, *SINCE_2023)
    ),
    Firm(
        "示范县金属表面处理中心",
        "3360",
        site="key_unit_surveyed",
        key_years=SINCE_2023,
    ),
    Firm(
        "示范县永固涂料厂",
        "2641",
        "closed",
        site="key_unit_past",
        key_years=(2019, 2020, 2021),
        permit=False,
    ),
    Firm("示范县丰粮食品有限公司", "1351", site="food_works"),
    Firm("示范县通用机械厂", "3511", site="machine_works"),
    Firm(
        "示范县青石铅锌矿业有限公司",
        "0912",
        kind="mine",
        key_years=(2021, 2022, *SINCE_2023),
    ),
    Firm(
        "示范县河湾冶炼有限公司",
        "3212",
        kind="smelter",
        key_years=(2019, 2020, 2021, 2022, *SINCE_2023),
    ),
    Firm("示范县河湾再生铅有限公司", "3219", kind="smelter"),
    Firm("示范县铁合金有限公司", "3140"),
    Firm("示范县铁矿选矿厂", "0810", "closed", kind="mine", point=True),
    Firm("示范县农用化学品厂", "2631", key_years=SINCE_2023),
    Firm("示范县华源树脂有限公司", "2651"),
    Firm("示范县润滑油脂厂", "2511"),
    Firm("示范县焦炉煤气净化厂", "2521", "closed"),
    Firm("示范县洗选煤有限公司", "0610"),
    Firm("示范县中药饮片厂", "2730"),
    Firm("示范县原料药业有限公司", "2710", key_years=SINCE_2023),
    Firm("示范县精工电镀厂", "3360"),
    Firm("示范县恒牛制革厂", "1910", "closed"),
    Firm("示范县裘皮硝染厂", "1931", "moved"),
    Firm("示范县动力电源有限公司", "3843", key_years=SINCE_2023),
    Firm("示范县危险废物处置中心", "7724", key_years=SINCE_2023),
    Firm("示范县废旧金属拆解场", "4210"),
    Firm("示范县稀土合金厂", "3240", "moved"),
    Firm("示范县日用化工厂", "2681"),
    Firm("示范县印务有限公司", "2319"),
    Firm("示范县水泥制品厂", "3021"),
    Firm("示范县纸箱厂", "2231"),
    Firm("示范县纺织印染厂", "1713", "closed"),
    Firm("示范县东风加油站", "5265", kind="old_industry"),
    Firm("示范县机修配件厂", "3489", kind="old_industry"),
    Firm("示范县老化工原料行", "5169", "closed", kind="old_industry"),
    Firm("示范县第一电镀厂", "3360", "closed", site="plating_works", permit=False),
    Firm("示范县油漆厂", "2641", "closed", site="paint_works", permit=False),
    Firm("示范县铬盐厂", "2613", "moved", site="chrome_salt", permit=False),
    Firm("示范县焦化厂", "2521", "closed", site="coking", permit=False),
    Firm("示范县农药厂", "2631", "closed", site="pesticide", permit=False),
    Firm("示范县染料厂", "2645", "closed", site="dye_works", permit=False),
    Firm("北关村五金加工部", "3311", kind="village", permit=False),
    Firm("周村面粉厂", "1311", kind="village"),
    Firm("石桥村石材厂", "3032", kind="village", point=True),
    Firm("李湾村塑料颗粒厂", "2929", "closed", kind="village", point=True),
    Firm("邻界县东湾化工厂", "2614", "closed", site="n_border_plot", division="999902"),
    Firm(
        "邻界县永兴蓄电池厂",
        "3843",
        kind="village",
        key_years=(2023, 2024),
        division="999902",
    ),
    Firm("邻界县枣园食品厂", "1351", kind="village", division="999902"),
    Firm("邻界县柳林电镀点", "3360", "closed", kind="village", division="999902"),
    Firm("邻界县渡口砂石场", "1019", kind="village", point=True, division="999902"),
]


@dataclass(frozen=True)
class FormerUse:
    """What stood on a parcel before, with the edition its industry code is from."""

    site: str
    name: str
    industry: str
    edition: str
    years: tuple[int, int]
    evidence: str = "县志、历史影像、人员访谈"


FORMER_USES = [
    FormerUse("tannery", "原县制革厂", "1910", "2017", (1976, 2011)),
    FormerUse("pharma_past", "原县制药厂", "2710", "2017", (1984, 2013)),
    FormerUse("copper_2002", "原铜冶炼厂", "3311", "2002", (1988, 2006)),
    FormerUse("iron_2002", "原炼铁厂", "3210", "2002", (1971, 2005)),
    FormerUse("workshop", "原北关电镀作坊", "3360", "2017", (1992, 2008)),
    FormerUse("pesticide", "原县农药厂", "2631", "2017", (1968, 2012)),
    FormerUse("plating_works", "原第一电镀厂", "3360", "2017", (1981, 2017)),
    FormerUse("coking", "原焦化厂", "2521", "2017", (1970, 2010)),
    FormerUse("chrome_salt", "原铬盐厂", "2613", "2017", (1975, 2009)),
    FormerUse("gas_works", "原煤气厂", "2529", "2017", (1979, 2004)),
    FormerUse("weaving_mill", "原棉纺织厂", "1711", "2017", (1965, 2003)),
    FormerUse("warehouse", "原供销社仓库", "5990", "2017", (1972, 1999)),
]


def make_enterprises(
    parcels: list[Parcel], sites: dict[str, Parcel]
) -> tuple[list[Record], list[Record]]:
    """Return enterprises and the yearly lists of key supervised units."""
    firms, lists = [], []
    for number, firm in enumerate(FIRMS, 1):
        parcel = sites[firm.site] if firm.site else _ground_for(firm, parcels)
        record = _enterprise(firm, number, parcel)
        firms.append(record)
        lists += [
            Record(
                f"{firm.division}-{year}-{number:03d}",
                firm.division,
                {
                    "enterprise_code": record.code,
                    "year": year,
                    "list_name": f"{year}年度{KEY_LIST}",
                },
                None,
                date(year, 3, 31),
            )
            for year in firm.key_years
        ]
    return firms, lists


def _ground_for(firm: Firm, parcels: list[Parcel]) -> Parcel:
    industrial = ("0601", "0602", "100101", "0604", "110101")
    fitting = [
        parcel
        for parcel in parcels
        if parcel.kind == firm.kind
        and not parcel.taken
        and parcel.division == firm.division
        and (firm.kind == "village" or parcel.land_use in industrial)
    ]
    if firm.kind == "mine":
        fitting = [parcel for parcel in parcels if parcel.kind == "mine"]
    parcel = chance(f"firm {firm.name}").choice(fitting)
    parcel.taken = True
    if firm.kind == "village":
        parcel.land_use = "0601" if firm.division == "999901" else "100101"
        parcel.letters = "JB"
    return parcel


def credit_code(number: int) -> str:
    """Return a well-formed unified social credit code that no firm has."""
    stem = f"919999{number % 10}0MA{number:07d}"
    return stem + credit_check_character(stem)


def _enterprise(firm: Firm, number: int, parcel: Parcel) -> Record:
    code = credit_code(number)
    values: dict[str, Any] = {
        "name": firm.name,
        "industry_code": firm.industry,
        "industry_edition": firm.edition,
        "status": firm.status,
        "permit_number": f"{code}001V" if firm.permit else None,
        "coord_source": "survey",
    }
    shape = inset(parcel.geometry, 1.2)
    if firm.point:
        values |= {
            "coord_source": "geocoded",
            "accuracy_m": 50.0,
            "stated_area_m2": float(round(parcel.geometry.area, -2)),
        }
        point: Point = parcel.geometry.representative_point()
        return Record(code, firm.division, values, on_grid(point))
    return Record(code, firm.division, values, shape)


def make_former_uses(sites: dict[str, Parcel]) -> list[Record]:
    """Return what stood on parcels before; one is known as a point only."""
    records = []
    for number, use in enumerate(FORMER_USES, 1):
        parcel = sites[use.site]
        records.append(
            Record(
                f"{parcel.division}-LS{number:03d}",
                parcel.division,
                {
                    "name": use.name,
                    "industry_code": use.industry,
                    "industry_edition": use.edition,
                    "from_year": use.years[0],
                    "to_year": use.years[1],
                    "evidence": use.evidence,
                    "coord_source": "survey",
                },
                inset(parcel.geometry, 1.5),
            )
        )
    return records
