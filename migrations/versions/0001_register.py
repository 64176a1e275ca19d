"""The register: every layer, valid time × recorded time, under row-level security.

Why: a decision about land must be repeatable years later, so no row is ever changed
or removed. A row is a *version*: true in law from `valid_from` until before
`valid_to`, known to us from the change that opened it until the change that closed
it. Closing is the only update there is, and happens once.

What the database itself guarantees, whatever the program does:

* Changes are numbered in commit order: the last act of a writing transaction is to
  take the one row of `change_head` and the next number (`number_change`). A snapshot
  that sees number N therefore sees every change up to N.
* No two open versions of one object, or with one code in one division, overlap in
  valid time: unique partial indexes, and a set-based trigger after each statement
  under a lock of the county (an exclusion constraint costs minutes per million rows).
* A closed version is never touched again and no version is ever deleted.
* A caller reads and writes only rows of his division prefix (`jingtu.scope`), and
  writes only the layers of his role (`jingtu.role`). The service's role owns nothing
  and cannot bypass this.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CHANGES = """
create table registry.change (
    id bigint generated always as identity primary key,
    number bigint unique,
    recorded_at timestamptz,
    actor text not null,
    division_code text collate "C" not null,
    upload_id uuid,
    reason text,
    check ((number is null) = (recorded_at is null))
);
comment on table registry.change is
    'One row a committing transaction; number and time are given last.';

create table registry.change_head (
    single boolean primary key default true check (single),
    number bigint not null,
    recorded_at timestamptz not null
);
insert into registry.change_head (number, recorded_at)
values (0, timestamptz '2000-01-01 00:00:00+08');

create sequence registry.object_id;

create table registry.version_columns (
    version_id bigint generated always as identity,
    object_id bigint not null,
    code text collate "C" not null check (code <> ''),
    division_code text collate "C" not null
        check (division_code ~ '^[1-9][0-9]{1,8}$'),
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    opened_by bigint not null,
    closed_by bigint check (closed_by <> opened_by)
);
comment on table registry.version_columns is
    'Pattern of the columns every versioned table begins with; holds no rows.';
"""

REACH = """
create function registry.reach(
    geom geometry, accuracy_m double precision, stated_area_m2 double precision)
returns geometry
language sql immutable parallel safe
return (
    select st_expand(
        geom,
        radius_m / (111000 * cos(radians(st_ymax(geom) + radius_m / 110000))),
        radius_m / 110000)
    from (
        select case when geometrytype(geom) = 'POINT'
            then coalesce(accuracy_m, 0) + sqrt(coalesce(stated_area_m2, 0) / pi())
            else 0 end as radius_m
    ) widened
);
comment on function registry.reach is
    'A box the object surely lies in: of a point, widened by accuracy and area.';
"""

RIGHTS = """
create table registry.role_right (
    role text not null,
    layer text not null,
    may_write boolean not null,
    primary key (role, layer)
);
comment on table registry.role_right is
    'Layers a role may read; may_write: also add versions of. Layer * is every layer.';
insert into registry.role_right (role, layer, may_write) values
    ('admin', '*', true),
    ('auditor', '*', false),
    ('planner', '*', false),
    ('planner', 'parcel', true),
    ('planner', 'parcel_lineage', true),
    ('planner', 'restriction_area', true),
    ('planner', 'theme_coverage', true),
    ('surveyor', '*', true),
    ('registrar', '*', false),
    ('registrar', 'plot', true),
    ('registrar', 'plot_event', true),
    ('registrar', 'plot_document', true),
    ('registrar', 'plot_list_membership', true),
    ('registrar', 'enterprise', true),
    ('registrar', 'key_unit_list', true),
    ('registrar', 'water_source', true),
    ('registrar', 'water_zone', true),
    ('registrar', 'facility', true),
    ('registrar', 'receptor', true),
    ('registrar', 'former_use', true),
    ('registrar', 'restriction_area', true),
    ('registrar', 'monitoring_point', true),
    ('registrar', 'sample_result', true),
    ('registrar', 'theme_coverage', true),
    ('agriculture', '*', false),
    ('agriculture', 'farmland_unit', true),
    ('agriculture', 'monitoring_point', true),
    ('agriculture', 'sample_result', true),
    ('agriculture', 'restriction_area', true),
    ('agriculture', 'theme_coverage', true),
    ('permit_system', '*', false);

create function registry.in_scope(division_code text) returns boolean
language sql stable parallel safe
return case current_setting('jingtu.scope', true)
    when '*' then true
    when '' then false
    else starts_with(division_code, current_setting('jingtu.scope', true))
end;
comment on function registry.in_scope is
    'Whether a row of that division is the caller''s; no scope set means no row.';

create function registry.shares_scope(division_code text) returns boolean
language sql stable parallel safe
return case
    when coalesce(current_setting('jingtu.scope', true), '') = '' then false
    when division_code = '*' then true
    else registry.in_scope(division_code)
        or starts_with(current_setting('jingtu.scope', true), division_code)
end;
comment on function registry.shares_scope is
    'Whether that division lies in the caller''s, or the caller''s in it.';

create function registry.may_write(layer_name text) returns boolean
language sql stable parallel safe
return exists (
    select 1
    from registry.role_right r
    where r.role = current_setting('jingtu.role', true)
        and r.layer in ('*', layer_name)
        and r.may_write
);
"""

NUMBERING = """
create function registry.number_change(change_id bigint) returns bigint
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    new_number bigint;
    new_time timestamptz;
begin
    -- The row lock is held until commit: numbers follow commit order.
    update registry.change_head
    set number = change_head.number + 1,
        recorded_at = greatest(
            clock_timestamp(), change_head.recorded_at + interval '1 microsecond')
    returning number, recorded_at into new_number, new_time;
    update registry.change
    set number = new_number, recorded_at = new_time
    where id = change_id and number is null;
    if not found then
        raise exception 'change % is not open', change_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    return new_number;
end
$$;
comment on function registry.number_change is
    'Number a change; the last statement of the transaction that made it.';

create function registry.refuse_unnumbered_change() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
begin
    if exists (select 1 from registry.change c where c.id = new.id and c.number is null)
    then
        raise exception 'change % was not numbered before commit', new.id
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;
create constraint trigger change_is_numbered
after insert on registry.change
deferrable initially deferred
for each row execute function registry.refuse_unnumbered_change();

create function registry.refuse_change_of_change() returns trigger
language plpgsql
as $$
begin
    if tg_op = 'UPDATE' and old.number is null
        and (old.id, old.actor, old.division_code, old.upload_id, old.reason)
            is not distinct from
            (new.id, new.actor, new.division_code, new.upload_id, new.reason)
    then
        return new;
    end if;
    raise exception 'a change is never altered or removed'
        using errcode = 'integrity_constraint_violation';
end
$$;
create trigger change_is_kept
before update or delete on registry.change
for each row execute function registry.refuse_change_of_change();

alter table registry.change enable row level security;
create policy read_shared on registry.change for select
    using (registry.shares_scope(division_code));
create policy write_scope on registry.change for insert
    with check (number is null and registry.in_scope(division_code));
"""

VERSIONING = """
create function registry.check_opened() returns trigger
language plpgsql
as $$
declare
    division text;
    clash record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'versions are written in READ COMMITTED transactions only'
            using errcode = 'invalid_transaction_state';
    end if;
    -- Writers of one county wait for each other; the check below then reads what
    -- the one before has committed.
    for division in
        select distinct left(division_code, 6) from opened order by 1
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

create function registry.check_closed() returns trigger
language plpgsql
as $$
declare
    division text;
begin
    for division in
        select distinct left(division_code, 6) from closed order by 1
    loop
        perform pg_advisory_xact_lock(726001, division::integer);
    end loop;
    if exists (
        select 1
        from (select distinct division_code, closed_by from closed) v
        left join registry.change c
            on c.id = v.closed_by
            and c.number is null
            and (c.division_code = '*'
                or starts_with(v.division_code, c.division_code))
        where c.id is null
    ) then
        raise exception 'a version is closed by the open change of its own transaction'
            using errcode = 'integrity_constraint_violation', table = tg_table_name;
    end if;
    return null;
end
$$;

create function registry.refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'a version of % is never altered or removed', tg_table_name
        using errcode = 'integrity_constraint_violation', table = tg_table_name;
end
$$;

create procedure registry.keep_versions(layer text)
language plpgsql
as $$
declare
    other_columns text;
    spatial boolean;
    widened boolean;
begin
    execute format('alter table registry.%I add primary key (version_id)', layer);
    execute format(
        'create unique index %2$I on registry.%1$I (object_id, valid_from)
         where closed_by is null', layer, layer || '_object');
    execute format(
        'create unique index %2$I on registry.%1$I (code, division_code, valid_from)
         where closed_by is null', layer, layer || '_code');
    execute format(
        'create index %2$I on registry.%1$I (code)
         where closed_by is not null', layer, layer || '_past_code');
    select bool_or(attname = 'geom'), bool_or(attname = 'reach')
    into spatial, widened
    from pg_attribute
    where attrelid = format('registry.%I', layer)::regclass and attnum > 0;
    if spatial then
        execute format(
            'create index %2$I on registry.%1$I using gist (geom)
             where closed_by is null', layer, layer || '_geom');
        execute format(
            'create index %2$I on registry.%1$I using gist (geom)
             where closed_by is not null', layer, layer || '_past_geom');
    end if;
    if widened then
        execute format(
            'create index %2$I on registry.%1$I using gist (reach)
             where closed_by is null', layer, layer || '_reach');
        execute format(
            'create index %2$I on registry.%1$I using gist (reach)
             where closed_by is not null', layer, layer || '_past_reach');
    end if;

    execute format(
        'create trigger versions_open after insert on registry.%I
         referencing new table as opened
         for each statement execute function registry.check_opened()', layer);
    execute format(
        'create trigger versions_close after update on registry.%I
         referencing new table as closed
         for each statement execute function registry.check_closed()', layer);
    execute format(
        'create trigger closed_once before update on registry.%I
         for each row when (old.closed_by is not null or new.closed_by is null)
         execute function registry.refuse()', layer);
    select string_agg(quote_ident(attname), ', ') into other_columns
    from pg_attribute
    where attrelid = format('registry.%I', layer)::regclass
        and attnum > 0 and not attisdropped and attgenerated = ''
        and attname <> 'closed_by';
    execute format(
        'create trigger kept_as_written before update of %s on registry.%I
         for each statement execute function registry.refuse()', other_columns, layer);
    execute format(
        'create trigger never_removed before delete or truncate on registry.%I
         for each statement execute function registry.refuse()', layer);

    execute format('alter table registry.%I enable row level security', layer);
    execute format(
        'create policy read_scope on registry.%I for select
         using (registry.in_scope(division_code))', layer);
    execute format(
        'create policy write_scope on registry.%1$I for insert
         with check (registry.in_scope(division_code)
             and (select registry.may_write(%1$L)))', layer);
    execute format(
        'create policy close_scope on registry.%1$I for update
         using (registry.in_scope(division_code)
             and (select registry.may_write(%1$L)))
         with check (registry.in_scope(division_code))', layer);
    execute format(
        'grant select, insert, update (closed_by) on registry.%I to jingtu_service',
        layer);
end
$$;
"""

LAYERS = """
create table registry.division (
    like registry.version_columns
        including defaults including constraints including identity,
    name_zh text not null,
    name_en text,
    invented boolean,
    restricted boolean,
    mapped_area_m2 double precision not null,
    geom geometry(multipolygon, 4490) not null
);
call registry.keep_versions('division');

create table registry.parcel (
    like registry.version_columns
        including defaults including constraints including identity,
    legacy_code text,
    township_code text,
    location text,
    land_use_scheme text
        check (land_use_scheme in ('gbt21010_2017', 'ydyh_2023', 'gb50137_2011')),
    land_use_code text,
    supplied boolean,
    registered_area_m2 double precision,
    mapped_area_m2 double precision not null,
    survey_srid integer,
    geom geometry(multipolygon, 4490) not null
);
call registry.keep_versions('parcel');

create table registry.parcel_lineage (
    like registry.version_columns
        including defaults including constraints including identity,
    predecessor_code text collate "C" not null,
    successor_code text collate "C" not null,
    kind text not null
        check (kind in ('split', 'merge', 'renumber'))
);
call registry.keep_versions('parcel_lineage');

create table registry.plot (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    stage text not null
        check (stage in (
            'candidate', 'suspected', 'initial_survey', 'initial_review',
            'cleared', 'contaminated', 'detailed_survey', 'risk_assessment',
            'risk_acceptable', 'rcr_listed', 'risk_control', 'remediation',
            'effect_evaluation', 'target_not_met', 'removed', 'aftercare',
            'closed_error'
        )),
    held boolean,
    address text,
    national_code text,
    evaluated_class text
        check (evaluated_class in ('class_1', 'class_2')),
    soil_standard text
        check (soil_standard in ('met', 'not_met')),
    target_met boolean,
    aftercare_required boolean,
    aftercare_breach boolean,
    negative_list text[],
    former_industries text[],
    pollutants text[],
    risk_grade text
        check (risk_grade in ('high', 'medium', 'low')),
    required_activity text,
    required_activity_served_on date,
    required_activity_due_on date,
    required_activity_done_on date,
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('plot');

create table registry.plot_event (
    like registry.version_columns
        including defaults including constraints including identity,
    plot_code text collate "C" not null,
    event text not null,
    from_stage text
        check (from_stage in (
            'candidate', 'suspected', 'initial_survey', 'initial_review',
            'cleared', 'contaminated', 'detailed_survey', 'risk_assessment',
            'risk_acceptable', 'rcr_listed', 'risk_control', 'remediation',
            'effect_evaluation', 'target_not_met', 'removed', 'aftercare',
            'closed_error'
        )),
    to_stage text
        check (to_stage in (
            'candidate', 'suspected', 'initial_survey', 'initial_review',
            'cleared', 'contaminated', 'detailed_survey', 'risk_assessment',
            'risk_acceptable', 'rcr_listed', 'risk_control', 'remediation',
            'effect_evaluation', 'target_not_met', 'removed', 'aftercare',
            'closed_error'
        )),
    note text
);
call registry.keep_versions('plot_event');

create table registry.plot_document (
    like registry.version_columns
        including defaults including constraints including identity,
    plot_code text collate "C",
    parcel_code text collate "C",
    document_type text not null
        check (document_type in (
            'initial_survey', 'detailed_survey', 'baseline_survey',
            'key_unit_survey', 'risk_assessment', 'risk_control_plan',
            'remediation_plan', 'effect_evaluation', 'removal_decision',
            'review_opinion', 'dismantling_plan', 'other'
        )),
    firm text,
    firm_on_negative_list boolean,
    flagged_false boolean,
    dated_on date,
    reviewed_on date,
    review_outcome text
        check (review_outcome in ('passed', 'returned')),
    assessed_class text
        check (assessed_class in ('class_1', 'class_2')),
    soil_standard text
        check (soil_standard in ('met', 'not_met'))
);
call registry.keep_versions('plot_document');

create table registry.plot_list_membership (
    like registry.version_columns
        including defaults including constraints including identity,
    plot_code text collate "C" not null,
    list text not null
        check (list in ('suspected', 'contaminated', 'rcr', 'priority_supervised')),
    batch text,
    source_document text
);
call registry.keep_versions('plot_list_membership');

create table registry.farmland_unit (
    like registry.version_columns
        including defaults including constraints including identity,
    township_code text,
    category text not null
        check (category in (
            'priority_protection', 'safe_use', 'strict_control', 'unclassified'
        )),
    land_use_scheme text
        check (land_use_scheme in ('gbt21010_2017', 'ydyh_2023', 'gb50137_2011')),
    land_use_code text,
    crop text,
    target_pollutants text[],
    registered_area_m2 double precision,
    mapped_area_m2 double precision not null,
    geom geometry(multipolygon, 4490) not null
);
call registry.keep_versions('farmland_unit');

create table registry.enterprise (
    like registry.version_columns
        including defaults including constraints including identity,
    name text not null,
    industry_code text,
    industry_edition text
        check (industry_edition in ('2002', '2011', '2017')),
    status text not null
        check (status in ('active', 'closed', 'moved')),
    permit_number text,
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('enterprise');

create table registry.key_unit_list (
    like registry.version_columns
        including defaults including constraints including identity,
    enterprise_code text collate "C" not null,
    year integer not null,
    list_name text
);
call registry.keep_versions('key_unit_list');

create table registry.water_source (
    like registry.version_columns
        including defaults including constraints including identity,
    name text not null,
    source_type text
        check (source_type in ('river', 'lake', 'reservoir', 'groundwater')),
    scale_class text
        check (scale_class in (
            'city_county', 'qiandunwanren', 'township', 'scattered'
        )),
    status text
        check (status in ('in_use', 'backup', 'planned', 'withdrawn')),
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('water_source');

create table registry.water_zone (
    like registry.version_columns
        including defaults including constraints including identity,
    source_code text collate "C" not null,
    level text not null
        check (level in ('level_1', 'level_2', 'quasi')),
    basis text not null
        check (basis in ('approved', 'hj338_default', 'unknown')),
    approval_document text,
    mapped_area_m2 double precision not null,
    geom geometry(multipolygon, 4490) not null
);
call registry.keep_versions('water_zone');

create table registry.facility (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    kind text not null
        check (kind in (
            'tailings_pond', 'landfill', 'waste_yard', 'sewage_works',
            'hazardous_waste_site', 'other'
        )),
    status text
        check (status in ('in_use', 'stopped', 'closed', 'struck_off')),
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('facility');

create table registry.receptor (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    kind text not null
        check (kind in (
            'residential', 'kindergarten', 'school', 'hospital', 'sanatorium',
            'elder_care', 'well', 'other'
        )),
    population integer,
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('receptor');

create table registry.restriction_area (
    like registry.version_columns
        including defaults including constraints including identity,
    theme text not null,
    name text,
    category text,
    crops text[],
    approval_document text,
    mapped_area_m2 double precision not null,
    geom geometry(multipolygon, 4490) not null
);
call registry.keep_versions('restriction_area');

create table registry.former_use (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    industry_code text,
    industry_edition text
        check (industry_edition in ('2002', '2011', '2017')),
    from_year integer,
    to_year integer,
    evidence text,
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    mapped_area_m2 double precision,
    geom geometry(geometry, 4490) not null
        check (geometrytype(geom) in ('POINT', 'MULTIPOLYGON')),
    reach geometry(polygon, 4490) not null
        generated always as (registry.reach(geom, accuracy_m, stated_area_m2)) stored
);
call registry.keep_versions('former_use');

create table registry.river (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    stream_order integer,
    downstream_code text collate "C",
    geom geometry(multilinestring, 4490) not null
);
call registry.keep_versions('river');

create table registry.monitoring_point (
    like registry.version_columns
        including defaults including constraints including identity,
    name text,
    point_class text
        check (point_class in ('basic', 'risk', 'background')),
    level text
        check (level in ('national', 'provincial', 'city', 'county')),
    medium text
        check (medium in (
            'soil', 'crop', 'irrigation', 'surface_water', 'ground_water'
        )),
    accuracy_m double precision,
    stated_area_m2 double precision,
    coord_source text
        check (coord_source in (
            'survey', 'gnss', 'gcj02', 'bd09', 'geocoded', 'unknown'
        )),
    geom geometry(point, 4490) not null
);
call registry.keep_versions('monitoring_point');

create table registry.sample_result (
    like registry.version_columns
        including defaults including constraints including identity,
    point_code text collate "C" not null,
    sample_code text,
    campaign text,
    sampled_on date,
    depth_from_m double precision,
    depth_to_m double precision,
    analyte text not null,
    value double precision,
    unit text not null,
    non_detect boolean,
    detection_limit double precision,
    raw_value text,
    laboratory text,
    method text,
    qc_status text
);
call registry.keep_versions('sample_result');

create table registry.theme_coverage (
    like registry.version_columns
        including defaults including constraints including identity,
    theme text not null,
    data_date date not null,
    stale_on date,
    data_source text,
    mapped_area_m2 double precision,
    geom geometry(multipolygon, 4490)
);
call registry.keep_versions('theme_coverage');
"""

SHARED = """
-- Boundaries of divisions are known to everyone who may ask at all: an answer at a
-- county's edge names the county to ask.
drop policy read_scope on registry.division;
create policy read_all on registry.division for select
    using (coalesce(current_setting('jingtu.scope', true), '') <> '');

create index plot_document_plot on registry.plot_document (plot_code)
    where closed_by is null;
create index plot_document_parcel on registry.plot_document (parcel_code)
    where closed_by is null;
create index plot_list_membership_plot on registry.plot_list_membership (plot_code)
    where closed_by is null;
create index plot_event_plot on registry.plot_event (plot_code)
    where closed_by is null;
create index key_unit_list_enterprise on registry.key_unit_list (enterprise_code)
    where closed_by is null;
create index parcel_lineage_predecessor on registry.parcel_lineage (predecessor_code)
    where closed_by is null;
create index sample_result_point on registry.sample_result (point_code)
    where closed_by is null;
"""

GRANTS = """
grant usage on schema registry to jingtu_service;
grant select, insert on registry.change to jingtu_service;
grant select on registry.change_head, registry.role_right to jingtu_service;
grant usage on sequence registry.object_id to jingtu_service;
revoke execute on all functions in schema registry from public;
grant execute on function
    registry.in_scope, registry.shares_scope, registry.may_write, registry.reach,
    registry.number_change
to jingtu_service;
"""


def upgrade() -> None:
    """Create the register."""
    for part in (CHANGES, REACH, RIGHTS, NUMBERING, VERSIONING, LAYERS, SHARED, GRANTS):
        op.execute(part)
