"""Rows opened in bulk are checked without joining them to themselves.

Why: after a county's first million parcels the check for clashing versions sorted and
joined that million with itself, 7 s, to find what the unique indexes had already made
sure of. Where every row of a statement begins on one day, and neither their divisions
nor their objects have another open version, only those indexes can be broken and have
not been. Counting tells so; it stops one row beyond what was opened.

The check runs with the owner's rights now: it sees every version of the divisions
written to, whatever part of them its caller sees, and asks no policy a million times.
Its memory is its own, too: with the session's the joins of a renewed county were
sorted on disk.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECK = """
create or replace function registry.opened_alone(
    layer text, opened_rows bigint, first_object bigint, divisions text[])
returns boolean
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    alone boolean;
begin
    execute format($count$
        select count(*) = $1 from (
            select from registry.%1$I o
            where o.object_id >= $2 and o.closed_by is null
            limit $1 + 1) objects
    $count$, layer) into alone using opened_rows, first_object;
    if alone then
        execute format($count$
            select count(*) = $1 from (
                select from registry.%1$I o
                where o.division_code = any($2) and o.closed_by is null
                limit $1 + 1) codes
        $count$, layer) into alone using opened_rows, divisions;
    end if;
    return alone;
end
$$;
comment on function registry.opened_alone is
    'Whether objects from that number on, and those divisions, have no open version
    but the rows just opened.';
revoke execute on function registry.opened_alone from public;

create or replace function registry.check_opened() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
set work_mem = '128MB'
as $$
declare
    division text;
    divisions text[];
    opened_rows bigint;
    first_object bigint;
    one_day boolean;
    clash record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'versions are written in READ COMMITTED transactions only'
            using errcode = 'invalid_transaction_state';
    end if;
    divisions := array(select distinct o.division_code from opened o);
    -- Writers of one county wait for each other; the check below then reads what
    -- the one before has committed.
    for division in
        select distinct left(d, 6) from unnest(divisions) as d order by 1
    loop
        perform pg_advisory_xact_lock(726001, division::integer);
    end loop;
    if exists (
        select 1
        from (select distinct division_code, opened_by, closed_by from opened) v
        left join registry.change c
            on c.id = v.opened_by
            and c.number is null
            and (c.division_code = '*'
                or starts_with(v.division_code, c.division_code))
        where c.id is null or v.closed_by is not null
    ) then
        raise exception 'a version is opened by the open change of its own transaction'
            using errcode = 'integrity_constraint_violation', table = tg_table_name;
    end if;
    select count(*), min(o.object_id), min(o.valid_from) = max(o.valid_from)
    into opened_rows, first_object, one_day
    from opened o;
    if one_day and registry.opened_alone(
        tg_table_name, opened_rows, first_object, divisions)
    then
        return null;
    end if;
    execute format($check$
        select n.code, n.division_code, n.valid_from, n.valid_to
        from opened n
        join registry.%1$I o
            on o.object_id = n.object_id
            and o.closed_by is null
            and o.version_id <> n.version_id
            and daterange(o.valid_from, o.valid_to)
                && daterange(n.valid_from, n.valid_to)
        union all
        select n.code, n.division_code, n.valid_from, n.valid_to
        from opened n
        join registry.%1$I o
            on o.division_code = n.division_code
            and o.code = n.code
            and o.closed_by is null
            and o.version_id <> n.version_id
            and daterange(o.valid_from, o.valid_to)
                && daterange(n.valid_from, n.valid_to)
        limit 1
    $check$, tg_table_name) into clash;
    if clash.code is not null then
        raise exception '% % in % has two open versions for % to %',
            tg_table_name, clash.code, clash.division_code, clash.valid_from,
            coalesce(clash.valid_to::text, 'further notice')
            using errcode = 'exclusion_violation', table = tg_table_name;
    end if;
    return null;
end
$$;
revoke execute on function registry.check_opened from public;
"""


def upgrade() -> None:
    """Replace the check of opened rows."""
    op.execute(CHECK)
