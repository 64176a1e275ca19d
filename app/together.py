"""What waits at the same time is answered at the same time (shell).

While a group is being answered, what comes meanwhile waits and is the next group: what
a group costs once is shared among its members. Who asks alone is answered at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_GATHERING_S: Final = 0.003
"""After a group of several: who was answered may ask again, and comes together then."""
_PATIENCE_S: Final = 0.1
"""Who has waited so long behind another group is answered beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting(Generic[Asked, Answer]):
    asked: Asked
    answer: asyncio.Future[Answer]


class Together(Generic[Asked, Answer]):
    """Answers in groups what is asked in one event loop; used in that loop alone.

    Parameters
    ----------
    threads
        Where groups are answered.
    answer
        Answers a group, each by an answer or by the exception it is to meet.
    kind
        Only those of one kind are answered together.
    most
        In one group.
    groups
        Answered side by side at most: one, and others where it takes long.
    """

    def __init__(
        self,
        threads: Executor,
        answer: Callable[[Sequence[Asked]], Sequence[Answer | Exception]],
        kind: Callable[[Asked], Hashable],
        *,
        most: int,
        groups: int,
    ) -> None:
        self._threads = threads
        self._answer = answer
        self._kind = kind
        self._most = most
        self._groups = groups
        self._waiting: list[_Waiting[Asked, Answer]] = []
        self._working: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Asked) -> Answer:
        """Return the answer, or raise the exception that is the answer."""
        loop = asyncio.get_running_loop()
        one: _Waiting[Asked, Answer] = _Waiting(asked, loop.create_future())
        self._waiting.append(one)
        if not self._working:
            self._begin()
        else:
            loop.call_later(_PATIENCE_S, self._begin_beside, one)
        answer: Answer = await one.answer
        return answer

    def _begin(self) -> None:
        task = asyncio.create_task(self._work())
        self._working.add(task)

    def _begin_beside(self, one: _Waiting[Asked, Answer]) -> None:
        if one in self._waiting and len(self._working) < self._groups:
            self._begin()

    async def _work(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            while group := self._take():
                await self._answer_group(group)
                if len(group) > 1:
                    await asyncio.sleep(_GATHERING_S)
        finally:
            # At once, with nothing in between: who comes next must find nobody working.
            self._working.remove(task)

    def _take(self) -> list[_Waiting[Asked, Answer]]:
        """Return who has waited longest, and others of that kind; [] if nobody waits.

        Nothing is asked any more for who has gone away meanwhile.
        """
        group: list[_Waiting[Asked, Answer]] = []
        rest: list[_Waiting[Asked, Answer]] = []
        for one in self._waiting:
            if one.answer.done():
                continue
            alike = not group or self._kind(one.asked) == self._kind(group[0].asked)
            (group if alike and len(group) < self._most else rest).append(one)
        self._waiting = rest
        return group

    async def _answer_group(self, group: Sequence[_Waiting[Asked, Answer]]) -> None:
        loop = asyncio.get_running_loop()
        asked = [one.asked for one in group]
        answers: Sequence[Answer | Exception]
        try:
            answers = await loop.run_in_executor(self._threads, self._answer, asked)
        except Exception as error:
            answers = [error] * len(group)
        for one, answer in zip(group, answers, strict=True):
            if one.answer.done():
                continue
            if isinstance(answer, Exception):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)
