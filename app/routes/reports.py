"""Reports (报告) that an office files: as a workbook or as PDF (shell)."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import NO_STORE
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.indicators import IndicatorQuery, count_now
from app.routes.layer_reads import file_answers
from app.routes.screening_runs import get_done
from app.run_results import result_of, words_in
from app.security.principals import Principal
from app.security.session import Asker
from parcels.refusal import Language
from parcels.register.repository import transaction_time
from screening.categories.proposed import check_division, compare
from screening.categories.quality_report import write_quality_report
from screening.indicators.recent import RecentAccounts
from screening.indicators.report import write_indicator_report
from screening.indicators.snapshots import get_snapshot
from screening.plot_decision_report import (
    NoPlotDecisions,
    write_plot_decision_report,
)
from screening.reports.document import Document
from screening.reports.write import MEDIA_TYPES, ReportFormat, write_report
from screening.runs.files import list_facts, list_printed_facts
from screening.runs.plot_decisions import PLOT_DECISIONS
from screening.standards.loader import read_standards
from screening.standards.marks import list_standards

router = guarded_router(prefix="/v1/reports", tags=["indicators"])
_FILE: Final = file_answers(MEDIA_TYPES.values(), "The report as a file")


class ReportQuery(IndicatorQuery):
    """Of what, and in which form."""

    format: ReportFormat = "pdf"
    snapshot: UUID | None = Field(
        None, description="As kept; then division and period are the snapshot's"
    )


@router.get(
    "/indicators",
    name="get_indicator_report",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    response_class=Response,
    responses=_FILE,
)
def report_indicators(
    query: Annotated[ReportQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Print the indicators of a month, quarter or year with targets and every row."""
    database = services.database
    with database.transaction(asker, snapshot=True, read_only=True) as connection:
        recent = services.indicators
        document = _indicators(connection, recent, asker, query, language)
    content = write_report(document, query.format, services.stationery.press)
    return report_response(content, document, query.format)


def _indicators(
    connection: sa.Connection,
    recent: RecentAccounts,
    asker: Principal,
    query: ReportQuery,
    language: Language,
) -> Document:
    words = words_in(language)
    if query.snapshot is None:
        made = count_now(connection, recent, asker, query)
        now = transaction_time(connection).isoformat()
        return write_indicator_report(made, language, words, made_at=now, kept=None)
    found = get_snapshot(connection, query.snapshot)
    assert found.account is not None
    return write_indicator_report(
        found.account,
        language,
        words,
        made_at=found.recorded_at.isoformat(),
        kept=f"{found.id} r{found.revision}",
    )


class QualityQuery(BaseModel, extra="forbid"):
    """Of which division, and in which form."""

    run: str = Field(
        description="Id of a run of kind farmland_categories", max_length=40
    )
    format: ReportFormat = "pdf"


@router.get(
    "/category_quality",
    name="get_category_quality_report",
    openapi_extra=needs("read_screening"),
    response_model=None,
    response_class=Response,
    responses=_FILE,
)
def report_quality(
    query: Annotated[QualityQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Print the checks of a proposed division: areas, counts, every question."""
    with services.database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, query.run)
        check_division(run)
        result = result_of(connection, run, language)
        document = write_quality_report(
            (found.row for found in result.rows),
            [
                *list_facts(result),
                *list_standards(read_standards(), run.as_of, language),
            ],
            compare(connection, run),
            language,
            result.words,
            number=f"category-quality {run.id}",
            made_at=run.changed_at.isoformat(),
        )
    content = write_report(document, query.format, services.stationery.press)
    return report_response(content, document, query.format)


class PlotDecisionQuery(BaseModel, extra="forbid"):
    """Of which run, and in which form."""

    run: str = Field(description="Id of a run of kind plot_decisions", max_length=40)
    format: ReportFormat = "pdf"


@router.get(
    "/plot_decisions",
    name="get_plot_decision_report",
    openapi_extra=needs("read_screening"),
    response_model=None,
    response_class=Response,
    responses=_FILE,
)
def report_plot_decisions(
    query: Annotated[PlotDecisionQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Print every registered plot with the decisions about its land (用地核查台账).

    A run of kind `plot_decisions` finds them (`POST /v1/screening/runs`, with division
    and span of days); this prints it once it is done.
    """
    with services.database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, query.run)
        if run.kind != PLOT_DECISIONS.name:
            raise NoPlotDecisions
        result = result_of(connection, run, language)
        document = write_plot_decision_report(
            (found.row for found in result.rows),
            list_printed_facts(result),
            result.kind.title.of(language),
            result.kind.about.of(language),
            language,
            result.words,
            number=f"plot-decisions {run.id}",
            made_at=run.changed_at.isoformat(),
        )
    content = write_report(document, query.format, services.stationery.press)
    return report_response(content, document, query.format)


def report_response(content: bytes, document: Document, form: ReportFormat) -> Response:
    """Answer with a report as a file of a plain name."""
    name = "-".join(document.number.replace("*", "country").split())
    way = "inline" if form == "pdf" else "attachment"
    headers = {
        **NO_STORE,
        "Content-Disposition": f'{way}; filename="jingtu-{name}.{form}"',
    }
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
