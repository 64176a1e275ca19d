"""Which layers go into which file, in which reference system and encoding.

Loaded in this order a county is whole: divisions, parcels, plots, then what lies on
them. Encodings and systems differ on purpose, as they do between offices.
"""

from __future__ import annotations

from datetime import date

from shapely.geometry.base import BaseGeometry

from sample_county import plan, plane
from sample_county.county import County
from sample_county.deliveries import Delivery
from sample_county.records import Record
from sample_county.survey import FIRST_SURVEY, Parcel

THEMES_FROM = date(2019, 1, 1)
UNITS_FROM = date(2020, 12, 1)
ZONES_FROM = date(2020, 7, 1)


def deliver(county: County) -> list[Delivery]:
    """Return every file in the order in which it must be loaded."""
    files: list[Delivery] = []
    for code in (plan.COUNTY, plan.NEIGHBOUR):
        for part in (_land, _plots, _surroundings, _soil, _coverage):
            files += [file for file in part(county, code) if file.records]
    return files


def _of(records: list[Record], division: str) -> list[Record]:
    return [record for record in records if record.division == division]


def _table(path: str, layer: str, code: str, rows: list[Record]) -> Delivery:
    return Delivery(path, layer, code, rows, THEMES_FROM, None, role="table")


def _land(county: County, code: str) -> list[Delivery]:
    past = [_parcel(p) for p in county.lineage.past if p.division == code]
    present = [_parcel(p) for p in county.parcels if p.division == code]
    srid = plane.ZONE_SRID if code == plan.COUNTY else plane.MERIDIAN_SRID
    return [
        Delivery(
            f"{code}/行政区划.zip",
            "division",
            code,
            _divisions(county, code),
            FIRST_SURVEY,
        ),
        Delivery(
            f"{code}/宗地_变更前.zip", "parcel", code, past, FIRST_SURVEY, role="past"
        ),
        Delivery(f"{code}/宗地.zip", "parcel", code, present, FIRST_SURVEY, srid),
        _table(f"{code}/宗地沿革.csv", "parcel_lineage", code, _lineage(county, code)),
    ]


def _divisions(county: County, code: str) -> list[Record]:
    ground = county.ground
    return [
        Record(
            division,
            code,
            {
                "name_zh": plan.DIVISIONS[division][0],
                "name_en": plan.DIVISIONS[division][1],
                "invented": True,
                "restricted": code == plan.NEIGHBOUR if division == code else None,
            },
            shape,
        )
        for division, shape in (*ground.counties.items(), *ground.townships.items())
        if division.startswith(code)
    ]


def _parcel(parcel: Parcel) -> Record:
    return Record(
        parcel.code,
        parcel.division,
        {
            "legacy_code": parcel.legacy_code,
            "township_code": parcel.township,
            "location": parcel.location,
            "land_use_scheme": parcel.scheme if parcel.land_use else None,
            "land_use_code": parcel.land_use,
            "supplied": parcel.supplied,
            "registered_area_m2": plane.ellipsoid_area_m2(parcel.geometry),
        },
        parcel.geometry,
        parcel.valid_from if parcel.valid_from != FIRST_SURVEY else None,
        parcel.valid_to,
    )


def _lineage(county: County, code: str) -> list[Record]:
    return [
        Record(
            f"{code}-BG{number:04d}",
            code,
            {
                "predecessor_code": descent.predecessor.code,
                "successor_code": descent.successor.code,
                "kind": descent.kind,
            },
            None,
            descent.on,
        )
        for number, descent in enumerate(county.lineage.descents, 1)
        if descent.predecessor.division == code
    ]


def _plots(county: County, code: str) -> list[Delivery]:
    plots = county.plots
    files = [
        Delivery(
            f"{code}/污染地块_{year}年名单.zip",
            "plot",
            code,
            _of(rows, code),
            THEMES_FROM,
            role="past",
        )
        for year, rows in sorted(plots.past.items())
    ]
    files += _by_shape(f"{code}/污染地块", "plot", code, _of(plots.present, code))
    for name, layer, rows in (
        ("地块事件", "plot_event", plots.events),
        ("地块名录", "plot_list_membership", plots.memberships),
        ("地块污染物", "plot_pollutant", plots.pollutants),
        ("调查报告", "plot_document", county.layers["plot_document"]),
    ):
        files.append(_table(f"{code}/{name}.csv", layer, code, _of(rows, code)))
    return files


def _by_shape(
    stem: str,
    layer: str,
    code: str,
    records: list[Record],
    valid_from: date = THEMES_FROM,
    srid: int = plane.ZONE_SRID,
    driver_byte: bool = True,
) -> list[Delivery]:
    """Return one file for areas (or lines) and one for points, as shapefiles must."""
    points = [r for r in records if _kind(r.geometry) == "Point"]
    others = [r for r in records if _kind(r.geometry) != "Point"]
    name = f"{stem}_仅有点位.zip" if others else f"{stem}.zip"
    return [
        Delivery(
            f"{stem}.zip",
            layer,
            code,
            others,
            valid_from,
            srid,
            driver_byte=driver_byte,
        ),
        Delivery(name, layer, code, points, valid_from, srid, driver_byte=driver_byte),
    ]


def _kind(geometry: BaseGeometry | None) -> str:
    return "" if geometry is None else str(geometry.geom_type)


def _surroundings(county: County, code: str) -> list[Delivery]:
    layers = county.layers
    first = code == plan.COUNTY
    files = _by_shape(
        f"{code}/农用地类别划分单元",
        "farmland_unit",
        code,
        _of(layers["farmland_unit"], code),
        UNITS_FROM,
        plane.MERIDIAN_SRID if first else plane.ZONE_SRID,
        driver_byte=False,
    )
    rows = _of(layers["farmland_measure"], code)
    files.append(_table(f"{code}/农用地管控措施.csv", "farmland_measure", code, rows))
    for name, layer, since in (
        ("限制区域", "restriction_area", THEMES_FROM),
        ("饮用水水源", "water_source", THEMES_FROM),
        ("饮用水水源保护区", "water_zone", ZONES_FROM),
        ("企业", "enterprise", THEMES_FROM),
        ("历史用途", "former_use", THEMES_FROM),
        ("设施", "facility", THEMES_FROM),
        ("敏感受体", "receptor", THEMES_FROM),
        ("河流", "river", THEMES_FROM),
    ):
        rows = _of(layers[layer], code)
        files += _by_shape(f"{code}/{name}", layer, code, rows, since)
    rows = _of(layers["key_unit_list"], code)
    path = f"{code}/土壤污染重点监管单位名录.csv"
    return [*files, _table(path, "key_unit_list", code, rows)]


def _soil(county: County, code: str) -> list[Delivery]:
    """One county sends shapefile and workbook, the other two CSV files."""
    points = _of(county.layers["monitoring_point"], code)
    results = _of(county.layers["sample_result"], code)
    first = code == plan.COUNTY
    return [
        Delivery(
            f"{code}/土壤监测点位.{'zip' if first else 'csv'}",
            "monitoring_point",
            code,
            points,
            THEMES_FROM,
            plane.LONLAT_SRID,
            "utf-8" if first else "gbk",
            role="survey" if first else "table",
        ),
        _table(
            f"{code}/土壤检测结果.{'xlsx' if first else 'csv'}",
            "sample_result",
            code,
            results,
        ),
    ]


def _coverage(county: County, code: str) -> list[Delivery]:
    rows = _of(county.layers["theme_coverage"], code)
    whole = [row for row in rows if row.geometry is None]
    parts = [row for row in rows if row.geometry is not None]
    path = f"{code}/专题覆盖_部分区域.zip"
    return [
        _table(f"{code}/专题覆盖.csv", "theme_coverage", code, whole),
        Delivery(path, "theme_coverage", code, parts, THEMES_FROM),
    ]
