"""Errors of the database: their statuses."""

from __future__ import annotations

from typing import Final

from app import database_errors
from app.error_catalogue.entry import (
    LATER,
    REPEAT,
    Catalogue,
    Entry,
)
from app.refusals import DatabaseUnusable
from parcels.texts import Text

_BUSY_TEXT = Text(
    "数据库正忙，请求没有生效；请稍后以相同的 Idempotency-Key 重试。",
    "The database is busy and nothing was done; repeat with the same Idempotency-Key.",
)
_BUSY = Entry(503, "busy", Text("正忙", "Busy"), _BUSY_TEXT, headers=REPEAT)
_AWAY_TEXT = Text(
    "数据库暂不可用；请稍后以相同的 Idempotency-Key 重试。",
    "The database does not answer; repeat later with the same Idempotency-Key.",
)

ERRORS: Final[Catalogue] = {
    database_errors.RegisterMoved: Entry(
        409,
        "register-moved",
        Text("登记库已变", "The register has moved"),
        Text(
            "另一次变更已先完成；请重新读取后再改。",
            "Another change came first; read again, then change.",
        ),
        headers=REPEAT,
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
    database_errors.DatabaseBusy: _BUSY,
    database_errors.SnapshotOvertaken: _BUSY,
    database_errors.QuestionTooLarge: Entry(
        503,
        "took-too-long",
        Text("耗时过长", "Took too long"),
        Text(
            "查询超过时限；请缩小范围后重试。",
            "The question ran into the time limit; ask for less, then repeat.",
        ),
        headers=LATER,
    ),
    database_errors.StorageFull: Entry(
        503,
        "storage-full",
        Text("存储已满", "Storage full"),
        Text(
            "磁盘已满，请求没有生效；请通知管理员。",
            "The disk is full and nothing was done; tell the administrator.",
        ),
        headers={"Retry-After": "60"},
    ),
    DatabaseUnusable: Entry(
        503,
        "not-ready",
        Text("尚未就绪", "Not ready"),
        Text(
            "数据库尚不能使用；请查看服务日志。",
            "The database cannot be used as it is; see the service's log.",
        ),
        headers=LATER,
    ),
    database_errors.DatabaseUnavailable: Entry(
        503, "unavailable", Text("暂不可用", "Unavailable"), _AWAY_TEXT, headers=LATER
    ),
}
