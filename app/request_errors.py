"""Why the service refuses a request before the registry is asked.

A class's docstring is its meaning; `app.error_catalogue` says which status each has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.pages.i18n import LANGUAGES, translate
from app.problems import Fault
from parcels.refusal import Language, Refusal
from parcels.texts import Text


class NotSignedIn(Refusal):
    """The caller sent no key, or one that opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            "not_signed_in",
            "请在请求头 Authorization: Bearer 中给出有效密钥，或重新登录。",
            "Send a valid key as Authorization: Bearer <key>, or sign in again.",
        )


class NotAllowed(Refusal):
    """The caller's role has not the right that the call needs."""

    def __init__(self, role: str, roles: Sequence[str]) -> None:
        named = {
            language: [_role_named(language, one) for one in (role, *roles)]
            for language in LANGUAGES
        }
        (own_zh, *may_zh), (own_en, *may_en) = named["zh"], named["en"]
        super().__init__(
            "role",
            f"{own_zh}无权进行此操作；有权的角色：{'、'.join(may_zh)}。",
            f"{own_en} may not do this; roles that may: {', '.join(may_en)}.",
        )


def _role_named(language: Language, role: str) -> str:
    """Return the name of a role, its code behind it."""
    name = translate(language, f"role.{role}")
    return f"{name}（{role}）" if language == "zh" else f"{name} ({role})"


class OutsideDivision(Refusal):
    """A row would be written outside the caller's part of the country."""

    def __init__(self, division_code: str, scope: str) -> None:
        super().__init__(
            "division",
            f"行政区 {division_code} 不在您的管辖范围 {scope} 内。",
            f"Division {division_code} is outside your own, {scope}.",
        )


class UnknownDivision(Refusal):
    """The register has no such division: nothing found there would pass for nothing."""

    def __init__(self, division_code: str, on: date | None = None) -> None:
        zh, en = (f"在 {on} ", f" on {on}") if on else ("", "")
        super().__init__(
            "unknown_division",
            f"登记库{zh}没有行政区 {division_code}，也没有其上级或下级行政区；"
            "请核对代码和日期。",
            f"The register has no division {division_code}{en}, none within it and none"
            " around it; check the code and the day.",
        )


class BadCsrfToken(Refusal):
    """A write under a session came without the session's token."""

    def __init__(self) -> None:
        super().__init__(
            "csrf",
            "页面令牌缺失或已过期；请刷新页面后重试。",
            "The page's token is missing or old; reload the page and try again.",
        )


class CrossSite(Refusal):
    """Another site's page tried to sign somebody in."""

    def __init__(self) -> None:
        super().__init__(
            "cross_site",
            "不接受来自其他网站页面的登录请求。",
            "A page of another site cannot sign in here.",
        )


class TooManySignIns(Refusal):
    """Too many failed attempts from one address."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "sign_in_limit",
            f"登录失败次数过多；请在 {retry_after_s} 秒后重试。",
            f"Too many failed attempts; try again in {retry_after_s} seconds.",
        )
        self.retry_after_s = retry_after_s


class NotFound(Refusal):
    """There is no such thing for the caller; whether another sees it is not told."""

    def __init__(self, thing: tuple[str, str], code: str) -> None:
        shown = code if len(code) <= 60 else code[:60] + "…"
        super().__init__(
            "not_found",
            f"在您的管辖范围和所问时点内没有{thing[0]}“{shown}”。",
            f"There is no {thing[1].lower()} {shown!r} in your division at that time.",
        )


class CertificateNotFound(Refusal):
    """No certificate of that number has been issued, whoever asks."""

    def __init__(self, number: str) -> None:
        shown = number if len(number) <= 60 else number[:60] + "…"
        super().__init__(
            "not_found",
            f"没有编号为“{shown}”的意见书；请核对编号。",
            f"There is no certificate {shown!r}; check the number.",
        )


class ImpossibleSubject(Refusal):
    """The gate was asked about land that cannot be decided on (rule I04)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason, refusal.zh, refusal.en)
        text = Text(refusal.zh, refusal.en)
        self.faults = (Fault("body", "/subject", refusal.reason, text),)
        self.successors = tuple(getattr(refusal, "successors", ()))


class AmbiguousCode(Refusal):
    """Several divisions of the caller have an object with that code."""

    def __init__(self, code: str, divisions: Sequence[str]) -> None:
        listed = ", ".join(divisions)
        super().__init__(
            "ambiguous_code",
            f"代码 {code} 在多个行政区都有：{listed}；请用 division 参数指明。",
            f"Code {code} exists in several divisions: {listed}; name one with"
            " the parameter division.",
        )
        self.divisions = tuple(divisions)


class BodyTooLarge(Refusal):
    """The body is longer than the call accepts."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            "body_size",
            f"请求正文超过 {limit_bytes} 字节；请缩小几何或分批发送。",
            f"The body is longer than {limit_bytes} bytes; simplify the geometry or"
            " send it in parts.",
        )


class BodyTooSlow(Refusal):
    """The body did not arrive in time."""

    def __init__(self, limit_s: int) -> None:
        super().__init__(
            "body_time",
            f"请求正文未在 {limit_s} 秒内收完；请重新发送。",
            f"The body did not arrive within {limit_s} seconds; send it again.",
        )


class CodedBody(Refusal):
    """The body is compressed, or coded in another way."""

    def __init__(self, found: str) -> None:
        shown = found[:60]
        super().__init__(
            "content_encoding",
            f"Content-Encoding 为“{shown}”；本服务不解压请求正文，请以原样"
            "（identity）发送。",
            f"Content-Encoding is {shown!r}; the service does not decode bodies, send"
            " it as it is (identity).",
        )


class NotJsonType(Refusal):
    """The body is not declared as JSON."""

    def __init__(self, found: str) -> None:
        shown = found[:60]
        super().__init__(
            "content_type",
            (f"Content-Type 为“{shown}”；" if shown else "未给出 Content-Type；")
            + "正文应为 application/json。",
            (f"Content-Type is {shown!r}; " if shown else "There is no Content-Type; ")
            + "the body must be application/json.",
        )


class NotJson(Refusal):
    """The body is not JSON, or JSON the service does not take."""


class NotFormType(Refusal):
    """The body is not declared as a form with a file."""

    def __init__(self, found: str) -> None:
        shown = found[:60] or "-"
        super().__init__(
            "content_type",
            f"Content-Type 为“{shown}”；应为 multipart/form-data。",
            f"Content-Type is {shown!r}; it must be multipart/form-data.",
        )


class NotAForm(Refusal):
    """The body is not the form it is declared to be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            "form",
            f"正文不是完整的 multipart/form-data（{zh}）；请重新发送。",
            f"The body is no complete multipart/form-data ({en}); send it again.",
        )


class NotAcceptable(Refusal):
    """The answer does not exist in the form the caller asks for."""

    def __init__(self, found: str, offered: Sequence[str]) -> None:
        listed = ", ".join(offered)
        super().__init__(
            "not_acceptable",
            f"没有“{found[:60]}”格式；可用格式：{listed}。",
            f"There is no form {found[:60]!r}; there are: {listed}.",
        )
        self.offered = tuple(offered)


class InvalidRequest(Refusal):
    """The request is well formed but asks for what cannot be; every fault is listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "invalid_request",
            f"请求有 {len(faults)} 处错误，见 errors。",
            f"The request has {len(faults)} fault(s), see errors.",
        )
        self.faults = tuple(faults)


class ChangeNotMade(Refusal):
    """A reader of the feed has seen a change that the register has not."""

    def __init__(self, last: int) -> None:
        super().__init__(
            "change_not_made",
            f"after 大于最新变更号 {last}。若登记库曾恢复到备份，"
            "请从 after=0 重新读取。",
            f"`after` lies beyond the last change, {last}. If the register was set back"
            " to a backup, read again from after=0.",
        )


class VersionNotNamed(Refusal):
    """A write to an existing object came without If-Match."""

    def __init__(self) -> None:
        super().__init__(
            "if_match",
            "请在 If-Match 中给出所改版本的 ETag（先读取该对象）。",
            "Send the ETag of the version you change as If-Match (read it first).",
        )


class VersionMoved(Refusal):
    """The object is no longer the version the caller has seen."""

    def __init__(self, current: str) -> None:
        super().__init__(
            "version_moved",
            f"对象已有更新，现版本为 {current}；请重新读取后再改。",
            f"The object has changed, its version is now {current}; read it again.",
        )


class KeyReused(Refusal):
    """An idempotency key came again with another request."""

    def __init__(self) -> None:
        super().__init__(
            "idempotency_key_reused",
            "该 Idempotency-Key 已用于另一请求；请换用新值。",
            "This Idempotency-Key was used for another request; take a new one.",
        )


class StillInProgress(Refusal):
    """A request with that idempotency key is being answered at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "in_progress",
            "同一 Idempotency-Key 的请求仍在处理中；请稍后以相同内容重试。",
            "A request with this Idempotency-Key is still being answered; repeat it"
            " in a moment.",
        )


class TooMuchInHand(Refusal):
    """The caller has as much waiting or under way at the worker as he may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            "too_much_in_hand",
            f"您排队和处理中的批次、筛查任务和测绘上传已达上限 {most} 项；"
            "请待其中一项结束，或取消一项后再提交。",
            f"You have {most} batches, screening runs and surveys waiting or under way,"
            " which is the most; wait until one has ended, or cancel one.",
        )
