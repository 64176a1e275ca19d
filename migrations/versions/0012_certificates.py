"""What becomes of a decision, and the signed certificates.

Why: a decision is evidence and is never altered, so that it was annulled, replaced by
a later one, or touched by a later change of the register is written beside it. Who was
shown a certificate sees that by its number. An electronic signature carries its time:
the signed file is made once and kept, the unsigned one follows from the record.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EVENTS = """
create table registry.decision_event (
    id bigint generated always as identity primary key,
    decision_id uuid not null references registry.decision,
    division_code text collate "C" not null,
    kind text not null check (kind in ('annulled', 'replaced', 'affected')),
    happened_at timestamptz not null default clock_timestamp(),
    reason text check (length(reason) between 1 and 2000),
    actor text not null,
    client_id uuid,
    by_decision uuid references registry.decision,
    change_id bigint references registry.change,
    check (kind <> 'annulled' or reason is not null),
    check ((kind = 'replaced') = (by_decision is not null)),
    check ((kind = 'affected') = (change_id is not null))
);
comment on table registry.decision_event is
    'What became of a decision (意见书的现状); the decision itself never changes.';
comment on column registry.decision_event.change_id is
    'The change of the register after which the answer may differ.';

create index decision_event_of on registry.decision_event (decision_id);
create unique index decision_event_once on registry.decision_event (decision_id, kind)
    where kind in ('annulled', 'replaced');
create unique index decision_event_change
    on registry.decision_event (decision_id, change_id) where kind = 'affected';

create function registry.check_decision_event() returns trigger
language plpgsql
as $$
begin
    if not exists (
        select from registry.decision d
        where d.id = new.decision_id and d.division_code = new.division_code)
    then
        raise exception 'decision % is not of division %',
            new.decision_id, new.division_code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger fits_decision before insert on registry.decision_event
for each row execute function registry.check_decision_event();
create trigger never_altered before update or delete or truncate
on registry.decision_event
for each statement execute function registry.refuse();

alter table registry.decision_event enable row level security;
create policy read_scope on registry.decision_event for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.decision_event for insert
    with check (registry.in_scope(division_code));
"""

FILES = """
create table registry.signed_certificate (
    decision_id uuid not null references registry.decision,
    language text not null check (language in ('zh', 'en')),
    division_code text collate "C" not null,
    signed_at timestamptz not null default clock_timestamp(),
    signer text not null,
    sha256 bytea not null check (octet_length(sha256) = 32),
    file bytea not null,
    primary key (decision_id, language)
);
comment on table registry.signed_certificate is
    'The signed file of a decision: made once, because a signature carries its time.';
alter table registry.signed_certificate alter column file set storage external;

create trigger never_altered before update or delete or truncate
on registry.signed_certificate
for each statement execute function registry.refuse();

alter table registry.signed_certificate enable row level security;
create policy read_scope on registry.signed_certificate for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.signed_certificate for insert
    with check (registry.in_scope(division_code));
"""

STATE = """
create function registry.decision_state(decision_id uuid, valid_until date)
returns text
language sql stable
begin atomic
    select case
        when bool_or(e.kind = 'annulled') then 'annulled'
        when bool_or(e.kind = 'replaced') then 'replaced'
        when bool_or(e.kind = 'affected') then 'affected'
        when decision_state.valid_until
            < timezone('Asia/Shanghai', now())::date then 'expired'
        else 'in_force'
    end
    from registry.decision_event e
    where e.decision_id = decision_state.decision_id;
end;
comment on function registry.decision_state is
    'How a decision stands today; the first that holds. Valid through valid_until.';

create or replace function registry.verify_certificate(certificate_number text)
returns table (
    outcome text, as_of date, recorded_at timestamptz, valid_until date, state text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select d.outcome, d.as_of, d.recorded_at, d.valid_until,
        registry.decision_state(d.id, d.valid_until)
    from registry.decision d
    where d.certificate_number = verify_certificate.certificate_number;
end;
"""

GRANTS = """
grant select, insert on registry.decision_event to jingtu_service;
grant select, insert on registry.signed_certificate to jingtu_service;
revoke execute on function
    registry.decision_state, registry.check_decision_event from public;
grant execute on function registry.decision_state to jingtu_service;
"""


def upgrade() -> None:
    """Create what is written beside decisions."""
    for part in (EVENTS, FILES, STATE, GRANTS):
        op.execute(part)
