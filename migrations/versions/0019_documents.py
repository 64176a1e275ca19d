"""Reports with their files, signatories and review, and firms that are listed.

Why: the law asks for the report itself (who made and signed it, who reviewed it with
which opinion, since when it is public), not for a tick that there is one; and a report
by a firm on a negative list (失信名单) must warn. A file is stored once under its
SHA-256 in the data directory; a row here says whose it is. Rows are written once.

The triggers that keep a version as it was written name their columns, so the one of
papers is made anew with the new ones.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FILES = """
create table registry.document (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    sha256 bytea not null check (octet_length(sha256) = 32),
    size_bytes bigint not null check (size_bytes > 0),
    media_type text not null,
    filename text not null check (length(filename) between 1 and 255),
    scanned boolean not null,
    actor text not null,
    client_id uuid,
    received_at timestamptz not null default clock_timestamp(),
    unique (division_code, sha256)
);
comment on column registry.document.media_type is
    'As its content shows, never as its name says.';
comment on column registry.document.scanned is
    'Whether the command against viruses has passed it; false where none is set.';
create index document_sha256 on registry.document (sha256);
create trigger never_altered before update or delete or truncate on registry.document
for each statement execute function registry.refuse_rewriting();

alter table registry.document enable row level security;
create policy read_scope on registry.document for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.document for insert
    with check (registry.in_scope(division_code));

create function registry.keeps_document(digest bytea) returns boolean
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select exists (
        select from registry.document d where d.sha256 = keeps_document.digest);
end;
comment on function registry.keeps_document is
    'Whether any division has a document of these bytes: they may not be removed.';
"""

PAPERS = """
alter table registry.plot_document
    add column firm_code text,
    add column signatories text[],
    add column reviewer text,
    add column opinion text,
    add column review_level text check (review_level in ('county', 'city', 'province')),
    add column published_from date,
    add column published_to date,
    add column file_id text;
comment on column registry.plot_document.file_id is
    'registry.document.id; a file of the same division.';

drop trigger kept_as_written on registry.plot_document;
create trigger kept_as_written before update of
    version_id, object_id, code, division_code, valid_from, valid_to, opened_by,
    plot_code, parcel_code, document_type, firm, firm_on_negative_list, flagged_false,
    dated_on, reviewed_on, review_outcome, assessed_class, soil_standard, firm_code,
    signatories, reviewer, opinion, review_level, published_from, published_to, file_id
on registry.plot_document
for each statement execute function registry.refuse();
"""

FIRMS = """
create table registry.firm_listing (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    firm text not null check (length(firm) between 1 and 200),
    firm_key text collate "C" not null check (length(firm_key) > 0),
    firm_code text collate "C",
    reason text not null check (length(reason) between 1 and 500),
    source text not null check (length(source) between 1 and 500),
    listed_on date not null,
    ended_on date,
    actor text not null,
    ended_by text,
    recorded_at timestamptz not null default clock_timestamp(),
    check (ended_on >= listed_on),
    check ((ended_on is null) = (ended_by is null))
);
comment on table registry.firm_listing is
    'Firms on a negative list (失信, 负面清单), with source and days; half-open.';
create index firm_listing_key on registry.firm_listing (firm_key);
create index firm_listing_code on registry.firm_listing (firm_code)
    where firm_code is not null;
create trigger never_removed before delete or truncate on registry.firm_listing
for each statement execute function registry.refuse_rewriting();
create trigger ended_once before update on registry.firm_listing
for each row when (old.ended_on is not null)
execute function registry.refuse_rewriting();

alter table registry.firm_listing enable row level security;
create policy read_scope on registry.firm_listing for select
    using (registry.shares_scope(division_code));
create policy list_scope on registry.firm_listing for insert
    with check (registry.in_scope(division_code)
        and (select registry.may_carry_on('EE')));
create policy end_scope on registry.firm_listing for update
    using (registry.in_scope(division_code)
        and (select registry.may_carry_on('EE')))
    with check (registry.in_scope(division_code));
"""

GRANTS = """
grant select, insert on registry.document to jingtu_service;
grant select, insert, update (ended_on, ended_by)
    on registry.firm_listing to jingtu_service;
revoke execute on function registry.keeps_document from public;
grant execute on function registry.keeps_document to jingtu_service;
"""


def upgrade() -> None:
    """Create the tables of files and listed firms; widen that of papers."""
    for part in (FILES, PAPERS, FIRMS, GRANTS):
        op.execute(part)
