"""Which parcels came from which? Seen from the ground they share (shell).

宗地沿革: a parcel that ends or shrinks hands its ground to others. Two parcels are
related when they share at least `LEAST_SHARE` of the smaller one, and one of them is
not there before or not there after; two that merely move their common border are not.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.history import Change
from parcels.surveys.comparing import Comparison
from parcels.surveys.staging import Staging

LEAST_SHARE: Final = 0.1
"""Of the smaller parcel's ground; a project default: a resurvey moves borders less."""
SAME_SHARE: Final = 0.9
"""Of the larger parcel's ground, from which one parcel is the other under a new code;
a project default."""

LINEAGE = sa.Table(
    "staged_lineage",
    sa.MetaData(),
    sa.Column("row_number", sa.Integer),
    sa.Column("predecessor_code", sa.Text),
    sa.Column("successor_code", sa.Text),
    sa.Column("division_code", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("shared_share", sa.Double),
    sa.Column("day", sa.Date),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""One row a pair; `shared_share` is of the smaller parcel, `row_number` the
successor's."""

_LEAVING: Final = (
    "drop table if exists pg_temp.staged_leaving",
    """
    create temporary table staged_leaving on commit drop as
    select p.code, p.geom, l.stays
    from (
        select e.version_id, false as stays from staged_ended e
        union all
        select f.version_id, true from staged_fates f
        where f.fate = 'changed' and f.moved
    ) l
    join registry.parcel p on p.version_id = l.version_id
    """,
    "create index on staged_leaving using gist (geom)",
    "analyze staged_leaving",
)
_FIND: Final = sa.text("""
insert into staged_lineage
with arriving as (
    select r.row_number, r.code, r.division_code, f.day,
        f.fate = 'changed' as was_there, st_setsrid(r.geom, 4490) as geom
    from staged_rows r
    join staged_fates f on f.row_number = r.row_number
    where f.fate = 'new' or (f.fate = 'changed' and f.moved)
),
pair as (
    select a.row_number, p.code as predecessor_code, a.code as successor_code,
        a.division_code, a.day, a.was_there, p.stays,
        st_area(p.geom) as before, st_area(a.geom) as after,
        st_area(st_intersection(p.geom, a.geom)) as shared
    from arriving a
    join staged_leaving p on p.geom && a.geom and st_intersects(p.geom, a.geom)
    where p.code <> a.code and not (a.was_there and p.stays)
),
related as (
    select *, shared / least(before, after) as shared_share,
        count(*) over (partition by predecessor_code) + stays::integer as heirs,
        count(*) over (partition by successor_code) + was_there::integer as sources
    from pair
    where shared >= :least * least(before, after)
)
select row_number, predecessor_code, successor_code, division_code,
    case when sources > 1 then 'merge' when heirs > 1 then 'split' else 'renumber' end,
    shared_share, day
from related
where sources > 1 or heirs > 1 or shared >= :same * greatest(before, after)
""")


def find_lineage(
    connection: sa.Connection, staging: Staging, comparison: Comparison
) -> dict[str, int]:
    """Fill `LINEAGE` with the pairs of an upload of parcels; return kind → number.

    Other layers have none.
    """
    connection.execute(sa.text("drop table if exists pg_temp.staged_lineage"))
    LINEAGE.create(connection)
    leaves = comparison.missing or comparison.changed_geometry
    if staging.layer.name != "parcel" or not leaves:
        return {}
    for statement in _LEAVING:
        connection.execute(sa.text(statement))
    connection.execute(_FIND, {"least": LEAST_SHARE, "same": SAME_SHARE})
    counts = sa.select(LINEAGE.c.kind, sa.func.count()).group_by(LINEAGE.c.kind)
    return {kind: int(count) for kind, count in connection.execute(counts)}


def write_lineage(connection: sa.Connection, change: Change) -> None:
    """Enter the pairs of `LINEAGE` into the register under the open change.

    A pair that the register has already is not entered again.
    """
    table, pair = tables.TABLES["parcel_lineage"], LINEAGE.c
    known = (
        sa.select(table.c.version_id)
        .where(
            table.c.predecessor_code == pair.predecessor_code,
            table.c.successor_code == pair.successor_code,
            table.c.closed_by.is_(None),
        )
        .exists()
    )
    columns = {
        "object_id": sa.func.nextval(sa.text("'registry.object_id'")),
        "code": pair.predecessor_code + ">" + pair.successor_code,
        "division_code": pair.division_code,
        "valid_from": pair.day,
        "opened_by": sa.literal(change.id),
        "predecessor_code": pair.predecessor_code,
        "successor_code": pair.successor_code,
        "kind": pair.kind,
    }
    rows = sa.select(*(value.label(name) for name, value in columns.items()))
    connection.execute(sa.insert(table).from_select(list(columns), rows.where(~known)))
