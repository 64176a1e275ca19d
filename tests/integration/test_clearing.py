"""What has served its purpose is cleared; what is still needed stays."""

# ruff: noqa: S608 (the texts are this file's own)

import pytest
import sqlalchemy as sa

from app.clearing_jobs import clear_work
from app.database import Database
from tests.integration.register_rows import add_parcel, change

CODES = ("999901001001GB00001", "999901001001GB00002")
OLD = "now() - interval '40 days'"


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=2, statement_timeout_s=0)
    yield found
    found.close()


def run(registry, *statements):
    """Make time pass: as the owner, with the triggers of the tables off."""
    with registry.owner() as connection:
        for one in statements:
            connection.execute(sa.text(one))


def count(registry, what):
    with registry.owner() as connection:
        return connection.execute(sa.text(f"select count(*) from {what}")).scalar_one()


@pytest.fixture
def changes(registry):
    """Two changes with their places; the first is old and was compared."""
    for code in CODES:
        with registry.service() as connection, change(connection) as opened:
            add_parcel(connection, opened, code, "2024-01-01")
    run(
        registry,
        "alter table change disable trigger user",
        f"update change set recorded_at = {OLD} where number = 1",
        "alter table change enable trigger user",
        "update impact_progress set number = 1",
    )
    assert count(registry, "change_reach") == 2


def test_places_of_old_changes_that_were_compared_go(registry, database, changes):
    assert clear_work(database, 30) == (1, 0)
    assert count(registry, "change_reach") == 1
    assert count(registry, "change where number is not null") == 2


def test_what_is_not_old_enough_stays(registry, database, changes):
    assert clear_work(database, 60) == (0, 0)


def test_what_was_not_compared_yet_stays(registry, database, changes):
    run(registry, "update impact_progress set number = 0")
    assert clear_work(database, 30) == (0, 0)


def test_a_day_that_has_not_come_stays(registry, database, changes):
    run(registry, "update change_reach set on_day = current_date + 400")
    assert clear_work(database, 30) == (0, 0)


def test_only_taken_notices_go(registry, database):
    run(
        registry,
        "insert into api_client (id, name, role, scope, key_sha256) values"
        " (gen_random_uuid(), 'x', 'permit_system', '999901', sha256('x'))",
        "insert into webhook (client_id, division_code, url, events, secret)"
        " select id, '999901', 'https://a.example', array['decision.affected'],"
        " sha256('s') from api_client where name = 'x'",
        *(
            "insert into webhook_delivery (webhook_id, division_code, event, body,"
            f" state, created_at, delivered_at) select id, '999901', 'x', 'x',"
            f" '{state}', {OLD}, {when} from webhook"
            for state, when in (
                ("delivered", OLD),
                ("delivered", "now()"),
                ("waiting", "null"),
                ("dead", "null"),
            )
        ),
    )
    assert clear_work(database, 30) == (0, 1)
    assert count(registry, "webhook_delivery") == 3
    with pytest.raises(sa.exc.DBAPIError):
        run(registry, "delete from webhook_delivery where state = 'dead'")
