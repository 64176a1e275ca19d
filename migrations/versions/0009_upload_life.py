"""The rest of an upload's life: confirmation, orders, commit with reasons, revert.

Why: what is done with an upload takes minutes and is done by a worker, so what was
ordered, by whom and how far it came must stand beside it, and what came of it when it
could not be done. What was declared with a file still never changes: what a person
confirmed later stands in a column of its own.

A job knows the upload's id and nothing else. `upload_asker` tells whose rights it runs
under; `give_up_upload` says in the upload itself that its last attempt failed. Both
are for the program, which cannot see the row before it knows whose it is.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LIFE = """
alter table registry.upload
    add column proposed jsonb,
    add column confirmed jsonb,
    add column progress jsonb,
    add column warning_count integer not null default 0,
    add column whole_file_errors integer not null default 0,
    add column order_kind text check (order_kind in ('examine', 'commit', 'revert')),
    add column order_terms jsonb,
    add column ordered_by uuid,
    add column ordered_at timestamptz,
    add column refusal jsonb,
    add column acceptance jsonb,
    add column revert_change_id bigint references registry.change,
    add constraint order_has_asker check (
        order_kind is null or (ordered_by is not null and ordered_at is not null)),
    add constraint revert_follows_commit check (
        revert_change_id is null or state = 'reverted');
comment on column registry.upload.proposed is
    'What reading proposed and a person has to confirm.';
comment on column registry.upload.confirmed is
    'What a person confirmed; completes the declaration, which stays as it was sent.';
comment on column registry.upload.order_kind is
    'What a worker was asked to do and has not finished; null when nothing.';
comment on column registry.upload.refusal is
    'Why the last order was not carried out; null when it was.';
comment on column registry.upload.acceptance is
    'Who accepted which warnings for what reason, and whether rows were set aside.';

alter table registry.upload_issue alter column geom type geometry(geometry, 4490);
create index upload_issue_kind on registry.upload_issue (upload_id, kind, number);
"""

JOBS = """
create function registry.upload_asker(upload_id uuid)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.upload u
    cross join lateral registry.find_client(u.ordered_by) c
    where u.id = upload_asker.upload_id and u.order_kind is not null;
end;
comment on function registry.upload_asker is
    'The caller for whom an upload''s job runs; none when nothing is ordered.';

create function registry.give_up_upload(upload_id uuid, why jsonb) returns void
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    update registry.upload u
    set state = case when order_kind = 'examine' then 'failed' else state end,
        failure = case when order_kind = 'examine' then why else failure end,
        refusal = case when order_kind = 'examine' then null else why end,
        order_kind = null, order_terms = null, progress = null,
        changed_at = clock_timestamp()
    where u.id = give_up_upload.upload_id and u.order_kind is not null;
end;
comment on function registry.give_up_upload is
    'Say in an upload that what was ordered could not be done.';
"""

STATES = """
create or replace function registry.keep_upload_state() returns trigger
language plpgsql
as $$
begin
    -- What else is learned of an upload may be added in any state.
    if new.state <> old.state and (
        old.state in ('reverted', 'withdrawn')
        or (old.state = 'committed' and new.state <> 'reverted')
        or (old.state <> 'committed' and new.state = 'reverted'))
    then
        raise exception 'upload % is % and cannot become %',
            old.id, old.state, new.state
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    return new;
end
$$;
"""

GRANTS = """
grant update (
    proposed, confirmed, progress, warning_count, whole_file_errors, order_kind,
    order_terms, ordered_by, ordered_at, refusal, acceptance, revert_change_id
) on registry.upload to jingtu_service;
revoke execute on function registry.upload_asker, registry.give_up_upload from public;
grant execute on function registry.upload_asker, registry.give_up_upload
to jingtu_service;
"""


def upgrade() -> None:
    """Let uploads be confirmed, ordered, accepted and taken back."""
    for part in (LIFE, JOBS, STATES, GRANTS):
        op.execute(part)
