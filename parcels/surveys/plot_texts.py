"""The sentences of what speaks against a row of plots (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.surveys.issue_text import FIX_AND_RESEND, IssueText

PLOT_TEXTS: Final[dict[str, IssueText]] = {
    "plot_on_listed": IssueText(
        "线索地块 {value} 的大部分位于在册地块 {others} 上。",
        "most of candidate {value} lies on the listed plot {others}.",
        "请核对是否同一地块；同一地块不另立编码。",
        "Check whether it is the same ground, which is not given a second code.",
    ),
    "plot_entry_missing": IssueText(
        "地块带来阶段“{value}”，但缺少来源名录的{missing}。",
        "the plot brings stage {value!r} without {missing} of the register it comes"
        " from.",
        "新地块从 candidate（线索）开始；从已公布名录录入的，请填写"
        " LRML、LRPC、LRWJ、LRRQ（名录、批次、来源文件、公布日期）。",
        "A new plot begins as candidate; one taken over from a published register names"
        " it: LRML, LRPC, LRWJ, LRRQ (list, batch, source, day of publication).",
    ),
    "plot_entry_contradicts": IssueText(
        "阶段“{value}”不会出现在名录 {list} 上（应为：{expected}）。",
        "stage {value!r} does not go with register {list} ({expected}).",
        "请核对阶段和来源名录。",
        "Check the stage and the register it was taken from.",
    ),
    "plot_stage_by_event": IssueText(
        "地块的阶段由本系统的事件管理，现为 {found}，文件为“{value}”。",
        "the stage of this plot is kept by events of this system: {found}, the file"
        " says {value!r}.",
        "请用地块事件改变阶段，或改正文件。",
        "Record the event that changes it, or correct the file.",
    ),
    "plot_end_by_event": IssueText(
        "文件使地块在 {value} 失效；地块不因文件终止。",
        "the file ends the plot on {value}; no file ends a plot.",
        "误列请申请更正，分割或合并请用相应功能；否则请去掉失效日期。",
        "Ask for a correction of a mistaken entry, or split or merge the plot; else"
        " leave the end out.",
    ),
    "plot_list_by_event": IssueText(
        "地块 {plot} 的名录由本系统的事件管理，文件的“{value}”与登记不符。",
        "the lists of plot {plot} are kept by events of this system; the file's"
        " {value!r} is not what is on record.",
        "请用地块事件列入或移出，误列请申请更正；或按登记值改正文件。",
        "Record the event that lists or removes the plot, ask for a correction of a"
        " mistaken entry, or bring the file to what the register says.",
    ),
    "plot_event_on_record": IssueText(
        "事件“{value}”改变过地块 {plot} 的阶段或名录，文件不能改写。",
        "event {value!r} moved plot {plot}; no file rewrites it.",
        "请申请更正，由另一人批准；或按登记值改正文件。",
        "Propose its correction for another person to approve, or bring the file to"
        " what the register says.",
    ),
    "plot_correction": IssueText(
        "地块 {code} 的{title}在登记库中为“{found}”，文件另有所述；"
        "该值不由一人更改：入库时保留登记值，并提出更正申请，由另一人批准后生效。",
        "the register says {found!r} for the {title} of plot {code}, the file says"
        " otherwise; one person does not change it: the register's value stays, and"
        " the commit proposes a correction for another person to approve.",
        "请核对；入库理由即为申请理由。批准见“更正”。",
        "Check it; the reason given at the commit is the reason of the proposal, which"
        " is decided under Corrections.",
    ),
    "plot_kept": IssueText(
        "地块 {code} 的{title}在登记库中为“{found}”，文件另有所述；该值须经更正，"
        "而此处无法提出更正申请（地块已按误列注销，或图形缺失、顶点过多）。",
        "the register says {found!r} for the {title} of plot {code}, the file says"
        " otherwise; only a correction changes it, and none can be proposed here (a"
        " mistaken entry, or a shape that is missing or has too many vertices).",
        "请按登记值改正文件。",
        "Bring the file to what the register says.",
    ),
    "paper_kept": IssueText(
        "资料 {code} 已通过评审或已被事件引用，其{title}在登记库中为“{found}”，"
        "文件另有所述；该值不由一人更改。",
        "paper {code} has passed its review or is cited by an event; its {title} is"
        " {found!r} in the register, the file says otherwise, and one person does not"
        " change it.",
        "请按登记值改正文件；登记有误的，请在所属地块申请更正资料，由另一人批准。",
        "Bring the file to what the register says; where that is wrong, propose a"
        " correction of the paper at its plot, which another person approves.",
    ),
    "paper_end": IssueText(
        "资料 {code} 已通过评审或已被事件引用，文件使其在 {value} 失效；"
        "该资料不由一人终止。",
        "paper {code} has passed its review or is cited by an event; the file ends it"
        " on {value}, and one person does not end it.",
        "请去掉失效日期；误登的，请在所属地块申请撤销资料，由另一人批准。",
        "Leave the end out; of a mistaken paper, propose at its plot that it be taken"
        " back, which another person approves.",
    ),
    "plot_field_not_publishable": IssueText(
        "“{value}”含不可公开的字段（可公开：{expected}）。",
        "{value!r} names a field that is not made public ({expected}).",
        *FIX_AND_RESEND,
    ),
    "plot_use_unknown": IssueText(
        "“{value}”含未知的用地类别；应写明分类标准和编码。",
        "{value!r} names no class of use; give the scheme and its code.",
        "负面清单写成 ydyh_2023:0701；现状和规划用途须另填分类标准。",
        "A negative list is written ydyh_2023:0701; current and planned use need their"
        " scheme beside them.",
    ),
}
