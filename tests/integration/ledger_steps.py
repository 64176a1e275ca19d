"""Steps of tests of the ledger: write entries, seal them, read what is stored."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg

from app.database import Database
from app.sealing import Sealer
from app.security.principals import Principal
from parcels.ledger.append import append_entry, new_entry_id, salted_entry
from tests.integration.register_rows import add_parcel, change

CODE = "999901001001GB00001"
OFFICER = Principal(UUID(int=7), "tester", "surveyor", "999901")


def principal(scope: str = "999901", role: str = "surveyor") -> Principal:
    return Principal(uuid4(), "test", role, scope)


def append(connection, division_code="999901", **body):
    """Append one query; return its id."""
    now = datetime.now(UTC)
    entry = salted_entry(new_entry_id(now), "query", division_code, now, body)
    append_entry(connection, entry)
    return entry.id


def append_many(database: Database, count: int, scope: str = "999901") -> list[UUID]:
    """Append queries in one transaction; return their ids in order."""
    with database.transaction(principal(scope)) as connection:
        return [append(connection, scope, number=number) for number in range(count)]


def make_change(database: Database, code: str = CODE) -> None:
    """Enter a parcel: one change of the register."""
    with database.transaction(OFFICER) as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, code, "2024-01-01")


def seal_all(database: Database, folder, most: int = 1000) -> int:
    return Sealer(database, folder).seal_all(most)


def rows_of(urls, query: str) -> list[tuple]:
    """Read as the superuser."""
    with psycopg.connect(urls.superuser) as connection:
        return connection.execute(query).fetchall()
