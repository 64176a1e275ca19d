"""Why a token of the identity provider opens nothing."""

from __future__ import annotations

from parcels.refusal import Refusal


class TokenRefused(Refusal):
    """A token is not one that may be used here, or not any more: a 401.

    It says what is wrong and not what would be right.
    """

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(
            reason,
            f"令牌不可用：{zh}；请重新登录以取得新令牌。",
            f"The token cannot be used: {en}; sign in again for another one.",
        )


class SignInRefused(Refusal):
    """What came back from the provider opens no session: a 400; try again."""


class PersonNotEntered(Refusal):
    """The token is genuine, but nobody has entered this person: a 403."""

    def __init__(self, issuer: str, subject: str) -> None:
        super().__init__(
            "person_not_entered",
            f"身份已确认，但尚未在本系统登记；请管理员登记 sub“{subject}”"
            f"（iss {issuer}）。",
            f"You are known to the identity provider but not entered here; ask an"
            f" administrator to enter subject {subject!r} of {issuer}.",
        )
        self.issuer, self.subject = issuer, subject


class PersonSwitchedOff(Refusal):
    """The person has been switched off: a 403."""

    def __init__(self) -> None:
        super().__init__(
            "person_switched_off",
            "您的账号已停用；请联系管理员。",
            "You have been switched off; ask an administrator.",
        )


class ProviderUnreachable(Refusal):
    """The identity provider does not answer as it should: a 503; keys go on."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "identity_provider",
            f"统一身份认证服务暂不可用，请在 {retry_after_s} 秒后重试；密钥仍可使用。",
            f"The identity provider does not answer; try again in {retry_after_s}"
            " seconds. Keys go on working.",
        )
        self.retry_after_s = retry_after_s


class ClientRefused(Refusal):
    """The provider does not take this service for its client: a 502."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "identity_provider_client",
            f"身份认证服务不接受本系统（{code}）；请管理员核对 JINGTU_OIDC_CLIENT_ID、"
            "JINGTU_OIDC_CLIENT_SECRET 及在该服务登记的回调地址。密钥仍可使用。",
            f"The identity provider does not take this service for its client ({code});"
            " an administrator has to check JINGTU_OIDC_CLIENT_ID,"
            " JINGTU_OIDC_CLIENT_SECRET and the address registered there. Keys go on"
            " working.",
        )
