-- name: units
-- Farmland units below a division as they stand on a day.
select v.object_id, v.division_code, v.township_code, v.code, v.mapped_area_m2,
    v.category, v.pollution_level
from {layer farmland_unit v}
where starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.code;

-- name: measures
-- Measures of a year, carried out by a day, with the unit each is about. A unit's code
-- may have changed since (it ends in the category): the object goes on under the new.
select m.division_code, m.code, m.unit_code, m.measure, m.area_m2, m.done_on,
    m.responsible_person, m.evidence, m.file_id, m.produce_samples,
    m.produce_compliant,
    (
        select u.object_id
        from registry.farmland_unit u
        where u.code = m.unit_code
            and left(u.division_code, 6) = left(m.division_code, 6)
            and u.closed_by is null
            and u.valid_from <= %(as_of)s
        order by u.valid_from desc
        limit 1
    ) as object_id
from {layer farmland_measure m}
where starts_with(m.division_code, %(division)s)
    and m.year = %(year)s
    and (m.done_on is null or m.done_on <= %(as_of)s)
    and {in_force m}
order by m.division_code, m.code;

-- name: plots
-- Plots as they stand on a day, whether they were ever listed as contaminated, and the
-- stage each had on the day its reuse began.
select v.division_code, v.code, v.name,
    coalesce(v.mapped_area_m2, v.stated_area_m2) as area_m2, v.stage,
    exists (
        select
        from registry.plot_list_membership m
        where m.plot_code = v.code
            and left(m.division_code, 6) = left(v.division_code, 6)
            and m.list in ('contaminated', 'rcr')
            and m.closed_by is null
            and m.valid_from <= %(as_of)s
    ) as listed,
    case when v.reuse_started_on <= %(as_of)s then v.reuse_started_on end
        as reuse_started_on,
    (
        select b.stage
        from registry.plot b
        where b.object_id = v.object_id
            and b.closed_by is null
            and b.valid_from <= v.reuse_started_on
            and (b.valid_to is null or b.valid_to > v.reuse_started_on)
        limit 1
    ) as stage_then,
    v.evaluated_class, v.planned_use_scheme, v.planned_use_code,
    coalesce(v.soil_standard = 'not_met', false)
        or coalesce(not v.target_met, false) as unfit
from {layer plot v}
where starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.code;

-- name: rectifications
-- Rectification tasks opened in a year up to a day and not withdrawn by it; when each
-- was struck off. Days are those of Asia/Shanghai.
select t.division_code, t.id::text as task_id,
    coalesce(t.facts->>'problem', '') as problem,
    coalesce(t.facts->>'problem_en', t.facts->>'problem', '') as problem_en, t.due_on,
    (
        select min((e.happened_at at time zone 'Asia/Shanghai')::date)
        from registry.task_event e
        where e.task_id = t.id
            and e.kind = 'struck_off'
            and (e.happened_at at time zone 'Asia/Shanghai')::date <= %(as_of)s
    ) as struck_off_on
from registry.task t
where t.kind = 'rectification'
    and starts_with(t.division_code, %(division)s)
    and t.opened_on between %(year_begins)s and %(as_of)s
    and not exists (
        select
        from registry.task_event e
        where e.task_id = t.id
            and e.kind = 'withdrawn'
            and (e.happened_at at time zone 'Asia/Shanghai')::date <= %(as_of)s
    )
order by t.division_code, t.opened_at, t.id;

-- name: warnings
-- Counties whose priority protection shrank by a day (R-C19), the latest first.
select w.division_code, w.effective_on, w.before_m2, w.after_m2,
    (
        select d.restricted
        from registry.division d
        where d.code = w.division_code
            and d.closed_by is null
            and d.valid_from <= %(as_of)s
            and (d.valid_to is null or d.valid_to > %(as_of)s)
        limit 1
    ) as restricted
from registry.priority_area_warning w
where starts_with(w.division_code, %(division)s)
    and w.effective_on <= %(as_of)s
order by w.effective_on desc, w.id desc;

-- name: state
-- What the figures rest on: the last change, the last step of a task, the day.
select h.number,
    (select max(e.id) from registry.task_event e) as step,
    timezone('Asia/Shanghai', now())::date as day
from registry.change_head h;

-- name: names
-- Names of counties and townships.
select v.code, v.name_zh, v.name_en
from {layer division v}
where starts_with(v.code, %(division)s)
    and {in_force v};

-- name: snapshots
-- Snapshots kept of a division, the latest period first.
select s.id, s.division_code, s.period_kind, s.period, s.revision, s.as_of,
    s.change_number, s.headline, s.sha256, s.reason, s.actor, s.recorded_at
from registry.indicator_snapshot s
where s.division_code = %(division)s
    and (%(kind)s::text is null or s.period_kind = %(kind)s)
    and (%(period)s::text is null or s.period = %(period)s)
    and (
        %(after_last)s::date is null
        or (s.last_on, s.revision, s.id)
            < (%(after_last)s::date, %(after_revision)s::int, %(after_id)s::uuid))
order by s.last_on desc, s.revision desc, s.id desc
limit %(limit)s;

-- name: snapshot
-- One snapshot with its content.
select s.id, s.division_code, s.period_kind, s.period, s.revision, s.as_of,
    s.change_number, s.headline, s.sha256, s.reason, s.actor, s.recorded_at,
    s.content
from registry.indicator_snapshot s
where s.id = %(id)s;

-- name: every_snapshot
-- Every snapshot with the digest of what it holds now.
select s.id::text, encode(sha256(s.content), 'hex'), s.actor, s.change_number,
    s.client_id::text, s.period, s.reason, s.revision, s.division_code, s.recorded_at,
    s.period_kind, s.first_on::text, s.last_on::text, s.as_of::text, s.headline,
    s.content
from registry.indicator_snapshot s
order by s.recorded_at, s.id;

-- name: snapshot_entries
-- Entries of snapshots.
select e.content from registry.ledger_entry e where e.kind = 'indicator_snapshot';

-- name: latest_revision
-- The last revision kept of a division's period.
select max(s.revision) as revision
from registry.indicator_snapshot s
where s.division_code = %(division)s and s.period = %(period)s;

-- name: keep_snapshot
-- Keep a snapshot; nothing where another has this revision already.
insert into registry.indicator_snapshot (
    division_code, period_kind, period, first_on, last_on, revision, as_of,
    change_number, headline, content, sha256, reason, actor, client_id
)
values (
    %(division)s, %(kind)s, %(period)s, %(first)s, %(last)s, %(revision)s, %(as_of)s,
    %(change)s, %(headline)s::jsonb, %(content)s, %(sha256)s, %(reason)s, %(actor)s,
    %(client_id)s
)
on conflict (division_code, period, revision) do nothing
returning id;
