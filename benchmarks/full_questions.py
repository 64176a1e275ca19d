"""A permit system that leaves nothing out: what does it ask? (core).

Every field that section 9 of the rule table has for a transaction, with a random
value: the planned use, and all that is needed "when". Exceptions are not claimed;
silence about them is never a missing fact. Each value is as likely as the next: shares
of the answers say how complete the register is, not what a county's counter sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from screening.request_fields import FIELDS_BY_TRANSACTION, Field
from screening.vocabulary import FARM_WORK, Transaction

_FARMING: Final = ("0101", "0102", "0103", "0201", "0204")
_BUILDING: Final = (
    "0501",
    "0505",
    "0601",
    "0602",
    "0604",
    "0701",
    "0702",
    "0801",
    "0803",
    "0805",
    "0806",
    "0809",
    "0810",
    "1003",
)
_ANY_USE: Final = (*_FARMING, *_BUILDING, "0301", "1104", "1201", "1206")
_INDUSTRIES: Final = ("1353", "2511", "2614", "2669", "3130", "3212", "3360", "5990")


def draw_question(random: Random, transaction: Transaction) -> dict[str, Any]:
    """Return a body without its subject in which every field of the row is sent."""
    body: dict[str, Any] = {"transaction": transaction.value}
    for use in FIELDS_BY_TRANSACTION[transaction]:
        if use.need == "claim":
            continue
        section, _, name = use.field.path.partition(".")
        if name:
            value = _DRAWERS[use.field.kind](random, use.field)
            body.setdefault(section, {})[name] = value
        else:
            body[section] = _draw_planned_use(random, transaction)
    return body


def _draw_planned_use(random: Random, transaction: Transaction) -> dict[str, str]:
    return _use(random, _FARMING if transaction in FARM_WORK else _BUILDING)


def _use(random: Random, codes: Sequence[str]) -> dict[str, str]:
    return {"scheme": "gbt21010_2017", "code": random.choice(codes)}


def _draw_industries(random: Random, _field: Field) -> list[dict[str, str]]:
    code = random.choice(_INDUSTRIES)
    industry = {"industry_code": code, "industry_edition": "2017"}
    return random.choice([[], [industry]])


_DRAWERS: Final[Mapping[str, Callable[[Random, Field], Any]]] = {
    "boolean": lambda random, _: random.random() < 0.5,
    "choice": lambda random, field: random.choice(field.allowed),
    "industry": lambda random, _: random.choice(_INDUSTRIES),
    "industries": _draw_industries,
    "texts": lambda random, _: random.choice([[], ["镉"]]),
    "land_use": lambda random, _: _use(random, _ANY_USE),
    "crop": lambda random, _: {"name": "水稻", "edible": random.random() < 0.5},
}
