"""Which closed or moved plants left land that no plot is kept for yet? (service).

R-C18 (环厅〔2020〕27号 三（三）): an enterprise of the listed industries that closed or
moved makes its land a candidate (线索). One that lost its permit is told as well, a
project choice. The lists of industries are those of the rule set of the place. Nothing
is hidden by doubt: an industry that cannot be read is told as unknown, and a plot that
is only a point nearby does not take a plant off the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import shapely
import sqlalchemy as sa
from psycopg.rows import dict_row

from parcels.plots.basis import Basis
from parcels.refusal import Refusal
from parcels.register.repository import PageKey, today
from parcels.register.statements import Statements, fetch
from parcels.tasks.model import Doer, NewTask, Subject, Task
from parcels.tasks.repository import find_tasks_of, open_task
from parcels.texts import Text
from screening.distance import expand_bounds, measure_widening
from screening.industries import Industry
from screening.neighbourhood import Feature
from screening.rule_set import RuleSets
from screening.surroundings import BARE_POINT_M, Neighbour, Surroundings

_SQL: Final = Statements(Path(__file__).parent / "sql" / "leads.sql")
KIND: Final = "investigate_lead"
Reason = Literal["closed", "moved", "permit_lost"]
REASON_NAMES: Final[dict[Reason, Text]] = {
    "closed": Text("已关闭", "closed"),
    "moved": Text("已搬迁", "moved"),
    "permit_lost": Text("不再持有排污许可证", "no longer holds a discharge permit"),
}
BASIS: Final = Basis(
    Text("环厅〔2020〕27号", "环厅〔2020〕27号 (opinions of 2020-06-03)"),
    Text("三（三）", "section 3(3)"),
    "verified",
)


class NotALead(Refusal):
    """The enterprise has not closed, moved or lost its permit, or a plot is kept."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "not_a_lead",
            f"企业 {code} 不在线索清单中：未关闭、搬迁，不属所列行业，或用地已建地块。",
            f"Enterprise {code} is no lead: it has not closed or moved, is of no listed"
            " industry, or a plot is kept for its land.",
        )


@dataclass(frozen=True, slots=True)
class Lead:
    """Land that may have to be investigated (线索).

    Attributes
    ----------
    since
        First day of the version that shows the reason.
    listed
        Whether its industry is on the lists; None where it cannot be told.
    near
        Plots known as points that may be this land.
    task
        What was opened to investigate it, if anything.
    """

    enterprise: Feature
    reason: Reason
    since: date
    industry: Industry
    listed: bool | None
    near: tuple[Neighbour, ...]
    task: Task | None


def list_leads(
    connection: sa.Connection,
    rule_sets: RuleSets,
    *,
    division: str | None = None,
    code: str | None = None,
    after: PageKey | None = None,
    limit: int = 100,
) -> tuple[list[Lead], PageKey | None]:
    """Return the leads among the next `limit` enterprises, and where to go on.

    Three statements read it all, however many enterprises there are.
    """
    day = today(connection)
    values = {
        "day": day,
        "division": division or "",
        "code": code,
        "after_division": after.division_code if after else "",
        "after_code": after.code if after else "",
        "limit": limit + 1,
    }
    rows = fetch(connection, _SQL["enterprises"], values, dict_row)
    leads = _judge(connection, rule_sets, rows[:limit], day)
    if len(rows) <= limit:
        return leads, None
    return leads, PageKey(rows[limit - 1]["division_code"], rows[limit - 1]["code"])


def open_investigation(
    connection: sa.Connection,
    rule_sets: RuleSets,
    code: str,
    division: str | None,
    doer: Doer,
) -> UUID:
    """Open the task to investigate a lead, or find the one opened before.

    Raises
    ------
    NotALead
        If the caller sees no such lead.
    """
    found, _ = list_leads(connection, rule_sets, division=division, code=code)
    if not found:
        raise NotALead(code)
    lead = found[0]
    words = REASON_NAMES[lead.reason]
    new = NewTask(
        KIND,
        lead.enterprise.division_code,
        "EE",
        Subject("enterprise", lead.enterprise.code),
        facts={
            "enterprise": lead.enterprise.name or lead.enterprise.code,
            "reason_zh": words.zh,
            "reason_en": words.en,
        },
        basis=(BASIS,),
        origin=f"{lead.enterprise.code}/{lead.reason}/{lead.since}",
    )
    return open_task(connection, new, doer)


def _judge(
    connection: sa.Connection,
    rule_sets: RuleSets,
    rows: Sequence[Mapping[str, Any]],
    day: date,
) -> list[Lead]:
    """Return the leads among enterprises: of a listed industry, and with no plot."""
    judged = [(row, *_industry_of(rule_sets, row, day)) for row in rows]
    possible = [one for one in judged if one[2] is not False]
    enterprises = [_feature("enterprise", row, row["status"]) for row, _, _ in possible]
    plots = _plots_near(connection, enterprises, day)
    tasks = find_tasks_of(
        connection,
        KIND,
        [(one.division_code, Subject("enterprise", one.code)) for one in enterprises],
    )
    leads: list[Lead] = []
    for (row, industry, listed), enterprise in zip(possible, enterprises, strict=True):
        around = plots[enterprise.version_id]
        if any(one.ring == "on" for one in around):
            continue
        reason: Reason = row["status"] if row["status"] != "active" else "permit_lost"
        near = tuple(one for one in around if one.ring == "cannot_be_placed")
        task = tasks.get((enterprise.division_code, enterprise.code))
        leads.append(
            Lead(enterprise, reason, row["valid_from"], industry, listed, near, task)
        )
    return leads


def _industry_of(
    rule_sets: RuleSets, row: Mapping[str, Any], day: date
) -> tuple[Industry, bool | None]:
    """Return an enterprise's industry, and whether the lists of its place hold it."""
    industry = Industry(row["industry_code"], row["industry_edition"])
    parameters = rule_sets.find([row["division_code"]]).at(day).parameters
    return industry, parameters.listed_industries.holds(industry)


def _feature(
    theme: str, row: Mapping[str, Any], category: str | None = None
) -> Feature:
    return Feature(
        theme=theme,
        layer=theme,
        code=row["code"],
        name=row["name"],
        category=category,
        division_code=row["division_code"],
        geometry=shapely.from_wkb(row["geom"]),
        attributes={},
        accuracy_m=row["accuracy_m"],
        stated_area_m2=row["stated_area_m2"],
        version_id=row["version_id"],
    )


def _plots_near(
    connection: sa.Connection, enterprises: Sequence[Feature], day: date
) -> dict[int, list[Neighbour]]:
    """Return the plots that stand on each enterprise's land, or may, by its version."""
    boxes = [
        expand_bounds(one.geometry.bounds, BARE_POINT_M + _widening_m(one))
        for one in enterprises
    ]
    west, south, east, north = ([box[side] for box in boxes] for side in range(4))
    values = {
        "day": day,
        "numbers": [one.version_id for one in enterprises],
        "divisions": [one.division_code for one in enterprises],
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }
    found: dict[int, list[Feature]] = {one.version_id: [] for one in enterprises}
    for row in fetch(connection, _SQL["plots_near"], values, dict_row):
        found[row["number"]].append(_feature("plot", row))
    return {
        one.version_id: Surroundings(found[one.version_id]).within(one, 0.0)
        for one in enterprises
    }


def _widening_m(enterprise: Feature) -> float:
    if shapely.get_dimensions(enterprise.geometry) != 0:
        return 0.0
    known = measure_widening(enterprise.accuracy_m, enterprise.stated_area_m2)
    return known.metres
