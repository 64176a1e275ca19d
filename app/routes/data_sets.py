"""The catalogue of shared data (资源共享目录): what, with whom, how (shell)."""

from __future__ import annotations

from starlette.responses import Response

from app.answers import json_response
from app.data_sets import list_data_sets
from app.routes.guard import LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.data_sets import DataSetList, write_data_set
from app.security.session import Asker

router = guarded_router(prefix="/v1/data-sets", tags=["catalogue"])


@router.get(
    "",
    name="list_data_sets",
    openapi_extra=needs("read_catalogue"),
    response_model=None,
    responses=answers(DataSetList),
)
def list_shared(asker: Asker, language: LanguageOf) -> Response:
    """List every data set with who keeps, reads, enters and decides on it, and how.

    The same table that admits callers. What is read is that of the caller's divisions.
    """
    items = [write_data_set(one, asker.role, language) for one in list_data_sets()]
    return json_response({"items": items, "next": None})
