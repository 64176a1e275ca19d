"""Real data of other places as the survey files of a Chinese county.

The data lie beside the project, not in it: county outlines of Zhengzhou and Liangshan
as they are, the parcels of Paris 18e, the contaminated sites of Swiss airfields, and
the wellhead zones and parcels of Amherst. What is foreign is moved: each real shape
goes from its metric plane (EPSG:2154, 2056, 26986) into the local 3-degree zone,
inside a real county outline, unchanged but for rounding (points to the millimetre).
Parcel and plot codes are made up; `legacy_code` and `name` keep the original numbers.
"""

from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Proj

from parcels.surveys.request import UploadRequest
from tests.survey_files import members, zipped

DATA = Path(__file__).resolve().parents[2] / "shared" / "realdata"
PARIS = DATA / "parcels_paris18" / "cadastre-75118-parcelles.json"
SITES = DATA / "contaminated_ch_airfields" / "sites.gpkg"
AMHERST = DATA / "wellhead_amherst"
COUNTIES = DATA / "cn_counties" / "counties_410100_513400.geojson"
ODD = DATA / "odd_shapefiles"
WITH_DATA = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")
REAL_DATA = [pytest.mark.acceptance, WITH_DATA]

LOCAL_SRID, PREFIXED_SRID, PREFIX_M = 4547, 4526, 38_000_000.0
XINZHENG, ZHONGMU = "410184", "410122"
PARIS_MIDDLE, AMHERST_MIDDLE = (477_757, 3_811_375), (499_960, 3_839_480)
"""Where they are moved to: deep inside Xinzheng and Zhongmu, EPSG:4547."""
STAGES = {
    "StatusAltlV1": "cleared",
    "StatusAltlV2": "suspected",
    "StatusAltlV3": "risk_acceptable",
    "StatusAltlV6": "candidate",
}
"""Swiss status → stage, as near as the law allows: no harmful effects expected; needs
investigation; polluted but neither to be monitored nor remediated; not yet decided."""
LISTS = {
    "cleared": "suspected",
    "suspected": "suspected",
    "risk_acceptable": "contaminated",
}
"""Stage → published register that shows it; a lead is on none."""
CADASTRE = "Kataster der belasteten Standorte VBS"
ENTRY = {
    "entry_list": "LRML",
    "entry_batch": "LRPC",
    "entry_source": "LRWJ",
    "entry_published_on": "LRRQ",
}
ZONES = {
    "Zone II (approved)": ("level_2", "approved"),
    "IWPA (interim)": ("quasi", "unknown"),
}
"""Amherst zone → level and basis: an interim radius around a well is no approval."""
SITE_LAYERS = ("polygons", "points")
LAND_USE = ("gbt21010_2017", "0701")
COUNTY_FILE = UploadRequest(
    "division",
    "*",
    date(2024, 1, 1),
    crs=4490,
    mapping={"code": "adcode", "name_zh": "name"},
)


def declare(layer, division, crs=LOCAL_SRID, **more):
    return UploadRequest(layer, division, date(2024, 1, 1), crs, **more)


def sheet(*lines):
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode("gbk")


def move(geometries, east, north):
    """Move shapes by whole metres in their plane."""
    offset = np.round((east, north))
    return shapely.transform(np.asarray(geometries), lambda xy: xy + offset)


def move_middle(frame, middle, origin=None):
    """Move a layer so that the middle of the box of `origin` comes to `middle`."""
    west, south, east, north = (frame if origin is None else origin).total_bounds
    offset = middle[0] - (west + east) / 2, middle[1] - (south + north) / 2
    moved = frame.set_geometry(move(frame.geometry, *offset))
    return moved.set_crs(LOCAL_SRID, allow_override=True)


def as_stored(frame):
    """Return the plane shapes of what is stored: edges are straight in degrees.

    Sites have edges of a kilometre; straight in degrees they pass centimetres beside
    the straight line of the plane.
    """
    degrees = frame.to_crs(4490)
    return degrees.set_geometry(degrees.segmentize(1e-4)).to_crs(LOCAL_SRID)


def areal_scale(frame):
    """Return how much larger areas are in the zone's plane than on the ellipsoid."""
    points = frame.geometry.representative_point().to_crs(4490)
    return Proj(LOCAL_SRID).get_factors(points.x, points.y).areal_scale


def read_outlines():
    """Return real county outlines in the local plane, by code."""
    return geopandas.read_file(COUNTIES).to_crs(LOCAL_SRID).set_index("adcode").geometry


def read_paris():
    """Return the parcels in Xinzheng: code, original id, registered area."""
    frame = geopandas.read_file(PARIS, columns=["id", "section", "contenance"])
    frame = move_middle(frame.to_crs(2154), PARIS_MIDDLE)
    sections = {name: n for n, name in enumerate(sorted(set(frame["section"])), 1)}
    serial = frame.groupby("section").cumcount() + 1
    frame["code"] = [
        f"{XINZHENG}001{sections[section]:03d}GB{number:05d}"
        for section, number in zip(frame["section"], serial, strict=True)
    ]
    return frame


def write_paris(frame, areas):
    """Return a zipped shapefile as Chinese Windows writes it: all text GBK, no .cpg."""
    fields = (
        ("ZDDM", "C", 19, 0),
        ("YZDH", "C", 14, 0),
        ("ZL", "C", 40, 0),
        ("DLBZ", "C", 14, 0),
        ("DLBM", "C", 4, 0),
        ("ZDMJ", "N", 15, 2),
    )
    rows = [
        (code, original, f"巴黎第十八区{section}段", *LAND_USE, area)
        for code, original, section, area in zip(
            frame["code"], frame["id"], frame["section"], areas, strict=True
        )
    ]
    return zipped(members(list(frame.geometry), fields, rows), names="gbk")


def cut_overlaps(frame, issues):
    """Return the parcels as a surveyor corrects them: cut from the later row."""
    frame = frame.copy()
    for one in issues:
        if one.kind == "overlap":
            mine, other = one.row - 1, one.details["other_row"] - 1
            cut = shapely.difference(frame.geometry[mine], frame.geometry[other])
            frame.loc[mine, "geometry"] = cut
    return frame


def read_sites(parcels):
    """Return the sites in Xinzheng, airfield by airfield moved onto parcels.

    Of each airfield the site of the rarest status comes to lie on a parcel.
    """
    layers = [geopandas.read_file(SITES, layer=f"site_{one}") for one in SITE_LAYERS]
    frame = pd.concat(layers, ignore_index=True)
    airfields = shapely.union_all(frame.buffer(1500)).geoms
    frame["airfield"] = shapely.STRtree(airfields).query(
        frame.geometry.representative_point(), predicate="within"
    )[1]
    rarity = frame["status_code"].map(frame["status_code"].value_counts())
    moved = frame.geometry.copy()
    for number, (_, group) in enumerate(frame.groupby("airfield")):
        target = parcels.geometry.iloc[number * 280 + 100].representative_point()
        origin = group.geometry[rarity[group.index].idxmin()].representative_point()
        offset = target.x - origin.x, target.y - origin.y
        moved.loc[group.index] = move(group.geometry, *offset)
    frame = frame.set_geometry(moved).set_crs(LOCAL_SRID, allow_override=True)
    frame["stage"] = frame["status_code"].map(STAGES)
    frame["code"] = [f"{XINZHENG}156{n:04d}" for n in range(1, len(frame) + 1)]
    known = frame["stage"] != "candidate"
    frame["entry_list"] = frame["stage"].map(LISTS)
    frame["entry_batch"] = frame["status_code"].where(known)
    frame["entry_source"] = np.where(known, CADASTRE, None)
    frame["entry_published_on"] = np.where(known, "20231231", None)
    frame["name"] = "Standort " + frame["restriction_id"].astype(str)
    return frame


def write_site_polygons(sites, folder):
    """Return a GeoPackage of sites whose outline is known."""
    usual = {"code": "DKBM", "name": "DKMC", "stage": "JD", **ENTRY}
    sent = sites[[*usual, "geometry"]].rename(columns=usual)
    sent.to_file(folder / "sites.gpkg", layer="地块")
    return (folder / "sites.gpkg").read_bytes()


def write_site_points(sites):
    """Return a GBK sheet of sites known as points only; JD is the stage there."""
    named = sites[["code", "name", "stage", *ENTRY]].itertuples(index=False)
    columns = [["" if value is None else value for value in row] for row in named]
    lines = [
        (*values, f"{point.x:.3f}", f"{point.y:.3f}")
        for values, point in zip(columns, sites.geometry, strict=True)
    ]
    head = ("DKBM", "DKMC", "JD", *ENTRY.values(), "东坐标", "北坐标")
    return sheet(head, *lines)


def read_amherst():
    """Return zones and parcels in Zhongmu, in the plane; parcels with a code."""
    zones, parcels = (
        geopandas.read_file(AMHERST / f"{name}.geojson").to_crs(26986)
        for name in ("wellhead_protection", "parcels")
    )
    parcels = move_middle(parcels, AMHERST_MIDDLE, zones)
    parcels["code"] = [f"{ZHONGMU}002001GB{n:05d}" for n in range(1, 25)]
    return move_middle(zones, AMHERST_MIDDLE), parcels


def write_parcels(parcels, folder):
    """Return a GeoPackage with the zone's number before the easting."""
    sent = geopandas.GeoDataFrame(
        {"ZDDM": parcels["code"], "YZDH": parcels["LOC_ID"]},
        geometry=move(parcels.geometry, PREFIX_M, 0),
        crs=PREFIXED_SRID,
    )
    sent.to_file(folder / "parcels.gpkg", layer="宗地")
    return (folder / "parcels.gpkg").read_bytes()


def write_zones(zones):
    """Return zipped shapefiles of the zones and of the sources they protect."""
    shapes = list(zones.geometry)
    zone_fields = [(name, "C", 16, 0) for name in ("BHQDM", "SYDM", "JB", "YJ")]
    rows = [
        (f"BHQ{one.OBJECTID}", f"SY{one.PWS_ID}", *ZONES[one.ZONE_TYPE])
        for one in zones.itertuples()
    ]
    yield "water_zone", zipped(members(shapes, zone_fields, rows, name="保护区"))
    source_fields = (("SYDM", "C", 16, 0), ("SYMC", "C", 60, 0))
    rows = [(f"SY{one.OBJECTID}", one.SUPPLIER) for one in zones.itertuples()]
    yield "water_source", zipped(members(shapes, source_fields, rows, name="水源"))


def pack(*names):
    """Return a zip of files as they are."""
    return zipped({Path(name).name: (ODD / name).read_bytes() for name in names})


def family(stem, *suffixes):
    return pack(*(f"{stem}.{suffix}" for suffix in suffixes))
