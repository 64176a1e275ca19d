"""How does a person sign in at the identity provider, and out again? (shell).

His browser is sent there with a flow (`app.oidc.flow`) and comes back with a code; the
code is exchanged for a token, which is judged as any other and must be of that flow.
Only issuer and subject are taken from it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from app.oidc.bearer import TokenReader
from app.oidc.exchange import ExchangeFailed, ExchangeRefused, post_form
from app.oidc.flow import (
    CODE_REFUSED,
    Flow,
    begin_flow,
    check_claims,
    check_return,
    issuer_missing,
    read_code,
    read_flow,
)
from app.oidc.provider import AFTER_FAILURE_S, Published
from app.oidc.refusals import ClientRefused, ProviderUnreachable, SignInRefused
from app.security.users import Identity

log = logging.getLogger(__name__)

CALLBACK: Final = "/sign-in/callback"
SIGN_IN_PAGE: Final = "/sign-in"
_THREADS: Final = 2
_MOST_WAITING: Final = 20
"""Exchanges under way or waiting in one process; who comes then has to come again. A
provider that is slow must not make others wait, who came with keys."""


@dataclass(frozen=True, slots=True)
class Client:
    """How the provider knows this service; `secret` None is a public client."""

    id: str
    secret: str | None


class SignInDesk:
    """Sends persons to the provider and takes them back.

    Parameters
    ----------
    tokens
        Judges tokens of the provider.
    address
        Of this service as browsers reach it, without final slash.
    now
        Seconds since 1970.
    """

    def __init__(
        self,
        tokens: TokenReader,
        client: Client,
        address: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tokens = tokens
        self._client = client
        self._address = address
        self._now = now
        self._threads = ThreadPoolExecutor(_THREADS, "sign-in")
        self._waiting = 0

    def close(self) -> None:
        """End the threads; an exchange under way is let run into its time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def begin(self, then: str, *, anew: bool = False) -> tuple[str, Flow]:
        """Return the address to send a browser to and the flow it has to keep.

        Parameters
        ----------
        then
            Where the person wants to go afterwards; any text.
        anew
            Have the provider ask who he is, though it may know.

        Raises
        ------
        ProviderUnreachable
            If the provider's address cannot be had.
        """
        published = await self._tokens.published()
        flow = begin_flow(then, self._now())
        question = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self._client.id,
            "redirect_uri": self._address + CALLBACK,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
            **({"prompt": "login"} if anew else {}),
        }
        return _ask(_find(published, "authorization_endpoint"), question), flow

    def receive(self, cookie: str, answered: Sequence[tuple[str, str]]) -> Flow:
        """Return the flow to which an answer belongs; asks nobody.

        Parameters
        ----------
        cookie
            What the browser kept; empty when it kept nothing.
        answered
            Parameters of the address it came back to.

        Raises
        ------
        SignInRefused
            If it is no answer of the provider to this browser.
        """
        issuer = self._tokens.provider.issuer
        return check_return(read_flow(cookie), answered, issuer, self._now())

    async def finish(self, flow: Flow, answered: Mapping[str, str]) -> Identity:
        """Return who came back by a flow that has been received.

        Raises
        ------
        SignInRefused, TokenRefused
            If the answer or its token is not good.
        ProviderUnreachable, ClientRefused
            If the provider does not answer, or does not take this service.
        """
        published = await self._tokens.published()
        if published.names_itself and "iss" not in answered:
            raise issuer_missing()
        token = await self._exchange(published, flow, read_code(answered))
        verified = await self._tokens.verify_once(token, self._client.id)
        check_claims(verified.claims, flow, self._client.id)
        return verified.identity

    async def end_session_address(self) -> str | None:
        """Return where the provider's own session is ended; None if nowhere.

        The token is kept nowhere, so the provider is told the client alone and may ask
        the person first (RP-Initiated Logout 1.0, section 2).
        """
        try:
            published = await self._tokens.published()
        except ProviderUnreachable:
            return None
        address = published.addresses.get("end_session_endpoint")
        back = {
            "client_id": self._client.id,
            "post_logout_redirect_uri": self._address + SIGN_IN_PAGE,
        }
        return address and _ask(address, back)

    async def _exchange(self, published: Published, flow: Flow, code: str) -> str:
        if self._waiting >= _MOST_WAITING:
            raise ProviderUnreachable(int(AFTER_FAILURE_S))
        fields, headers = self._question(published, flow, code)
        address = _find(published, "token_endpoint")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(
                self._threads, post_form, address, fields, headers
            )
        except ExchangeFailed as error:
            raise _refusal(error) from error
        finally:
            self._waiting -= 1
        return _token_of(answer, address)

    def _question(
        self, published: Published, flow: Flow, code: str
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return form and headers by which a code is exchanged."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._address + CALLBACK,
            "code_verifier": flow.verifier,
        }
        name, secret = self._client.id, self._client.secret
        if secret is None:
            return {**fields, "client_id": name}, {}
        if _by_form(published):
            return {**fields, "client_id": name, "client_secret": secret}, {}
        # RFC 6749, 2.3.1: both are encoded before they are put together.
        pair = f"{quote_plus(name)}:{quote_plus(secret)}"
        return fields, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _by_form(published: Published) -> bool:
    proofs = published.client_proofs
    return "client_secret_basic" not in proofs and "client_secret_post" in proofs


def _find(published: Published, name: str) -> str:
    address = published.addresses.get(name)
    if address is None:
        log.warning("the identity provider publishes no %s", name)
        raise ProviderUnreachable(int(AFTER_FAILURE_S))
    return address


def _ask(address: str, question: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


def _refusal(error: ExchangeFailed) -> Exception:
    if isinstance(error, ExchangeRefused) and error.code == "invalid_grant":
        return SignInRefused(*CODE_REFUSED)
    log.warning("a code could not be exchanged: %s", error)
    if isinstance(error, ExchangeRefused):
        return ClientRefused(error.code)
    return ProviderUnreachable(int(AFTER_FAILURE_S))


def _token_of(answer: dict[str, Any], address: str) -> str:
    token = answer.get("id_token")
    if not isinstance(token, str):
        log.warning("%s answered without an id_token", address)
        raise ProviderUnreachable(int(AFTER_FAILURE_S))
    return token
