"""The sentences of every kind of issue, in both languages (core, data).

Parts in braces come from the issue: ``value``, ``field`` and its details. A part that
differs by language is given as ``name_zh`` and ``name_en`` and written ``{name}``.
"""

from __future__ import annotations

from typing import Final

from parcels.register.layer import LONGEST_TEXT
from parcels.surveys.geometry_texts import GEOMETRY_TEXTS
from parcels.surveys.issue_text import FIX_AND_RESEND, IssueText
from parcels.surveys.plot_texts import PLOT_TEXTS
from parcels.surveys.register_texts import REGISTER_TEXTS
from parcels.surveys.result_texts import RESULT_TEXTS
from parcels.surveys.topology_texts import TOPOLOGY_TEXTS

TEXTS: Final[dict[str, IssueText]] = {
    **GEOMETRY_TEXTS,
    **PLOT_TEXTS,
    **REGISTER_TEXTS,
    **RESULT_TEXTS,
    **TOPOLOGY_TEXTS,
    "field_missing": IssueText(
        "文件缺少必填字段“{title}”（可用字段名：{expected}）。",
        "The file has no field for {title} (usual names: {expected}).",
        "请补上该字段，或在字段对应中指明用哪个字段。",
        "Add the field, or say in the mapping which field holds it.",
    ),
    "value_missing": IssueText(
        "必填值为空。",
        "a required value is empty.",
        "请填写后重新上传。",
        "Fill it in and upload again.",
    ),
    "value_not_allowed": IssueText(
        "值“{value}”不在允许范围内（应为：{expected}）。",
        "{value!r} is not one of the allowed values ({expected}).",
        *FIX_AND_RESEND,
    ),
    "theme_unknown": IssueText(
        "主题“{value}”不是规则所知的主题（{expected}），核查时不起作用。",
        "theme {value!r} is none that the rules know ({expected}); it decides nothing.",
        "请核对写法；确为本单位自有主题的，可说明理由后入库。",
        "Check the spelling; if it is the bureau's own theme, commit it with a reason.",
    ),
    "number_unreadable": IssueText(
        "“{value}”不是数字。",
        "{value!r} is not a number.",
        "请只写半角数字和小数点，不带单位。",
        "Write digits and a decimal point only, without a unit.",
    ),
    "number_comma": IssueText(
        "“{value}”中的逗号可能是小数点，也可能是千位分隔符，未作猜测。",
        "the comma in {value!r} may be a decimal sign or part thousands; it is not"
        " guessed.",
        "请把小数点写成半角“.”，去掉千位分隔符；由 Excel 导出的，可先在其选项中把小数"
        "分隔符设为“.”再另存。",
        "Write the decimal sign as a point and nothing between thousands; where Excel"
        " wrote the file, set its decimal separator to a point and save it again.",
    ),
    "number_out_of_range": IssueText(
        "数字“{value}”超出可用范围。",
        "{value!r} is outside the usable range of numbers.",
        *FIX_AND_RESEND,
    ),
    "integer_expected": IssueText(
        "“{value}”不是整数。",
        "{value!r} is not a whole number.",
        *FIX_AND_RESEND,
    ),
    "position_unreadable": IssueText(
        "“{value}”不是一对度分秒坐标，或位置不在中国范围内。",
        "{value!r} is no pair of degrees, minutes and seconds, or no place in China.",
        "请写成 34°45′47.62″ N, 114°18′36.56″ E，或分经度、纬度两列填写。",
        "Write 34°45′47.62″ N, 114°18′36.56″ E, or longitude and latitude apart.",
    ),
    "date_unreadable": IssueText(
        "“{value}”不是日期。",
        "{value!r} is not a date.",
        "请写成 2024-05-01 或 20240501。",
        "Write it as 2024-05-01 or 20240501.",
    ),
    "dates_reversed": IssueText(
        "失效日期 {value} 不晚于生效日期 {valid_from}。",
        "the end {value} is not after the beginning {valid_from}.",
        *FIX_AND_RESEND,
    ),
    "boolean_unreadable": IssueText(
        "“{value}”不是“是/否”。",
        "{value!r} is neither yes nor no.",
        "请写“是”或“否”（或 1 / 0）。",
        "Write 1 or 0, true or false, 是 or 否.",
    ),
    "text_undecodable": IssueText(
        "字节 {value} 不是合法的 {encoding} 文字。",
        "the bytes {value} are no text in {encoding}.",
        "请核对文件编码；也可能有值在字符中间被截断。",
        "Check the declared encoding; a value may also be cut inside a character.",
    ),
    "text_damaged": IssueText(
        "文字“{value}”含有控制字符或替换符，可能已损坏。",
        "the text {value!r} holds control or replacement characters: it is damaged.",
        "请从源数据重新导出；多为此前编码转换出错。",
        "Export it again from the source; an earlier conversion of encodings failed.",
    ),
    "text_too_long": IssueText(
        f"文字“{{value}}…”超过 {LONGEST_TEXT} 个字符。",
        f"the text {{value!r}} … has more than {LONGEST_TEXT} characters.",
        "请缩短，较长的说明请作为资料另行保存。",
        "Shorten it; keep longer remarks as a document.",
    ),
    "code_malformed": IssueText(
        "{reason}",
        "{reason}",
        *FIX_AND_RESEND,
    ),
    "code_unusual": IssueText(
        "{reason}",
        "{reason}",
        "请核对；确实如此可以入库。",
        "Check it; it can be imported if it is really so.",
    ),
    "code_duplicate": IssueText(
        "编码“{value}”重复，首次出现在第 {first_row} 行。",
        "code {value!r} occurs more than once, first in row {first_row}.",
        "每个编码只能有一行：请合并或改正；搁置差错行时同一编码的各行都不入库。",
        "Keep one row a code: merge them or correct one. Setting faulty rows aside"
        " leaves out every row of the code.",
    ),
    "division_unknown": IssueText(
        "无法确定该行所属的县。",
        "it is not known which county this row belongs to.",
        "请填写 XZQDM，或按县上传并声明县级行政区代码。",
        "Fill in XZQDM, or upload by county and declare the county.",
    ),
    "division_conflict": IssueText(
        "代码属于 {code_county}，而 XZQDM 为 {value}。",
        "the code belongs to {code_county} but XZQDM says {value}.",
        *FIX_AND_RESEND,
    ),
    "division_outside": IssueText(
        "行政区 {value} 不在本次上传的范围 {division} 内。",
        "division {value} lies outside {division}, for which this file was sent.",
        "请删去该行，或由有权限的单位上传。",
        "Remove the row, or let the bureau in charge upload it.",
    ),
    "land_use_unknown": IssueText(
        "“{value}”不是分类标准 {scheme} 的地类编码。",
        "{value!r} is no class of the scheme {scheme}.",
        "请核对编码和 DLBZ 所填的分类标准；同一数字在不同标准中含义不同。",
        "Check the code and the scheme in DLBZ: the same digits mean different uses in"
        " different schemes.",
    ),
    "land_use_of_survey": IssueText(
        "“{value}”是国土调查的工作分类编码，按“{kept}”入库。",
        "{value!r} is a working code of the land survey; it is kept as {kept!r}.",
        "无须处理；如有误请改正后重新上传。",
        "Nothing needs doing; correct it and upload again if it is wrong.",
    ),
    "land_use_scheme_missing": IssueText(
        "有地类编码“{value}”而无分类标准；同一编码在不同标准中含义不同。",
        "land-use code {value!r} without its scheme; the same digits mean different"
        " uses in different schemes.",
        "请在字段 DLBZ 写明标准：gbt21010_2017、ydyh_2023 或 gb50137_2011。",
        "Name the scheme in field DLBZ: gbt21010_2017, ydyh_2023 or gb50137_2011.",
    ),
    "heights_dropped": IssueText(
        "{count} 个图形带有高程或 M 值，入库时只保留平面坐标。",
        "{count} geometries carry heights or measures; only the plane is kept.",
        "无需处理。",
        "Nothing to do.",
    ),
    "area_differs": IssueText(
        "登记面积 {declared} {declared_unit}与图形椭球面积 {mapped_area_m2} m² 相差"
        " {percent}%。",
        "the declared area {declared} {declared_unit} differs from the ellipsoidal"
        " area {mapped_area_m2} m² by {percent} %.",
        "请核对面积和图形（差值超过 1% 不予入库）。",
        "Check area and geometry (more than 1 % is refused).",
    ),
    "area_differs_slightly": IssueText(
        "登记面积 {declared} {declared_unit}与图形椭球面积 {mapped_area_m2} m² 相差"
        " {percent}%。",
        "the declared area {declared} {declared_unit} differs from the ellipsoidal"
        " area {mapped_area_m2} m² by {percent} %.",
        "差值超过 0.1%，请核对；可能用了平面面积。",
        "More than 0.1 %: check it; a planar area may have been written.",
    ),
    "area_unit": IssueText(
        "登记面积 {declared} 像是以{unit}计：图形椭球面积为 {mapped_area_m2} m²。",
        "the declared area {declared} looks like {unit}: the ellipsoidal area is"
        " {mapped_area_m2} m².",
        "面积字段应以平方米计，请换算。",
        "Areas are in square metres: convert them.",
    ),
    "area_below_minimum": IssueText(
        "面积 {area_m2} m² 小于最小上图面积 {least_m2} m²。",
        "the area of {area_m2} m² is below the least a land survey draws ({least_m2}"
        " m²).",
        "地籍测量中可以更小，仅作提示。",
        "Cadastral surveys may go below; a note only.",
    ),
    "land_survey_town_missing": IssueText(
        "地类 {land_use} 须填城镇村属性码。",
        "class {land_use} needs its attribute of town and village.",
        "请按实际填写 201–205。",
        "Fill in 201 to 205 as it is.",
    ),
    "land_survey_town_contradicts": IssueText(
        "地类 {land_use} 的城镇村属性码为“{value}”，应为 {expected}。",
        "the attribute of town and village of class {land_use} is {value!r}; expected"
        " {expected}.",
        "请核对地类和城镇村属性码。",
        "Check the class and the attribute.",
    ),
    "land_survey_refinement_contradicts": IssueText(
        "“{value}”与地类 {land_use} 不符，应属地类 {expected}。",
        "{value!r} does not agree with class {land_use}; it belongs to class"
        " {expected}.",
        "请核对地类、图斑细化和种植属性。",
        "Check class, refinement and planting.",
    ),
    "land_survey_areas_disagree": IssueText(
        "图斑地类面积 {value} 不等于图斑面积减扣除面积（应为 {expected}）。",
        "the net area {value} is not the whole less the deducted area ({expected}).",
        "请核对 TBMJ、KCMJ、TBDLMJ。",
        "Check TBMJ, KCMJ and TBDLMJ.",
    ),
    "order_reversed": IssueText(
        "“{value}”小于字段 {other_field} 的“{other_value}”。",
        "{value!r} comes before {other_value!r} of field {other_field}.",
        "请核对两个字段的先后或大小。",
        "Check which of the two fields is wrong.",
    ),
    "number_too_small": IssueText(
        "数字“{value}”应{expected}。",
        "the number {value!r} should be {expected}.",
        *FIX_AND_RESEND,
    ),
    "date_after_validity": IssueText(
        "日期 {value} 晚于该行生效日 {valid_from}。",
        "the day {value} is after {valid_from}, from which the row holds.",
        "请核对上传时声明的生效日期。",
        "Check the date from which the file holds.",
    ),
    "coordinates_shifted": IssueText(
        "坐标来源为 {value}，可能偏移达 {shift_m} m，图上以圆环表示。",
        "the coordinates are {value}, which may be {shift_m} m off; the ring shows"
        " where the point may lie.",
        "请以测量坐标或 GNSS 坐标替换；系统不作转换。",
        "Replace them by surveyed or GNSS coordinates; they are not converted.",
    ),
    "accuracy_implausible": IssueText(
        "点位精度 {value} m 与坐标来源不符（偏移至少约 {expected_m} m）。",
        "an accuracy of {value} m does not fit the source of the coordinates, which is"
        " at least about {expected_m} m off.",
        "请核对点位精度和坐标来源。",
        "Check accuracy and source.",
    ),
    "accuracy_unknown": IssueText(
        "点位精度未知：坐标并非测得，也未填点位精度。",
        "the point's accuracy is not known: it was not surveyed and none is stated.",
        "请填写点位精度（米）和坐标来源。",
        "State the accuracy in metres and the source of the coordinates.",
    ),
    "point_repeated": IssueText(
        "与第 {other_row} 行位于同一点。",
        "lies at the same point as row {other_row}.",
        "请核对是否复制了坐标。",
        "Check whether the coordinates were copied.",
    ),
    "crs_contradicts_file": IssueText(
        "文件自述坐标系为 {found}，声明为 EPSG:{srid}；按声明处理。",
        "the file says its CRS is {found}, declared is EPSG:{srid}; the declared one"
        " was used.",
        "请核对哪一个正确。",
        "Check which one is right.",
    ),
    "later_version": IssueText(
        "编码“{value}”自 {later_from} 起另有登记；本行只到该日为止。",
        "code {value!r} has a later version from {later_from}; this row holds until"
        " then only.",
        "请核对生效日期。",
        "Check the date from which the file holds.",
    ),
}
