"""Errors of survey files on their way into the register: their statuses."""

from __future__ import annotations

from typing import Final

from app.error_catalogue.entry import (
    NOT_FOUND,
    REPEAT,
    Catalogue,
    Entry,
)
from parcels.surveys import errors as survey_errors
from parcels.surveys.refusals import FileRefused
from parcels.surveys.saved_mappings import MappingNotFound
from parcels.texts import Text

ERRORS: Final[Catalogue] = {
    survey_errors.UploadNotFound: Entry(404, "not-found", NOT_FOUND),
    MappingNotFound: Entry(
        404,
        "not-found",
        NOT_FOUND,
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
        409, "upload-busy", Text("仍在处理", "Still at work"), headers=REPEAT
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
        409, "register-moved", Text("登记库已变", "The register has moved")
    ),
    survey_errors.StagedRowsLost: Entry(
        409, "staged-rows-lost", Text("须重新检查", "To be checked again")
    ),
    survey_errors.RevertRefused: Entry(
        409, "revert-refused", Text("不能撤回", "Cannot be taken back")
    ),
    survey_errors.RevertByAnother: Entry(
        409,
        "revert-by-another",
        Text("须由另一人撤回", "Another person takes it back"),
    ),
    FileRefused: Entry(
        422, "upload-declaration", Text("上传声明有误", "Declaration not usable")
    ),
}
