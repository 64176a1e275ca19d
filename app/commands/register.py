"""The register, for commands that ask it or write into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.cluster import ClusterUrls
    from app.settings import Settings


@contextmanager
def fit_database(settings: Settings) -> Iterator[ClusterUrls]:
    """Give the database of these settings, if its schema is this program's.

    Raises
    ------
    CannotRun
        If there is none to be had, or another version of the program made its schema.
    """
    import sqlalchemy as sa

    from app.cluster import running_database
    from app.migration import find_revision, schema_fault, sqlalchemy_url
    from app.refusals import DatabaseUnusable

    with running_database(settings, say=_say) as urls:
        engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
        with engine.connect() as connection:
            fault = schema_fault(find_revision(connection))
        if fault is not None:
            raise DatabaseUnusable(fault)
        yield urls


def _say(line: str) -> None:
    # Standard output carries the answer alone.
    typer.echo(line, err=True)
