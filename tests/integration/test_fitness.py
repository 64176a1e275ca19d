"""What `jingtu check` says of a database's clock."""

import psycopg

from app.database import Database
from app.fitness import check_database
from parcels.ledger.kept import HEADS_FILE
from tests.integration.ledger_steps import append_many, seal_all


def clock_finding(urls):
    return [each for each in check_database(urls) if each.subject == "clock"]


def test_a_clock_that_was_set_back_is_a_fault(fresh_database_urls, tmp_path):
    urls = fresh_database_urls
    assert clock_finding(urls) == []  # Nothing was ever signed.
    database = Database(urls.service, pool_size=1)
    append_many(database, 1)
    seal_all(database, tmp_path)
    assert clock_finding(urls)[0].state == "ok"
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "update registry.ledger_head set signed_at = signed_at + interval '3 days'"
        )
    append_many(database, 1)
    (tmp_path / HEADS_FILE).unlink()
    seal_all(database, tmp_path)  # A head of the wrong day hides nothing.
    database.close()
    found = clock_finding(urls)[0]
    assert found.state == "fault"
    assert "set back" in found.text
