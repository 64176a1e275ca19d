"""Connections as the service makes them: a scope, a role, one transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.cluster import ClusterUrls
from app.migration import sqlalchemy_url

CONTEXT = sa.text(
    "select set_config('search_path', 'registry, public', true),"
    " set_config('jingtu.scope', :scope, true),"
    " set_config('jingtu.role', :role, true)"
)


@dataclass(frozen=True)
class Registry:
    """A database of one test; what its blocks write is committed."""

    owner_engine: sa.Engine
    service_engine: sa.Engine

    @contextmanager
    def owner(self) -> Iterator[sa.Connection]:
        """Connect as the owner of the schema, who is not under row-level security."""
        with self.owner_engine.begin() as connection:
            connection.execute(sa.text("set local search_path = registry, public"))
            yield connection

    @contextmanager
    def service(
        self,
        scope: str | None = "999901",
        role: str = "surveyor",
        isolation: str = "READ COMMITTED",
    ) -> Iterator[sa.Connection]:
        """Connect as the service for a caller of that scope and role."""
        engine = self.service_engine.execution_options(isolation_level=isolation)
        with engine.begin() as connection:
            connection.execute(CONTEXT, {"scope": scope, "role": role})
            yield connection


def _registry(urls: ClusterUrls) -> Registry:
    return Registry(
        *(
            sa.create_engine(sqlalchemy_url(url), poolclass=sa.NullPool)
            for url in (urls.owner, urls.service)
        )
    )


@pytest.fixture
def registry(fresh_database_urls: ClusterUrls) -> Registry:
    """An empty register of this test's own."""
    return _registry(fresh_database_urls)


@pytest.fixture
def service(
    database_urls: ClusterUrls,
) -> Callable[..., AbstractContextManager[sa.Connection]]:
    """Connect as the service; everything is rolled back at the end of the block."""

    @contextmanager
    def connect(
        scope: str = "999901", role: str = "surveyor"
    ) -> Iterator[sa.Connection]:
        with _registry(database_urls).service_engine.connect() as connection:
            with connection.begin() as transaction:
                connection.execute(CONTEXT, {"scope": scope, "role": role})
                yield connection
                transaction.rollback()

    return connect


@pytest.fixture(scope="session")
def schema(database_urls: ClusterUrls) -> Registry:
    """The migrated database of the whole run, to look at."""
    return _registry(database_urls)
