"""Errors of the register, plots, documents and tasks: their statuses."""

from __future__ import annotations

from typing import Final

from app.error_catalogue.entry import (
    LATER,
    NOT_FOUND,
    Catalogue,
    Entry,
)
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
    PaperChangesByCorrection,
    PlotsDoNotEnd,
    StageChangesByEvent,
    SuccessionNotPossible,
)
from parcels.register.county_ground import CountyInUse
from parcels.register.history import AlreadyRegistered, NotInForce
from parcels.register.leads import ThemeOfOthers
from parcels.register.repository import UnknownMoment
from parcels.register.restriction import RestrictionNotPossible
from parcels.tasks.calendars import CalendarContradicts
from parcels.tasks.refusals import NotYourBureau, StepNotPossible, TaskNotFound
from parcels.texts import Text

ERRORS: Final[Catalogue] = {
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
    PaperChangesByCorrection: Entry(
        409,
        "paper-by-correction",
        Text("资料须经批准更正", "A paper changes by correction"),
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
    SuccessionNotPossible: Entry(
        409, "succession-not-possible", Text("不能分割或合并", "No split or merge")
    ),
    TaskNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
        Text("没有该任务。", "There is no such task."),
    ),
    DocumentNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
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
        headers=LATER,
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
        NOT_FOUND,
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
    InvalidCode: Entry(422, "invalid-code", Text("代码不合规", "Code not well formed")),
    UnknownCrs: Entry(422, "unknown-crs", Text("坐标系未知", "CRS not known")),
    DatumNotConvertible: Entry(
        422, "datum-not-convertible", Text("坐标系不可转换", "Datum not convertible")
    ),
    CoordinatesOutsideCrs: Entry(
        422, "coordinates-outside-crs", Text("坐标超出范围", "Coordinates outside CRS")
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
    CountyInUse: Entry(
        409, "county-in-use", Text("县不能失效", "The county cannot end")
    ),
    ThemeOfOthers: Entry(403, "not-allowed", Text("无权操作", "Not allowed")),
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
            "该代码在所给时段已有有效对象；请改用 PUT 更新或换用代码。",
            "An object with that code is valid in that time; PUT it, or take another.",
        ),
    ),
}
