-- name: years
-- Years there are lists of key supervised units for, the latest first, with their units.
select k.year, count(distinct (k.division_code, k.enterprise_code)) as units
from registry.key_unit_list k
where k.closed_by is null
    and starts_with(k.division_code, %(division)s)
group by k.year
order by k.year desc;

-- name: compared
-- Units of one year's lists against those of another, in the order of division, code.
with now as (
    select k.division_code, k.enterprise_code, min(k.list_name) as list_name
    from registry.key_unit_list k
    where k.closed_by is null and k.year = %(year)s
        and starts_with(k.division_code, %(division)s)
    group by 1, 2
),
before as (
    select k.division_code, k.enterprise_code, min(k.list_name) as list_name
    from registry.key_unit_list k
    where k.closed_by is null and k.year = %(since)s
        and starts_with(k.division_code, %(division)s)
    group by 1, 2
),
compared as (
    select division_code, enterprise_code,
        coalesce(now.list_name, before.list_name) as list_name,
        case
            when before.enterprise_code is null then 'added'
            when now.enterprise_code is null then 'dropped'
            else 'kept'
        end as change
    from now
    full join before using (division_code, enterprise_code)
),
page as (
    select c.*
    from compared c
    where (%(change)s::text is null or c.change = %(change)s)
        and (
            c.division_code > %(after_division)s
            or c.division_code = %(after_division)s
                and c.enterprise_code > %(after_code)s)
    order by c.division_code, c.enterprise_code
    limit %(limit)s
)
select p.division_code, p.enterprise_code, p.list_name, p.change,
    e.name, e.status
from page p
left join lateral (
    select v.name, v.status
    from registry.enterprise v
    where v.code = p.enterprise_code
        and v.division_code = p.division_code
        and v.closed_by is null
    order by v.valid_from desc
    limit 1
) e on true
order by p.division_code, p.enterprise_code;
