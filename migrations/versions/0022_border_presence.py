"""Where other divisions have something at all, and measuring only what can be near.

Why: asking across the border was the dearest part of a decision (median 0.8 ms of the
database, 19 ms at the 99th percentile) although nine parcels in ten have no other
division's feature anywhere near. `border_presence` keeps the cells of a grid that the
boxes of a division's features touch. A cell is never taken away again, and a box that
meets another shares a cell with it; so where no cell of the search is another
division's, there is nothing to find, now or at any change before.

Of what is near only the part in the search box can matter. What has points of its shape
outside the box alone was measured for nothing (a redline of 9,000 points takes 15 ms)
and told in a ring that no theme searches; it is left out. Shapes that are not valid,
which a neighbour may hold, are repaired here as they are for the caller's own: until
now such a shape ended the question with an error.

`change_head.ground_number` is the number of the last change to divisions or to what
they say they cover: what was read of both holds until it moves.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LAYERS = {
    "plot": "reach",
    "former_use": "reach",
    "enterprise": "reach",
    "facility": "reach",
    "receptor": "reach",
    "water_source": "reach",
    "restriction_area": "geom",
    "farmland_unit": "geom",
    "water_zone": "geom",
    "river": "geom",
}

PRESENCE = """
create table registry.border_presence (
    cell bigint not null,
    division_code text collate "C" not null,
    primary key (cell, division_code)
);
comment on table registry.border_presence is
    'Cells of 0.01 degrees that the boxes of a county''s features touch or ever touched;
    cell -1 stands for all of them.';
-- No policy: only the functions below read it.
alter table registry.border_presence enable row level security;

create function registry.grid_cells(box geometry) returns bigint[]
language sql immutable
set search_path = public, pg_temp
begin atomic
    select coalesce(array_agg(x * 100000 + y), '{}')
    from generate_series(
            floor(st_xmin(box) / 0.01)::bigint, floor(st_xmax(box) / 0.01)::bigint) x
    cross join generate_series(
            floor(st_ymin(box) / 0.01)::bigint, floor(st_ymax(box) / 0.01)::bigint) y;
end;
comment on function registry.grid_cells is
    'Cells of 0.01 degrees that the box of a geometry touches; none of an empty one.';

create function registry.keep_presence() returns trigger
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
begin
    execute format($keep$
        insert into border_presence (cell, division_code)
        select distinct c.cell, left(w.division_code, 6)
        from written w
        cross join lateral unnest(
            -- What reaches over half a province counts as everywhere.
            case when (st_xmax(w.%1$I) - st_xmin(w.%1$I))
                    * (st_ymax(w.%1$I) - st_ymin(w.%1$I)) > 1.0
                then array[-1::bigint]
                else grid_cells(w.%1$I) end
        ) c (cell)
        order by 2, 1
        on conflict do nothing
    $keep$, tg_argv[0]);
    return null;
end
$$;
"""

FILL = """
-- The name sorts after versions_open: by then the county's lock is held.
create trigger written_presence after insert on registry.{layer}
referencing new table as written
for each statement execute function registry.keep_presence('{column}');

insert into registry.border_presence (cell, division_code)
select distinct c.cell, left(w.division_code, 6)
from registry.{layer} w
cross join lateral unnest(
    case when (st_xmax(w.{column}) - st_xmin(w.{column}))
            * (st_ymax(w.{column}) - st_ymin(w.{column})) > 1.0
        then array[-1::bigint]
        else registry.grid_cells(w.{column}) end
) c (cell)
on conflict do nothing;
"""

NOW = {"table": "registry.{layer}", "known": "v.closed_by is null"}
THEN = {
    "table": """(select * from registry.{layer} where closed_by is null
            union all
            select * from registry.{layer} where closed_by is not null)""",
    "known": """exists (
                select from registry.change o
                where o.id = v.opened_by and o.number <= border_known_at)
            and not exists (
                select from registry.change c
                where c.id = v.closed_by and c.number <= border_known_at)""",
}
ARM = """
        select {theme} as theme, v.division_code, {box} as box, v.geom,
            {widened_m} as widened_m
        from {table} v
        where v.{column} && {box}
            and not starts_with(v.division_code, own_scope)
            and {known}
            and v.valid_from <= on_day
            and (v.valid_to is null or v.valid_to > on_day)"""
POINT_RADIUS = """case when geometrytype(v.geom) = 'POINT' then
            coalesce(v.accuracy_m, 0) + sqrt(coalesce(v.stated_area_m2, 0) / pi())
            else 0 end"""
ARMS = (
    ("plot", "'plot'", "plot_box", POINT_RADIUS),
    ("restriction_area", "v.theme", "area_box", "0"),
    ("farmland_unit", "'farmland_unit'", "area_box", "0"),
    ("water_zone", "'water_zone'", "area_box", "0"),
    ("former_use", "'former_use'", "plot_box", POINT_RADIUS),
    ("enterprise", "'enterprise'", "wide_box", POINT_RADIUS),
    ("facility", "'facility'", "wide_box", POINT_RADIUS),
    ("receptor", "'receptor'", "wide_box", POINT_RADIUS),
    ("water_source", "'water_source'", "wide_box", POINT_RADIUS),
    ("river", "'river'", "wide_box", "0"),
)


def _arms(version: dict[str, str]) -> str:
    return "\n        union all".join(
        ARM.format(
            theme=theme,
            widened_m=widened_m,
            box=box,
            column=LAYERS[layer],
            table=version["table"].format(layer=layer),
            known=version["known"],
        )
        for layer, theme, box, widened_m in ARMS
    )


def _query(version: dict[str, str]) -> str:
    return f"""
    return query
    with foreign_feature as materialized ({_arms(version)}
    ),
    near as materialized (
        -- What is large is cut to the search first: a clip costs its length once.
        select f.theme, f.division_code, f.widened_m, f.geom as whole,
            st_dimension(f.geom) as dimension,
            case when pg_column_size(f.geom) > 4096
                then st_clipbybox2d(f.geom, st_expand(f.box, 1e-5))
                when st_dimension(f.geom) = 0 or st_intersects(f.geom, f.box)
                then f.geom end as geom
        from foreign_feature f
    ),
    sound as materialized (
        select n.theme, n.division_code, n.widened_m, n.dimension,
            case when n.dimension = 2 and not st_isvalid(n.geom)
                then st_makevalid(n.whole, 'method=structure keepcollapsed=false')
                else n.geom end as geom
        from near n
        where not st_isempty(n.geom)
    ),
    measured as materialized (
        select s.theme, s.division_code, s.widened_m, s.dimension, s.geom,
            case when s.dimension = 2 and st_intersects(s.geom, subject)
                then st_intersection(s.geom, subject)::geography end as shared
        from sound s
    ),
    judged as materialized (
        select m.theme, m.division_code, m.widened_m, m.dimension, m.geom,
            coalesce(
                st_area(m.shared) >= 1.0
                and 2 * st_area(m.shared) >= 0.10 * st_perimeter(m.shared), false)
                as overlaps
        from measured m
    ),
    related as materialized (
        select d.theme, d.division_code, d.dimension, d.overlaps,
            case when d.overlaps then 0.0
                else st_distance(d.geom::geography, subject::geography) - d.widened_m
                end as distance_m
        from judged d
    ),
    placed as (
        select r.theme, r.division_code, r.distance_m,
            r.overlaps or r.dimension < 2 and r.distance_m <= 0 as lies_on
        from related r
    )
    select r.theme,
        case when bool_or(r.lies_on) then 'on'
            when min(r.distance_m) <= adjoining_m then 'adjoining'
            else 'within' end,
        case when bool_or(r.lies_on) or min(r.distance_m) <= adjoining_m then null
            else (
                select min(ring) from unnest(rings) ring
                where ring >= min(r.distance_m)) end,
        r.division_code
    from placed r
    group by r.theme, r.division_code
    having bool_or(r.lies_on)
        or min(r.distance_m) <= (select max(ring) from unnest(rings) ring);
"""


BORDER_HITS = f"""
create or replace function registry.border_hits(
    subject geometry, area_box geometry, plot_box geometry, wide_box geometry,
    rings double precision[], on_day date, border_known_at bigint)
returns table (
    theme text, relation text, within_m double precision, division_code text)
language plpgsql stable
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_column
declare
    adjoining_m constant double precision := 0.5;
    own_scope constant text := coalesce(current_setting('jingtu.scope', true), '');
begin
    if own_scope in ('', '*') then
        return;
    end if;
    -- As `grid_cells`, over all that is searched (of empty boxes the bounds are null).
    if not exists (
        select from border_presence p
        where p.cell = any(array(
                select x * 100000 + y
                from generate_series(
                    floor(least(st_xmin(area_box), st_xmin(plot_box),
                        st_xmin(wide_box)) / 0.01)::bigint,
                    floor(greatest(st_xmax(area_box), st_xmax(plot_box),
                        st_xmax(wide_box)) / 0.01)::bigint) x
                cross join generate_series(
                    floor(least(st_ymin(area_box), st_ymin(plot_box),
                        st_ymin(wide_box)) / 0.01)::bigint,
                    floor(greatest(st_ymax(area_box), st_ymax(plot_box),
                        st_ymax(wide_box)) / 0.01)::bigint) y
                union all select -1))
            and not starts_with(p.division_code, own_scope))
    then
        return;
    end if;
    if border_known_at is null then
        {_query(NOW)}
    else
        {_query(THEN)}
    end if;
end
$$;
"""

GROUND = """
call registry.keep_mark('theme_coverage');
alter table registry.change_head add column ground_number bigint not null default 0;
comment on column registry.change_head.ground_number is
    'Number of the last change to divisions or to what they cover.';
update registry.change_head set ground_number = number;

create or replace function registry.number_change(change_id bigint) returns bigint
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    new_number bigint;
    new_time timestamptz;
    numbered change;
    ground_moved constant boolean := exists (
        select from layer_mark m
        where m.layer in ('division', 'theme_coverage')
            and m.change_id = number_change.change_id);
begin
    -- The row lock is held until commit: numbers follow commit order.
    update registry.change_head
    set number = change_head.number + 1,
        ground_number = case when ground_moved
            then change_head.number + 1 else change_head.ground_number end,
        recorded_at = greatest(
            clock_timestamp(), change_head.recorded_at + interval '1 microsecond')
    returning number, recorded_at into new_number, new_time;
    update registry.change
    set number = new_number, recorded_at = new_time
    where id = change_id and number is null
    returning change.* into numbered;
    if not found then
        raise exception 'change % is not open', change_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform append_change(numbered);
    return new_number;
end
$$;
"""

GRANTS = """
revoke execute on function registry.grid_cells, registry.keep_presence from public;
"""


def upgrade() -> None:
    """Keep presence and the ground's number, filled from what the register holds."""
    op.execute(PRESENCE)
    for layer, column in LAYERS.items():
        op.execute(FILL.format(layer=layer, column=column))
    op.execute(BORDER_HITS)
    op.execute(GROUND)
    op.execute(GRANTS)
