-- name: entries
-- Each day on which approvals of a division's counties became limited or free again, the
-- latest first, with the change that first said so: a later edit of the same county
-- writes its older versions anew.
with standing as (
    select d.code, d.division_code, d.name_zh, d.name_en, d.valid_from,
        coalesce(d.restricted, false) as restricted,
        lag(coalesce(d.restricted, false), 1, false) over (
            partition by d.object_id order by d.valid_from
        ) as before
    from registry.division d
    where starts_with(d.division_code, %(division)s)
        and d.closed_by is null
)
select s.code, s.name_zh, s.name_en, s.restricted, s.valid_from as on_day,
    said.reason, said.actor, said.recorded_at
from standing s
cross join lateral (
    select c.reason, c.actor, c.recorded_at
    from registry.division v
    join registry.change c on c.id = v.opened_by
    where v.code = s.code
        and v.division_code = s.division_code
        and v.valid_from = s.valid_from
        and coalesce(v.restricted, false) = s.restricted
    order by c.number
    limit 1
) said
where s.restricted <> s.before
order by s.valid_from desc, s.code;
