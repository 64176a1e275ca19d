"""Errors of a request as such, whatever it asks: their statuses."""

from __future__ import annotations

from typing import Final

from app import request_errors
from app.error_catalogue.entry import (
    INVALID,
    NOT_FOUND,
    REPEAT,
    Catalogue,
    Entry,
)
from app.ogc.words import BadQuery, NotThere
from parcels.texts import Text

ERRORS: Final[Catalogue] = {
    request_errors.NotFound: Entry(404, "not-found", NOT_FOUND),
    request_errors.CertificateNotFound: Entry(404, "not-found", NOT_FOUND),
    request_errors.ImpossibleSubject: Entry(
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
    # The header names the codings that are taken (RFC 9110, 12.5.3 and 15.5.16).
    request_errors.CodedBody: Entry(
        415,
        "coded-body",
        Text("正文编码不受支持", "Body coding not supported"),
        headers={"Accept-Encoding": "identity"},
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
    BadQuery: Entry(400, "bad-request", INVALID),
    NotThere: Entry(404, "not-found", NOT_FOUND),
    request_errors.InvalidRequest: Entry(422, "invalid-request", INVALID),
    request_errors.UnknownDivision: Entry(
        422, "unknown-division", Text("没有该行政区", "No such division")
    ),
    request_errors.ChangeNotMade: Entry(
        422, "change-not-made", Text("没有该变更", "No such change")
    ),
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
        headers=REPEAT,
    ),
    request_errors.TooMuchInHand: Entry(
        429,
        "too-much-in-hand",
        Text("待办任务过多", "Too much in hand"),
        headers={"Retry-After": "30"},
    ),
    request_errors.NotFormType: Entry(
        415, "not-form-type", Text("正文类型不受支持", "Body type not supported")
    ),
    request_errors.NotAForm: Entry(
        400, "not-a-form", Text("正文不是完整的表单", "Body is no complete form")
    ),
}
