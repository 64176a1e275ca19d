-- name: listed
-- Plots of a division that are on a register, or once were, in the order of the report.
select v.version_id
from {layer plot v}
where v.stage not in ('candidate', 'closed_error')
    and starts_with(v.division_code, %(division)s)
    and {in_force v}
order by v.division_code, v.code
limit %(most)s;

-- name: near
-- Decisions recorded in a span whose land may lie at such a plot. From each decision by
-- the index of plots: without the first offset the box would be widened inside the
-- condition, where row-level security lets no index serve it; without the second a plan
-- made once for all spans compares every plot with every decision.
select p.version_id, d.id
from (
    select made.id, st_expand(made.geom, %(bare_point_deg)s) as box,
        st_expand(made.geom, %(adjoining_deg)s) as edge
    from registry.decision made
    where (
            %(recorded_from)s::timestamptz is null
            or made.recorded_at >= %(recorded_from)s::timestamptz
        )
        and (
            %(recorded_before)s::timestamptz is null
            or made.recorded_at < %(recorded_before)s::timestamptz
        )
    offset 0
) d
cross join lateral (
    select v.version_id
    from {layer plot v}
    where v.reach && d.box
        and (v.reach && d.edge or geometrytype(v.geom) = 'POINT')
        and v.stage not in ('candidate', 'closed_error')
        and starts_with(v.division_code, %(division)s)
        and {in_force v}
    offset 0
) p
limit %(most)s;

-- name: plots
-- Plots by their versions, with the lists they are on.
select p.version_id, p.code, p.division_code, p.name, p.stage,
    coalesce(p.held, false) as held, p.planned_use_scheme, p.planned_use_code,
    coalesce(p.mapped_area_m2, p.stated_area_m2) as area_m2, p.accuracy_m, p.stated_area_m2, st_asbinary(p.geom) as geom,
    array(
        select distinct m.list
        from {layer plot_list_membership m}
        where m.plot_code = p.code
            and m.division_code = p.division_code
            and {in_force m}
        order by 1
    ) as lists
from registry.plot p
where p.version_id = any (%(versions)s)
order by p.division_code, p.code;

-- name: decisions
-- Decisions by their ids, the earliest first; the use that was planned is in the record.
select d.certificate_number, d.division_code, d.transaction, d.outcome,
    d.parcel_codes, d.as_of, timezone('Asia/Shanghai', d.recorded_at)::date as recorded_on,
    registry.decision_state(d.id, d.valid_until) as state,
    convert_from(d.record, 'UTF8')::jsonb #> '{request,planned_use}' as planned_use,
    st_asbinary(d.geom) as geom
from registry.decision d
where d.id = any (%(ids)s)
order by d.recorded_at, d.id;
