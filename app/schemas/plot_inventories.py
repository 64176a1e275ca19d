"""The five inventories of a plot as they are answered (shell)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.pages.i18n import translate
from app.pages.plot_values import tell_plot_value
from app.schemas.plot_timeline import write_event_items
from parcels.analytes import name_analyte
from parcels.plots.dossier import Dossier, Membership
from parcels.plots.inventories import INVENTORIES, OUTLINED, Asked
from parcels.plots.inventory_counts import Counts
from parcels.refusal import Language
from parcels.register.repository import Version
from parcels.tasks.kinds import title_of
from parcels.tasks.model import BUREAU_NAMES, Task

State = Literal["on_record", "missing", "withheld"]
InventoryName = Literal["base", "situation", "problem", "responsibility", "measures"]


class FactModel(BaseModel):
    """One fact of an inventory."""

    name: str
    title: str
    state: State = Field(
        description="`missing`: the register holds nothing of it; `withheld`: your role"
        " may not read it, on record or not"
    )
    texts: list[str] = Field(description="In the caller's language, one a thing")


class InventoryModel(BaseModel):
    """One of the five (清单)."""

    name: InventoryName
    title: str
    on_record: int = Field(description="Facts on record")
    asked: int = Field(description="Facts that your role may read")
    facts: list[FactModel]


class PlotInventoriesModel(BaseModel):
    """底数、情况、问题、责任、措施: what is on record of a plot, and what is not."""

    plot_code: str
    as_of: date
    inventories: list[InventoryModel]


class CountedFactModel(BaseModel):
    """Of how many plots a fact is on record."""

    name: str
    title: str
    on_record: int | None = Field(
        description="Null where your role may not read it on any"
    )


class CountedInventoryModel(BaseModel):
    """One of the five, over all plots of a division."""

    name: InventoryName
    title: str
    facts: list[CountedFactModel]


class DivisionInventoriesModel(BaseModel):
    """The five inventories of a division: how many of its plots tell each fact."""

    division_code: str | None = Field(description="Null: the whole country")
    as_of: date
    plots: int = Field(description="Plots in force, without those entered by error")
    inventories: list[CountedInventoryModel]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Everything on record of a plot on a day.

    Attributes
    ----------
    parties
        None where the caller may not read them.
    tasks
        Those that have not ended.
    """

    plot: Version
    dossier: Dossier
    events: Sequence[Version]
    parties: Sequence[Version] | None
    tasks: Sequence[Task]
    today: date


def write_inventories(known: OnRecord, language: Language) -> dict[str, Any]:
    """Return the five inventories with every fact, those that are missing too."""
    return {
        "plot_code": known.plot.code,
        "as_of": known.today,
        "inventories": [
            _inventory(
                one.name,
                one.words.of(language),
                [_fact(asked, known, language) for asked in one.facts],
            )
            for one in INVENTORIES
        ],
    }


def write_counts(
    counts: Counts,
    division: str | None,
    on: date,
    *,
    parties: bool,
    language: Language,
) -> dict[str, Any]:
    """Return the five inventories of a division; `parties`: he may read of them."""
    return {
        "division_code": division,
        "as_of": on,
        "plots": counts.plots,
        "inventories": [
            {
                "name": one.name,
                "title": one.words.of(language),
                "facts": [
                    {
                        "name": fact.name,
                        "title": fact.words.of(language),
                        "on_record": counts.on_record[fact.name]
                        if parties or fact.source != "party"
                        else None,
                    }
                    for fact in one.facts
                    if fact.name in counts.on_record
                ],
            }
            for one in INVENTORIES
        ],
    }


def _inventory(name: str, title: str, facts: list[dict[str, Any]]) -> dict[str, Any]:
    states = [fact["state"] for fact in facts]
    return {
        "name": name,
        "title": title,
        "on_record": states.count("on_record"),
        "asked": len(states) - states.count("withheld"),
        "facts": facts,
    }


def _fact(asked: Asked, known: OnRecord, language: Language) -> dict[str, Any]:
    withheld = asked.source == "party" and known.parties is None
    texts = [] if withheld else [text for text in _tell(asked, known, language) if text]
    state: State = "withheld" if withheld else "on_record" if texts else "missing"
    title = asked.words.of(language)
    return {"name": asked.name, "title": title, "state": state, "texts": texts}


def _tell(asked: Asked, known: OnRecord, language: Language) -> Iterable[str]:
    """Return what is on record of a fact, one text a thing."""
    dossier = known.dossier
    match asked.source:
        case "plot":
            return [_of_plot(asked, known.plot, language)]
        case "outline":
            return [_outline(known.plot, language)]
        case "list":
            present = (one for one in dossier.lists if one.left_on is None)
            return [_membership(one, language) for one in present]
        case "pollutant":
            return [_maximum(one, language) for one in dossier.pollutants]
        case "paper":
            papers = dossier.documents
            wanted = [one for one in papers if one.values["document_type"] in asked.of]
            return [_paper(one, language) for one in wanted]
        case "firm":
            firms = (one.values["firm"] for one in dossier.documents)
            return dict.fromkeys(firm for firm in firms if firm)
        case "event":
            return _latest_event(known.events, language)
        case "party":
            return [
                one.values[name] for one in known.parties or () for name in asked.of
            ]
        case "task" if asked.name == "bureaus":
            return dict.fromkeys(_responsible(one, language) for one in known.tasks)
        case "task":
            return [_task(one, known.today, language) for one in known.tasks]


def _of_plot(asked: Asked, plot: Version, language: Language) -> str:
    values = (plot.values[name] for name in asked.of)
    value = next((one for one in values if one not in (None, [])), None)
    if value is None:
        return ""
    if asked.name in ("current_use", "planned_use"):
        scheme = plot.values[f"{asked.name}_scheme"] or ""
        value = f"{scheme}:{value}"
    if asked.name == "area":
        return f"{value:,.2f} m²"
    return tell_plot_value(language, asked.name, value)


def _outline(plot: Version, language: Language) -> str:
    """Return that the boundary is on record; a point is no boundary."""
    if plot.geometry is None or plot.geometry.geom_type == "Point":
        return ""
    return OUTLINED.of(language)


def _membership(one: Membership, language: Language) -> str:
    named = translate(language, f"plot_list.{one.list}")
    return _joined(named, one.batch, one.source_document, one.entered_on)


def _maximum(version: Version, language: Language) -> str:
    values = version.values
    if values["maximum"] is None:
        return ""
    analyte = name_analyte(values["analyte"], language)
    medium = translate(language, f"plot_value.{values['medium']}")
    return _joined(analyte, medium, f"{values['maximum']:g} {values['unit']}")


def _paper(version: Version, language: Language) -> str:
    values = version.values
    outcome = values["review_outcome"]
    return _joined(
        translate(language, f"document_type.{values['document_type']}"),
        version.code,
        values["dated_on"],
        outcome and translate(language, f"plot_value.{outcome}"),
    )


def _latest_event(events: Sequence[Version], language: Language) -> list[str]:
    items = write_event_items(events, language)
    standing = [one for one in items if not one["withdrawn"]]
    return [_joined(one["title"], one["on"]) for one in standing[-1:]]


def _responsible(task: Task, language: Language) -> str:
    return _joined(BUREAU_NAMES[task.bureau].of(language), task.person)


def _task(task: Task, today: date, language: Language) -> str:
    late = translate(language, "tasks.late") if task.is_late(today) else None
    return _joined(title_of(task.kind, task.facts).of(language), task.due_on, late)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)
