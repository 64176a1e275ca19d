"""The work row of a job: for whom it is done, and what is written when it cannot be.

A job knows the id of its work row and nothing else, and may not see the row before it
knows whose it is: functions of the database answer both (shell).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from app.database import Database
from app.security.permissions import RIGHTS
from app.security.principals import Principal
from parcels.refusal import Refusal
from parcels.surveys.repository import told


class AskerGone(Refusal):
    """Who ordered it may not any more."""

    def __init__(self) -> None:
        super().__init__(
            "asker_gone",
            "下达此操作的密钥已停用或不再有此权限；请用有效密钥重新操作。",
            "The key this was ordered with has been disabled or may not do this any"
            " more; order it again with a valid one.",
        )


class GaveUp(Refusal):
    """The last attempt failed for a reason of the program's own."""

    def __init__(self) -> None:
        super().__init__(
            "gave_up",
            "服务多次尝试均未完成，没有写入任何数据；请稍后重试，仍不成功请通知管理员。",
            "The service tried several times and failed; nothing was written. Try again"
            " later, and tell the administrator if it fails again.",
        )


@dataclass(frozen=True, slots=True)
class WorkRows:
    """The work rows of a kind of job.

    Attributes
    ----------
    right
        Which its asker must have when it is done, as when he ordered it.
    asker
        Statement that gives the caller a row's job is done for, as he stands now: none
        when nothing is ordered any more, or his key is disabled.
    failed
        Statement that says in a row that has not ended why it could not be done.
    gave_up
        What is said when the last attempt failed.
    """

    right: str
    asker: sa.TextClause
    failed: sa.TextClause
    gave_up: Callable[[], Refusal] = GaveUp

    def find_asker(self, database: Database, work_id: str) -> Principal | None:
        """Return for whom a job is done, with his rights as they stand now."""
        with database.transaction(None, read_only=True) as connection:
            row = connection.execute(self.asker, {"id": work_id}).one_or_none()
        asker = None if row is None else Principal(*row)
        return asker if asker and asker.role in RIGHTS[self.right].roles else None

    def fail_without_asker(self, database: Database, work_id: str) -> None:
        """Say that who ordered it is gone; nothing where the row has ended."""
        self._fail(database, work_id, AskerGone())

    def give_up(self, database: Database, work_id: str) -> None:
        """Say that the job failed for good; nothing where the row has ended."""
        self._fail(database, work_id, self.gave_up())

    def _fail(self, database: Database, work_id: str, refusal: Refusal) -> None:
        why = orjson.dumps(told(refusal)).decode()
        with database.transaction(None) as connection:
            connection.execute(self.failed, {"id": work_id, "why": why})
