-- name: standing
-- How a decision stands today, and what became of it, the earliest first.
select
    registry.decision_state(d.id, d.valid_until) as state,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'kind', e.kind,
            'happened_at', e.happened_at,
            'reason', e.reason,
            'actor', e.actor,
            'by_decision', e.by_decision,
            'change', c.number,
            'since', e.since,
            'difference', e.difference
        ) order by e.id), '[]')
        from registry.decision_event e
        left join registry.change c on c.id = e.change_id
        where e.decision_id = d.id
    ) as events,
    registry.checked_up_to(d.id) as checked_up_to
from registry.decision d
where d.id = %(id)s;

-- name: record
-- The record of a decision, as it was written.
select d.record from registry.decision d where d.id = %(id)s;

-- name: shares_ground
-- Whether more than half of the smaller of two grounds is ground of both (the half is
-- the project's own choice).
select st_area(st_intersection(d.geom, g.geom))
    > 0.5 * least(st_area(d.geom), st_area(g.geom))
from registry.decision d, (select %(geom)s::geometry as geom) g
where d.id = %(id)s;

-- name: add
-- Write beside a decision what became of it; nothing if that is written already.
insert into registry.decision_event (
    decision_id, division_code, kind, reason, actor, client_id, by_decision
)
select
    d.id, d.division_code, %(kind)s, %(reason)s, %(actor)s, %(client_id)s,
    %(by_decision)s
from registry.decision d
where d.id = %(id)s
on conflict do nothing;
