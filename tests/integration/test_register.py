"""What the database guarantees of versions, whatever the program does."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from parcels.register import tables
from parcels.register.history import (
    AlreadyRegistered,
    NotInForce,
    end_object,
    next_object_id,
    number_change,
    open_change,
    replace_version,
)
from parcels.register.layers import LAYERS, PARCEL, PLOT, Shape
from parcels.register.repository import (
    Moment,
    UnknownMoment,
    find_version,
    last_change,
    list_history,
    list_successors,
    resolve_moment,
)
from tests.integration.register_rows import (
    add_lineage,
    add_parcel,
    add_plot,
    change,
    narrow,
    parcel_values,
)

CODE = "999901001001GB00001"
DAY = date(2026, 3, 1)


def written(column_type):
    """Return a column type as PostgreSQL writes it."""
    return column_type.compile(postgresql.dialect()).lower()


def test_two_open_versions_of_a_code_may_not_overlap(service):
    with service() as connection, change(connection) as opened:
        add_parcel(connection, opened, CODE, date(2020, 1, 1))
        with pytest.raises(AlreadyRegistered), connection.begin_nested():
            add_parcel(connection, opened, CODE, date(2021, 1, 1))


def test_two_open_versions_of_an_object_may_not_overlap(service):
    with service() as connection, change(connection) as opened:
        object_id = add_parcel(connection, opened, CODE, date(2020, 1, 1))
        with pytest.raises(AlreadyRegistered), connection.begin_nested():
            add_parcel(
                connection,
                opened,
                "999901001001GB00002",
                date(2021, 1, 1),
                object_id=object_id,
            )


def test_object_of_one_county_does_not_open_in_another(registry):
    with (
        pytest.raises(AlreadyRegistered),
        registry.service(scope="9999") as connection,
        change(connection, "9999") as opened,
    ):
        first = add_parcel(connection, opened, CODE, date(2020, 1, 1))
        code = "999902001001GB00001"
        add_parcel(connection, opened, code, date(2021, 1, 1), object_id=first)


@pytest.mark.parametrize("second", [date(2020, 1, 1), date(2021, 1, 1)])
def test_rows_of_one_statement_clash_with_each_other(registry, second):
    with (
        pytest.raises(DBAPIError, match="two open versions|duplicate key"),
        registry.service() as connection,
        change(connection) as opened,
    ):
        rows = [
            parcel_values(CODE, day, object_id=next_object_id(connection))
            for day in (date(2020, 1, 1), second)
        ]
        connection.execute(
            sa.insert(tables.TABLES["parcel"]).values(
                [{**row, "opened_by": opened.id} for row in rows]
            )
        )


def test_versions_that_meet_do_not_overlap(service):
    with service() as connection, change(connection) as opened:
        end = date(2021, 1, 1)
        first = add_parcel(connection, opened, CODE, date(2020, 1, 1), valid_to=end)
        add_parcel(connection, opened, CODE, end, object_id=first)


def test_replacement_keeps_what_was_true_and_what_was_known(service):
    with service() as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, date(2020, 1, 1), land_use_code="0101")
        with change(connection) as opened:
            values = {"land_use_code": "0601"}
            replace_version(connection, opened, PARCEL, CODE, values, DAY)

        def use_on(day, known_at=None):
            version = find_version(connection, PARCEL, CODE, Moment(day, known_at))
            return version.values["land_use_code"]

        before, after = date(2026, 2, 28), DAY
        known = resolve_moment(connection, known_at=None)
        assert known.known_at is None
        assert (use_on(before), use_on(after)) == ("0101", "0601")
        first_change = list_history(connection, PARCEL, CODE)[0].change_number
        assert (use_on(before, first_change), use_on(after, first_change)) == (
            "0101",
            "0101",
        )


def test_ended_object_is_not_in_force_from_that_day(service):
    with service() as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, date(2020, 1, 1))
        with change(connection) as opened:
            end_object(connection, opened, PARCEL, CODE, DAY)
        assert find_version(connection, PARCEL, CODE, Moment(DAY)) is None
        assert find_version(connection, PARCEL, CODE, Moment(date(2026, 2, 28)))
        with change(connection) as opened, pytest.raises(NotInForce):
            end_object(connection, opened, PARCEL, CODE, DAY)


@pytest.mark.parametrize(
    "statement",
    [
        "update parcel set land_use_code = '0601'",
        "update parcel set valid_to = date '2027-01-01'",
        "delete from parcel",
        "truncate parcel",
    ],
)
@pytest.mark.parametrize("role", ["owner", "service"])
def test_version_is_never_altered_or_removed(registry, role, statement):
    with registry.service() as connection, change(connection) as opened:
        add_parcel(connection, opened, CODE, date(2020, 1, 1))
        connection.info["keep"] = True
    connect = registry.owner if role == "owner" else registry.service
    with pytest.raises(DBAPIError), connect() as connection:
        connection.execute(sa.text(statement))


def test_closed_version_is_not_closed_again(service):
    with service() as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, date(2020, 1, 1))
        with change(connection) as opened:
            end_object(connection, opened, PARCEL, CODE, DAY)
        with pytest.raises(DBAPIError, match="never altered"), change(connection) as c:
            connection.execute(
                sa.update(tables.TABLES["parcel"])
                .where(tables.TABLES["parcel"].c.closed_by.is_not(None))
                .values(closed_by=c.id)
            )


def test_change_must_be_numbered_before_commit(registry):
    with (
        pytest.raises(DBAPIError, match="was not numbered"),
        registry.service() as connection,
    ):
        open_change(connection, actor="test", division_code="999901")


def test_version_belongs_to_the_open_change_of_its_transaction(registry):
    with registry.service() as connection:
        opened = open_change(connection, actor="test", division_code="999901")
        number_change(connection, opened)
    with (
        pytest.raises(DBAPIError, match="open change"),
        registry.service() as connection,
    ):
        add_parcel(connection, opened, CODE, date(2020, 1, 1))


def test_change_of_one_county_does_not_touch_another(registry):
    with (
        pytest.raises(DBAPIError, match="open change"),
        registry.service(scope="9999") as connection,
        change(connection, "999902") as opened,
    ):
        add_parcel(connection, opened, CODE, date(2020, 1, 1))


def test_versions_are_not_written_in_a_snapshot(registry):
    with (
        pytest.raises(DBAPIError, match="READ COMMITTED"),
        registry.service(isolation="REPEATABLE READ") as connection,
        change(connection) as opened,
    ):
        add_parcel(connection, opened, CODE, date(2020, 1, 1))


def test_numbers_of_changes_follow_commits_under_load(registry):
    """Eight writers at once: a snapshot sees exactly the changes up to its N."""

    def write(county):
        for _ in range(10):
            with registry.service(scope=county) as connection:
                opened = open_change(connection, actor="test", division_code=county)
                number_change(connection, opened)

    writers = [threading.Thread(target=write, args=(f"9999{i:02d}",)) for i in range(8)]
    for writer in writers:
        writer.start()
    torn = []
    while any(writer.is_alive() for writer in writers):
        with registry.service(scope="*", isolation="REPEATABLE READ") as connection:
            row = connection.execute(
                sa.text(
                    "select h.number, (select count(*) from change c),"
                    " (select coalesce(max(number), 0) from change) from change_head h"
                )
            ).one()
            if len(set(row)) != 1:
                torn.append(tuple(row))
    for writer in writers:
        writer.join()
    assert torn == []


def test_two_writers_of_one_code_cannot_both_win(registry):
    """The second waits for the county's lock and then finds the first's version."""
    outcomes = []
    ready = threading.Barrier(2)

    def write():
        try:
            with registry.service() as connection, change(connection) as opened:
                ready.wait()
                add_parcel(connection, opened, CODE, date(2020, 1, 1))
        except (AlreadyRegistered, DBAPIError) as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("won")

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["AlreadyRegistered", "won"]


def test_service_reads_no_row_of_another_division(service):
    with service(scope="9999") as connection:
        for county in ("999901", "999902"):
            with change(connection, county) as opened:
                code = f"{county}001001GB00001"
                add_parcel(connection, opened, code, date(2020, 1, 1))
        narrow(connection, "999902")
        parcel = tables.TABLES["parcel"]
        seen = connection.execute(sa.select(parcel.c.division_code)).scalars().all()
    assert seen == ["999902"]


@pytest.mark.parametrize("scope", [None, ""])
def test_without_a_scope_there_is_no_row(registry, scope):
    with registry.service() as connection, change(connection) as opened:
        add_parcel(connection, opened, CODE, date(2020, 1, 1))
    with registry.service(scope=scope) as connection:
        for layer in LAYERS:
            table = tables.TABLES[layer.name]
            count = sa.select(sa.func.count()).select_from(table)
            assert connection.execute(count).scalar_one() == 0, layer.name


def test_row_of_another_division_cannot_be_written(registry):
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        registry.service(scope="999901") as connection,
        change(connection) as opened,
    ):
        add_parcel(connection, opened, "999902001001GB00001", date(2020, 1, 1))


@pytest.mark.parametrize(
    ("role", "may"),
    [("surveyor", True), ("planner", True), ("auditor", False), ("agriculture", False)],
)
def test_role_writes_only_its_layers(registry, role, may):
    with registry.service(role=role) as connection, change(connection) as opened:
        if may:
            add_parcel(connection, opened, CODE, date(2020, 1, 1))
        else:
            with (
                pytest.raises(DBAPIError, match="row-level security"),
                connection.begin_nested(),
            ):
                add_parcel(connection, opened, CODE, date(2020, 1, 1))


def test_service_owns_nothing_and_cannot_bypass(schema):
    with schema.service() as connection:
        row = connection.execute(
            sa.text(
                "select rolsuper, rolbypassrls, (select count(*) from pg_class c"
                " join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = 'registry' and pg_get_userbyid(c.relowner)"
                " = current_user) from pg_roles where rolname = current_user"
            )
        ).one()
    assert tuple(row) == (False, False, 0)


def test_every_versioned_table_is_under_row_level_security(schema):
    with schema.owner() as connection:
        open_tables = connection.execute(
            sa.text(
                "select relname from pg_class where relnamespace ="
                " 'registry'::regnamespace and relkind = 'r' and not relrowsecurity"
            )
        ).scalars()
    # Reached through functions only, or holding nothing of any division.
    assert set(open_tables) <= {
        "alembic_version",
        "api_client",
        "session",
        "sign_in_flow",
        "app_user",
        "change_head",
        "role_right",
        "bureau_right",
        "theme_right",
        "version_columns",
        # Salted hashes and their order; what they stand for is under a policy.
        "ledger",
        "ledger_head",
        "ledger_leaf",
        "ledger_node",
        "ledger_unsealed",
        # Ids alone, of decisions that have just been made.
        "decision_arrival",
    }


def test_split_parcel_answers_with_its_successors(service):
    with service() as connection:
        west, east = "999901001001GB00011", "999901001001GB00012"
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, date(2020, 1, 1), valid_to=DAY)
            for code in (west, east):
                add_parcel(connection, opened, code, DAY)
                add_lineage(connection, opened, CODE, code, "split", DAY)
        found = list_successors(connection, CODE, Moment(DAY))
        assert [version.code for version in found] == [west, east]


def test_successors_are_followed_over_several_steps(service):
    with service() as connection:
        codes = [f"999901001001GB0002{i}" for i in range(3)]
        with change(connection) as opened:
            add_parcel(connection, opened, codes[2], DAY)
            for old, new in zip(codes, codes[1:], strict=False):
                add_lineage(connection, opened, old, new, "renumber", DAY)
        found = list_successors(connection, codes[0], Moment(DAY))
        assert [version.code for version in found] == codes[2:]


def test_successors_are_found_as_they_were_known_then(service):
    """A split of the first change, one of its halves renumbered by the second."""
    with service() as connection:
        west, east, later = (f"999901001001GB0003{i}" for i in range(3))
        with change(connection) as opened:
            for code in (west, east):
                add_lineage(connection, opened, CODE, code, "split", date(2020, 1, 1))
            add_parcel(connection, opened, west, date(2020, 1, 1))
            add_parcel(connection, opened, east, date(2020, 1, 1), valid_to=DAY)
        first = last_change(connection)
        with change(connection) as opened:
            add_lineage(connection, opened, east, later, "renumber", DAY)
            add_parcel(connection, opened, later, DAY)

        def successors(moment):
            found = list_successors(connection, CODE, moment)
            return [version.code for version in found]

        assert successors(Moment(DAY)) == [west, later]
        assert successors(Moment(DAY, first)) == [west]
        assert successors(Moment(date(2020, 6, 1), first)) == [west, east]


def test_a_lineage_that_comes_round_again_ends(service):
    with service() as connection:
        first, second = "999901001001GB00041", "999901001001GB00042"
        with change(connection) as opened:
            add_lineage(connection, opened, first, second, "renumber", DAY)
            add_lineage(connection, opened, second, first, "renumber", DAY)
        assert list_successors(connection, first, Moment(DAY)) == []


def test_moment_beyond_the_last_change_is_refused(service):
    with service() as connection, pytest.raises(UnknownMoment):
        resolve_moment(connection, known_at=10**9)


def test_point_reaches_as_far_as_its_area(service):
    """10,000 m² is a circle of 56.4 m; with 43.6 m of accuracy the box is 100 m."""
    with service() as connection, change(connection) as opened:
        add_plot(connection, opened, stated_area_m2=10_000.0, accuracy_m=43.581)
        width_m = connection.execute(
            sa.text(
                "select st_distance(st_point(st_xmin(reach), st_y(geom), 4490)"
                "::geography, geom::geography) from plot"
            )
        ).scalar_one()
    assert 100.0 <= width_m <= 101.5


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_table_is_what_the_layer_says(schema, layer):
    """The migrated database and the list of layers cannot drift apart."""
    with schema.owner() as connection:
        found = {
            column["name"]: (written(column["type"]), column["nullable"])
            for column in sa.inspect(connection).get_columns(layer.name, "registry")
        }
    expected = {
        column.name: (written(column.type), column.nullable)
        for column in tables.TABLES[layer.name].c
    }
    assert {name: found[name][1] for name in expected} == {
        name: nullable for name, (_, nullable) in expected.items()
    }
    assert set(found) == set(expected)
    geometries = {"geom", "reach"}
    assert {n: t for n, (t, _) in found.items() if n not in geometries} == {
        n: t for n, (t, _) in expected.items() if n not in geometries
    }


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_allowed_values_stand_in_the_database_too(schema, layer):
    with schema.owner() as connection:
        checks = " ".join(
            check["sqltext"]
            for check in sa.inspect(connection).get_check_constraints(
                layer.name, "registry"
            )
        )
    for attribute in layer.attributes:
        for value in attribute.values:
            assert f"'{value}'" in checks, f"{attribute.name}: {value}"


def test_geometry_columns_are_typed_and_indexed(schema):
    with schema.owner() as connection:
        columns = connection.execute(
            sa.text(
                "select f_table_name, type, srid from geometry_columns"
                " where f_table_schema = 'registry' and f_geometry_column = 'geom'"
            )
        ).all()
        indexed = set(
            connection.execute(
                sa.text(
                    "select tablename from pg_indexes where schemaname = 'registry'"
                    " and indexdef like '%USING gist (geom)%closed_by IS NULL%'"
                )
            ).scalars()
        )
    spatial = {layer.name for layer in LAYERS if layer.shape is not Shape.NONE}
    assert {name for name, _, _ in columns} >= spatial
    assert {srid for _, _, srid in columns} == {4490}
    assert indexed >= spatial


def test_plot_layer_is_read_like_any_other(service):
    with service() as connection, change(connection) as opened:
        add_plot(connection, opened)
        found = find_version(connection, PLOT, "P-1", Moment(DAY))
    assert found is None or found.geometry.geom_type == "Point"


def test_values_of_a_parcel_are_complete():
    names = {attribute.name for attribute in PARCEL.attributes if attribute.required}
    assert names <= set(parcel_values(CODE, DAY))
