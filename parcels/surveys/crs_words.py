"""Words for what shows a coordinate system (core)."""

from __future__ import annotations

from parcels.crs import SurveyCrs
from parcels.surveys.coordinate_patterns import MILLION, Bounds, Pattern, Seen
from parcels.surveys.ground import Ground
from parcels.surveys.proposing import Evidence
from parcels.surveys.stated_crs import StatedCrs


def describe_pattern(pattern: Pattern) -> tuple[str, str]:
    """Return what coordinates of a pattern look like, in Chinese and English."""
    zh, en = {
        "degrees": ("经纬度（度）", "longitude and latitude in degrees"),
        "zone_3": (
            f"3 度带坐标，带号 {pattern.zone}",
            f"3-degree zone with prefix {pattern.zone}",
        ),
        "zone_6": (
            f"6 度带坐标，带号 {pattern.zone}",
            f"6-degree zone with prefix {pattern.zone}",
        ),
        "no_prefix": ("无带号的高斯坐标", "Gauss-Krüger without prefix"),
        "web_mercator": ("Web 墨卡托坐标", "Web Mercator"),
        "small": (
            "小于 10,000 的局部或图纸坐标",
            "local or drawing units below 10,000",
        ),
        "other": ("不属于中国常用坐标", "none of the systems used in China"),
    }[pattern.kind]
    if pattern.swapped:
        return f"{zh}，北坐标（纬度）在前", f"{en}, north (latitude) first"
    return zh, en


def told_by_pattern(seen: Seen) -> Evidence:
    """Return what the coordinates of most rows look like, with their range."""
    zh, en = describe_pattern(seen.pattern)
    west, south, east, north = seen.bounds
    count = round(seen.share * seen.rows)
    return Evidence(
        "crs",
        "coordinates",
        f"{seen.rows} 行中 {count} 行的坐标是{zh}：东 {west:,.3f}–{east:,.3f}，"
        f"北 {south:,.3f}–{north:,.3f}。",
        f"{count} of {seen.rows} rows are {en}: east {west:,.3f}–{east:,.3f}, north"
        f" {south:,.3f}–{north:,.3f}.",
        {"rows": seen.rows, "alike": count, "bounds": list(seen.bounds)},
    )


def told_by_file(stated: StatedCrs) -> Evidence:
    """Return what the file says of its system, and how sure that is."""
    crs = stated.crs
    assert crs is not None
    zh = f"文件写明坐标系“{stated.name}”，即 {crs.name_zh}（EPSG:{crs.srid}）"
    en = f"The file names {stated.name!r}: {crs.name_en} (EPSG:{crs.srid})"
    if stated.standing == "unnamed_datum":
        zh += "；基准未写明为 CGCS2000，按椭球、中央经线和东偏推定"
        en += "; its datum is not named CGCS2000, told by ellipsoid and meridian"
    numbers = {
        "name": stated.name,
        "srid": crs.srid,
        "central_meridian": stated.central_meridian,
        "false_easting_m": stated.false_easting_m,
    }
    return Evidence("crs", "stated", f"{zh}。", f"{en}.", numbers)


def told_by_format(crs: SurveyCrs) -> Evidence:
    """Return what a format means where its file says nothing of a system."""
    return Evidence(
        "crs",
        "format",
        f"文件未写坐标系，按其格式的规定为 {crs.name_zh}（EPSG:{crs.srid}）。",
        f"The file names no system; its format means {crs.name_en} (EPSG:{crs.srid}).",
        {"srid": crs.srid},
    )


def cannot_tell_datum() -> Evidence:
    """Return the warning that goes with every guess from coordinates."""
    return Evidence(
        "crs",
        "datum_assumed",
        "坐标值本身不能区分 CGCS2000、西安80、北京54 和加偏坐标；"
        "请确认数据基准是 CGCS2000。",
        "Coordinates cannot tell CGCS2000 from Xian 1980, Beijing 1954 or shifted web"
        " maps; confirm that the datum is CGCS2000.",
    )


def told_by_county(share: float, box: Bounds, ground: Ground) -> Evidence:
    """Return how many rows lie in the county the file is for, or near it."""
    county = ground.counties[0]
    more = len(ground.counties) - 1
    name_zh = f"{county.name_zh}等 {more + 1} 个县" if more else county.name_zh
    name_en = f"{county.name_en} and {more} more" if more else county.name_en
    return Evidence(
        "crs",
        "county",
        f"按此坐标系，{share:.1%} 的行位于{name_zh}内或附近。",
        f"Under this system {share:.1%} of the rows lie in {name_en} or near it.",
        {"share_inside": share, "bounds": list(box), "counties": more + 1},
    )


def how_to_mend(crs: SurveyCrs, pattern: Pattern) -> tuple[str, str]:
    """Return what would make coordinates and system agree, as far as it is plain."""
    if crs.zone is not None and not crs.prefixed and pattern.zone is not None:
        shift = f"{pattern.zone * MILLION:,.0f}"
        return (
            f"东坐标带有带号 {pattern.zone}：请改用有带号的坐标系，或由数据单位"
            f"将东坐标减去 {shift}。",
            f"The eastings carry zone {pattern.zone}: declare a system with prefix, or"
            f" have {shift} taken off the eastings.",
        )
    if crs.prefixed and pattern.kind == "no_prefix":
        return (
            "东坐标没有带号：请改用无带号（中央经线）的坐标系。",
            "The eastings carry no zone: declare a system without prefix.",
        )
    if crs.prefixed and pattern.zone is not None:
        return (
            f"东坐标的带号是 {pattern.zone}，坐标系的带号是 {crs.zone}。",
            f"The eastings carry zone {pattern.zone}, the system is zone {crs.zone}.",
        )
    return (
        "请核对坐标系和数据来源后重新上传。",
        "Check the coordinate system and where the data come from.",
    )


def describe_box(box: Bounds) -> str:
    """Return a box of degrees as people write it."""
    west, south, east, north = box
    return f"{west:.4f}–{east:.4f}°E, {south:.4f}–{north:.4f}°N"
