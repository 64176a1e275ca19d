"""Errors of who asks and what he may: their statuses."""

from __future__ import annotations

from typing import Final

from app import request_errors
from app.error_catalogue.entry import (
    NOT_FOUND,
    Catalogue,
    Entry,
)
from app.oidc.refusals import (
    ClientRefused,
    PersonNotEntered,
    PersonSwitchedOff,
    ProviderUnreachable,
    SignInRefused,
    TokenRefused,
)
from app.security.users import (
    KeyNotFound,
    KeyNotLinked,
    ScopeTooNarrow,
    UserEntered,
    UserNotFound,
)
from parcels.texts import Text

ERRORS: Final[Catalogue] = {
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
    UserNotFound: Entry(404, "not-found", NOT_FOUND),
    KeyNotFound: Entry(404, "not-found", NOT_FOUND),
    KeyNotLinked: Entry(
        409, "key-not-linked", Text("密钥未关联", "Key cannot be linked")
    ),
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
    ClientRefused: Entry(
        502,
        "identity-provider-client",
        Text("身份认证服务不接受本系统", "Identity provider refuses this service"),
    ),
    SignInRefused: Entry(
        400, "sign-in-refused", Text("登录未完成", "Sign-in not completed")
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
}
