"""What a department says when it is asked (征求意见): its opinion (core).

Of a matched rule that asks for consultation, the ecology-environment department answers
where it is named, and agriculture where that is; natural resources where it is the only
one; where none of the three is, ecology and environment (project choice: the rules'
outcome is its consultation). Others that a rule names are asked outside this service.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from parcels.texts import Text

Department = Literal["EE", "AG", "NR"]
Position = Literal["agree", "agree_with_conditions", "object"]

DEPARTMENT_NAMES: Final[dict[Department, Text]] = {
    "EE": Text("生态环境部门", "ecology and environment"),
    "AG": Text("农业农村部门", "agriculture and rural affairs"),
    "NR": Text("自然资源部门", "natural resources"),
}
_WORDS: Final[dict[Department, str]] = {
    "EE": "生态环境",
    "AG": "农业农村",
    "NR": "自然资源",
}
POSITION_NAMES: Final[dict[Position, Text]] = {
    "agree": Text("同意", "agrees"),
    "agree_with_conditions": Text("附条件同意", "agrees with conditions"),
    "object": Text("不同意", "objects"),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """The opinion of a department on the rules it names (部门意见).

    Attributes
    ----------
    decision
        Id of the decision it was asked about.
    rules
        Rules of that decision it speaks to; it changes no other.
    conditions
        What it asks for, each in the department's own words.
    documents
        Ids of stored files.
    withdrawn_on, withdrawn_by, withdrawn_because
        When it no longer counts; None while it stands.
    """

    id: str
    decision: str
    department: Department
    position: Position
    rules: tuple[str, ...]
    reason: str
    conditions: tuple[str, ...]
    documents: tuple[str, ...]
    given_by: str
    given_on: date
    withdrawn_on: date | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.withdrawn_on is None

    @property
    def told(self) -> Text:
        """It in a sentence."""
        name, position = (
            DEPARTMENT_NAMES[self.department],
            POSITION_NAMES[self.position],
        )
        return Text(
            f"{name.zh}{self.given_on.isoformat()}意见：{position.zh}。{self.reason}",
            f"The department of {name.en} {position.en} ({self.given_on.isoformat()}):"
            f" {self.reason}",
        )


def departments_of(consulted: Iterable[str]) -> tuple[Department, ...]:
    """Return who has to answer for a rule, by the Chinese names of whom it asks.

    Examples
    --------
    >>> departments_of(["县级生态环境主管部门", "自然资源主管部门"])
    ('EE',)
    >>> departments_of(["农业农村主管部门", "生态环境主管部门"])
    ('EE', 'AG')
    >>> departments_of(["自然资源主管部门"]), departments_of(["水行政主管部门"])
    (('NR',), ('EE',))
    """
    names = list(consulted)
    found: list[Department] = [
        department
        for department, word in _WORDS.items()
        if any(word in name for name in names)
    ]
    others = tuple(one for one in found if one != "NR")
    return others or tuple(found) or ("EE",)
