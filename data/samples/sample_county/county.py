"""The whole sample county: every layer in order, as deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import shapely

from sample_county import plan, plane
from sample_county.coverage import make_coverage
from sample_county.deliveries import Delivery
from sample_county.ground import Ground, lay_ground
from sample_county.lineage import Lineage, trace_lineage
from sample_county.plots import Plots, make_plots, parcel_documents
from sample_county.records import Record
from sample_county.sites import choose_sites
from sample_county.survey import (
    FIRST_SURVEY,
    Parcel,
    find_neighbours,
    number_parcels,
    survey_parcels,
)
from sample_county.tiling import tile

THEMES_FROM = date(2019, 1, 1)


@dataclass
class County:
    """Everything made, for deliveries, cases and tests."""

    ground: Ground
    parcels: list[Parcel]
    sites: dict[str, Parcel]
    lineage: Lineage
    plots: Plots
    coverage: list[Record]


def make_county() -> County:
    """Make both counties; the same every time."""
    ground = lay_ground()
    parcels = survey_parcels(tile(ground), ground)
    _fit_divisions(ground, parcels)
    find_neighbours(parcels)
    sites = choose_sites(parcels)
    parcels, lineage = trace_lineage(parcels)
    number_parcels(lineage.past)
    number_parcels(lineage.past + parcels)
    plots = make_plots(parcels, sites)
    return County(ground, parcels, sites, lineage, plots, make_coverage(ground))


def _fit_divisions(ground: Ground, parcels: list[Parcel]) -> None:
    """Let the divisions end exactly where their outer parcels end."""
    for divisions in (ground.townships, ground.counties):
        for code in divisions:
            inside = [p.geometry for p in parcels if p.township.startswith(code)]
            divisions[code] = shapely.coverage_union_all(inside)


def deliver(county: County) -> list[Delivery]:
    """Return every file in the order in which it must be loaded."""
    files: list[Delivery] = []
    for code in (plan.COUNTY, plan.NEIGHBOUR):
        files += _base(county, code)
        files += _plots(county, code)
        files += _coverage(county, code)
    return files


def _of(records: list[Record], division: str) -> list[Record]:
    return [record for record in records if record.division == division]


def _base(county: County, code: str) -> list[Delivery]:
    divisions = [
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
        for division, shape in (
            *county.ground.counties.items(),
            *county.ground.townships.items(),
        )
        if division.startswith(code)
    ]
    past = [_parcel_record(p) for p in county.lineage.past if p.division == code]
    present = [_parcel_record(p) for p in county.parcels if p.division == code]
    files = [
        Delivery(f"{code}/行政区划.zip", "division", code, divisions, FIRST_SURVEY)
    ]
    if past:
        files.append(
            Delivery(
                f"{code}/宗地_变更前.zip",
                "parcel",
                code,
                past,
                FIRST_SURVEY,
                role="past",
            )
        )
    files.append(Delivery(f"{code}/宗地.zip", "parcel", code, present, FIRST_SURVEY))
    lineage = [
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
    if lineage:
        files.append(_table(f"{code}/宗地沿革.csv", "parcel_lineage", code, lineage))
    return files


def _table(path: str, layer: str, code: str, rows: list[Record]) -> Delivery:
    return Delivery(path, layer, code, rows, THEMES_FROM, None, role="table")


def _parcel_record(parcel: Parcel) -> Record:
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


def _plots(county: County, code: str) -> list[Delivery]:
    plots = county.plots
    files = []
    for year, rows in sorted(plots.past.items()):
        if mine := _of(rows, code):
            path = f"{code}/污染地块_{year}年名单.zip"
            files.append(Delivery(path, "plot", code, mine, THEMES_FROM, role="past"))
    present = _of(plots.present, code)
    areas = [r for r in present if r.geometry and r.geometry.geom_type == "Polygon"]
    points = [r for r in present if r.geometry and r.geometry.geom_type == "Point"]
    files.append(Delivery(f"{code}/污染地块.zip", "plot", code, areas, THEMES_FROM))
    if points:
        path = f"{code}/污染地块_仅有中心点.zip"
        files.append(Delivery(path, "plot", code, points, THEMES_FROM))
    documents = [*plots.documents, *parcel_documents(county.sites)]
    for name, layer, rows in (
        ("地块事件", "plot_event", plots.events),
        ("地块名录", "plot_list_membership", plots.memberships),
        ("调查报告", "plot_document", documents),
    ):
        files.append(_table(f"{code}/{name}.csv", layer, code, _of(rows, code)))
    return files


def _coverage(county: County, code: str) -> list[Delivery]:
    rows = _of(county.coverage, code)
    whole = [row for row in rows if row.geometry is None]
    parts = [row for row in rows if row.geometry is not None]
    return [
        _table(f"{code}/专题覆盖.csv", "theme_coverage", code, whole),
        Delivery(
            f"{code}/专题覆盖_部分区域.zip", "theme_coverage", code, parts, THEMES_FROM
        ),
    ]
