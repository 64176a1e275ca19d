"""The sentences of what the register says against a row (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.surveys.issue_text import IssueText

REGISTER_TEXTS: Final[dict[str, IssueText]] = {
    "register_overlap": IssueText(
        "{code} 与登记库中的 {other_code} 重叠 {area_m2} m²，{relation}；"
        "该对象不在文件中。",
        "{code} and {other_code} of the register overlap by {area_m2} m², {relation};"
        " the file does not hold that object.",
        "如它已分割、合并或终止，请在文件中写明其失效日期，或声明整体更新；"
        "否则请消除重叠。",
        "If it was split, merged or ended, put it into the file with its last day or"
        " declare a whole update; else remove the overlap.",
    ),
    "register_overlap_slight": IssueText(
        "{code} 与登记库中的 {other_code} 重叠 {area_m2} m²（不超过 1 m²），"
        "{relation}。",
        "{code} and {other_code} of the register overlap by {area_m2} m² (1 m² or"
        " less), {relation}.",
        "请核对共用边界的节点是否一致。",
        "Check that both have the same vertices on the shared boundary.",
    ),
    "register_edge_not_matched": IssueText(
        "{code} 与登记库中的 {other_code} 未接边："
        "{count} 个节点相距 {distance_m} m 以内。",
        "{code} does not meet {other_code} of the register: {count} vertices lie up"
        " to {distance_m} m beside the boundary.",
        "请将这些节点捕捉到已登记的界线。",
        "Snap them to the registered boundary.",
    ),
    "code_elsewhere": IssueText(
        "编码“{value}”在登记库中已属行政区 {other_division}。",
        "code {value!r} is taken in division {other_division} of the register.",
        "请核对编码和行政区；编码在行政区内唯一。",
        "Check code and division; codes are unique within a division.",
    ),
    "code_ended": IssueText(
        "编码“{value}”已于 {ended_on} 失效，本行将使其重新生效。",
        "code {value!r} ended on {ended_on}; this row begins it anew.",
        "请核对是否应使用新编码。",
        "Check whether a new code is meant.",
    ),
    "reference_unknown": IssueText(
        "登记库中没有编码为“{value}”的{target}。",
        "the register has no {target} with code {value!r}.",
        "请先上传该对象，或改正编码。",
        "Upload that object first, or correct the code.",
    ),
    "reference_unmatched": IssueText(
        "登记库中没有编码为“{value}”的{target}。",
        "the register has no {target} with code {value!r}.",
        "请核对编码；早于登记库的对象可以保留。",
        "Check the code; an object older than the register may stay.",
    ),
    "theme_of_others": IssueText(
        "专题“{value}”由其他部门维护，您的角色不能上传。",
        "theme {value!r} is kept by another department; your role cannot send it.",
        "请由该部门上传（见资源共享目录 /data-sets）；可搁置这些行后入库其余。",
        "Have that department send it (see the catalogue, /data-sets); the other rows"
        " can be committed with these set aside.",
    ),
    "basic_farmland_not_cultivated": IssueText(
        "永久基本农田压占宗地 {other_code}（地类 {said}，非耕地）{area_m2} m²。",
        "permanent basic farmland lies on {area_m2} m² of parcel {other_code} (class"
        " {said}, not cultivated).",
        "请核对地类和划定范围。",
        "Check the class and the delimitation.",
    ),
    "unit_on_built_land": IssueText(
        "农用地单元压占宗地 {other_code}（地类 {said}，建设用地）{area_m2} m²。",
        "the farmland unit lies on {area_m2} m² of parcel {other_code} (class {said},"
        " construction land).",
        "请核对地类和单元范围。",
        "Check the class and the unit.",
    ),
    "unit_class_built": IssueText(
        "农用地单元的地类“{value}”属建设用地。",
        "class {value!r} of a farmland unit is construction land.",
        "请核对地类；类别划分只针对农用地。",
        "Check the class; only farmland has a category.",
    ),
    "whole_update_ends_many": IssueText(
        "整体更新将终止登记库中 {spoken_of:,} 个有效对象中的 {ended:,} 个："
        "文件未列出它们（超过 {limit_percent:g}% 即提示，项目默认值）。",
        "The whole update ends {ended:,} of {spoken_of:,} objects in force: the file"
        " does not name them (more than {limit_percent:g} % is warned of, a project"
        " default).",
        "请在比对中核对“终止”的对象；文件若只含部分区域或已被截断，"
        "请改为局部更新重新上传。",
        "Check in the comparison what ends; if the file holds a part only or was cut,"
        " send it again as a partial update.",
    ),
}
