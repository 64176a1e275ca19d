-- name: plots
-- Plots of a division that are on a register on a day, or once were, with their lists.
select p.version_id, p.code, p.division_code, p.name, p.stage,
    coalesce(p.held, false) as held, p.planned_use_scheme, p.planned_use_code,
    coalesce(p.mapped_area_m2, p.stated_area_m2) as area_m2,
    p.accuracy_m, p.stated_area_m2, st_asbinary(p.geom) as geom,
    array(
        select distinct m.list
        from registry.plot_list_membership m
        where m.plot_code = p.code
            and m.division_code = p.division_code
            and m.closed_by is null
            and m.valid_from <= %(day)s
            and (m.valid_to is null or m.valid_to > %(day)s)
        order by 1
    ) as lists
from registry.plot p
where p.closed_by is null
    and p.valid_from <= %(day)s
    and (p.valid_to is null or p.valid_to > %(day)s)
    and p.stage not in ('candidate', 'closed_error')
    and starts_with(p.division_code, %(division)s)
order by p.division_code, p.code
limit %(most)s;

-- name: decisions
-- Decisions recorded in a span of days whose land meets what such a plot may reach; the
-- use that was planned is in the record. The earliest first.
select p.version_id as plot, d.id, d.certificate_number, d.transaction, d.outcome,
    d.division_code, d.parcel_codes, d.as_of,
    (d.recorded_at at time zone 'Asia/Shanghai')::date as recorded_on,
    registry.decision_state(d.id, d.valid_until) as state,
    convert_from(d.record, 'UTF8')::jsonb #> '{request,planned_use}' as planned_use,
    st_asbinary(d.geom) as geom
from registry.decision d
-- From each decision by the index of plots; without the offset a plan made once for all
-- spans compares every plot with every decision.
cross join lateral (
    select near.version_id
    from registry.plot near
    where near.reach && d.geom
        and near.closed_by is null
        and near.valid_from <= %(day)s
        and (near.valid_to is null or near.valid_to > %(day)s)
        and near.stage not in ('candidate', 'closed_error')
        and starts_with(near.division_code, %(division)s)
    offset 0
) p
where (
        %(recorded_from)s::date is null
        or d.recorded_at
            >= (%(recorded_from)s::date)::timestamp at time zone 'Asia/Shanghai'
    )
    and (
        %(recorded_to)s::date is null
        or d.recorded_at
            < (%(recorded_to)s::date + 1)::timestamp at time zone 'Asia/Shanghai'
    )
order by p.version_id, d.recorded_at, d.id
limit %(most)s;
