"""Why is something about a plot's life refused? (core).

Each refusal names everything that stands in the way; its status is in
`app.error_catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parcels.plots.lifecycle import Missing, Refused
from parcels.refusal import Refusal


class EventNotPossible(Refusal):
    """The plot's state, or something missing, does not let the event happen.

    Attributes
    ----------
    missing
        Everything that stands in the way, with its ground.
    """

    def __init__(self, plot_code: str, refused: Refused) -> None:
        count = len(refused.missing)
        title = refused.transition.title
        super().__init__(
            "guards_missing",
            f"地块 {plot_code} 不能登记“{title.zh}”（{refused.transition.number}）："
            f"缺少 {count} 项条件，见 errors。",
            f"Plot {plot_code}: {title.en} ({refused.transition.number}) cannot be"
            f" recorded; {count} condition(s) missing, see errors.",
        )
        self.missing: Sequence[Missing] = refused.missing


class SuccessionNotPossible(Refusal):
    """Plots cannot be split or merged as asked."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(reason, zh, en)


class DocumentNotUsable(Refusal):
    """A paper cited is not on record, is another plot's, or its code is taken."""

    def __init__(self, code: str, reason: str, zh: str, en: str) -> None:
        super().__init__(reason, f"资料 {code}：{zh}", f"Paper {code}: {en}")


class StageChangesByEvent(Refusal):
    """An edit would change what only an event of the life cycle changes."""

    def __init__(self, plot_code: str, found: str, wanted: str) -> None:
        super().__init__(
            "stage_by_event",
            f"地块 {plot_code} 的阶段和暂不开发标志只能通过事件改变"
            f"（现为 {found}，所给 {wanted}）；请用"
            f" POST /v1/plots/{plot_code}/events。",
            f"Stage and holding of plot {plot_code} change by events only (now"
            f" {found}, sent {wanted}); use POST /v1/plots/{plot_code}/events.",
        )


class EntryNotNamed(Refusal):
    """A new plot brings a stage that no event and no published register explains."""

    def __init__(
        self, plot_code: str, stage: str, missing: Sequence[str], listed: str = ""
    ) -> None:
        if missing:
            names = ", ".join(missing)
            super().__init__(
                "entry_not_named",
                f"地块 {plot_code} 带来阶段 {stage}：新地块从 candidate（线索）开始，"
                f"或写明来源名录；缺少 {names}。",
                f"Plot {plot_code} brings stage {stage}: a new plot begins as candidate"
                f" or names the published register it comes from; missing: {names}.",
            )
        else:
            super().__init__(
                "entry_contradicts",
                f"阶段 {stage} 不会出现在名录 {listed} 上；请核对。",
                f"Stage {stage} does not go with register {listed}; check them.",
            )


class FieldsNotUsable(Refusal):
    """Classes of use, or fields to be made public, that do not exist.

    Attributes
    ----------
    columns
        Columns at fault, each with the value.
    """

    def __init__(self, plot_code: str, columns: Sequence[tuple[str, str]]) -> None:
        found = "; ".join(f"{name}: {value}" for name, value in columns)
        super().__init__(
            "fields_not_usable",
            f"地块 {plot_code} 的用地类别或公开字段不可用：{found}。用地类别写成"
            " ydyh_2023:0701，现状和规划用途须有分类标准。",
            f"Plot {plot_code}: no class of use or field to publish: {found}. Write"
            " ydyh_2023:0701; current and planned use need their scheme.",
        )
        self.columns = tuple(columns)


class PlotsDoNotEnd(Refusal):
    """A plot is ended by a correction, a split or a merge, never by itself."""

    def __init__(self, plot_code: str) -> None:
        super().__init__(
            "plot_does_not_end",
            f"地块 {plot_code} 不能直接终止：误列请用事件 correction_proposed"
            f" 申请更正，由另一人以 entry_withdrawn 批准（POST /v1/plots/{plot_code}"
            "/events），分割或合并请用"
            " POST /v1/plots/successions。",
            f"Plot {plot_code} is not ended by itself: propose that a mistaken"
            " entry be withdrawn (event correction_proposed), which another person"
            f" approves (entry_withdrawn; POST /v1/plots/{plot_code}/events), or split"
            " or merge it (POST /v1/plots/successions).",
        )


def check_stage_kept(
    plot_code: str, found: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Refuse an edit of a plot that changes its stage or its flag.

    Raises
    ------
    StageChangesByEvent
        If it would; the way is an event, whose guards are then asked.
    """
    before = (found["stage"], bool(found["held"]))
    after = (wanted["stage"], bool(wanted["held"]))
    if before != after:
        raise StageChangesByEvent(plot_code, _shown(before), _shown(after))


class BoundaryNotUsable(Refusal):
    """A text is no boundary or place that a plot can have."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            "boundary_not_usable",
            f"更正后的边界或位置不可用：{zh}（EPSG:4490）。",
            f"The corrected boundary or place {en} (EPSG:4490).",
        )


class BoundaryChangesByCorrection(Refusal):
    """An edit would move a plot that is more than a lead."""

    def __init__(self, plot_code: str, columns: Sequence[str]) -> None:
        names = ", ".join(columns)
        super().__init__(
            "boundary_by_correction",
            f"地块 {plot_code} 已列入名单或名录，其边界和位置（{names}）不能由一人直接"
            f"修改：请用事件 correction_proposed 申请更正（wrong_field 为 geometry），"
            f"由另一人批准（POST /v1/plots/{plot_code}/events）；分割、合并请用"
            " POST /v1/plots/successions。",
            f"Plot {plot_code} is more than a lead: one person does not change where it"
            f" lies ({names}). Propose a correction (event correction_proposed,"
            " wrong_field geometry), which another person approves (POST"
            f" /v1/plots/{plot_code}/events); split or merge by POST"
            " /v1/plots/successions.",
        )


class FindingChangesByCorrection(Refusal):
    """An edit would change what a reviewed report has shown."""

    def __init__(self, plot_code: str, columns: Sequence[str]) -> None:
        names = ", ".join(columns)
        super().__init__(
            "finding_by_correction",
            f"地块 {plot_code} 的 {names} 由已登记的事件确定，不能直接修改；请用事件"
            f" correction_proposed 申请更正，由另一人批准（POST /v1/plots/{plot_code}"
            "/events）。",
            f"{names} of plot {plot_code} came with an event on record and is not"
            " edited; propose a correction (event correction_proposed), which another"
            f" person approves (POST /v1/plots/{plot_code}/events).",
        )


class PaperChangesByCorrection(Refusal):
    """One person would edit or end a paper that rules or events rest on."""

    def __init__(
        self, code: str, plot_code: str | None, columns: Sequence[str]
    ) -> None:
        names = ", ".join(columns)
        what_zh = f"不能由一人修改（{names}）" if names else "不能由一人终止"
        what_en = f"change {names}" if names else "end it"
        way_zh, way_en = _way_for_paper(plot_code)
        super().__init__(
            "paper_by_correction",
            f"资料 {code} 已通过评审或已被事件引用，{what_zh}：{way_zh}"
            f"用事件 correction_proposed 申请更正（correction 为 document），"
            "由另一人以 document_corrected 批准。",
            f"Paper {code} has passed its review or is cited by an event; one person"
            f" does not {what_en}. {way_en}ropose a correction (event"
            " correction_proposed, correction document), which another person approves"
            " (document_corrected).",
        )


def _way_for_paper(plot_code: str | None) -> tuple[str, str]:
    if plot_code is not None:
        path = f"POST /v1/plots/{plot_code}/events"
        return f"请（{path}）", f"By {path}, p"
    return (
        "该资料未关联地块：请先为该宗地登记线索地块，以修改写入 plot_code，再",
        "It belongs to no plot: enter a lead for the parcel, write its code into"
        " plot_code by an edit, and then p",
    )


def _shown(state: tuple[str, bool]) -> str:
    stage, held = state
    return f"{stage}, held" if held else stage
