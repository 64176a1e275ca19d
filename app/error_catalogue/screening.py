"""Errors of decisions, runs, indicators and notices: their statuses."""

from __future__ import annotations

from typing import Final

from app.error_catalogue.entry import (
    INVALID,
    NOT_FOUND,
    Catalogue,
    Entry,
)
from parcels.texts import Text
from screening.batch import BatchEnded, BatchNotFound
from screening.categories.proposed import DivisionNotPossible
from screening.certificate.typesetting import CannotTypeset
from screening.consultation import AnsweredAlready, NothingAsked, OpinionNotFound
from screening.indicators.snapshots import (
    PeriodKeptAlready,
    PeriodNotBegun,
    SnapshotNotFound,
)
from screening.inquiry import OutsideJurisdiction, ParcelNotFound, ParcelReplaced
from screening.land_use import InvalidLandUse
from screening.leads import NotALead
from screening.notices.address import AddressRefused
from screening.notices.receivers import ReceiverNotFound, TooManyReceivers
from screening.plot_decision_report import NoPlotDecisions
from screening.recorded import FactNotRecorded
from screening.request import InvalidGateRequest
from screening.rule_set import SubjectInTwoRuleSets
from screening.runs.raster import NoRaster
from screening.runs.rectification import NothingToConfirm
from screening.runs.repository import RunEnded, RunNotDone, RunNotFound
from screening.runs.surface_steps import NoBand
from screening.standing import DecisionNoLonger, DecisionNotFound, OtherMatter
from screening.subject import InvalidSubjectGeometry

ERRORS: Final[Catalogue] = {
    ParcelNotFound: Entry(404, "not-found", NOT_FOUND),
    ParcelReplaced: Entry(
        410, "parcel-replaced", Text("宗地已变更", "Parcel replaced")
    ),
    OutsideJurisdiction: Entry(
        422, "impossible-subject", Text("查询对象不成立", "Subject not possible")
    ),
    InvalidSubjectGeometry: Entry(
        422, "impossible-subject", Text("查询对象不成立", "Subject not possible")
    ),
    SubjectInTwoRuleSets: Entry(
        422, "impossible-subject", Text("查询对象不成立", "Subject not possible")
    ),
    BatchNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该批次。", "There is no such batch."),
    ),
    BatchEnded: Entry(409, "batch-ended", Text("批次已结束", "Batch ended")),
    RunNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该筛查任务。", "There is no such screening run."),
    ),
    RunEnded: Entry(409, "run-ended", Text("筛查任务已结束", "Run ended")),
    NothingToConfirm: Entry(
        409,
        "nothing-to-confirm",
        Text("没有可确认的候选", "No candidate to confirm"),
    ),
    RunNotDone: Entry(409, "run-not-done", Text("尚无结果", "No result yet")),
    DivisionNotPossible: Entry(
        409,
        "division-not-possible",
        Text("划分不能批准或生效", "No approval or adoption"),
    ),
    SnapshotNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该指标快照。", "There is no such snapshot."),
    ),
    PeriodKeptAlready: Entry(
        409, "period-kept-already", Text("已有快照", "Kept already")
    ),
    PeriodNotBegun: Entry(
        422, "period-not-begun", Text("期间尚未开始", "Period not begun")
    ),
    DecisionNotFound: Entry(
        422, "nothing-to-replace", Text("没有可取代的意见书", "No decision to replace")
    ),
    OtherMatter: Entry(
        422, "other-matter", Text("不是同一事项", "Not the same matter")
    ),
    DecisionNoLonger: Entry(
        409, "decision-ended", Text("意见书已失效", "Decision no longer stands")
    ),
    CannotTypeset: Entry(
        503,
        "certificate-unavailable",
        Text("暂不能出具意见书", "Certificate cannot be made now"),
        Text(
            "服务器缺少中文字体或排版组件，请联系管理员。",
            "The server lacks CJK fonts or the typesetting component; tell its"
            " administrator.",
        ),
    ),
    NotALead: Entry(409, "not-a-lead", Text("不是线索", "Not a lead")),
    NothingAsked: Entry(
        409, "nothing-asked", Text("没有征求该意见", "Not asked for that opinion")
    ),
    AnsweredAlready: Entry(
        409, "answered-already", Text("已有意见", "Answered already")
    ),
    OpinionNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该有效意见。", "There is no such opinion that stands."),
    ),
    AddressRefused: Entry(
        422, "address-refused", Text("地址不可用", "Address not usable")
    ),
    TooManyReceivers: Entry(
        409, "too-many-receivers", Text("回调地址过多", "Too many receivers")
    ),
    ReceiverNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该回调地址或通知。", "There is no such receiver or notice."),
    ),
    InvalidGateRequest: Entry(422, "invalid-request", INVALID),
    InvalidLandUse: Entry(
        422, "invalid-land-use", Text("地类编码有误", "Land-use code not valid")
    ),
    FactNotRecorded: Entry(
        409, "fact-not-recorded", Text("记录缺少事实", "Fact not in the record")
    ),
    NoPlotDecisions: Entry(
        422, "no-plot-decisions", Text("没有用地核查台账", "No report of plots")
    ),
    NoRaster: Entry(422, "no-raster", Text("没有栅格", "No raster")),
    NoBand: Entry(422, "no-band", Text("没有该波段", "No such band")),
}
