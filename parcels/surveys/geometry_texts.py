"""The sentences of issues of single geometries, in both languages (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.surveys.issue_text import FIX_AND_RESEND, REPAIR_OFFERS, IssueText

GEOMETRY_TEXTS: Final[dict[str, IssueText]] = {
    "geometry_missing": IssueText(
        "没有图形。",
        "there is no geometry.",
        "请补绘图形（表格则补全坐标），或删去该行。",
        "Draw it (in a table, fill in its coordinates), or remove the row.",
    ),
    "geometry_record_damaged": IssueText(
        ".shp 中该图形的记录已损坏：{cause}。",
        "the record of the geometry in the .shp is damaged: {cause}.",
        "请在 GIS 软件中打开原始数据核对该图形，重新导出全部文件后上传。",
        "Look at the shape in the GIS, export all files of the shapefile anew and send"
        " them.",
    ),
    "geometry_unreadable": IssueText(
        "图形无法读取。",
        "the geometry cannot be read.",
        "请用 GIS 软件修复后重新导出。",
        "Repair it in the GIS and export again.",
    ),
    "geometry_wrong_type": IssueText(
        "图形类型为 {found}，应为 {expected}。",
        "the geometry is a {found}; expected {expected}.",
        *FIX_AND_RESEND,
    ),
    "geometry_not_finite": IssueText(
        "坐标含有非数值(NaN 或无穷大)。",
        "a coordinate is not a number (NaN or infinite).",
        *FIX_AND_RESEND,
    ),
    "geometry_outside_crs": IssueText(
        "坐标 ({x}, {y}) 不在 EPSG:{srid} 的范围内({expected})。",
        "coordinates ({x}, {y}) do not fit EPSG:{srid} ({expected}).",
        "请核对声明的坐标系、带号前缀和坐标轴顺序。",
        "Check the declared CRS, the zone prefix and the order of the axes.",
    ),
    "geometry_invalid": IssueText(
        "图形不合法：{reason}，位置 ({x}, {y})。",
        "the geometry is not valid: {reason} at ({x}, {y}).",
        "请在 GIS 软件中修正该处；系统不会自动改动图形。{offer}",
        "Correct it there in the GIS; geometry is never changed silently.{offer}",
    ),
    "geometry_unstable": IssueText(
        "图形在测量坐标系中合法，转换为经纬度后不合法：{reason}。",
        "the geometry is valid in the survey's plane but not in degrees: {reason}.",
        "该处两点或两边几乎重合，请合并。",
        "Two vertices or edges almost coincide there: merge them.",
    ),
    "geometry_sliver": IssueText(
        "碎面：面积 {area_m2} m²，平均宽度 {width_m} m。",
        "a sliver: {area_m2} m², mean width {width_m} m.",
        "请核对是否为相邻图斑之间的缝隙。",
        "Check whether it is a gap between neighbours.",
    ),
    "geometry_zero_area": IssueText(
        "面图形退化为点或线，面积为零。",
        "the polygon has collapsed to a point or a line: its area is zero.",
        "请重绘该面或删去该行。",
        "Draw it again or remove the row.",
    ),
    "geometry_ring_unclosed": IssueText(
        "环未闭合：首末节点不同。",
        "a ring is not closed: its first and last vertex differ.",
        f"请在 GIS 软件中闭合；{REPAIR_OFFERS['close_rings'][0]}。",
        f"Close it in the GIS, {REPAIR_OFFERS['close_rings'][1]}.",
    ),
    "geometry_curved": IssueText(
        "图形含有真圆弧，登记库只存折线。",
        "the geometry holds true arcs; the register keeps straight edges only.",
        "请在 GIS 软件中按测量精度加密为折线后导出（面积会略有不同）。",
        "Densify it in the GIS to the survey's accuracy and export again (areas will"
        " differ slightly).",
    ),
    "geometry_multipart": IssueText(
        "图形由 {count} 个部分组成。",
        "the geometry has {count} parts.",
        "一块地应为一个部分：请拆分为多行，或确认其确为飞地。",
        "One piece of land is one part: split it into rows, or confirm the exclave.",
    ),
    "geometry_multipart_land_survey": IssueText(
        "地类图斑由 {count} 个部分组成；地类图斑不允许多部分。",
        "the land-use parcel has {count} parts; land-survey layers allow one.",
        "请在 GIS 软件中拆分为多个图斑。",
        "Split it into one row a part in the GIS.",
    ),
    "geometry_sliver_part": IssueText(
        "图形含 {count} 个碎部件，共 {area_m2} m²。",
        "{count} parts of the geometry are slivers, {area_m2} m² together.",
        "多为裁切残留，请删去。",
        "Mostly left over from clipping: remove them.",
    ),
    "geometry_tiny_hole": IssueText(
        "图形含 {count} 个微小洞，共 {area_m2} m²。",
        "{count} holes of the geometry are tiny, {area_m2} m² together.",
        "请核对是否为缝隙；不是真实的洞请填补。",
        "Check whether they are gaps; fill those that are no real holes.",
    ),
    "geometry_elongated": IssueText(
        "狭长图形：面积 {area_m2} m²，狭长面指数 {compactness}。",
        "an elongated polygon: {area_m2} m², compactness {compactness}.",
        "道路、沟渠属正常；其他请核对。",
        "Usual for roads and ditches; check the others.",
    ),
    "geometry_ring_direction": IssueText(
        "{count} 个洞与外环方向相同。",
        "{count} holes run in the same direction as their shell.",
        "无需处理：入库时统一方向，图形不变。",
        "Nothing to do: the register gives rings one direction, shapes stay.",
    ),
    "geometry_repeated_points": IssueText(
        "{count} 个节点与前一节点重复，首处 ({x}, {y})。",
        "{count} vertices repeat the one before, first at ({x}, {y}).",
        f"不影响入库；{REPAIR_OFFERS['remove_repeated_points'][0]}。",
        f"It can be imported; {REPAIR_OFFERS['remove_repeated_points'][1]}.",
    ),
    "geometry_close_vertices": IssueText(
        "{count} 个节点距前一节点不足 1 mm，首处 ({x}, {y})。",
        "{count} vertices are within 1 mm of the one before, first at ({x}, {y}).",
        "请在 GIS 软件中合并这些节点。",
        "Merge them in the GIS.",
    ),
    "geometry_spike": IssueText(
        "{count} 处尖锐角，首处 ({x}, {y})。",
        "{count} spikes, the first at ({x}, {y}).",
        "请在 GIS 软件中删去尖角的节点。",
        "Remove the vertex at the tip in the GIS.",
    ),
    "repaired_rings_closed": IssueText(
        "已按要求闭合环：面积 {area_before_m2} m² → {area_after_m2} m²。",
        "rings were closed as asked: area {area_before_m2} m² → {area_after_m2} m².",
        "请核对修复后的图形；原文件保持不变。",
        "Check the repaired shape; the file is kept as it was sent.",
    ),
    "repaired_points_removed": IssueText(
        "已按要求删去重复节点：面积 {area_before_m2} m² → {area_after_m2} m²。",
        "repeated vertices were removed as asked: area {area_before_m2} m² →"
        " {area_after_m2} m².",
        "请核对修复后的图形；原文件保持不变。",
        "Check the repaired shape; the file is kept as it was sent.",
    ),
    "repaired_made_valid": IssueText(
        "已按要求修复不合法图形：面积 {area_before_m2} m² → {area_after_m2} m²。",
        "the geometry was made valid as asked: area {area_before_m2} m² →"
        " {area_after_m2} m².",
        "请在地图上核对修复后的图形；原文件保持不变。",
        "Check the repaired shape on the map; the file is kept as it was sent.",
    ),
}
