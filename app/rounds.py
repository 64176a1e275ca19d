"""What a worker does all the time, beside the jobs it is given.

A round looks into the database for what is to be done and does it; between two rounds
nothing is remembered, so nothing is lost when the worker is killed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.database_errors import DatabaseFault

log = logging.getLogger(__name__)

EVERY_S: Final = 2.0
"""Pause between two rounds; with it a proof waits well under five seconds."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Something that is done every few seconds.

    Attributes
    ----------
    purpose
        What could not be done, for the log: "the ledger cannot be sealed".
    explained
        Errors that say by themselves what is wrong; others are logged with their trace.
    """

    purpose: str
    run: Callable[[], Any]
    explained: tuple[type[Exception], ...] = ()


async def repeat_until(stopped: asyncio.Event, rounds: Rounds) -> None:
    """Run every `EVERY_S` until the event is set.

    What keeps a round from its work is logged once, and tried again: it must not stop
    the other things that the same worker does.
    """
    told = ""
    while not stopped.is_set():
        try:
            await asyncio.to_thread(rounds.run)
            if told:
                log.info("over: %s", rounds.purpose)
            told = ""
        except Exception as error:
            if str(error) != told:
                _tell(rounds, error)
            told = str(error)
        try:
            await asyncio.wait_for(stopped.wait(), EVERY_S)
        except TimeoutError:
            continue


def _tell(rounds: Rounds, error: Exception) -> None:
    if isinstance(error, DatabaseFault):
        log.warning("%s this time: %s", rounds.purpose, error)
    else:
        known = isinstance(error, rounds.explained)
        log.error("%s: %s", rounds.purpose, error, exc_info=not known)
