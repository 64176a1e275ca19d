"""Who has to do what when a county's priority protection shrinks? (service).

优先保护类耕地面积减少预警 (R-C19): agriculture explains and makes good, ecology and
environment decides on limits to EIA approvals (环评限批). The warning alone limits
nothing; what the bureau decides it enters on the county
(`parcels.register.restriction`), where rule I05 of the gate reads it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from parcels.plots.basis import OWN_CHOICE, Basis
from parcels.tasks.model import Bureau, Doer, NewTask, Subject
from parcels.tasks.repository import open_tasks
from parcels.texts import Text

KIND: Final = "priority_area_fell"
_DUTIES: Final[tuple[tuple[Bureau, Text], ...]] = (
    ("AG", Text("说明原因并提出补救措施", "explain it and say how it is made good")),
    (
        "EE",
        Text(
            "决定是否实施环评限批，并在行政区上登记",
            "decide on limits to EIA approvals and enter them on the division",
        ),
    ),
)
_BASES: Final = {
    "5134": Basis(
        Text("凉府发〔2017〕6号", "Liangshan plan"),
        Text("第8条", "item 8"),
        "verified",
    ),
    "4101": Basis(
        Text("郑州市2019年土壤污染防治攻坚战实施方案", "Zhengzhou 2019 plan"),
        Text("三(二)2", "three (2) 2"),
        "verified",
    ),
}
"""City → where its plan asks for the warning; elsewhere it is this system's choice."""


def open_fall_tasks(
    connection: sa.Connection,
    run_id: UUID,
    county: str,
    areas_m2: tuple[float, float],
    doer: Doer,
) -> None:
    """Open the tasks of both bureaus, once for a division and county."""
    before, after = areas_m2
    facts = {"before": f"{before:,.2f}", "after": f"{after:,.2f}"}
    new = [
        NewTask(
            KIND,
            county,
            bureau,
            Subject("division", county),
            facts={**facts, "what_zh": what.zh, "what_en": what.en},
            basis=(_BASES.get(county[:4], OWN_CHOICE),),
            origin=f"{run_id}/{county}/{bureau}",
        )
        for bureau, what in _DUTIES
    ]
    open_tasks(connection, new, doer)
