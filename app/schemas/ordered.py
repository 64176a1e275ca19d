"""Values that come in pairs, of which one must not be less than the other."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AfterValidator, ValidationInfo

from parcels.refusal import Refusal


class OrderReversed(Refusal):
    """The end of a period or range is less than its beginning."""

    def __init__(self, zh: str, en: str, other: str, value: Any) -> None:
        super().__init__(
            "order_reversed",
            f"不应{zh} {other}（{value}）；请更正其中之一。",
            f"must not be {en} {other} ({value}); correct one of them.",
        )


def not_less_than(first: str) -> AfterValidator:
    """Return what refuses a value below that of `first`, a field declared before it.

    Equal values are good; where one of the two is not given nothing is compared. The
    fault, `OrderReversed`, stands at the later field and names the other with its
    value.
    """

    def check(value: Any, info: ValidationInfo) -> Any:
        least = info.data.get(first)
        if value is not None and least is not None and value < least:
            a_day = isinstance(least, date)
            zh, en = ("早于", "before") if a_day else ("小于", "less than")
            raise OrderReversed(zh, en, first, least)
        return value

    return AfterValidator(check)


def not_more_than(second: str) -> AfterValidator:
    """Return what refuses a number above that of `second`, as `not_less_than`."""

    def check(value: Any, info: ValidationInfo) -> Any:
        most = info.data.get(second)
        if value is not None and most is not None and value > most:
            raise OrderReversed("大于", "more than", second, most)
        return value

    return AfterValidator(check)
