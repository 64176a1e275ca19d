"""Decisions that are valid and what changes after them.

Why: a plot may be listed a second after a decision on the same land, or while it is
being made. Every change notes which boxes of which layer it opened or closed, and from
which later days on that counts; every decision arrives in a list with its own commit.
A worker takes both up in the order of change numbers: a decision is compared with all
changes after the one it saw, whether they were committed before it or after.

What is noted is coarse (one box for each 0.02° of a layer), so that a county of a
million parcels leaves some hundred rows; `touches` then asks the indexes exactly.
Decisions made before this migration are watched from here on.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
create table registry.change_reach (
    change_id bigint not null references registry.change,
    layer text not null,
    on_day date,
    box geometry(geometry, 4490) not null
);
comment on table registry.change_reach is
    'Where a change opened or closed versions, by layer, in boxes.';
comment on column registry.change_reach.on_day is
    'A later day on which an opened version begins or ends; null: the change itself.';
create index change_reach_change on registry.change_reach (change_id);
create index change_reach_day on registry.change_reach (on_day)
    where on_day is not null;

create table registry.decision_arrival (decision_id uuid not null)
with (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    vacuum_truncate = off
);
comment on table registry.decision_arrival is
    'Decisions that are not watched yet; read and emptied whole, so it has no index.';

create table registry.decision_watch (
    decision_id uuid primary key references registry.decision,
    change_number bigint not null,
    valid_until date,
    box geometry(geometry, 4490),
    checked_up_to bigint,
    check ((box is null) = (checked_up_to is not null))
);
comment on table registry.decision_watch is
    'Decisions that later changes are compared with (影响跟踪).';
comment on column registry.decision_watch.box is
    'All that its rules may have looked at; null when it is watched no more.';
comment on column registry.decision_watch.checked_up_to is
    'The last change it was compared with, once it is watched no more.';
create index decision_watch_box on registry.decision_watch using gist (box)
    where box is not null;
create index decision_watch_end on registry.decision_watch (valid_until)
    where box is not null;

create table registry.impact_progress (
    single boolean primary key default true check (single),
    number bigint not null,
    day date not null
);
comment on table registry.impact_progress is
    'The last change and the last day with which every watched decision was compared.';
insert into registry.impact_progress (number, day)
select h.number, timezone('Asia/Shanghai', now())::date from registry.change_head h;

create table registry.impact_check (
    decision_id uuid not null references registry.decision_watch,
    change_id bigint not null references registry.change,
    number bigint not null,
    due_on date not null,
    begins boolean not null,
    attempts integer not null default 0,
    try_after timestamptz not null default '-infinity',
    failure text,
    primary key (decision_id, change_id, due_on)
);
comment on table registry.impact_check is
    'Decisions that are to be weighed again because of a change near them.';
comment on column registry.impact_check.begins is
    'Whether the change was known before and begins or ends to count on this day.';
create index impact_check_next on registry.impact_check (number, decision_id);

insert into registry.decision_arrival
select d.id from registry.decision d
where d.valid_until is null
    or d.valid_until >= timezone('Asia/Shanghai', now())::date;
"""

# Boxes of what was touched. Layers without a place are where they belong to; a water
# zone also counts where a plot in it or a source of it lies, however far off.
BOXES = {
    "geom": "select t.*, t.geom as box from touched t",
    "reach": "select t.*, t.reach as box from touched t",
    "water_zone": """
        select t.*, t.geom as box from touched t
        union all
        select t.*, p.reach from touched t
        join registry.plot p on p.reach && t.geom and p.closed_by is null
        union all
        select t.*, s.reach from touched t
        join registry.water_source s on s.reach && t.geom and s.closed_by is null""",
    "plot_document": """
        select t.*, p.reach as box from touched t
        join registry.plot p on p.code = t.plot_code and p.closed_by is null
        union all
        select t.*, p.geom from touched t
        join registry.parcel p on p.code = t.parcel_code and p.closed_by is null""",
    "plot_list_membership": """
        select t.*, p.reach as box from touched t
        join registry.plot p on p.code = t.plot_code and p.closed_by is null""",
    "key_unit_list": """
        select t.*, e.reach as box from touched t
        join registry.enterprise e
            on e.code = t.enterprise_code and e.closed_by is null""",
    "theme_coverage": """
        select t.*, coalesce(t.geom, d.geom) as box from touched t
        left join registry.division d
            on t.geom is null
            and d.division_code = t.division_code
            and d.closed_by is null""",
}
SHAPES = {
    "parcel": "geom",
    "farmland_unit": "geom",
    "restriction_area": "geom",
    "river": "geom",
    "division": "geom",
    "plot": "reach",
    "former_use": "reach",
    "enterprise": "reach",
    "facility": "reach",
    "receptor": "reach",
    "water_source": "reach",
    "water_zone": "water_zone",
    "plot_document": "plot_document",
    "plot_list_membership": "plot_list_membership",
    "key_unit_list": "key_unit_list",
    "theme_coverage": "theme_coverage",
}
"""Every layer that a rule reads."""

NOTE = """
create function registry.note_{layer}_reach() returns trigger
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
declare
    today constant date := timezone('Asia/Shanghai', now())::date;
begin
    insert into registry.change_reach (change_id, layer, box)
    select coalesce(b.closed_by, b.opened_by), '{layer}',
        st_setsrid(st_extent(b.box)::geometry, 4490)
    from ({boxes}) b
    where b.box is not null
    group by 1, floor(st_xmin(b.box) / 0.02), floor(st_ymin(b.box) / 0.02);
    if tg_op = 'INSERT' then
        insert into registry.change_reach (change_id, layer, on_day, box)
        select b.opened_by, '{layer}', d.on_day,
            st_setsrid(st_extent(b.box)::geometry, 4490)
        from ({boxes}) b
        cross join lateral (values (b.valid_from), (b.valid_to)) d (on_day)
        where b.box is not null
            and (b.valid_from > today or b.valid_to > today)
            and d.on_day > today
        group by 1, 3, floor(st_xmin(b.box) / 0.02), floor(st_ymin(b.box) / 0.02);
    end if;
    return null;
end
$$;
revoke execute on function registry.note_{layer}_reach from public;
create trigger notes_opened after insert on registry.{layer}
referencing new table as touched
for each statement execute function registry.note_{layer}_reach();
create trigger notes_closed after update on registry.{layer}
referencing new table as touched
for each statement execute function registry.note_{layer}_reach();
"""

ARM = """
    if '{layer}' = any (layers) and exists (
        select from registry.{layer} v
        where v.closed_by is null and v.opened_by = change_id and {where}
        union all
        select from registry.{layer} v
        where v.closed_by is not null
            and (v.opened_by = change_id or v.closed_by = change_id)
            and {where})
    then
        return true;
    end if;"""
WHERE = {
    "parcel": "v.code = any (parcel_codes)",
    "farmland_unit": "v.geom && area_box",
    "restriction_area": "(v.geom && area_box or v.geom && shore_box)",
    "river": "v.geom && wide_box",
    "division": "v.geom && far_box",
    "plot": "v.reach && plot_box",
    "former_use": "v.reach && plot_box",
    "enterprise": "v.reach && wide_box",
    "facility": "v.reach && wide_box",
    "receptor": "v.reach && wide_box",
    "water_source": "v.reach && wide_box",
    "water_zone": """(v.geom && area_box
            or exists (
                select from registry.plot p
                where p.closed_by is null and p.reach && plot_box and p.geom && v.geom)
            or exists (
                select from registry.water_source s
                where s.closed_by is null
                    and s.reach && wide_box and s.reach && v.geom))""",
    "plot_document": """(v.parcel_code = any (parcel_codes)
            or v.plot_code in (
                select p.code from registry.plot p
                where p.closed_by is null and p.reach && plot_box))""",
    "plot_list_membership": """v.plot_code in (
                select p.code from registry.plot p
                where p.closed_by is null and p.reach && plot_box)""",
    "key_unit_list": """v.enterprise_code in (
                select e.code from registry.enterprise e
                where e.closed_by is null and e.reach && wide_box)""",
    "theme_coverage": """(v.geom is null or v.geom && far_box)
            and v.division_code in (
                select d.division_code from registry.division d
                where d.closed_by is null and d.geom && far_box)""",
}

TOUCHES = """
create function registry.touches(
    change_id bigint, layers text[], parcel_codes text[], area_box geometry,
    plot_box geometry, wide_box geometry, shore_box geometry, far_box geometry)
returns boolean
language plpgsql stable
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_variable
begin{arms}
    return false;
end
$$;
comment on function registry.touches is
    'Whether a change opened or closed something that a decision may rest on.';
"""

CHECKED = """
create function registry.checked_up_to(decision_id uuid) returns bigint
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select coalesce(
        w.checked_up_to,
        case when w.decision_id is null then d.change_number end,
        (
            select min(k.number) - 1 from registry.impact_check k
            where k.decision_id = d.id and not k.begins
        ),
        greatest(p.number, d.change_number))
    from registry.decision d
    left join registry.decision_watch w on w.decision_id = d.id
    cross join registry.impact_progress p
    where d.id = checked_up_to.decision_id;
end;
comment on function registry.checked_up_to is
    'The last change a decision has been compared with.';
"""

EVENTS = """
alter table registry.decision_event add column since date;
alter table registry.decision_event add column difference jsonb;
create index decision_event_by_change on registry.decision_event (change_id)
    where kind = 'affected';
comment on column registry.decision_event.since is
    'First day in law on which the answer was found to be another.';
comment on column registry.decision_event.difference is
    'Outcome and rules before and after the change.';
"""

SCOPES = """
do $$
declare
    work text;
begin
    foreach work in array array[
        'change_reach', 'decision_watch', 'impact_progress', 'impact_check']
    loop
        execute format('alter table registry.%I enable row level security', work);
        execute format(
            'create policy whole_country on registry.%I
             using (registry.in_scope(''*'')) with check (registry.in_scope(''*''))',
            work);
    end loop;
end
$$;
grant select on registry.change_reach to jingtu_service;
grant select, insert, delete on registry.decision_arrival to jingtu_service;
grant select, insert, update (box, checked_up_to)
    on registry.decision_watch to jingtu_service;
grant select, update on registry.impact_progress to jingtu_service;
grant select, insert, delete, update (attempts, try_after, failure)
    on registry.impact_check to jingtu_service;
revoke execute on function registry.touches, registry.checked_up_to from public;
grant execute on function registry.touches, registry.checked_up_to to jingtu_service;
"""


def upgrade() -> None:
    """Create what decisions and changes are compared by."""
    op.execute(TABLES)
    for layer, shape in SHAPES.items():
        op.execute(NOTE.format(layer=layer, boxes=BOXES[shape]))
    arms = "".join(ARM.format(layer=name, where=where) for name, where in WHERE.items())
    op.execute(TOUCHES.format(arms=arms))
    for part in (CHECKED, EVENTS, SCOPES):
        op.execute(part)
