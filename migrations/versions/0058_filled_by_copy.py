"""A layer that holds nothing is filled by COPY, and a division's code is read quicker.

Why: PostgreSQL refuses COPY into a table whose rows a policy looks at one by one, so a
county's first million parcels went into a temporary table and from there into the
layer: every byte written, read and written again. While its indexes are set aside
(0045) an empty layer belongs to one transaction alone: nobody can read it, and it holds
no row of anybody. So its policies are set aside with them. Before they stand again,
what they ask of a row that is inserted is asked of all rows at once: of every
combination of the columns they look at, as of each division. The key is set aside, too.

The triggers of opened rows get a copy of every row beside the table, half a gigabyte
for those parcels, to look at it twice. Of parcels they are set aside as well, and what
they do is done in the end with the table itself: nothing else is in it.

An object that is not said to be known is a new one: its number has a default now, as
COPY cannot call a sequence.

The pattern of a division's code counted its digits, which takes longer than all other
checks of a row; their number is asked of the length now. It refuses what it refused.
"""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

BEGIN = """
drop function registry.set_indexes_aside;
drop function registry.restore_indexes;

create function registry.begin_filling(layer text) returns boolean
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
declare
    filled constant regclass := format('registry.%I', layer);
    held boolean;
    definitions text[];
    made_by text;
    removal text;
begin
    if not may_write(layer) or not exists (
        select from pg_trigger t
        where t.tgrelid = filled and t.tgname = 'versions_open')
    then
        raise exception 'not a layer to write: %', layer
            using errcode = 'insufficient_privilege';
    end if;
    execute format('select exists (select from %s)', filled) into held;
    if held then
        return false;
    end if;
    begin
        execute format('lock table %s in access exclusive mode nowait', filled);
        execute format('select exists (select from %s)', filled) into held;
        if held then
            -- Leaving the block by an error gives the lock back.
            raise lock_not_available;
        end if;
    exception when lock_not_available then
        return false;
    end;
    definitions := '{}';
    for removal, made_by in
        select
            case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
            else format('alter table %s drop constraint %I', filled, c.conname) end,
            case when c.oid is null then pg_get_indexdef(i.indexrelid)
            else format('alter table %s add constraint %I %s',
                filled, c.conname, pg_get_constraintdef(c.oid)) end
        from pg_index i
        left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = filled
        where i.indrelid = filled
            -- Rows that are opened do not go into the indexes of closed versions.
            and pg_get_expr(i.indpred, i.indrelid)
                is distinct from '(closed_by IS NOT NULL)'
        order by i.indexrelid
    loop
        definitions := definitions || made_by;
        execute removal;
    end loop;
    execute format('alter table %s disable row level security', filled);
    if layer = 'parcel' then
        alter table parcel
        disable trigger versions_open, disable trigger written_mark_open;
    end if;
    insert into index_aside values (layer, definitions);
    return true;
end
$$;
comment on function registry.begin_filling is
    'Give a layer that holds nothing and that nobody uses to this transaction, without
    what looks at rows one by one; false if it is not so. The caller fills and ends it
    in the same transaction.';
"""

END = """
create function registry.end_filling(layer text) returns void
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_variable
declare
    filled constant regclass := format('registry.%I', layer);
    definition text;
    ended index_aside;
    columns text;
    allowed text;
    limited text;
    kept boolean;
begin
    delete from index_aside a where a.layer = layer returning a.* into ended;
    if not found then
        raise exception '% is not being filled', layer
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    execute format('alter table %s enable row level security', filled);
    -- What only certain roles may is nobody's here; what limits one limits everybody.
    select
        string_agg(format('(%s)', p.asked), ' or ') filter (where p.allows),
        string_agg(format('(%s)', p.asked), ' and ') filter (where not p.allows)
    into allowed, limited
    from (
        select pg_get_expr(coalesce(o.polwithcheck, o.polqual), filled) as asked,
            o.polpermissive as allows
        from pg_policy o
        where o.polrelid = filled and o.polcmd in ('a', '*')
            and (o.polroles = '{0}' or not o.polpermissive)
    ) p;
    select string_agg(distinct quote_ident(a.attname), ', ')
    into columns
    from pg_policy o
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = o.oid
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where o.polrelid = filled and o.polcmd in ('a', '*')
        and d.refclassid = 'pg_class'::regclass
        and d.refobjid = filled and d.refobjsubid > 0;
    execute format($rows$
        select bool_and(coalesce((%s) and (%s), false))
        from (select distinct %s from %s) r
    $rows$, coalesce(allowed, 'false'), coalesce(limited, 'true'), columns, filled)
    into kept;
    if not kept then
        raise exception 'rows of % violate its row-level security', layer
            using errcode = 'insufficient_privilege';
    end if;
    foreach definition in array ended.definitions loop
        execute definition;
    end loop;
    if layer = 'parcel' then
        alter table parcel
        enable trigger versions_open, enable trigger written_mark_open;
        perform check_filled_parcels();
        perform sum_filled_parcels();
    end if;
end
$$;
comment on function registry.end_filling is
    'Let everything stand again that `begin_filling` set aside in this transaction;
    refuses rows that it would have refused.';
"""

CHECK = """
create function registry.check_filled_parcels() returns void
language plpgsql
security definer
set search_path = registry, public, pg_temp
set work_mem = '128MB'
as $$
declare
    division text;
    divisions text[];
    changes bigint[];
    closed boolean;
    one_day boolean;
    clash record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'versions are written in READ COMMITTED transactions only'
            using errcode = 'invalid_transaction_state';
    end if;
    -- By a statement of its own, which two processes may read the table for.
    execute $groups$
        select array_agg(g.division_code), array_agg(g.opened_by), bool_or(g.closed),
            min(g.first_day) = max(g.last_day)
        from (
            select p.division_code, p.opened_by,
                bool_or(p.closed_by is not null) as closed,
                min(p.valid_from) as first_day, max(p.valid_from) as last_day
            from parcel p
            group by p.division_code, p.opened_by
        ) g
    $groups$ into divisions, changes, closed, one_day;
    for division in
        select distinct left(d, 6) from unnest(divisions) as d order by 1
    loop
        perform pg_advisory_xact_lock(726001, division::integer);
    end loop;
    if closed or exists (
        select 1
        from unnest(divisions, changes) as v (division_code, opened_by)
        left join change c
            on c.id = v.opened_by
            and c.number is null
            and (c.division_code = '*'
                or starts_with(v.division_code, c.division_code))
        where c.id is null
    ) then
        raise exception 'a version is opened by the open change of its own transaction'
            using errcode = 'integrity_constraint_violation', table = 'parcel';
    end if;
    if one_day then
        -- The unique indexes, which stand again, have seen to it.
        return;
    end if;
    select n.code, n.division_code, n.valid_from, n.valid_to
    into clash
    from (
        select n.*
        from parcel n
        join parcel o on o.object_id = n.object_id
            and o.version_id <> n.version_id
            and daterange(o.valid_from, o.valid_to)
                && daterange(n.valid_from, n.valid_to)
        union all
        select n.*
        from parcel n
        join parcel o on o.division_code = n.division_code and o.code = n.code
            and o.version_id <> n.version_id
            and daterange(o.valid_from, o.valid_to)
                && daterange(n.valid_from, n.valid_to)
    ) n
    limit 1;
    if clash.code is not null then
        raise exception 'parcel % in % has two open versions for % to %',
            clash.code, clash.division_code, clash.valid_from,
            coalesce(clash.valid_to::text, 'further notice')
            using errcode = 'exclusion_violation', table = 'parcel';
    end if;
end
$$;
comment on function registry.check_filled_parcels is
    'What `check_opened` looks for, where all parcels there are were just opened.';
"""

# The same for the rows of a statement and for all there are.
SUM = """
create or replace function registry.{name}() returns {returns}
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
            from {rows} w
            offset 0
        ) r
        group by 1, 2, 3, 4, 5, 6, 7
    ),
    marked as (
        insert into layer_mark (layer, division_code, change_id)
        select 'parcel', left(s.division_code, 6), max(s.opened_by)
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
        from {rows} w
        cross join lateral (values (w.valid_from), (w.valid_to)) d (on_day)
        where d.on_day > today
        group by 1, 3, floor(st_xmin(w.geom) / 0.02), floor(st_ymin(w.geom) / 0.02);
    end if;
    return{value};
end
$$;
"""
OF_STATEMENT = {
    "name": "sum_opened_parcels",
    "returns": "trigger",
    "rows": "written",
    "value": " null",
}
OF_TABLE = {
    "name": "sum_filled_parcels",
    "returns": "void",
    "rows": "parcel",
    "value": "",
}

GRANTS = """
revoke execute on function
    registry.begin_filling, registry.end_filling,
    registry.check_filled_parcels, registry.sum_filled_parcels
from public;
grant execute on function registry.begin_filling, registry.end_filling
to jingtu_service;
"""

COLUMNS = """
do $$
declare
    layer regclass;
begin
    -- Of the layers, and of the pattern that further ones are made from.
    for layer in
        select c.conrelid from pg_constraint c
        where c.connamespace = 'registry'::regnamespace
            and c.conname = 'version_columns_division_code_check'
        order by c.conrelid
    loop
        execute format($columns$
            alter table %s
            alter object_id set default nextval('registry.object_id'),
            drop constraint version_columns_division_code_check,
            add constraint version_columns_division_code_check check (
                division_code ~ '^[1-9][0-9]+$' and octet_length(division_code) <= 9)
        $columns$, layer);
    end loop;
end
$$;
"""


def upgrade() -> None:
    """Create what begins and ends a filling; change the columns of the layers."""
    for part in (BEGIN, END, CHECK):
        op.execute(part)
    for of_what in (OF_STATEMENT, OF_TABLE):
        op.execute(SUM.format(**of_what))
    for part in (GRANTS, COLUMNS):
        op.execute(part)
