"""What the permit system of the benchmark asks, and whether it was answered (core).

Questions mix transactions and planned uses as a county's counter may see them: mostly
supply and transfer of land, fewer permits, some about farmland. Shares are invented.
Each question names one random parcel and carries an Idempotency-Key of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson

from benchmarks.traffic import Ask

_GBT: Final = "gbt21010_2017"


def _question(
    transaction: str, planned: str | None = None, **sections: Any
) -> dict[str, Any]:
    body: dict[str, Any] = {"transaction": transaction}
    if planned:
        body["planned_use"] = {"scheme": _GBT, "code": planned}
    return body | sections


_FACTORY: Final = {
    "industry_code": "3360",
    "industry_edition": "2017",
    "facility": "none",
    "build": "new",
    "may_pollute_soil": True,
    "emits_heavy_metals": False,
    "discharges_pollutants": True,
    "heavily_pollutes_water": False,
    "adds_discharge": True,
    "discharge_outlet": False,
}
_NO_FORMER: Final[dict[str, Any]] = {"former_use": []}

QUESTIONS: Final = (
    *[_question("transfer")] * 4,
    _question("transfer", "0501"),
    *[_question("grant", "0701", declared=_NO_FORMER)] * 2,
    _question("grant", "0601", project=_FACTORY),
    _question("grant", "0501"),
    _question("allocate", "0805", declared=_NO_FORMER),
    _question("collective_market", "0501"),
    *[_question("use_change", "0701")] * 2,
    _question("use_change", "0803"),
    _question("take_back"),
    _question("purchase"),
    _question("reserve", "0701"),
    _question("acquire"),
    _question("land_plan_permit", "0701"),
    _question("works_plan_permit", "0601", project={"discharges_pollutants": True}),
    _question("construction_start", "0601", project={"type": "other"}),
    _question("project_approval", "0601", project=_FACTORY),
    _question("eia", "0601", project=_FACTORY),
    _question("farm_convert", "0601"),
    _question("farm_circulate", "0103", declared={"transferee": "cooperative"}),
    _question("detailed_plan", "0701"),
)
"""Bodies without their subject; one is drawn for each request, each as likely."""


def decision_asks(
    codes: Sequence[str], host: str, port: int, key: str, seed: int
) -> Iterator[Ask]:
    """Yield requests for decisions without end, parcel after parcel."""
    random = np.random.default_rng(seed)
    head = (
        "POST /v1/gate/decisions HTTP/1.1\r\n"
        f"Host: {host}:{port}\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        "Content-Length: {length}\r\n\r\n"
    )
    while True:
        for code in codes:
            question = QUESTIONS[int(random.integers(len(QUESTIONS)))]
            body = json.dumps(question | {"subject": {"parcel_code": code}})
            mark = UUID(bytes=random.bytes(16), version=4)
            request = head.format(key=mark, length=len(body)) + body
            yield Ask(request.encode("ascii"), code.encode("ascii"))


def feature_asks(
    codes: Sequence[str], host: str, port: int, collection: str
) -> Iterator[Ask]:
    """Yield requests for one feature by attribute without end."""
    while True:
        for code in codes:
            request = (
                f"GET /collections/{collection}/items?code={code}&limit=1 HTTP/1.1\r\n"
                f"Host: {host}:{port}\r\n\r\n"
            )
            yield Ask(request.encode("ascii"), code.encode("ascii"))


@dataclass(slots=True)
class Answers:
    """What the kept answers say when they are read in full.

    Attributes
    ----------
    read
        Answers read.
    wrong
        Answers that are not a decision on the parcel asked for.
    with_hit
        Decisions on parcels that some area theme concerns.
    findings
        Findings in all.
    outcomes
        Number of decisions by outcome.
    bytes
        Size of the bodies.
    """

    read: int = 0
    wrong: list[str] = field(default_factory=list)
    with_hit: int = 0
    findings: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    bytes: int = 0


PROXIMITY_THEMES: Final = frozenset(
    ("enterprise", "facility", "receptor", "water_source", "river")
)
"""Themes that ask what lies within a distance: no hit for our count."""


def read_answers(kept: Sequence[tuple[bytes, bytes]]) -> Answers:
    """Read the kept bodies in full."""
    answers = Answers()
    for word, body in kept:
        decision = orjson.loads(body)
        answers.read += 1
        answers.bytes += len(body)
        asked = word.decode("ascii")
        if not is_decision_on(decision, asked):
            answers.wrong.append(asked)
            continue
        outcome = decision["outcome"]
        answers.outcomes[outcome] = answers.outcomes.get(outcome, 0) + 1
        answers.findings += len(decision["findings"])
        answers.with_hit += any(
            theme["status"] == "concerned" and theme["theme"] not in PROXIMITY_THEMES
            for theme in decision["themes"]
        )
    return answers


def is_decision_on(decision: dict[str, Any], code: str) -> bool:
    """Tell whether an answer is a recorded decision on that one parcel."""
    return (
        decision["subject"].get("parcel_codes") == [code]
        and bool(decision["id"])
        and bool(decision["certificate_number"])
        and isinstance(decision["findings"], list)
    )
