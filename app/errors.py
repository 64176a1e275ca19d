"""Which status has an error? One table; the text is the error's own.

Core and shell raise small typed errors; only this file knows HTTP. An error that is
not listed is a fault of the program: 500, logged, with nothing of its inside shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app import database_errors, request_errors
from app.ogc.words import BadQuery, NotThere
from app.oidc.refusals import (
    PersonNotEntered,
    PersonSwitchedOff,
    ProviderUnreachable,
    TokenRefused,
)
from app.problems import Fault, Problem, problem_response
from app.refusals import DatabaseUnusable
from app.security.users import ScopeTooNarrow, UserEntered, UserNotFound
from app.validation import gate_faults, plot_faults, read_faults
from parcels.codes import InvalidCode
from parcels.crs import CoordinatesOutsideCrs, DatumNotConvertible, UnknownCrs
from parcels.documents.firms import ListingEnded, ListingNotFound
from parcels.documents.refusals import (
    DocumentBytesMissing,
    DocumentNotFound,
    DocumentRefusedByScan,
    DocumentTypeRefused,
    FileNotStored,
    ScanNotPossible,
)
from parcels.exports.formats import NotExportable
from parcels.ledger.prove import NoSuchTree
from parcels.plots.refusals import (
    BoundaryChangesByCorrection,
    BoundaryNotUsable,
    DocumentNotUsable,
    EntryNotNamed,
    EventNotPossible,
    FieldsNotUsable,
    FindingChangesByCorrection,
    PlotsDoNotEnd,
    StageChangesByEvent,
    SuccessionNotPossible,
)
from parcels.refusal import Refusal
from parcels.register.history import AlreadyRegistered, NotInForce
from parcels.register.repository import UnknownMoment
from parcels.register.restriction import RestrictionNotPossible
from parcels.surveys import errors as survey_errors
from parcels.surveys.refusals import FileRefused
from parcels.surveys.saved_mappings import MappingNotFound
from parcels.tasks.calendars import CalendarContradicts
from parcels.tasks.refusals import NotYourBureau, StepNotPossible, TaskNotFound
from screening.batch import BatchEnded, BatchNotFound
from screening.categories.adoption import DivisionNotPossible
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
from screening.recorded import FactNotRecorded
from screening.request import InvalidGateRequest
from screening.rule_set import SubjectInTwoRuleSets
from screening.runs.raster import NoRaster
from screening.runs.rectification import NothingToConfirm
from screening.runs.repository import RunEnded, RunNotDone, RunNotFound
from screening.standing import DecisionNoLonger, DecisionNotFound
from screening.subject import InvalidSubjectGeometry
from screening.texts import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """Status, stable name and title of an error; `detail` when it brings no text."""

    status: int
    slug: str
    title: Text
    detail: Text | None = None
    headers: Mapping[str, str] | None = None


_INVALID = Text("请求有误", "The request is not valid")
_REPEAT = {"Retry-After": "1"}
_LATER = {"Retry-After": "5"}
_BUSY_TEXT = Text(
    "数据库正忙,请求没有生效;请稍后以相同的 Idempotency-Key 重试。",
    "The database is busy and nothing was done; repeat with the same Idempotency-Key.",
)
_AWAY_TEXT = Text(
    "数据库暂不可用;请稍后以相同的 Idempotency-Key 重试。",
    "The database does not answer; repeat later with the same Idempotency-Key.",
)

TABLE: Final[Mapping[type[Exception], Entry]] = {
    request_errors.NotSignedIn: Entry(
        401,
        "not-signed-in",
        Text("未登录", "Not signed in"),
        headers={"WWW-Authenticate": 'Bearer realm="jingtu"'},
    ),
    TokenRefused: Entry(
        401,
        "token-refused",
        Text("令牌不可用", "Token not usable"),
        headers={"WWW-Authenticate": 'Bearer realm="jingtu", error="invalid_token"'},
    ),
    UserEntered: Entry(
        409, "user-entered", Text("人员已登记", "Person entered already")
    ),
    UserNotFound: Entry(404, "not-found", Text("没有找到", "Not found")),
    ScopeTooNarrow: Entry(422, "invalid-code", Text("代码不合规", "Code not usable")),
    PersonNotEntered: Entry(
        403, "person-not-entered", Text("人员未登记", "Person not entered")
    ),
    PersonSwitchedOff: Entry(
        403, "person-switched-off", Text("账号已停用", "Person switched off")
    ),
    ProviderUnreachable: Entry(
        503,
        "identity-provider",
        Text("身份认证服务不可用", "Identity provider does not answer"),
    ),
    request_errors.NotAllowed: Entry(
        403, "not-allowed", Text("无权操作", "Not allowed")
    ),
    request_errors.OutsideDivision: Entry(
        403, "outside-division", Text("超出管辖范围", "Outside your division")
    ),
    request_errors.BadCsrfToken: Entry(
        403, "csrf-token", Text("页面令牌无效", "Page token not valid")
    ),
    request_errors.CrossSite: Entry(
        403, "cross-site", Text("来自其他网站", "From another site")
    ),
    request_errors.TooManySignIns: Entry(
        429, "too-many-sign-ins", Text("登录尝试过多", "Too many attempts to sign in")
    ),
    request_errors.NotFound: Entry(404, "not-found", Text("没有找到", "Not found")),
    request_errors.ImpossibleSubject: Entry(
        422, "impossible-subject", Text("查询对象不成立", "Subject not possible")
    ),
    ParcelNotFound: Entry(404, "not-found", Text("没有找到", "Not found")),
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
    request_errors.AmbiguousCode: Entry(
        409, "ambiguous-code", Text("代码不唯一", "Code not unique")
    ),
    request_errors.BodyTooLarge: Entry(
        413, "body-too-large", Text("请求过大", "Request too large")
    ),
    request_errors.BodyTooSlow: Entry(
        408, "body-too-slow", Text("正文接收超时", "Body too slow")
    ),
    request_errors.NotJsonType: Entry(
        415, "not-json-type", Text("正文类型不受支持", "Body type not supported")
    ),
    request_errors.NotJson: Entry(
        400, "not-json", Text("正文不是有效 JSON", "Body is not valid JSON")
    ),
    request_errors.NotAcceptable: Entry(
        406, "not-acceptable", Text("没有该格式", "No such form")
    ),
    # The standard's own status (OGC API Features Part 1, 7.5).
    BadQuery: Entry(400, "bad-request", _INVALID),
    NotThere: Entry(404, "not-found", Text("没有找到", "Not found")),
    request_errors.InvalidRequest: Entry(422, "invalid-request", _INVALID),
    request_errors.VersionNotNamed: Entry(
        428, "version-not-named", Text("未指明版本", "Version not named")
    ),
    request_errors.VersionMoved: Entry(
        412, "version-moved", Text("版本已变", "Version has moved")
    ),
    request_errors.KeyReused: Entry(
        422, "idempotency-key-reused", Text("重复键已用", "Idempotency-Key used before")
    ),
    request_errors.StillInProgress: Entry(
        409,
        "in-progress",
        Text("仍在处理", "Still in progress"),
        headers=_REPEAT,
    ),
    BatchNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
        Text("没有该批次。", "There is no such batch."),
    ),
    BatchEnded: Entry(409, "batch-ended", Text("批次已结束", "Batch ended")),
    RunNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
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
        Text("没有找到", "Not found"),
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
    request_errors.NotFormType: Entry(
        415, "not-form-type", Text("正文类型不受支持", "Body type not supported")
    ),
    request_errors.NotAForm: Entry(
        400, "not-a-form", Text("正文不是完整的表单", "Body is no complete form")
    ),
    survey_errors.UploadNotFound: Entry(
        404, "not-found", Text("没有找到", "Not found")
    ),
    MappingNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
        Text("没有该名称的字段对应方案。", "No mapping is kept under that name."),
    ),
    survey_errors.LayerNotWritable: Entry(
        403, "not-allowed", Text("无权操作", "Not allowed")
    ),
    survey_errors.DivisionNotYours: Entry(
        403, "outside-division", Text("超出管辖范围", "Outside your division")
    ),
    survey_errors.UploadTooLarge: Entry(
        413, "upload-too-large", Text("文件过大", "File too large")
    ),
    survey_errors.ArchiveFull: Entry(
        507, "archive-full", Text("磁盘已满", "No room for the file")
    ),
    survey_errors.UploadInOtherState: Entry(
        409, "upload-state", Text("状态不符", "Not in that state")
    ),
    survey_errors.UploadNotReady: Entry(
        409, "upload-state", Text("尚不能入库", "Not ready to commit")
    ),
    survey_errors.UploadBusy: Entry(
        409, "upload-busy", Text("仍在处理", "Still at work"), headers=_REPEAT
    ),
    survey_errors.FaultsOfWholeFile: Entry(
        409, "upload-state", Text("尚不能入库", "Not ready to commit")
    ),
    survey_errors.WholeNeedsEveryRow: Entry(
        409, "upload-state", Text("尚不能入库", "Not ready to commit")
    ),
    survey_errors.WarningsNotAccepted: Entry(
        409, "warnings-not-accepted", Text("警告未被接受", "Warnings not accepted")
    ),
    survey_errors.ConfirmationIncomplete: Entry(
        422, "confirmation-incomplete", Text("确认不完整", "Confirmation incomplete")
    ),
    survey_errors.RegisterMovedSince: Entry(
        409, "register-moved", Text("登记簿已变", "The register has moved")
    ),
    survey_errors.StagedRowsLost: Entry(
        409, "staged-rows-lost", Text("须重新检查", "To be checked again")
    ),
    survey_errors.RevertRefused: Entry(
        409, "revert-refused", Text("不能撤回", "Cannot be taken back")
    ),
    EventNotPossible: Entry(
        409, "event-not-possible", Text("事件不能登记", "Event not possible")
    ),
    DocumentNotUsable: Entry(
        409, "document-not-usable", Text("资料不能引用", "Paper not usable")
    ),
    StageChangesByEvent: Entry(
        409, "stage-by-event", Text("阶段须通过事件改变", "Stage changes by event")
    ),
    BoundaryChangesByCorrection: Entry(
        409,
        "boundary-by-correction",
        Text("边界须经批准更正", "A boundary changes by correction"),
    ),
    BoundaryNotUsable: Entry(
        422, "boundary-not-usable", Text("边界不可用", "Boundary not usable")
    ),
    FindingChangesByCorrection: Entry(
        409,
        "finding-by-correction",
        Text("结论须经批准更正", "A finding changes by correction"),
    ),
    EntryNotNamed: Entry(
        409, "stage-by-event", Text("阶段须通过事件改变", "Stage changes by event")
    ),
    FieldsNotUsable: Entry(
        422, "fields-not-usable", Text("字段值不可用", "Values not usable")
    ),
    PlotsDoNotEnd: Entry(
        409, "plot-does-not-end", Text("地块不能直接终止", "A plot does not end")
    ),
    NotALead: Entry(409, "not-a-lead", Text("不是线索", "Not a lead")),
    SuccessionNotPossible: Entry(
        409, "succession-not-possible", Text("不能分割或合并", "No split or merge")
    ),
    NothingAsked: Entry(
        409, "nothing-asked", Text("没有征求该意见", "Not asked for that opinion")
    ),
    AnsweredAlready: Entry(
        409, "answered-already", Text("已有意见", "Answered already")
    ),
    OpinionNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
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
        Text("没有找到", "Not found"),
        Text("没有该回调地址或通知。", "There is no such receiver or notice."),
    ),
    TaskNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
        Text("没有该任务。", "There is no such task."),
    ),
    DocumentNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
        Text("没有该文件。", "There is no such document."),
    ),
    DocumentTypeRefused: Entry(
        415, "document-type", Text("文件类型不受支持", "File type not accepted")
    ),
    DocumentRefusedByScan: Entry(
        422, "document-refused", Text("文件被拒绝", "Document refused")
    ),
    FileNotStored: Entry(409, "file-not-stored", Text("文件未上传", "File not stored")),
    ScanNotPossible: Entry(
        503,
        "scan-not-possible",
        Text("不能扫描文件", "Document cannot be scanned"),
        Text(
            "病毒扫描程序不能运行，文件没有保存；请通知管理员。",
            "The scan for viruses does not run; nothing was kept. Tell the"
            " administrator.",
        ),
        headers=_LATER,
    ),
    DocumentBytesMissing: Entry(
        503,
        "document-missing",
        Text("文件不在存储中", "Document not in its place"),
        Text(
            "登记的文件不在数据目录中；请通知管理员从备份恢复。",
            "The file is not in the data directory; tell the administrator, who has to"
            " restore it.",
        ),
    ),
    CalendarContradicts: Entry(
        422, "calendar-day", Text("工作日历有误", "Calendar not possible")
    ),
    ListingNotFound: Entry(
        404,
        "not-found",
        Text("没有找到", "Not found"),
        Text("没有可由您移出的记录。", "There is no such listing that you may end."),
    ),
    ListingEnded: Entry(
        409, "listing-ended", Text("不能移出", "Listing cannot be ended")
    ),
    StepNotPossible: Entry(
        409, "step-not-possible", Text("步骤不能登记", "Step not possible")
    ),
    NotYourBureau: Entry(
        403, "other-bureau", Text("由其他部门办理", "Another bureau's task")
    ),
    NotExportable: Entry(422, "not-exportable", Text("无法导出", "Cannot be exported")),
    FileRefused: Entry(
        422, "upload-declaration", Text("上传声明有误", "Declaration not usable")
    ),
    InvalidGateRequest: Entry(422, "invalid-request", _INVALID),
    InvalidCode: Entry(422, "invalid-code", Text("代码不合规", "Code not well formed")),
    InvalidLandUse: Entry(
        422, "invalid-land-use", Text("地类编码有误", "Land-use code not valid")
    ),
    UnknownCrs: Entry(422, "unknown-crs", Text("坐标系未知", "CRS not known")),
    DatumNotConvertible: Entry(
        422, "datum-not-convertible", Text("坐标系不可转换", "Datum not convertible")
    ),
    CoordinatesOutsideCrs: Entry(
        422, "coordinates-outside-crs", Text("坐标超出范围", "Coordinates outside CRS")
    ),
    FactNotRecorded: Entry(
        409, "fact-not-recorded", Text("记录缺少事实", "Fact not in the record")
    ),
    NoSuchTree: Entry(422, "no-such-tree", Text("没有该树头", "No such tree")),
    UnknownMoment: Entry(
        422,
        "unknown-moment",
        Text("没有该时点", "No such moment"),
        Text(
            "known_at 早于第一次变更或大于最新变更号。",
            "known_at lies before the first change or beyond the last one.",
        ),
    ),
    NotInForce: Entry(
        409,
        "not-in-force",
        Text("该日无有效版本", "Not in force that day"),
        Text("该对象在所给日期没有有效版本。", "No version is in force on that day."),
    ),
    NoRaster: Entry(422, "no-raster", Text("没有栅格", "No raster")),
    RestrictionNotPossible: Entry(
        409,
        "restriction-not-possible",
        Text("不能登记环评限批", "Limit to approvals not possible"),
    ),
    AlreadyRegistered: Entry(
        409,
        "already-registered",
        Text("代码已登记", "Already registered"),
        Text(
            "该代码在所给时段已有有效对象;请改用 PUT 更新或换用代码。",
            "An object with that code is valid in that time; PUT it, or take another.",
        ),
    ),
    database_errors.RegisterMoved: Entry(
        409,
        "register-moved",
        Text("登记簿已变", "The register has moved"),
        Text(
            "另一次变更已先完成;请重新读取后再改。",
            "Another change came first; read again, then change.",
        ),
        headers=_REPEAT,
    ),
    database_errors.OutsideRights: Entry(
        403,
        "not-allowed",
        Text("无权操作", "Not allowed"),
        Text("数据库拒绝了该写入。", "The database refused this write."),
    ),
    database_errors.ValueRefused: Entry(
        422,
        "value-refused",
        Text("数值不能保存", "Value cannot be stored"),
        Text(
            "某个值超出范围或含有不能保存的字符。",
            "A value is out of range or has characters that cannot be stored.",
        ),
    ),
    database_errors.DatabaseBusy: Entry(
        503, "busy", Text("正忙", "Busy"), _BUSY_TEXT, headers=_REPEAT
    ),
    database_errors.QuestionTooLarge: Entry(
        503,
        "took-too-long",
        Text("耗时过长", "Took too long"),
        Text(
            "查询超过时限;请缩小范围后重试。",
            "The question ran into the time limit; ask for less, then repeat.",
        ),
        headers=_LATER,
    ),
    database_errors.StorageFull: Entry(
        503,
        "storage-full",
        Text("存储已满", "Storage full"),
        Text(
            "磁盘已满,请求没有生效;请通知管理员。",
            "The disk is full and nothing was done; tell the administrator.",
        ),
        headers={"Retry-After": "60"},
    ),
    DatabaseUnusable: Entry(
        503,
        "not-ready",
        Text("尚未就绪", "Not ready"),
        Text(
            "数据库尚不能使用;请查看服务日志。",
            "The database cannot be used as it is; see the service's log.",
        ),
        headers=_LATER,
    ),
    database_errors.DatabaseUnavailable: Entry(
        503, "unavailable", Text("暂不可用", "Unavailable"), _AWAY_TEXT, headers=_LATER
    ),
}

_AS: Final = {"HEAD": "GET"}
_HTTP: Final[Mapping[int, Entry]] = {
    400: Entry(400, "bad-request", Text("请求有误", "Bad request")),
    404: Entry(404, "no-such-path", Text("没有该地址", "No such path")),
    405: Entry(405, "method-not-allowed", Text("方法不允许", "Method not allowed")),
}

INTERNAL: Final = Problem(
    500,
    "internal",
    Text("服务内部错误", "Internal error"),
    Text(
        "服务出错,已记录;请把 request_id 告知管理员。",
        "The service failed and has logged it; give request_id to the administrator.",
    ),
)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem an error stands for; None when it is not listed."""
    entry = next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), None)
    if entry is None:
        return None
    return Problem(
        entry.status,
        entry.slug,
        entry.title,
        _detail(error, entry),
        faults=_faults(error),
        members=_members(error),
        headers={**(entry.headers or {}), **_headers(error)},
    )


def _detail(error: Exception, entry: Entry) -> Text | None:
    if isinstance(error, Refusal):
        return Text(error.zh, error.en)
    return entry.detail


def _faults(error: Exception) -> tuple[Fault, ...]:
    if isinstance(error, InvalidGateRequest):
        return gate_faults(error)
    if isinstance(error, EventNotPossible):
        return plot_faults(error)
    return tuple(getattr(error, "faults", ()))


_MEMBERS: Final = ("successors", "divisions", "offered", "kinds", "codes")


def _members(error: Exception) -> dict[str, Any]:
    members: dict[str, Any] = {
        name: list(found) for name in _MEMBERS if (found := getattr(error, name, None))
    }
    if isinstance(error, PersonNotEntered):
        members |= {"issuer": error.issuer, "subject": error.subject}
    if isinstance(error, Refusal):
        members["reason"] = error.reason
    return members


def _headers(error: Exception) -> dict[str, str]:
    seconds = getattr(error, "retry_after_s", None)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def install(app: FastAPI) -> None:
    """Have every error of the table, of validation and of routing answered here."""
    for kind in TABLE:
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    assert problem is not None
    return problem_response(request, problem)


async def _answer_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _answer(request, request_errors.InvalidRequest(read_faults(error)))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    entry = _HTTP.get(error.status_code) or Entry(
        error.status_code, "http", Text("请求未完成", str(error.detail))
    )
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_list_methods(request))
    problem = Problem(entry.status, entry.slug, entry.title, headers=headers)
    return problem_response(request, problem)


def _list_methods(request: Request) -> list[str]:
    """Return the methods a path answers to; each is a route of its own."""
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE")
        if any(
            route.matches({**request.scope, "method": _AS.get(method, method)})[0]
            is Match.FULL
            for route in request.app.router.routes
        )
    ]
