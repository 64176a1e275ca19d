"""What is on record of a plot, and the registers that hold it (shell)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response

from app.answers import file_response, json_response
from app.routes.guard import (
    DatabaseOf,
    LanguageOf,
    ServicesOf,
    guarded_router,
    needs,
)
from app.routes.layer_reads import ObjectQuery, answers, clean, get_object, narrowest
from app.schemas.layers import models_of, write_item
from app.schemas.moments import MomentQuery
from app.schemas.one_of import OneOf
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    DivisionQuery,
    LimitQuery,
    cut_page,
    write_cursor,
)
from app.schemas.plot_records import (
    DossierModel,
    RegisterPage,
    report_of,
    write_dossier,
    write_entry,
)
from app.security.session import Asker
from parcels.plots.dossier import gather_dossier
from parcels.plots.registers import Entry, list_register
from parcels.register.edit import find_objects
from parcels.register.layers import PLOT, PLOT_LIST_MEMBERSHIP, PLOT_PARTY
from parcels.register.repository import PageKey
from parcels.surveys.vector_files import MEDIA_TYPES, write_report
from screening.land_use import Sensitivity, sensitivity

router = guarded_router(prefix="/v1", tags=["plots"])
MOST_ENTRIES: Final = 100_000
"""Plots that a download holds at most, a project default."""
Stage = Annotated[str, OneOf(PLOT.attribute("stage").values)]
FormatQuery = Annotated[
    Literal["json", "csv", "geojson"],
    Field(
        description="`json` is a page; `csv` and `geojson` are files of the whole list"
    ),
]
_LISTS = PLOT_LIST_MEMBERSHIP.attribute("list").values


class RegisterQuery(MomentQuery):
    """Which part of a register, at which moment, in which form."""

    division: DivisionQuery = None
    stage: Stage | None = Field(
        None,
        description="Stage of the plots; a page may then hold fewer than `limit`",
    )
    planned: Sensitivity | None = Field(
        None,
        description="What is planned there: `sensitive` is homes, shops, schools,"
        " medical or elder care and other public service; `unknown` where no use is on"
        " record. A page may then hold fewer than `limit`",
    )
    format: FormatQuery = "json"
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is of the part asked for."""
        plot = entry.plot.values if entry.plot else {}
        if self.stage is not None and plot.get("stage") != self.stage:
            return False
        if self.planned is None:
            return True
        use = plot.get("planned_use_scheme"), plot.get("planned_use_code")
        return sensitivity(*use) == self.planned


@router.get(
    "/plots/{code}/dossier",
    name="get_plot_dossier",
    response_model=None,
    responses=answers(DossierModel),
    openapi_extra=needs("read:plot_document"),
)
def get_plot_dossier(
    code: str,
    query: Annotated[ObjectQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Return lists, papers and pollutants of a plot at a moment (地块档案)."""
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, clean(PLOT, code), moment, query.division)
        dossier = gather_dossier(connection, plot, moment)
    return json_response(write_dossier(dossier, language))


@router.get(
    "/plots/{code}/parties",
    name="list_parties_of_plot",
    response_model=None,
    responses=answers(models_of(PLOT_PARTY).page),
    openapi_extra=needs("read:plot_party"),
)
def list_parties_of_plot(
    code: str,
    query: Annotated[ObjectQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Return who uses a plot and who is liable; empty where nobody is on record."""
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, clean(PLOT, code), moment, query.division)
        found = find_objects(
            connection, PLOT_PARTY, plot.code, moment, plot.division_code
        )
    return json_response({"items": [write_item(one) for one in found], "next": None})


@router.get(
    "/plot-lists/{list_name}",
    name="list_plot_register",
    response_model=None,
    responses=answers(RegisterPage, files=MEDIA_TYPES.values()),
    openapi_extra=needs("read:plot_list_membership"),
)
def list_plot_register(
    list_name: Annotated[str, Path(pattern=f"^({'|'.join(_LISTS)})$")],
    query: Annotated[RegisterQuery, Query()],
    asker: Asker,
    services: ServicesOf,
) -> Response:
    """List the plots of a register on a day, each as it stood then (名录)."""
    whole = query.format != "json"
    limit = MOST_ENTRIES if whole else query.limit
    with services.database.transaction(asker, read_only=True) as connection:
        entries = list_register(
            connection,
            list_name,
            query.resolve(connection),
            division=narrowest(asker.scope, query.division),
            after=None if whole else query.after,
            limit=limit + 1,
        )
    page, cursor = cut_page(entries, limit, _cursor_after)
    page = [one for one in page if query.holds(one)]
    if query.format == "json":
        items = [write_entry(one) for one in page]
        return json_response({"items": items, "next": cursor})
    with services.archive.scratch() as scratch:
        path = scratch / f"{list_name}.{query.format}"
        write_report(report_of(page), path, query.format)
        return file_response(path, path.name, MEDIA_TYPES[query.format])


def _cursor_after(entry: Entry) -> str:
    member = entry.membership
    return write_cursor(PageKey(member.division_code, member.code))
