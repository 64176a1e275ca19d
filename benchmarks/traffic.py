"""A closed-loop HTTP load: so many clients, each asks again when answered (shell).

Written for one purpose: to cost so little that the servers, not the client, set the
rate on two cores. Requests are ready-made bytes; an answer is read by its
Content-Length, its status and one word it must contain are checked, some bodies are
kept for a closer look afterwards. The same client serves ours and the peer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import uvloop
from numpy.typing import NDArray

CLIENTS: Final = 16
ANSWER_TIMEOUT_S: Final = 30.0
"""Longest wait for answers still under way when a slice ends."""
_KEEP_EVERY: Final = 5
_ERRORS_SHOWN: Final = 5
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the load goes and which status every answer must have."""

    host: str
    port: int
    status: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as bytes, and what the body of its answer must contain."""

    request: bytes
    word: bytes


@dataclass(slots=True)
class Tally:
    """What came back in one slice of time or several.

    Attributes
    ----------
    seconds
        From the first request to the last answer.
    latencies_s
        One for each good answer.
    faults
        How many answers were wrong or missing; `first_faults` tells of the first ones.
    kept
        Every fifth good answer: the word asked for and the body.
    cpu_seconds
        Processor time of the client itself.
    """

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    faults: int = 0
    first_faults: list[str] = field(default_factory=list)
    kept: list[tuple[bytes, bytes]] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Add another slice."""
        self.seconds += other.seconds
        self.latencies_s += other.latencies_s
        self.faults += other.faults
        self.first_faults = (self.first_faults + other.first_faults)[:_ERRORS_SHOWN]
        self.kept += other.kept
        self.cpu_seconds += other.cpu_seconds

    def fault(self, text: str) -> None:
        """Count a wrong answer."""
        self.faults += 1
        if len(self.first_faults) < _ERRORS_SHOWN:
            self.first_faults.append(text)

    @property
    def answers(self) -> int:
        """Good answers."""
        return len(self.latencies_s)

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.answers / self.seconds if self.seconds else 0.0

    def latency_ms(self, share: float) -> float:
        """Return the latency that this share of the answers does not exceed."""
        latencies: NDArray[np.float64] = np.array(self.latencies_s or [np.nan])
        return float(np.quantile(latencies, share)) * 1e3


def run_slice(
    target: Target, asks: Iterator[Ask], seconds: float, clients: int = CLIENTS
) -> Tally:
    """Let the clients ask for so many seconds, wait for the last answers; count."""
    return uvloop.run(_run(target, asks, seconds, clients))


async def _run(
    target: Target, asks: Iterator[Ask], seconds: float, clients: int
) -> Tally:
    loop = asyncio.get_running_loop()
    tally = Tally()
    cpu, began = time.process_time(), time.perf_counter()
    open_clients = []
    for _ in range(clients):
        _, client = await loop.create_connection(
            lambda: _Client(target, asks, tally, began + seconds, loop.create_future()),
            target.host,
            target.port,
        )
        open_clients.append(client)
    ends = [client.ended for client in open_clients]
    _, late = await asyncio.wait(ends, timeout=seconds + ANSWER_TIMEOUT_S)
    tally.seconds = time.perf_counter() - began
    tally.cpu_seconds = time.process_time() - cpu
    for client in open_clients:
        if client.ended in late:
            tally.fault(f"no answer within {ANSWER_TIMEOUT_S:.0f} s")
            client.close()
    return tally


class _Client(asyncio.Protocol):
    """One keep-alive connection that asks until the deadline."""

    def __init__(
        self,
        target: Target,
        asks: Iterator[Ask],
        tally: Tally,
        deadline: float,
        ended: asyncio.Future[None],
    ) -> None:
        self._asks = asks
        self._tally = tally
        self._deadline = deadline
        self._good = f"HTTP/1.1 {target.status} ".encode()
        self._transport: asyncio.Transport | None = None
        self._answer = b""
        self._size = 0
        self._ask: Ask | None = None
        self._sent = 0.0
        self.ended = ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._answer, self._size = b"", 0
        self._ask = next(self._asks)
        self._sent = time.perf_counter()
        self._transport.write(self._ask.request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not self._size:
            head = self._answer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self._answer, 0, head + 2)
            if length is None:
                self._tally.fault("an answer without Content-Length")
                self.close()
                return
            self._size = head + 4 + int(length[1])
        if len(self._answer) >= self._size:
            self._finish()

    def _finish(self) -> None:
        assert self._ask is not None
        now = time.perf_counter()
        if self._answer.startswith(self._good) and self._ask.word in self._answer:
            self._tally.latencies_s.append(now - self._sent)
            if self._tally.answers % _KEEP_EVERY == 0:
                body = self._answer[self._answer.index(b"\r\n\r\n") + 4 :]
                self._tally.kept.append((self._ask.word, body))
        else:
            self._tally.fault(self._answer[:300].decode("utf-8", "replace"))
        if now < self._deadline:
            self._send()
        else:
            self.close()

    def close(self) -> None:
        """End this client; its connection is closed."""
        if self._transport is not None:
            self._transport.close()
        if not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self._tally.fault(f"the server closed the connection ({exc})")
            self.ended.set_result(None)
