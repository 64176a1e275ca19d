"""The HTTP application: made by `create_app`, nothing at import."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

import anyio
from fastapi import FastAPI

from app import errors
from app.cluster import database_urls
from app.database import Database
from app.gate_answers import answer_questions
from app.metrics import Metrics
from app.middleware import Envelope
from app.oidc.bearer import TokenReader
from app.oidc.provider import Provider
from app.oidc.sign_in import Client, SignInDesk
from app.own_rule_sets import find_rule_sets
from app.pages.assets import STATIC_PATH, AssetFiles
from app.public_registers import PublicRegisters
from app.routing import all_routers
from app.security.authentication import Authenticator
from app.security.session import current_principal
from app.services import Services
from app.settings import Settings, read_settings
from app.stationery import make_stationery
from app.together import Together
from app.turns import Turns
from app.uploads import find_archive, find_documents
from screening.gate import Gate

GATE_THREADS = 4
"""Questions, or groups of them, that one process answers side by side, at most.

They compute more than they wait: more threads only take the interpreter from each
other (16 clients, two processes: 115 a second with ten threads, 136 with four).
"""

MOST_TOGETHER = 8
"""Questions to the gate that are answered in one transaction, at most."""


def create_app(
    settings: Settings | None = None, service_url: str | None = None
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings
        Those of the environment when None.
    service_url
        Database as the service's role; the one the settings name when None.
    """
    chosen = settings or read_settings()
    app = FastAPI(
        title="Jingtu",
        version=version("jingtu"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # We count for ourselves; to ask three times a request whether anybody listens
        # costs more than that.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=_lifespan(chosen, service_url),
    )
    app.state.services = None
    errors.install(app)
    app.add_middleware(
        Envelope,
        find_metrics=lambda: app.state.services and app.state.services.metrics,
        tls=chosen.secure_cookies,
    )
    for router in all_routers():
        app.include_router(router)
    app.mount(STATIC_PATH, AssetFiles(), name="static")
    return app


def _token_reader(settings: Settings, database: Database) -> TokenReader | None:
    if not settings.oidc_issuer:
        return None
    provider = Provider(settings.oidc_issuer)
    return TokenReader(database, provider, settings.oidc_audience)


def _sign_in_desk(settings: Settings, tokens: TokenReader | None) -> SignInDesk | None:
    if tokens is None or not settings.oidc_client_id:
        return None
    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_client_id, secret.get_secret_value() if secret else None
    )
    return SignInDesk(tokens, client, settings.reached_at)


def _lifespan(
    settings: Settings, service_url: str | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = service_url or database_urls(settings).service
        database = Database(url, pool_size=settings.pool_size)
        tokens = _token_reader(settings, database)
        sign_in = _sign_in_desk(settings, tokens)
        threads = ThreadPoolExecutor(min(GATE_THREADS, settings.pool_size), "gate")
        try:
            await anyio.to_thread.run_sync(database.check_when_up)
            await anyio.to_thread.run_sync(database.warn_if_slow)
            limiter = anyio.to_thread.current_default_thread_limiter()
            limiter.total_tokens = settings.pool_size
            app.state.services = Services(
                settings,
                database,
                Authenticator(database),
                Metrics(settings.data_dir / "metrics"),
                Gate(find_rule_sets(settings)),
                threads,
                Together(
                    threads,
                    answer_questions,
                    current_principal,
                    most=MOST_TOGETHER,
                    groups=GATE_THREADS - 1,
                ),
                find_archive(settings),
                find_documents(settings),
                make_stationery(settings),
                PublicRegisters(database, settings.public_decimals),
                Turns(settings.pool_size),
                tokens,
                sign_in,
            )
            yield
        finally:
            threads.shutdown()
            app.state.services = None
            if sign_in is not None:
                sign_in.close()
            if tokens is not None:
                tokens.provider.close()
            database.close()

    return lifespan
