-- name: compare
-- Units and area of each county and township, by category in force and proposed.
select s.line->'values'->>'division_code' as division_code,
    s.line->'values'->>'township_code' as township_code,
    s.line->'values'->>'category_before' as category_before,
    s.line->'values'->>'category' as category,
    count(*) as pieces,
    sum((s.line->'values'->>'area_m2')::double precision) as area_m2
from registry.screening_result s
where s.run_id = %(id)s and s.line->'values'->>'record' = 'unit'
group by 1, 2, 3, 4
order by 1, 2, 3, 4;

-- name: pieces
-- What a run proposes, unit by unit, largest piece first.
select s.line->'values' as values, st_asbinary(s.geom) as geom
from registry.screening_result s
where s.run_id = %(id)s and s.line->'values'->>'record' = 'unit'
order by s.number;

-- name: approval
-- Who approved a run's division.
select approver, document, note, approved_at
from registry.category_approval
where run_id = %(id)s;

-- name: adoption
-- How a run's division was put into force.
select a.effective_on, a.reason, a.evidence, a.actor, c.number as change, a.summary,
    a.adopted_at
from registry.category_adoption a
left join registry.change c on c.id = a.change_id
where a.run_id = %(id)s;

-- name: warnings
-- Counties whose priority protection shrank with a run's division.
select division_code, effective_on, before_m2, after_m2, raised_at
from registry.priority_area_warning
where run_id = %(id)s
order by division_code;

-- name: proposer
-- For whom a run was done.
select client_id from registry.screening_run where id = %(id)s;

-- name: approve
-- Keep who approved a division.
insert into registry.category_approval (
    run_id, division_code, approver, client_id, document, note
)
select r.id, r.division_code, %(approver)s, %(client_id)s, %(document)s, %(note)s
from registry.screening_run r
where r.id = %(id)s
on conflict (run_id) do nothing
returning run_id;

-- name: moved
-- Whether farmland of a division has changed after a change that a run saw.
select exists (
    select
    from registry.farmland_unit v
    join registry.change c on c.id in (v.opened_by, v.closed_by)
    where starts_with(v.division_code, %(division)s)
        and c.number > %(known_at)s
);

-- name: in_force
-- Units in force on a day.
select v.division_code, v.code
from registry.farmland_unit v
where starts_with(v.division_code, %(division)s)
    and v.closed_by is null
    and v.valid_from <= %(on)s
    and (v.valid_to is null or v.valid_to > %(on)s);

-- name: adopt
-- Keep from when a division holds.
insert into registry.category_adoption (
    run_id, division_code, effective_on, reason, evidence, actor, change_id, summary
)
values (
    %(id)s, %(division)s, %(on)s, %(reason)s, %(evidence)s, %(actor)s, %(change)s,
    %(summary)s::jsonb
);

-- name: note
-- Keep what a division changed, piece by piece.
insert into registry.category_change (
    run_id, division_code, object_id, unit_code, new_code, category_before, category,
    area_m2, effective_on, reason, evidence, approver, document
)
select %(id)s, n.division_code, n.object_id, n.unit_code, n.new_code,
    n.category_before, n.category, n.area_m2, %(on)s, %(reason)s, %(evidence)s,
    %(approver)s, %(document)s
from unnest(
    %(divisions)s::text[], %(objects)s::bigint[], %(units)s::text[], %(codes)s::text[],
    %(before)s::text[], %(categories)s::text[], %(areas)s::double precision[]
) n(division_code, object_id, unit_code, new_code, category_before, category, area_m2);

-- name: warn
-- Keep that a county's priority protection has become smaller.
insert into registry.priority_area_warning (
    run_id, division_code, effective_on, before_m2, after_m2
)
values (%(id)s, %(county)s, %(on)s, %(before)s, %(after)s);

-- name: history
-- Changes of category of a division's units, the latest first.
select c.id, c.run_id, c.division_code, c.unit_code, c.new_code, c.category_before,
    c.category, c.area_m2, c.effective_on, c.reason, c.evidence, c.approver, c.document
from registry.category_change c
where starts_with(c.division_code, %(division)s)
    and (%(unit)s::text is null or %(unit)s in (c.unit_code, c.new_code))
    and (%(after)s::bigint is null or c.id < %(after)s)
order by c.id desc
limit %(limit)s;

-- name: names
-- Names of divisions.
select d.code, d.name_zh
from {layer division d}
where {in_force d};

-- name: crops
-- The usual crop of each unit.
select v.division_code, v.code, v.crop
from {layer farmland_unit v}
where {in_force v};
