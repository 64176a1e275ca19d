"""The sentences of issues of laboratory results, in both languages (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.surveys.issue_text import FIX_AND_RESEND, IssueText

RESULT_TEXTS: Final[dict[str, IssueText]] = {
    "result_missing": IssueText(
        "既无检测数值，也未注明未检出。",
        "there is neither a value nor a word that nothing was detected.",
        "请填写数值，或注明未检出及检出限。",
        "Fill in the value, or say non-detect with its limit.",
    ),
    "detection_limit_missing": IssueText(
        "注明未检出而无检出限。",
        "it says non-detect without a detection limit.",
        "请补填检出限；否则该结果不能与标准值比较。",
        "Add the limit; without it the result cannot be compared with a standard.",
    ),
    "unit_unknown": IssueText(
        "不认识的单位“{value}”。",
        "{value!r} is not a unit that is known.",
        "土壤、农产品请用 mg/kg 或 μg/kg，水样请用 mg/L 或 μg/L；不要写 ppm。",
        "Give soil and produce in mg/kg or µg/kg, water in mg/L or µg/L; ppm is not"
        " taken, it may mean either.",
    ),
    "unit_unfit": IssueText(
        "单位“{value}”与样品介质或项目不符。",
        "the unit {value!r} does not fit the medium or the item.",
        "请核对：土壤、农产品以质量计（mg/kg），水样以体积计（mg/L），pH 无量纲。",
        "Check: soil and produce go by mass (mg/kg), water by volume (mg/L), pH has no"
        " unit.",
    ),
    "ph_impossible": IssueText(
        "pH “{value}”不在 0 至 14 之间。",
        "pH {value!r} is not between 0 and 14.",
        *FIX_AND_RESEND,
    ),
    "content_impossible": IssueText(
        "含量“{value}”mg/kg 超过样品本身的质量。",
        "a content of {value} mg/kg is more than the sample weighs.",
        "请核对数值和单位后重新上传。",
        "Check number and unit, and send the file again.",
    ),
    "analyte_unknown": IssueText(
        "不认识的检测项目“{value}”，按原文保存，不参与评价。",
        "the item {value!r} is not known; it is kept as written and judges nothing.",
        "请核对名称，或写元素符号。",
        "Check its name, or write the element's symbol.",
    ),
    "non_detect_with_value": IssueText(
        "注明未检出，却又有数值“{value}”；按未检出处理，数值照存。",
        "it says non-detect and gives {value!r} all the same; it counts as a"
        " non-detect, the number is kept.",
        "请核对；如为检出限之半，应填检出限。",
        "Check it; if it is half the detection limit, give the limit.",
    ),
    "result_repeated": IssueText(
        "与第 {other_row} 行为同一点位、同一采样日期和深度的同一项目（“{value}”）；"
        "均保留。",
        "the same item ({value!r}) of the same point, day and depth as in row"
        " {other_row}; both are kept.",
        "请核对是否为平行样，并以样品编号区分。",
        "Check whether they are duplicates of one sample; tell them apart by their"
        " sample codes.",
    ),
    "value_outlying": IssueText(
        "数值“{value}”明显偏离本文件同一项目的其他结果"
        "（四分位 {low:g} 至 {high:g}）；保留。",
        "{value!r} lies far from the other results of its item in this file (quartiles"
        " {low:g} to {high:g}); it is kept.",
        "请核对单位和小数点；确属实测则无须处理。",
        "Check unit and decimal point; leave it if it was measured so.",
    ),
}
