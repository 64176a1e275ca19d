"""What opened parcels leave for maps and for impact is summed in one walk.

Why: the copy of a statement's rows, half a gigabyte for a county's million parcels, was
read by one trigger for the mark of the layer, by another for the sums of townships and
by a third for where the change reaches. One statement now sums it once, by all they
group by, and the three take their rows from the sums.
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

SUM = """
create function registry.sum_opened_parcels() returns trigger
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
declare
    today constant date := timezone('Asia/Shanghai', now())::date;
    any_later boolean;
begin
    with sums as materialized (
        select r.opened_by, r.division_code, r.township_code, r.valid_from, r.valid_to,
            floor(st_xmin(r.box) / 0.02) as cell_x,
            floor(st_ymin(r.box) / 0.02) as cell_y,
            count(*) as parcels, sum(r.mapped_area_m2) as area_m2,
            min(st_xmin(r.box)) as west, min(st_ymin(r.box)) as south,
            max(st_xmax(r.box)) as east, max(st_ymax(r.box)) as north
        from (
            select w.opened_by, w.division_code, w.valid_from, w.valid_to,
                coalesce(w.township_code, w.division_code) as township_code,
                w.mapped_area_m2,
                -- A shape's box lies in its head.
                box2d(w.geom) as box
            from written w
            offset 0
        ) r
        group by 1, 2, 3, 4, 5, 6, 7
    ),
    marked as (
        insert into layer_mark (layer, division_code, change_id)
        select tg_table_name, left(s.division_code, 6), max(s.opened_by)
        from sums s
        group by 2
        order by 2
        on conflict (layer, division_code) do update
        set change_id = excluded.change_id
    ),
    tallied as (
        insert into township_tally (
            division_code, township_code, on_day, parcels, area_m2)
        select s.division_code, s.township_code, d.on_day,
            sum(d.sign * s.parcels), sum(d.sign * s.area_m2)
        from sums s
        cross join lateral (values (1, s.valid_from), (-1, s.valid_to))
            as d (sign, on_day)
        where d.on_day is not null
        group by 1, 2, 3
        order by 1, 2, 3
        on conflict (division_code, township_code, on_day) do update
        set parcels = township_tally.parcels + excluded.parcels,
            area_m2 = township_tally.area_m2 + excluded.area_m2
    ),
    noted as (
        insert into change_reach (change_id, layer, box)
        select s.opened_by, 'parcel',
            st_makeenvelope(
                min(s.west), min(s.south), max(s.east), max(s.north), 4490)
        from sums s
        group by s.opened_by, s.cell_x, s.cell_y
    )
    select bool_or(s.valid_from > today or s.valid_to > today)
    into any_later
    from sums s;
    if any_later then
        insert into change_reach (change_id, layer, on_day, box)
        select w.opened_by, 'parcel', d.on_day,
            st_setsrid(st_extent(w.geom)::geometry, 4490)
        from written w
        cross join lateral (values (w.valid_from), (w.valid_to)) d (on_day)
        where d.on_day > today
        group by 1, 3, floor(st_xmin(w.geom) / 0.02), floor(st_ymin(w.geom) / 0.02);
    end if;
    return null;
end
$$;
revoke execute on function registry.sum_opened_parcels from public;
"""
TRIGGERS = """
drop trigger notes_opened on registry.parcel;
drop trigger written_tally_open on registry.parcel;
drop trigger written_mark_open on registry.parcel;
-- The name sorts after versions_open: by then the county's lock is held.
create trigger written_mark_open after insert on registry.parcel
referencing new table as written
for each statement execute function registry.sum_opened_parcels();
"""


def upgrade() -> None:
    """Replace the three triggers of opened parcels by one."""
    op.execute(SUM)
    op.execute(TRIGGERS)
