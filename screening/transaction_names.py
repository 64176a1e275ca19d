"""Which dealings with land by other names does a transaction stand for? (core, data).

Item 38 of the plan of Liangshan (凉府发〔2017〕6号) names dealings at which the use of
land has to meet the soil: circulation of construction land (建设用地土地流转),
allocation (划拨供地, `allocate`), change of the business right of farmland
(农用地经营权改变) and land-ticket trade (地票交易). The gate asks about them as
transactions that it has: the rules of a transaction are those of its other names, and
no rule knows them apart. The words were read in the plan; that they belong to these
transactions, and that construction land circulates first and later, is the project's
own choice (section 3 of the rule table for the ticket).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parcels.texts import Text
from screening.vocabulary import Transaction

OTHER_NAMES: Final[Mapping[Transaction, tuple[Text, ...]]] = MappingProxyType(
    {
        Transaction.COLLECTIVE_MARKET: (
            Text(
                "集体建设用地首次流转",
                "first circulation of collective construction land",
            ),
        ),
        Transaction.TRANSFER: (
            Text("建设用地再次流转", "later circulation of construction land"),
            Text("地票交易", "land-ticket trade"),
        ),
        Transaction.FARM_CIRCULATE: (
            Text("农用地经营权改变", "change of the business right of farmland"),
        ),
    }
)
NAMED_IN: Final = Text(
    "上述其他名称见凉府发〔2017〕6号第38项；归入本环节为产品约定，适用规则相同。",
    "The other names are those of item 38 of the Liangshan work plan of 2017; that they"
    " belong here is this product's choice, and the rules are the same.",
)


def find_by_other_name(name: str) -> Transaction | None:
    """Return the transaction that stands for a dealing of that Chinese name.

    Examples
    --------
    >>> find_by_other_name("地票交易").value
    'transfer'
    >>> find_by_other_name("出租") is None
    True
    """
    for transaction, others in OTHER_NAMES.items():
        if name.strip() in [one.zh for one in others]:
            return transaction
    return None
