"""Dossiers and registers of plots as they are answered (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from app.schemas.layers import models_of, write_item
from parcels.analytes import name_analyte
from parcels.plots.dossier import Dossier
from parcels.plots.registers import Entry
from parcels.refusal import Language
from parcels.register.layers import PLOT, PLOT_DOCUMENT, PLOT_POLLUTANT
from parcels.register.repository import Version
from parcels.surveys.vector_files import Record, Report


class MembershipModel(BaseModel):
    """A plot's time on a list (名录)."""

    list: str
    batch: str | None
    source_document: str | None
    entered_on: date = Field(description="列入日期")
    left_on: date | None = Field(description="移出日期; null while it is on it")


_PLOT: Any = models_of(PLOT).item
_DOCUMENT: Any = models_of(PLOT_DOCUMENT).item
PollutantModel: Any = create_model(
    "PollutantModel",
    __base__=models_of(PLOT_POLLUTANT).item,
    __doc__="A pollutant of a plot.",
    analyte_text=(str, Field(description="Its name in the caller's language")),
)


class DossierModel(BaseModel):
    """What is on record of a plot beside its version and its events."""

    lists: list[MembershipModel]
    documents: list[_DOCUMENT]
    pollutants: list[PollutantModel]


class RegisterEntryModel(MembershipModel):
    """One plot of a register, as it stands on that day."""

    plot_code: str
    division_code: str
    plot: _PLOT | None


class RegisterPage(BaseModel):
    """A page of a register."""

    items: list[RegisterEntryModel]
    next: str | None


_COLUMNS: Final = (
    *("plot_code", "division_code", "list", "batch", "source_document"),
    *("entered_on", "name", "address", "stage", "held", "area_m2", "risk_grade"),
    *("pollutants", "planned_use", "former_enterprise", "published_on"),
)


def report_of(entries: Sequence[Entry]) -> Report:
    """Return a register as a file takes it; without a plot its columns are empty."""
    return Report(_COLUMNS, [_record(one) for one in entries])


def _record(entry: Entry) -> Record:
    member = entry.membership
    plot: Mapping[str, Any] = entry.plot.values if entry.plot else {}
    use = (plot.get("planned_use_scheme"), plot.get("planned_use_code"))
    published = plot.get("published_on")
    held = plot.get("held")
    values = (
        member.values["plot_code"],
        member.division_code,
        member.values["list"],
        member.values["batch"],
        member.values["source_document"],
        member.valid_from.isoformat(),
        plot.get("name"),
        plot.get("address"),
        plot.get("stage"),
        None if held is None else str(held).lower(),
        plot.get("mapped_area_m2") or plot.get("stated_area_m2"),
        plot.get("risk_grade"),
        "; ".join(plot.get("pollutants") or ()) or None,
        ":".join(filter(None, use)) or None,
        plot.get("former_enterprise"),
        published.isoformat() if published else None,
    )
    return Record(values, entry.plot.geometry if entry.plot else None)


def write_dossier(dossier: Dossier, language: Language) -> dict[str, Any]:
    """Return a dossier as it is answered."""
    return {
        "lists": [
            {
                "list": one.list,
                "batch": one.batch,
                "source_document": one.source_document,
                "entered_on": one.entered_on,
                "left_on": one.left_on,
            }
            for one in dossier.lists
        ],
        "documents": [write_item(one) for one in dossier.documents],
        "pollutants": [_pollutant(one, language) for one in dossier.pollutants],
    }


def _pollutant(version: Version, language: Language) -> dict[str, Any]:
    item = write_item(version)
    return {**item, "analyte_text": name_analyte(item["analyte"], language)}


def write_entry(entry: Entry) -> dict[str, Any]:
    """Return an entry of a register as it is answered."""
    member = entry.membership
    return {
        "plot_code": member.values["plot_code"],
        "division_code": member.division_code,
        "list": member.values["list"],
        "batch": member.values["batch"],
        "source_document": member.values["source_document"],
        "entered_on": member.valid_from,
        "left_on": member.valid_to,
        "plot": write_item(entry.plot) if entry.plot else None,
    }
