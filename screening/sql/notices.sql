-- name: queue
-- Write a notice for every receiver that may see the division and asked for it.
select registry.queue_notice(%(event)s, %(division_code)s, %(body)s);

-- name: add
-- Register a receiver of the caller's own.
insert into registry.webhook (client_id, division_code, url, events, secret)
values (%(client_id)s, %(division_code)s, %(url)s, %(events)s, %(secret)s)
returning id;

-- name: list
-- Receivers the caller may see, the latest first; one of them, if asked.
select w.id, w.client_id, w.division_code, w.url, w.events, w.created_at,
    w.earlier_until
from registry.webhook w
where w.removed_at is null and (%(id)s::uuid is null or w.id = %(id)s::uuid)
order by w.created_at desc, w.id;

-- name: count
-- How many receivers a client has.
select count(*) from registry.webhook w
where w.removed_at is null and w.client_id = %(client_id)s;

-- name: rotate
-- Give a receiver another secret; the one before signs too for a day.
select registry.rotate_secret(%(id)s, %(secret)s);

-- name: remove
-- Send a receiver nothing any more.
update registry.webhook set removed_at = clock_timestamp()
where id = %(id)s and removed_at is null;

-- name: deliveries
-- Notices to a receiver, the latest first.
select d.id, d.number, d.event, d.created_at, d.state, d.attempts,
    case when d.state = 'waiting' then d.next_attempt_at end as next_attempt_at,
    d.last_attempt_at, d.last_status, d.last_failure, d.delivered_at,
    convert_from(d.body, 'UTF8')::jsonb as body
from registry.webhook_delivery d
where d.webhook_id = %(webhook_id)s
    and (%(state)s::text is null or d.state = %(state)s)
    and (%(before)s::bigint is null or d.number < %(before)s::bigint)
order by d.number desc
limit %(limit)s;

-- name: again
-- Send a notice again under its own id, as if for the first time.
update registry.webhook_delivery
set state = 'waiting', attempts = 0, next_attempt_at = clock_timestamp(),
    delivered_at = null
where id = %(id)s and webhook_id = %(webhook_id)s;
