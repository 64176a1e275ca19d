"""A snapshot of indicators that is no longer what was kept is found and named."""

import gzip
import hashlib
from uuid import uuid4

import orjson
import pytest
import sqlalchemy as sa

from parcels.ledger.verify import Report
from screening.gate import AskedBy
from screening.indicators.periods import parse_period
from screening.indicators.snapshot_check import check_snapshots
from screening.indicators.snapshots import get_snapshot, keep_snapshot

BY = AskedBy(uuid4(), "统计", "registrar", "999901")


@pytest.fixture
def kept(registry):
    """Two periods kept for a county."""
    with registry.service(scope="999901", role="registrar") as connection:
        for name in ("2025", "2026-01"):
            keep_snapshot(connection, "999901", parse_period(name), BY, None)
    return registry


def found_after(registry, statement=None, **values):
    with registry.owner_engine.connect() as connection:
        connection.execute(sa.text("set search_path = registry, public"))
        if statement:
            table = "alter table indicator_snapshot disable trigger user"
            connection.execute(sa.text(table))
            connection.execute(sa.text(statement), values)
        report = Report()
        checked = check_snapshots(connection, report)
        connection.rollback()
    return checked, [(one.kind, one.place.get("column")) for one in report.found]


def test_every_snapshot_fits_its_entry_and_its_figures(kept):
    assert found_after(kept) == (2, [])


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("actor = 'x'", {"actor"}),
        ("reason = 'x'", {"reason"}),
        ("change_number = change_number + 1", {"change"}),
        ("recorded_at = now()", {"recorded_at"}),
        ("division_code = '999902'", {"division_code"}),
        ("period = '2024'", {"period"}),
        ("headline = '{}'", {"headline"}),
        ("as_of = '2020-01-01'", {"as_of"}),
        ("period_kind = 'quarter'", {"period_kind"}),
        ("content = 'x', sha256 = sha256('x')", {"content_sha256", "content"}),
    ],
)
def test_a_snapshot_that_was_changed_is_named(kept, change, columns):
    where = "where period = '2025'"
    statement = " ".join(("update indicator_snapshot set", change, where))
    _, found = found_after(kept, statement)
    assert set(found) == {("snapshot_changed", column) for column in columns}


def test_other_figures_with_their_own_digest_are_found(kept):
    with kept.service(scope="999901", role="auditor") as connection:
        query = sa.text(
            "select id from registry.indicator_snapshot where period = '2025'"
        )
        snapshot = get_snapshot(connection, connection.execute(query).scalar_one())
    said = {"figures": snapshot.account.figures, "rows": snapshot.account.rows}
    said["figures"]["rates"][0]["numerator"] = 1_000_000.0
    content = gzip.compress(orjson.dumps(said))
    statement = (
        "update indicator_snapshot set content = :content, sha256 = :digest"
        " where period = '2025'"
    )
    digest = hashlib.sha256(content).digest()
    _, found = found_after(kept, statement, content=content, digest=digest)
    assert found == [("snapshot_changed", "content_sha256")]


def test_a_snapshot_that_was_removed_is_named(kept):
    statement = "delete from indicator_snapshot where period = '2025'"
    assert found_after(kept, statement) == (1, [("snapshot_removed", None)])


def test_a_snapshot_that_was_never_entered_is_named(kept):
    statement = (
        "insert into indicator_snapshot (division_code, period_kind, period, first_on,"
        " last_on, revision, as_of, change_number, headline, content, sha256, reason,"
        " actor) select division_code, period_kind, period, first_on, last_on, 2,"
        " as_of, change_number, headline, content, sha256, 'x', actor"
        " from indicator_snapshot where period = '2025'"
    )
    assert found_after(kept, statement)[1] == [("snapshot_unentered", None)]
