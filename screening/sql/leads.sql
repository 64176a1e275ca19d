-- name: enterprises
-- Enterprises that closed, moved or lost their permit, in the order of division, code.
select v.version_id, v.code, v.name, v.status, v.division_code, v.accuracy_m,
    v.stated_area_m2, v.industry_code, v.industry_edition, v.valid_from,
    st_asbinary(v.geom) as geom
from registry.enterprise v
where v.closed_by is null
    and v.valid_from <= %(day)s::date
    and (v.valid_to is null or v.valid_to > %(day)s::date)
    and starts_with(v.division_code, %(division)s)
    and (%(code)s::text is null or v.code = %(code)s)
    and (
        v.status in ('closed', 'moved')
        or v.permit_number is null and exists (
            select from registry.enterprise b
            where b.object_id = v.object_id
                and b.closed_by is null
                and b.valid_from < v.valid_from
                and b.permit_number is not null))
    and (
        v.division_code > %(after_division)s
        or v.division_code = %(after_division)s and v.code > %(after_code)s)
order by v.division_code, v.code
limit %(limit)s;

-- name: plots_near
-- Plots kept on a day whose box meets that of an enterprise, for many of them at once.
select e.number, v.version_id, v.code, v.name, v.division_code, v.accuracy_m,
    v.stated_area_m2, st_asbinary(v.geom) as geom
from unnest(
    %(numbers)s::bigint[], %(divisions)s::text[], %(west)s::float8[],
    %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
) as e (number, division_code, west, south, east, north)
join registry.plot v
    on v.geom && st_makeenvelope(e.west, e.south, e.east, e.north, 4490)
    and starts_with(v.division_code, e.division_code)
where v.closed_by is null
    and v.valid_from <= %(day)s::date
    and (v.valid_to is null or v.valid_to > %(day)s::date)
    and v.stage <> 'closed_error';
