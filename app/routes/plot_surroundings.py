"""What a plot touches (shell)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.answers import json_response
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import ObjectQuery, answers, clean, get_object, narrowest
from app.schemas.one_of import OneOf
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery
from app.schemas.plot_surroundings import PlotSurroundingsModel, write_touched
from app.security.session import Asker
from parcels.register.layers import PLOT
from screening.plot_surroundings import (
    RECEPTORS_M,
    THEMES,
    gather_plot_surroundings,
)

router = guarded_router(prefix="/v1/plots", tags=["plots"])
ThemeName = Annotated[str, OneOf(THEMES)]


class SurroundingsQuery(ObjectQuery):
    """Which themes, how far, and which part of the answer."""

    theme: list[ThemeName] = Field(
        default_factory=list, max_length=len(THEMES), description="Default: all"
    )
    receptors_m: float = Field(
        RECEPTORS_M,
        ge=0,
        le=10_000,
        description="How far receptors are told, metres: by default the population "
        "radius of the survey form of closed plants",
    )
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, le=1_000_000, description="`next` of the page before")


@router.get(
    "/{code}/surroundings",
    name="get_plot_surroundings",
    response_model=None,
    responses=answers(PlotSurroundingsModel),
    openapi_extra=needs("read:plot"),
)
def get_plot_surroundings(
    code: str,
    query: Annotated[SurroundingsQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List parcels, farmland, basic farmland, zones, decisions a plot touches (反查).

    What adjoins it (up to 0.5 m) counts; receptors are told up to `receptors_m`. By
    theme, then by how near; decisions are those valid today. Only what lies in the
    caller's divisions is told. Give `known_at` to read all pages of one state.
    """
    themes = tuple(one for one in THEMES if not query.theme or one in query.theme)
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, clean(PLOT, code), moment, query.division)
        found = gather_plot_surroundings(
            connection,
            plot,
            moment,
            themes=themes,
            division=narrowest(asker.scope, None),
            receptors_m=query.receptors_m,
        )
    counts = Counter(one.feature.theme for one in found.neighbours)
    end = query.after + query.limit
    page = found.neighbours[query.after : end]
    return json_response(
        {
            "plot_code": plot.code,
            "as_of": moment.as_of,
            "counts": {theme: counts[theme] for theme in themes},
            "cut_short": found.cut_short,
            "items": [write_touched(one, language) for one in page],
            "next": end if end < len(found.neighbours) else None,
        }
    )
