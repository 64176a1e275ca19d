"""The sentences of issues between rows and borders, in both languages (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.surveys.issue_text import IssueText

TOPOLOGY_TEXTS: Final[dict[str, IssueText]] = {
    "overlap": IssueText(
        "{code} 与第 {other_row} 行（{other_code}）重叠 {area_m2} m²，{relation}。",
        "{code} and row {other_row} ({other_code}) overlap by {area_m2} m²,"
        " {relation}.",
        "请在 GIS 软件中消除重叠；两行中哪一行有误须由测绘人员判断，"
        "搁置差错行时两行都不入库。",
        "Remove the overlap in the GIS. Which of the two rows is wrong is for the"
        " surveyor to say; setting faulty rows aside leaves out both.",
    ),
    "overlap_many": IssueText(
        "{code} 与{about} {count} 行重叠（报告逐对列出其中 {told} 对）。",
        "{code} overlaps {about}{count} other rows ({told} of the pairs are told one by"
        " one).",
        "请先核对这一行：多为区域轮廓（村界、图幅、项目范围）混入了图斑，或同一地块经多次"
        "绘制、合并。删去多余的行后重新上传，其余重叠会随之减少。",
        "Look at this row first: mostly an outline of a larger area (village, map"
        " sheet, project) among the parcels, or ground that was drawn or merged several"
        " times."
        " Remove what is too much and send the file again; most other overlaps go with"
        " it.",
    ),
    "geometry_repeated": IssueText(
        "{code} 的图形与第 {first_row} 行（{other_code}）完全相同，共 {count} 行如此。",
        "{code} draws the very polygon of row {first_row} ({other_code}); {count} rows"
        " draw it.",
        "多为图层重复导出或合并：请只保留一行。哪一行有误须由测绘人员判断，"
        "搁置差错行时这些行都不入库。",
        "Mostly a layer that was exported or merged twice: keep one row. Which of them"
        " is wrong is for the surveyor to say; setting faulty rows aside leaves out all"
        " of them.",
    ),
    "overlap_slight": IssueText(
        "{code} 与第 {other_row} 行（{other_code}）重叠 {area_m2} m²"
        "（不超过 1 m²），{relation}。",
        "{code} and row {other_row} ({other_code}) overlap by {area_m2} m² (1 m² or"
        " less), {relation}.",
        "请核对共用边界的节点是否一致。",
        "Check that both have the same vertices on the shared boundary.",
    ),
    "gap": IssueText(
        "{beside}有空隙 {area_m2} m²，平均宽度 {width_m} m。",
        "there is a gap of {area_m2} m², {width_m} m wide on average, {beside}.",
        "该图层应覆盖全部地面：请补绘缺失的图斑。",
        "This layer covers all its ground: draw what is missing.",
    ),
    "gap_narrow": IssueText(
        "{beside}有缝隙 {area_m2} m²，平均宽度 {width_m} m。",
        "there is a narrow gap of {area_m2} m², {width_m} m wide on average, {beside}.",
        "请在 GIS 软件中使两侧共用同一界线。",
        "Give both sides one boundary in the GIS.",
    ),
    "boundary_not_shared": IssueText(
        "界线与相邻行的界线相距不足 10 cm 而不重合。",
        "its boundary runs within 10 cm of a neighbour's without being the same.",
        "文件中此类缝隙普遍存在：请在 GIS 软件中统一捕捉（不超过 1 cm）后重新导出。",
        "The whole file is drawn apart: snap it in the GIS (1 cm at most) and export"
        " it again.",
    ),
    "outside_county": IssueText(
        "超出 {division_name}（{division}）界线 {distance_m} m{outside}。",
        "reaches {distance_m} m beyond {division_name} ({division}){outside}.",
        "请核对坐标系、行政区代码和图形；界外部分由所在县上传。",
        "Check the CRS, the division and the geometry; what lies outside is for the"
        " other county.",
    ),
    "beyond_county": IssueText(
        "超出 {division_name}（{division}）界线 {distance_m} m{outside}，在容差之内。",
        "reaches {distance_m} m beyond {division_name} ({division}){outside}; within"
        " the tolerance.",
        "请核对是否应以行政区界线为界。",
        "Check whether it should end at the border.",
    ),
    "outside_township": IssueText(
        "超出所填乡镇 {division_name}（{division}）界线 {distance_m} m{outside}。",
        "reaches {distance_m} m beyond its township {division_name}"
        " ({division}){outside}.",
        "请核对乡镇代码和图形。",
        "Check the township's code and the geometry.",
    ),
    "border_not_matched": IssueText(
        "{count} 个节点距 {division_name}（{division}）界线 {distance_m} m，"
        "而不在界线上。",
        "{count} vertices lie beside the border of {division_name} ({division}), up to"
        " {distance_m} m, and not on it.",
        "请将这些节点捕捉到行政区界线。",
        "Snap them to the border.",
    ),
    "border_gap": IssueText(
        "与 {division_name}（{division}）界线之间有 {count} 处地面不属于任何一行，"
        "共 {area_m2} m²，平均宽度 {width_m} m。",
        "{count} piece(s) of ground between it and the border of {division_name}"
        " ({division}) belong to no row: {area_m2} m², {width_m} m wide on average.",
        "该图层应覆盖全部地面：请补绘缺失的图斑，或将界线画到行政区界线。",
        "This layer covers all its ground: draw what is missing, or take the boundary"
        " to the border.",
    ),
    "border_gap_narrow": IssueText(
        "与 {division_name}（{division}）界线之间有 {count} 处缝隙，共 {area_m2} m²，"
        "平均宽度 {width_m} m。",
        "{count} narrow gap(s) between it and the border of {division_name}"
        " ({division}): {area_m2} m², {width_m} m wide on average.",
        "请将界线捕捉到行政区界线。",
        "Snap the boundary to the border.",
    ),
}
