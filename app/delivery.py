"""Notices are sent: by the worker, one attempt after the other, until they are taken.

An attempt is written down before it is made and ended after it: a worker killed between
the two has the notice sent once more, under the same id, and the receiver knows it by
that. Names are resolved here, and the connection goes to the very address that was
checked; redirects are not followed, and of the answer only the status is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.database import Database
from app.hanging_up import hanging_up
from app.rounds import Rounds
from parcels.refusal import Refusal
from screening.notices.address import Network, Target, check_address, read_target
from screening.notices.signature import sign, wait_after

log = logging.getLogger(__name__)

PATIENCE_S: Final = 10.0
"""Longest time for one attempt, from the look-up of the name to the status."""
LEASE: Final = timedelta(seconds=60)
"""After so long an attempt without an end is taken for lost."""
AT_ONCE: Final = 4
"""Notices one worker sends side by side: a slow receiver delays no other."""

_TAKE = sa.text("select * from registry.take_delivery(:lease)")
_END = sa.text("select registry.end_attempt(:id, :status, :failure, :wait)")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice that is due."""

    id: UUID
    url: str
    secrets: Sequence[bytes]
    body: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended; `failure` is None when the notice was taken."""

    status: int | None
    failure: str | None


class Deliverer:
    """Sends what is due.

    Parameters
    ----------
    allowed
        Networks beside the public internet to which notices go.
    """

    def __init__(
        self,
        database: Database,
        allowed: Sequence[Network] = (),
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._allowed = allowed
        self._lease = lease

    def run(self) -> None:
        """Send until nothing is due."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for ended in [threads.submit(self._send_all) for _ in range(AT_ONCE)]:
                ended.result()

    def _send_all(self) -> None:
        while (delivery := self._take()) is not None:
            ended = post(delivery, self._allowed)
            self._end(delivery, ended)

    def _take(self) -> Delivery | None:
        with self._database.transaction(None) as connection:
            row = connection.execute(_TAKE, {"lease": self._lease}).one_or_none()
        if row is None:
            return None
        secrets = [bytes(secret) for secret in row.secrets]
        return Delivery(row.id, row.url, secrets, bytes(row.body), row.attempts)

    def _end(self, delivery: Delivery, ended: Ended) -> None:
        if ended.failure is not None:
            log.info("notice %s was not taken: %s", delivery.id, ended.failure)
        values = {
            "id": delivery.id,
            "status": ended.status,
            "failure": ended.failure,
            "wait": wait_after(delivery.attempts) if ended.failure else None,
        }
        with self._database.transaction(None) as connection:
            connection.execute(_END, values)


def delivery_rounds(database: Database, allowed: Sequence[Network]) -> Rounds:
    """Return what sends notices all the time."""
    return Rounds("notices cannot be sent", Deliverer(database, allowed).run)


def post(delivery: Delivery, allowed: Sequence[Network]) -> Ended:
    """Send one notice once."""
    try:
        target = read_target(delivery.url, allowed)
        status = _exchange(target, _headers(delivery), delivery.body, allowed)
    except Refusal as refusal:
        return Ended(None, refusal.en)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Ended(None, f"{type(error).__name__}: {error}"[:500])
    if 200 <= status < 300:
        return Ended(status, None)
    return Ended(status, f"answered with status {status}")


def _headers(delivery: Delivery) -> dict[str, str]:
    now = int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "jingtu",
        "Connection": "close",
        "webhook-id": str(delivery.id),
        "webhook-timestamp": str(now),
        "webhook-signature": sign(
            delivery.secrets, str(delivery.id), now, delivery.body
        ),
    }


def _exchange(
    target: Target,
    headers: dict[str, str],
    body: bytes,
    allowed: Sequence[Network],
) -> int:
    """Post the body and return the status; whatever it takes, `PATIENCE_S` at most."""
    with _connect(target, allowed) as connected, hanging_up(connected, PATIENCE_S):
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = connected
        connection.request(
            "POST", target.path, body, {"Host": target.host_header, **headers}
        )
        return connection.getresponse().status


def _connect(target: Target, allowed: Sequence[Network]) -> socket.socket:
    """Connect to the host's first address, if notices may go to all of them."""
    found: list[Any] = socket.getaddrinfo(
        target.host, target.port, type=socket.SOCK_STREAM
    )
    for _, _, _, _, address in found:
        check_address(ipaddress.ip_address(address[0].partition("%")[0]), allowed)
    family, kind, protocol, _, address = found[0]
    connected = socket.socket(family, kind, protocol)
    try:
        connected.settimeout(PATIENCE_S)
        connected.connect(address)
        if target.secure:
            context = ssl.create_default_context()
            return context.wrap_socket(connected, server_hostname=target.host)
    except BaseException:
        connected.close()
        raise
    return connected
