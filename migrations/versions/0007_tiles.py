"""What maps need to be quick: the last change of each layer, and township sums.

Why: a browser asks again for every tile it shows. With the number of the change that
last touched a layer in a county, an unchanged tile is answered without being drawn.
Below zoom 12 a map shows how many parcels a township has; counting a million rows
takes a second, so the count is kept.

Both tables are written by triggers in the transaction that writes the versions, after
`check_opened` and `check_closed` have taken the lock of the county: two writers never
wait for each other here. `township_tally` keeps sums by the day on which they begin to
hold (a version counts from `valid_from`, and no longer from `valid_to`), so the sum up
to a day is exact for that day without being recomputed at midnight.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LAYERS = (
    "division",
    "parcel",
    "plot",
    "farmland_unit",
    "enterprise",
    "water_source",
    "water_zone",
    "facility",
    "receptor",
    "restriction_area",
    "former_use",
    "river",
    "monitoring_point",
)

MARKS = """
create table registry.layer_mark (
    layer text not null,
    division_code text collate "C" not null,
    change_id bigint not null references registry.change,
    primary key (layer, division_code)
);
comment on table registry.layer_mark is
    'The change that last touched a layer in a county.';

-- No policy: only the function below reads it, and it looks at the caller's scope.
alter table registry.layer_mark enable row level security;

create function registry.mark_layer() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
begin
    insert into layer_mark (layer, division_code, change_id)
    select tg_table_name, left(division_code, 6), max(coalesce(closed_by, opened_by))
    from (select distinct division_code, opened_by, closed_by from written) as touched
    group by left(division_code, 6)
    order by left(division_code, 6)
    on conflict (layer, division_code) do update
    set change_id = excluded.change_id;
    return null;
end
$$;

create function registry.layer_number(layers text[]) returns bigint
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select coalesce(max(c.number), 0)
    from registry.layer_mark m
    join registry.change c on c.id = m.change_id
    where m.layer = any(layers)
        -- Boundaries of divisions are drawn for everyone.
        and (m.layer = 'division' or registry.in_scope(m.division_code));
end;
comment on function registry.layer_number is
    'Number of the last change of those layers in the caller''s divisions; 0 for none.';

create procedure registry.keep_mark(layer text)
language plpgsql
as $$
begin
    -- The name sorts after versions_open and versions_close: triggers fire in that
    -- order, so the lock of the county is held by then.
    execute format(
        'create trigger written_mark_open after insert on registry.%I
         referencing new table as written
         for each statement execute function registry.mark_layer()', layer);
    execute format(
        'create trigger written_mark_close after update on registry.%I
         referencing new table as written
         for each statement execute function registry.mark_layer()', layer);
    execute format($fill$
        insert into registry.layer_mark (layer, division_code, change_id)
        select distinct on (county) %1$L, county, c.id
        from (
            select left(division_code, 6) as county, opened_by as id from registry.%1$I
            union
            select left(division_code, 6), closed_by from registry.%1$I
            where closed_by is not null
        ) t
        join registry.change c using (id)
        order by county, c.number desc
    $fill$, layer);
end
$$;
"""

TALLY = """
create table registry.township_tally (
    division_code text collate "C" not null,
    township_code text collate "C" not null,
    on_day date not null,
    parcels bigint not null,
    area_m2 double precision not null,
    primary key (division_code, township_code, on_day)
);
comment on table registry.township_tally is
    'Parcels and mapped area that a township gains (or loses) from a day on, for maps:
    numbers are exact, areas to the rounding of a running sum. The township code is
    the division''s where a parcel names none.';

alter table registry.township_tally enable row level security;
create policy read_scope on registry.township_tally for select
    using (registry.in_scope(division_code));

create function registry.tally_parcels() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    gain constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into township_tally (division_code, township_code, on_day, parcels, area_m2)
    select division_code, township, on_day, sum(sign * parcels), sum(sign * area_m2)
    from (
        select division_code, coalesce(township_code, division_code), valid_from,
            valid_to, count(*), sum(mapped_area_m2)
        from written
        group by 1, 2, 3, 4
    ) as held (division_code, township, valid_from, valid_to, parcels, area_m2)
    cross join lateral (values (gain, valid_from), (-gain, valid_to))
        as step (sign, on_day)
    where on_day is not null
    group by division_code, township, on_day
    order by division_code, township, on_day
    on conflict (division_code, township_code, on_day) do update
    set parcels = township_tally.parcels + excluded.parcels,
        area_m2 = township_tally.area_m2 + excluded.area_m2;
    return null;
end
$$;

create trigger written_tally_open after insert on registry.parcel
referencing new table as written
for each statement execute function registry.tally_parcels();
create trigger written_tally_close after update on registry.parcel
referencing new table as written
for each statement execute function registry.tally_parcels();

insert into registry.township_tally
select division_code, township, on_day, sum(sign * parcels), sum(sign * area_m2)
from (
    select division_code, coalesce(township_code, division_code), valid_from,
        valid_to, count(*), sum(mapped_area_m2)
    from registry.parcel
    where closed_by is null
    group by 1, 2, 3, 4
) as held (division_code, township, valid_from, valid_to, parcels, area_m2)
cross join lateral (values (1, valid_from), (-1, valid_to)) as step (sign, on_day)
where on_day is not null
group by division_code, township, on_day;
"""

GRANTS = """
grant select on registry.township_tally to jingtu_service;
revoke execute on function
    registry.mark_layer, registry.tally_parcels, registry.layer_number
from public;
revoke execute on procedure registry.keep_mark from public;
grant execute on function registry.layer_number to jingtu_service;
"""


def upgrade() -> None:
    """Create marks and tallies, filled from what the register holds."""
    op.execute(MARKS)
    for layer in LAYERS:
        op.execute(f"call registry.keep_mark('{layer}')")
    op.execute(TALLY)
    op.execute(GRANTS)
