"""A decision that is no longer what was entered into the ledger is found and named.

Each test tampers as the superuser, triggers off, and takes it back.
"""

from contextlib import contextmanager

import orjson
import pytest
import sqlalchemy as sa

from app.database import Database
from app.migration import sqlalchemy_url
from app.sealing import Sealer
from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.rows import check_changes
from parcels.ledger.verify import Report
from screening.decision_check import check_decisions, check_events
from tests.api.bodies import square
from tests.api.test_gate import QUESTION, ask


@pytest.fixture
def decision(api):
    """The id of a decision of today."""
    return ask(api).json()["id"]


@pytest.fixture
def tamper(api_urls):
    @contextmanager
    def connect():
        engine = sa.create_engine(
            sqlalchemy_url(api_urls.superuser), poolclass=sa.NullPool
        )
        with engine.connect() as connection:
            connection.execute(sa.text("set session_replication_role = replica"))
            connection.execute(sa.text("set search_path = registry, public"))
            yield connection
            connection.rollback()

    return connect


UPDATE = "update decision set {} = {} where id = :id"


def found_after(tamper, statement, decision_id):
    with tamper() as connection:
        connection.execute(sa.text(statement), {"id": decision_id})
        report = Report()
        assert check_decisions(connection, report) > 0
        check_events(connection, report)
    return [(each.kind, each.place) for each in report.found]


def test_every_decision_fits_its_entry(api, tamper, decision):
    ask(api, QUESTION | {"subject": {"geometry": square(114.05, 34.65)}})
    with tamper() as connection:
        report = Report()
        check_decisions(connection, report)
        check_changes(connection, report)
        check_events(connection, report)
    assert report.found == []


def test_a_history_rewritten_before_a_decision_is_named_by_its_record(
    api, api_urls, tamper, data_dir
):
    """Rewritten whole, with a new tree and new signatures, it fits itself."""
    database = Database(api_urls.service, pool_size=1)
    ask(api)
    Sealer(database, data_dir / "ledger").seal_all()
    database.close()
    later = ask(api).json()
    another = """
    update ledger_head set content = convert_to(replace(convert_from(content, 'utf8'),
        :root, repeat('0', 64)), 'utf8')
    """
    with tamper() as connection:
        connection.execute(sa.text(another), {"root": later["ledger_head"]["root"]})
        report = Report()
        check_decisions(connection, report)
    named = {
        (each.kind, str(each.place["decision"]), each.place["size"])
        for each in report.found
    }
    size = later["ledger_head"]["size"]
    assert ("decision_head_contradicted", later["id"], size) in named


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", "'allow_for_free'"),
        ("certificate_number", "'JT-1'"),
        ("division_code", "'999902'"),
        ("transaction", "'siting'"),
        ("parcel_codes", "'{}'"),
        ("as_of", "as_of - 1"),
        ("change_number", "change_number - 1"),
        ("recorded_at", "recorded_at - interval '1 day'"),
        ("valid_until", "'2099-01-01'"),
        ("client_id", "gen_random_uuid()"),
        ("actor", "'nobody'"),
        ("record_sha256", "sha256('x')"),
        ("geom", "st_translate(geom, 1, 0)"),
        ("record", "record || ' '"),
    ],
)
def test_a_changed_column_of_a_decision_is_named(tamper, decision, column, value):
    statement = UPDATE.format(column, value)
    name = {"geom": "geometry_wkb"}.get(column, column)
    ((kind, place),) = found_after(tamper, statement, decision)
    assert (kind, str(place["decision"])) == ("decision_changed", decision)
    assert place["column"] == name


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("delete from decision where id = :id", "decision_removed"),
        ("delete from ledger_entry where id = :id", "decision_unentered"),
        (
            "update ledger_entry set content = '{' where id = :id",
            "decision_changed",
        ),
    ],
)
def test_a_removed_decision_or_entry_is_named(tamper, decision, statement, kind):
    ((found, place),) = found_after(tamper, statement, decision)
    assert (found, str(place["decision"])) == (kind, decision)


@pytest.fixture
def annulled(api, decision):
    """A decision that was annulled for a reason with everything in it."""
    path = f"/v1/gate/decisions/{decision}/annul"
    answer = api.as_("registrar").post(path, {"reason": 'wrong "plot"\n错误'})
    assert answer.status_code == 200, answer.text
    return decision


def test_an_annulment_enters_the_ledger(api_urls, annulled):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.connect() as connection:
        content = connection.scalars(
            sa.text(
                "select content from registry.ledger_entry"
                " where kind = 'decision_event' order by recorded_at desc limit 1"
            )
        ).one()
    written = orjson.loads(content)
    assert canonical_bytes(written) == content
    assert written["body"]["decision_id"] == annulled
    assert written["body"]["reason"] == 'wrong "plot"\n错误'


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (
            "update decision_event set reason = 'other' where decision_id = :id",
            "event_changed",
        ),
        ("delete from decision_event where decision_id = :id", "event_removed"),
        (
            "insert into decision_event (decision_id, division_code, kind, actor,"
            " change_id) select :id, '999901', 'affected', 'x', min(id) from change",
            "event_unentered",
        ),
    ],
)
def test_what_is_done_to_an_event_is_named(tamper, annulled, statement, kind):
    with tamper() as connection:
        connection.execute(sa.text(statement), {"id": annulled})
        report = Report()
        check_events(connection, report)
    assert [each.kind for each in report.found] == [kind]
    assert report.found[0].text("zh") and report.found[0].text("en")
