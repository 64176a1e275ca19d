"""Who is told when a decision becomes another, and what is still to be sent.

Why: a permit system acts on a decision long before anybody asks for it again. A notice
is a row written in the transaction that records what it tells of: neither is there
without the other, whatever is killed. It is sent under one id until it was taken, and
stays where it can be seen when it never is.

The secret is kept as it is, for each notice is signed with it; only the function that
hands out what is due reads it. A receiver is told of the divisions its client may see
at that moment, no more.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = """
create table registry.webhook (
    id uuid primary key default gen_random_uuid(),
    client_id uuid not null references registry.api_client,
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    url text not null check (length(url) between 1 and 2000),
    events text[] not null check (cardinality(events) > 0),
    secret bytea not null check (octet_length(secret) = 32),
    earlier_secret bytea check (octet_length(earlier_secret) = 32),
    earlier_until timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    removed_at timestamptz,
    check ((earlier_secret is null) = (earlier_until is null))
);
comment on table registry.webhook is
    'Receivers of notices (回调地址); one belongs to the client that registered it.';
create index webhook_of_client on registry.webhook (client_id)
    where removed_at is null;

create table registry.webhook_delivery (
    id uuid primary key default gen_random_uuid(),
    number bigint generated always as identity unique,
    webhook_id uuid not null references registry.webhook,
    division_code text collate "C" not null,
    event text not null,
    body bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    state text not null default 'waiting'
        check (state in ('waiting', 'delivered', 'dead')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default clock_timestamp(),
    last_attempt_at timestamptz,
    last_status integer,
    last_failure text,
    delivered_at timestamptz,
    check ((state = 'delivered') = (delivered_at is not null))
);
comment on table registry.webhook_delivery is
    'Notices to send and sent (outbox); the id is the same at every attempt.';
create index webhook_delivery_due on registry.webhook_delivery (next_attempt_at)
    where state = 'waiting';
create index webhook_delivery_of on registry.webhook_delivery (webhook_id, number);

create trigger never_removed before delete or truncate on registry.webhook
for each statement execute function registry.refuse_rewriting();
create trigger never_removed before delete or truncate on registry.webhook_delivery
for each statement execute function registry.refuse_rewriting();

alter table registry.webhook enable row level security;
create policy own_or_admin on registry.webhook
    using (
        client_id::text = current_setting('jingtu.client', true)
        or (current_setting('jingtu.role', true) = 'admin'
            and registry.in_scope(division_code)))
    with check (
        client_id::text = current_setting('jingtu.client', true)
        or (current_setting('jingtu.role', true) = 'admin'
            and registry.in_scope(division_code)));
alter table registry.webhook_delivery enable row level security;
create policy of_own_webhook on registry.webhook_delivery
    using (webhook_id in (select w.id from registry.webhook w));
"""

OUTBOX = """
create function registry.queue_notice(event text, division_code text, body bytea)
returns bigint
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with told as (
        insert into registry.webhook_delivery (webhook_id, division_code, event, body)
        select w.id, queue_notice.division_code, queue_notice.event, queue_notice.body
        from registry.webhook w
        join registry.api_client c on c.id = w.client_id
        where w.removed_at is null
            and queue_notice.event = any (w.events)
            and c.disabled_at is null
            and (c.expires_at is null or c.expires_at > now())
            and (c.scope = '*' or starts_with(queue_notice.division_code, c.scope))
        returning 1
    )
    select count(*) from told;
end;
comment on function registry.queue_notice is
    'Write a notice for every receiver that may see the division and asked for it.';

create function registry.rotate_secret(webhook_id uuid, secret bytea)
returns boolean
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    -- It runs with the owner's rights, so the policy is written out once more.
    with rotated as (
        update registry.webhook w
        set earlier_secret = w.secret,
            earlier_until = clock_timestamp() + interval '24 hours',
            secret = rotate_secret.secret
        where w.id = rotate_secret.webhook_id
            and w.removed_at is null
            and (
                w.client_id::text = current_setting('jingtu.client', true)
                or (current_setting('jingtu.role', true) = 'admin'
                    and registry.in_scope(w.division_code)))
        returning 1
    )
    select exists (select from rotated);
end;
comment on function registry.rotate_secret is
    'Give a receiver another secret; the one before signs too for a day.';

create function registry.take_delivery(lease interval)
returns table (
    id uuid, url text, secrets bytea[], body bytea, attempts integer)
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    update registry.webhook_delivery d
    set attempts = d.attempts + 1,
        last_attempt_at = clock_timestamp(),
        next_attempt_at = clock_timestamp() + lease
    from registry.webhook w
    where w.id = d.webhook_id
        and d.id = (
            select n.id
            from registry.webhook_delivery n
            join registry.webhook r on r.id = n.webhook_id
            where n.state = 'waiting'
                and n.next_attempt_at <= clock_timestamp()
                and r.removed_at is null
            order by n.next_attempt_at
            limit 1
            for update of n skip locked)
    returning d.id, w.url,
        array[w.secret] || case when w.earlier_until > clock_timestamp()
            then array[w.earlier_secret] else array[]::bytea[] end,
        d.body, d.attempts;
end;
comment on function registry.take_delivery is
    'The next notice that is due. It is due again after the lease unless it is ended.';

create function registry.end_attempt(
    delivery_id uuid, status integer, failure text, wait interval)
returns void
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    update registry.webhook_delivery d
    set state = case
            when failure is null then 'delivered'
            when wait is null then 'dead'
            else 'waiting' end,
        delivered_at = case when failure is null then clock_timestamp() end,
        next_attempt_at = clock_timestamp() + coalesce(wait, interval '0'),
        last_status = status,
        last_failure = failure
    where d.id = end_attempt.delivery_id and d.state = 'waiting';
end;
comment on function registry.end_attempt is
    'How an attempt ended: taken (no failure), to be tried again, or given up.';
"""

GRANTS = """
grant select (id, client_id, division_code, url, events, earlier_until, created_at,
        removed_at),
    insert, update (removed_at)
    on registry.webhook to jingtu_service;
grant select, update (state, attempts, next_attempt_at, delivered_at)
    on registry.webhook_delivery to jingtu_service;
revoke execute on function
    registry.queue_notice, registry.rotate_secret, registry.take_delivery,
    registry.end_attempt
from public;
grant execute on function
    registry.queue_notice, registry.rotate_secret, registry.take_delivery,
    registry.end_attempt
to jingtu_service;
"""


def upgrade() -> None:
    """Create receivers and the outbox."""
    for part in (TABLES, OUTBOX, GRANTS):
        op.execute(part)
