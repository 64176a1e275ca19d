-- name: required
-- Plots of which an activity is required by a day, as the register has them today.
select
    p.code, p.division_code, p.stage, p.required_activity,
    p.required_activity_served_on, p.required_activity_due_on,
    p.required_activity_done_on
from registry.plot p
where p.closed_by is null
    and p.valid_from <= %(day)s
    and (p.valid_to is null or p.valid_to > %(day)s)
    and (
        p.required_activity_served_on is not null
        or p.required_activity_due_on is not null)
order by p.division_code, p.code;

-- name: counties
-- Counties the register knows.
select distinct left(d.code, 6) as county
from registry.division d
where d.closed_by is null and length(d.code) >= 6
order by county;

-- name: plots
-- Plots as they stand today.
select p.code, p.division_code, p.stage, coalesce(p.held, false) as held
from registry.plot p
where p.closed_by is null
    and p.valid_from <= %(day)s
    and (p.valid_to is null or p.valid_to > %(day)s)
order by p.division_code, p.code;

-- name: papers
-- Dated papers of a type whose plot is on record and not yet off the register.
select d.code, d.plot_code, d.division_code, d.dated_on
from registry.plot_document d
join registry.plot p
    on p.code = d.plot_code and p.division_code = d.division_code
    and p.closed_by is null
    and p.valid_from <= %(day)s
    and (p.valid_to is null or p.valid_to > %(day)s)
where d.closed_by is null
    and d.valid_from <= %(day)s
    and (d.valid_to is null or d.valid_to > %(day)s)
    and d.document_type = %(document_type)s
    and d.dated_on is not null
    and p.stage not in ('removed', 'aftercare', 'closed_error')
order by d.division_code, d.code;
