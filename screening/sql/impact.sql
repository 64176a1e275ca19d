-- name: watch
-- Take up decisions that have arrived: from now on every change is compared with them.
-- The box is as wide as any of their rules may look; `touches` is exact later.
with arrived as (
    delete from registry.decision_arrival a
    where a.ctid = any (array(
        select w.ctid from registry.decision_arrival w limit %(most)s))
    returning a.decision_id
)
insert into registry.decision_watch (decision_id, change_number, valid_until, box)
select
    d.id, d.change_number, d.valid_until,
    st_expand(
        d.geom,
        %(far_m)s::float8
            / (111000 * cos(radians(st_ymax(d.geom) + %(far_m)s::float8 / 110000))),
        %(far_m)s::float8 / 110000)
from arrived
join registry.decision d on d.id = arrived.decision_id
on conflict do nothing
returning decision_id, change_number;

-- name: progress
-- The last change there is, how far comparing has come, and today.
select h.number as head, p.number, p.day,
    timezone('Asia/Shanghai', now())::date as today
from registry.change_head h, registry.impact_progress p;

-- name: compare_new
-- Decisions just taken up against changes that others have been compared with before.
insert into registry.impact_check (decision_id, change_id, number, due_on, begins)
select distinct w.decision_id, c.id, c.number, %(today)s::date, false
from registry.decision_watch w
join registry.change c on c.number > w.change_number and c.number <= %(number)s
join registry.change_reach r
    on r.change_id = c.id and r.on_day is null and r.box && w.box
where w.decision_id = any (%(decisions)s)
    and (w.valid_until is null or w.valid_until >= %(today)s::date)
on conflict do nothing;

-- name: compare
-- Every watched decision against the changes since the last round.
insert into registry.impact_check (decision_id, change_id, number, due_on, begins)
select distinct w.decision_id, c.id, c.number, %(today)s::date, false
from registry.change c
join registry.change_reach r on r.change_id = c.id and r.on_day is null
join registry.decision_watch w on w.box && r.box
where c.number > %(number)s
    and c.number <= %(head)s
    and w.change_number < c.number
    and (w.valid_until is null or w.valid_until >= %(today)s::date)
on conflict do nothing;

-- name: compare_days
-- What was known before and begins or ends to count on a day that has come.
insert into registry.impact_check (decision_id, change_id, number, due_on, begins)
select distinct w.decision_id, c.id, c.number, r.on_day, true
from registry.change_reach r
join registry.change c on c.id = r.change_id
join registry.decision_watch w on w.box && r.box
where r.on_day > %(day)s::date
    and r.on_day <= %(today)s::date
    and c.number <= %(head)s
    and (w.valid_until is null or w.valid_until >= r.on_day)
on conflict do nothing;

-- name: unwatch
-- Decisions that have expired are compared with nothing any more.
update registry.decision_watch
set box = null, checked_up_to = greatest(change_number, %(number)s)
where box is not null and valid_until < %(today)s::date;

-- name: advance
-- Everything watched has been compared so far.
update registry.impact_progress set number = %(head)s, day = %(today)s;

-- name: next
-- The next decision to weigh, the earliest change first, for nobody else meanwhile.
select k.decision_id, k.change_id, k.number, k.due_on, k.begins, d.record,
    w.checked_up_to is not null as over,
    registry.decision_state(d.id, d.valid_until) as state,
    (
        select array_agg(distinct r.layer) from registry.change_reach r
        where r.change_id = k.change_id and r.box && w.box
    ) as layers
from registry.impact_check k
join registry.decision_watch w on w.decision_id = k.decision_id
join registry.decision d on d.id = k.decision_id
where k.try_after <= now()
order by k.number, k.decision_id
limit 1
for update of k skip locked;

-- name: touches
-- Whether the change touched something the decision may rest on, by the indexes.
select registry.touches(
    %(change_id)s, %(layers)s, %(parcel_codes)s, %(area_box)s::geometry,
    %(plot_box)s::geometry, %(wide_box)s::geometry, %(shore_box)s::geometry,
    %(far_box)s::geometry) as touches;

-- name: weighed
-- The decision has been weighed against this change.
delete from registry.impact_check
where decision_id = %(decision_id)s and change_id = %(change_id)s
    and due_on = %(due_on)s;

-- name: put_off
-- Weighing failed: later again, ever later.
update registry.impact_check
set attempts = attempts + 1,
    failure = %(failure)s,
    try_after = now() + least(
        interval '1 hour', interval '5 seconds' * power(2, least(attempts, 12)))
where decision_id = %(decision_id)s and change_id = %(change_id)s
    and due_on = %(due_on)s;

-- name: report
-- Write beside a decision that a change gives it another answer, or its first again.
insert into registry.decision_event (
    decision_id, division_code, kind, reason, actor, change_id, since, difference
) values (
    %(decision_id)s, %(division_code)s, %(kind)s, %(reason)s, 'jingtu',
    %(change_id)s, %(since)s, %(difference)s::jsonb
)
on conflict do nothing
returning id, happened_at;

-- name: affected_by
-- Decisions of the caller's divisions that changes have affected, the latest first.
select distinct on (d.recorded_at, d.id)
    d.id, d.certificate_number, d.outcome, d.recorded_at, d.parcel_codes
from registry.decision_event e
join registry.decision d on d.id = e.decision_id
where e.kind = 'affected' and e.change_id = any (%(changes)s::bigint[])
order by d.recorded_at desc, d.id
limit 1000;
