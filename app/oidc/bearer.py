"""Who sent this token? (shell).

A token that was found good is remembered by its digest until it ends or the keys are
fetched anew. Its person is looked up each time: who is switched off is refused at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import jwt
from starlette.concurrency import run_in_threadpool

from app.database import Database
from app.oidc.provider import Provider, Published
from app.oidc.refusals import PersonNotEntered, PersonSwitchedOff, TokenRefused
from app.oidc.tokens import Header, Verified, read_header, verify
from app.security.keys import digest
from app.security.principals import Principal
from app.security.users import Identity, find_person

_LONGEST_MEMORY: Final = 4096


@dataclass(frozen=True, slots=True)
class _Remembered:
    verified: Verified
    published: Published


class TokenReader:
    """Finds callers by tokens of an identity provider.

    Parameters
    ----------
    audience
        What a token must name in `aud`.
    now
        Seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        provider: Provider,
        audience: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.provider = provider
        self._database = database
        self._audience = audience
        self._now = now
        self._memory: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def find(self, token: str) -> Principal:
        """Return the person a token stands for, as a caller.

        Raises
        ------
        TokenRefused
            If the token is not good.
        PersonNotEntered, PersonSwitchedOff
            If its person may not do anything here.
        ProviderUnreachable
            If the keys to judge it by cannot be had.
        """
        verified = await self._verify(token)
        return await run_in_threadpool(self.admit, verified.identity)

    def admit(self, identity: Identity) -> Principal:
        """Return a person of whose identity there is no doubt, as a caller.

        Raises
        ------
        PersonNotEntered, PersonSwitchedOff
        """
        with self._database.transaction(None, read_only=True) as connection:
            person = find_person(connection, identity)
        if person is None:
            raise PersonNotEntered(identity.issuer, identity.subject)
        if person.is_disabled:
            raise PersonSwitchedOff
        return person.principal

    async def verify_once(self, token: str, audience: str) -> Verified:
        """Return what a token for another audience says, without remembering it.

        Raises
        ------
        TokenRefused, ProviderUnreachable
            As for `find`.
        """
        _, key = await self._find_key(read_header(token), await self.published())
        return verify(token, key, issuer=self.provider.issuer, audience=audience)

    async def published(self) -> Published:
        """Return what the provider publishes; raises `ProviderUnreachable`."""
        # Waiting holds no thread: callers with keys are answered meanwhile.
        return self.provider.known() or await self._ask()

    async def _verify(self, token: str) -> Verified:
        header = read_header(token)
        published = await self.published()
        known = self._memory.get(digest(token))
        if known and known.published is published:
            if known.verified.expires_at > self._now():
                return known.verified
            raise TokenRefused("token_expired", "已过期", "it has expired")
        published, key = await self._find_key(header, published)
        verified = verify(
            token, key, issuer=self.provider.issuer, audience=self._audience
        )
        self._remember(digest(token), _Remembered(verified, published))
        return verified

    async def _find_key(
        self, header: Header, published: Published
    ) -> tuple[Published, jwt.PyJWK]:
        """Return the key a token names and the set it is in, fetched anew for it."""
        key = published.find(header)
        if key is None and self.provider.may_ask_again():
            published = await self._ask()
            key = published.find(header)
        if key is None:
            raise TokenRefused(
                "token_key",
                "签名密钥不是签发者公布的密钥",
                "it is signed with a key that its issuer does not publish",
            )
        return published, key

    async def _ask(self) -> Published:
        return await asyncio.shield(asyncio.wrap_future(self.provider.ask()))

    def _remember(self, token: bytes, found: _Remembered) -> None:
        self._memory[token] = found
        while len(self._memory) > _LONGEST_MEMORY:
            self._memory.popitem(last=False)
