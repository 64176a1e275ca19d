"""A survey sent again right after a county's first import is compared by index.

The planner knows nothing yet of a register that was just filled. What is looked at is
the plan, not the time: no version is compared with every row, and no row with every
version.
"""

import json

import pytest
import sqlalchemy as sa

from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.imports import check_upload
from tests.integration.imports.import_steps import FIRST, SECOND, receive, request
from tests.survey_files import parcel_row_of_squares, parcel_rows, parcels_zip

COUNT = 2_000
LARGE = ("parcel", "staged_rows")


@pytest.fixture
def plans(registry, tmp_path):
    """Import a county, send the same again as declared; give plan by what was asked."""
    archive = Archive(tmp_path)

    def run(**declared):
        with registry.service() as connection:
            squares = parcel_row_of_squares(COUNT)
            data = parcels_zip(squares, parcel_rows(COUNT))
            first = receive(connection, archive, data, request(FIRST))
            check_upload(connection, archive, first.id)
            commit_upload(connection, archive, first.id, actor="t")
        found = []
        with registry.service() as connection:
            forget_statistics(registry)
            again = receive(connection, archive, data, request(SECOND, **declared))
            sa.event.listen(connection, "before_cursor_execute", explain(found))
            upload = check_upload(connection, archive, again.id)
        assert upload.comparison["identical"] == COUNT
        return found

    return run


def forget_statistics(registry):
    """Make sure that nobody has counted the register meanwhile."""
    with registry.owner() as connection:
        counted = sa.text(
            "select count(*) from pg_stats where tablename = 'parcel'"
            " and schemaname = 'registry'"
        )
        assert connection.scalar(counted) == 0


def explain(found):
    """Keep the plan of every statement that sets rows beside the register."""

    def before(connection, cursor, statement, parameters, context, executemany):
        if "parcel" in statement and "staged_rows" in statement and not executemany:
            asked = connection.connection.cursor()
            asked.execute(f"explain (format json) {statement}", parameters)
            plan = asked.fetchone()[0]
            plan = plan if isinstance(plan, list) else json.loads(plan)
            found.append((statement, plan[0]["Plan"]))

    return before


def nodes(plan):
    yield plan
    for one in plan.get("Plans", ()):
        yield from nodes(one)


def repeated_scans(plan):
    """Tables that a loop reads whole for every row of its outer side."""
    return [
        one["Relation Name"]
        for loop in nodes(plan)
        if loop["Node Type"] == "Nested Loop"
        for one in nodes(loop["Plans"][1])
        if one["Node Type"] == "Seq Scan" and one["Relation Name"] in LARGE
    ] + [
        one["Relation Name"]
        for within in nodes(plan)
        for sub in within.get("Plans", ())
        if sub.get("Parent Relationship") == "SubPlan"
        for one in nodes(sub)
        if one["Node Type"] == "Seq Scan" and one["Relation Name"] in LARGE
    ]


@pytest.mark.parametrize("update", ["partial", "whole"])
def test_a_county_sent_again_is_compared_by_index(plans, update):
    found = plans(update=update)
    written = " ".join(statement.split("(")[0] for statement, _ in found).lower()
    assert "staged_fates" in written and "register_beside" in written
    assert ("staged_ended" in written) == (update == "whole") or update == "partial"
    for statement, plan in found:
        assert repeated_scans(plan) == [], statement
