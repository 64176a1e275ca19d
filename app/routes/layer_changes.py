"""The feed of changes of a layer, for other systems that follow the register (shell).

互联网+监管, 数据汇聚共享 (M27 四(四), R-A12): another system keeps a copy, and asks for
what has changed since. Notices of single events are sent by `app.routes.webhooks`.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.answers import ENTRY_HEADER, json_response
from app.request_errors import ChangeNotMade
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers, narrowest
from app.schemas.layer_changes import FeedPage, FeedQuery, write_feed
from app.security.session import Asker
from parcels.register.feed import after_change, list_events
from parcels.register.layers import LAYERS, PLOT, RESTRICTED_LAYERS, Layer
from parcels.register.repository import last_change
from screening.query_log import log_changes

# Annotations stay objects here: FastAPI cannot look up names inside a function.

DESCRIPTION = """
Each item says that a change opened a version of an object, or closed one. Items stand
in the order of the changes; in one change what was closed comes first. Changes get
their numbers as they are committed: what is committed later is told later. Send `next`
as `after` until it is null, and from then on `complete_to`: nothing is missed and
nothing told twice.

To keep a copy: for `opened` fetch `links.object` and keep it under `version`; for
`closed` remove the one of that `version`.

    curl -s -H "Authorization: Bearer $KEY" \\
      'http://127.0.0.1:8000/v1/PATH/changes?after=0&limit=1000'

A number beyond the last change is 422 `change-not-made`: the register was set back to a
backup, and the copy has to be read again from 0.

A page of plots that tells something is entered into the ledger: who, when, which part.
"""


def add_changes(router: APIRouter, layer: Layer) -> None:
    """Add the route that tells what has changed in a layer."""

    def list_layer_changes(
        query: Annotated[FeedQuery, Query()], asker: Asker, database: DatabaseOf
    ) -> Response:
        logged = layer is PLOT
        headers = {}
        with database.transaction(asker, read_only=not logged) as connection:
            last = last_change(connection)
            if query.after.number > after_change(last).number:
                raise ChangeNotMade(last)
            division = narrowest(asker.scope, query.division)
            events = list_events(
                connection,
                layer,
                query.after,
                last=last,
                division=division,
                limit=query.limit + 1,
            )
            if logged and events:
                told = events[: query.limit]
                entry = log_changes(connection, asker, layer, division, told)
                headers[ENTRY_HEADER] = str(entry)
        page = write_feed(layer, events, query.limit, last)
        return json_response(page, headers=headers)

    router.add_api_route(
        "/changes",
        list_layer_changes,
        methods=["GET"],
        name=f"list_{layer.name}_changes",
        summary=f"What has changed of {layer.title_en.lower()} ({layer.title_zh}变更)",
        description=DESCRIPTION.replace("PATH", layer.path),
        response_model=None,
        responses=answers(FeedPage),
        openapi_extra=needs(f"read:{layer.name}"),
    )


def feed_routers() -> list[APIRouter]:
    """Return the feed of every layer that has a path.

    They come before the routes of single objects: ``changes`` would be a code there.
    """
    routers = []
    for layer in (*LAYERS, *RESTRICTED_LAYERS):
        if layer.path:
            router = guarded_router(prefix=f"/v1/{layer.path}", tags=[layer.path])
            add_changes(router, layer)
            routers.append(router)
    return routers
