"""How is each hot statement executed, for the service's role under its rules? (shell).

The use case itself runs, as the HTTP service runs it, on a connection on which the
server explains every statement it executes, those inside functions too
(`auto_explain`). So the plans are the ones really used, prepared statements, row-level
security and all, and no statement can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from uuid import uuid4

import numpy as np
import psycopg
import sqlalchemy as sa

from app.cluster import ClusterUrls
from app.database import Database
from app.security.principals import Principal
from benchmarks.database import Say
from benchmarks.questions import QUESTIONS
from parcels.register.repository import today
from screening.gate import AskedBy, Gate, Question
from screening.request import parse_gate_request
from screening.rule_sets import read_rule_sets

_EXPLAIN = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "client_min_messages": "log",
}
_PLAN_BEGINS = re.compile(r"^[A-Z][A-Za-z ]+(?: using \S+)?(?: on .+)?  \(cost=", re.M)
_DURATION = re.compile(r"duration: ([0-9.]+) ms")
_WHOLE_TABLE = re.compile(r"Seq Scan on (?!change\b|change_head)")


@dataclass(slots=True)
class Explained:
    """Every execution of one statement: milliseconds, and the last plan."""

    milliseconds: list[float] = field(default_factory=list)
    plan: str = ""


class Explanations:
    """Takes the server's notices; keeps statements in the order first seen."""

    def __init__(self) -> None:
        self.statements: dict[str, Explained] = {}

    def take(self, notice: psycopg.errors.Diagnostic) -> None:
        """Read one notice; others than explanations are passed over."""
        message = notice.message_primary or ""
        begins = _PLAN_BEGINS.search(message)
        duration = _DURATION.match(message)
        if begins is None or duration is None:
            return
        text = message[message.index("Query Text:") + 11 : begins.start()]
        explained = self.statements.setdefault(" ".join(text.split()), Explained())
        explained.milliseconds.append(float(duration[1]))
        explained.plan = message[begins.start() :]


class _Undone(Exception):
    """Ends a question without leaving a decision behind."""


def show_plans(
    urls: ClusterUrls, codes: Sequence[str], division_code: str, say: Say
) -> None:
    """Ask about the parcels and print how each statement was executed.

    All of them are asked about twice: the first time reads the pages into memory and
    lets the plans of prepared statements settle.

    Parameters
    ----------
    urls
        A superuser's URL is needed: only he may have statements explained.
    """
    explanations = Explanations()
    database = Database(_explaining(urls.superuser or urls.owner))
    sa.event.listen(
        database.engine,
        "connect",
        lambda connection, _: connection.add_notice_handler(explanations.take),
    )
    try:
        _ask(database, codes, division_code)
        explanations.statements.clear()
        _ask(database, codes, division_code)
    finally:
        database.close()
    _print(explanations, len(codes), say)


def _explaining(url: str) -> str:
    """Return the URL with the explaining of every statement switched on."""
    address = sa.make_url(url)
    options = [f"-c {name}={value}" for name, value in _EXPLAIN.items()]
    given = str(address.query.get("options", ""))
    explained = address.update_query_dict({"options": " ".join([given, *options])})
    return explained.render_as_string(hide_password=False)


def _ask(database: Database, codes: Sequence[str], division_code: str) -> None:
    gate = Gate(read_rule_sets())
    principal = Principal(uuid4(), "benchmark", "permit_system", division_code)
    asked_by = AskedBy(
        principal.client_id, principal.name, principal.role, principal.scope
    )
    for number, code in enumerate(codes):
        body = QUESTIONS[number % len(QUESTIONS)]
        try:
            with database.transaction(principal, snapshot=True) as connection:
                request = parse_gate_request(body, today(connection))
                gate.ask(connection, asked_by, Question(request, (code,)))
                raise _Undone
        except _Undone:
            continue


def _print(explanations: Explanations, questions: int, say: Say) -> None:
    for text, explained in explanations.statements.items():
        times = explained.milliseconds
        say(f"\n{text if len(text) < 160 else text[:100] + ' … ' + text[-50:]}")
        say(
            f"  {len(times) / questions:.1f} times a question, median"
            f" {median(times):.2f} ms, p99 {np.quantile(times, 0.99):.2f} ms"
        )
        for line in explained.plan.splitlines():
            mark = "!" if _WHOLE_TABLE.search(line) else " "
            say(f" {mark} {line[:150]}")
