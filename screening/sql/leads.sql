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
