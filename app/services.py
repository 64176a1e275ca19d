"""What one process of the service holds while it runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from app.database import Database
from app.metrics import Metrics
from app.ogc.extents import Extents
from app.oidc.bearer import TokenReader
from app.oidc.sign_in import SignInDesk
from app.public_registers import PublicRegisters
from app.security.authentication import Authenticator
from app.security.sign_in_limit import SignInLimit
from app.settings import Settings
from app.together import Together
from app.turns import Turns
from parcels.surveys.archive import Archive
from screening.certificate.issue import Stationery
from screening.gate import Gate
from screening.indicators.recent import RecentAccounts


@dataclass(slots=True)
class Services:
    """Made at the start of the process, closed at its end."""

    settings: Settings
    database: Database
    authenticator: Authenticator
    metrics: Metrics
    gate: Gate
    threads: ThreadPoolExecutor
    together: Together[Request, Response]
    archive: Archive
    documents: Archive
    stationery: Stationery
    public_registers: PublicRegisters
    turns: Turns
    tokens: TokenReader | None = None
    sign_in: SignInDesk | None = None
    extents: Extents = field(default_factory=Extents)
    indicators: RecentAccounts = field(default_factory=RecentAccounts)
    sign_in_limit: SignInLimit = field(default_factory=SignInLimit)


def services_of(connection: HTTPConnection) -> Services:
    """Return the services of the process that answers this request."""
    found: Services = connection.app.state.services
    return found
