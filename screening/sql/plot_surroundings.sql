-- name: decisions
-- Decisions about land that a box meets, the latest first, with how they stand.
select d.version_row, d.certificate_number, d.id, d.transaction, d.outcome, d.state,
    d.as_of, d.valid_until, d.parcel_codes, d.division_code, d.geom
from (
    select row_number() over (order by d.recorded_at, d.id) as version_row,
        d.certificate_number, d.id, d.transaction, d.outcome,
        registry.decision_state(d.id, d.valid_until) as state,
        d.as_of, d.valid_until, d.parcel_codes, d.division_code, d.recorded_at,
        st_asbinary(d.geom) as geom
    from registry.decision d
    where d.id in (select registry.decisions_near(%(box)s::geometry))
        and d.geom && %(box)s::geometry
        and (d.valid_until is null
            or d.valid_until >= timezone('Asia/Shanghai', now())::date)
) d
where d.state in ('in_force', 'affected')
order by d.recorded_at desc, d.id
limit %(most)s;
