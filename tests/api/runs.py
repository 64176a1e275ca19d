"""Screening runs as a caller orders them, done at once as a worker does them."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.database import Database
from app.run_jobs import run_jobs
from screening.rule_sets import read_rule_sets


class Runs:
    """What a worker does of the runs of one database."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def _database(self) -> Iterator[Database]:
        # A job reads with one connection and writes with another.
        database = Database(self._url, pool_size=4, statement_timeout_s=0)
        yield database
        database.close()

    def done(
        self,
        api: Any,
        kind: str,
        *,
        executor: Executor | None = None,
        elevation: Path | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Order a run and carry it out; return it as its caller reads it then."""
        body = {"kind": kind, "parameters": parameters}
        ordered = self._ordered(api, "/v1/screening/runs", body)
        return self._carried_out(api, ordered, executor, elevation)

    def again(self, api: Any, run: dict[str, Any], known: str) -> dict[str, Any]:
        """Repeat a run on the register as it was `then` or is `now`."""
        path = f"{run['links']['self']}/rerun"
        return self._carried_out(api, self._ordered(api, path, {"known": known}))

    def _ordered(self, api: Any, path: str, body: Any) -> dict[str, Any]:
        answer = api.post(path, body)
        assert answer.status_code == 202, answer.text
        run: dict[str, Any] = answer.json()
        return run

    def _carried_out(
        self,
        api: Any,
        run: dict[str, Any],
        executor: Executor | None = None,
        elevation: Path | None = None,
    ) -> dict[str, Any]:
        with self._database() as database, ThreadPoolExecutor(2) as threads:
            (job,) = run_jobs(read_rule_sets(), executor or threads, elevation)
            job.run(database, run["id"])
        done: dict[str, Any] = api.get(run["links"]["self"]).json()
        return done


def rows(api: Any, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the first thousand rows of a run that is done."""
    assert run["state"] == "done", run["failure"]
    answer = api.get(run["links"]["results"], params={"limit": 1000})
    return answer.json()["items"]
