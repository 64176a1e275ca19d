"""A division of farmland: who approved it, from when it holds, what it changed.

Why: a category follows land for years and closes it to crops. Each change of one keeps
old and new, reason, evidence and approver (domain notes, dynamic adjustment), and a
county whose priority protection shrinks must be warned (R-C19). A run proposes; another
person approves; then it is put into force, once.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
create table registry.category_approval (
    run_id uuid primary key references registry.screening_run,
    division_code text collate "C" not null,
    approver text not null,
    client_id uuid not null,
    document text not null check (document <> ''),
    note text,
    approved_at timestamptz not null default clock_timestamp()
);

create table registry.category_adoption (
    run_id uuid primary key references registry.category_approval,
    division_code text collate "C" not null,
    effective_on date not null,
    reason text not null check (reason <> ''),
    evidence text[] not null,
    actor text not null,
    change_id bigint not null references registry.change,
    summary jsonb not null,
    adopted_at timestamptz not null default clock_timestamp()
);

create table registry.category_change (
    id bigint generated always as identity primary key,
    run_id uuid not null references registry.category_adoption,
    division_code text collate "C" not null,
    object_id bigint not null,
    unit_code text not null,
    new_code text not null,
    category_before text,
    category text,
    area_m2 double precision not null,
    effective_on date not null,
    reason text not null,
    evidence text[] not null,
    approver text not null,
    document text not null
);
comment on table registry.category_change is
    'One row a piece of land whose category, code or boundary a division changed.';
create index category_change_unit
    on registry.category_change (division_code, unit_code);
create index category_change_run on registry.category_change (run_id);

create table registry.priority_area_warning (
    id bigint generated always as identity primary key,
    run_id uuid not null references registry.category_adoption,
    division_code text collate "C" not null,
    effective_on date not null,
    before_m2 double precision not null,
    after_m2 double precision not null check (after_m2 < before_m2),
    raised_at timestamptz not null default clock_timestamp()
);
comment on table registry.priority_area_warning is
    'R-C19: a county whose priority protection has become smaller.';
"""

RULES = """
do $$
declare
    one text;
begin
    foreach one in array array[
        'category_approval', 'category_adoption', 'category_change',
        'priority_area_warning'
    ] loop
        execute format(
            'create trigger never_altered before update or delete or truncate'
            ' on registry.%I for each statement execute function registry.refuse()',
            one);
        execute format('alter table registry.%I enable row level security', one);
        execute format(
            'create policy in_scope on registry.%I'
            ' using (registry.in_scope(division_code))'
            ' with check (registry.in_scope(division_code))', one);
        execute format('grant select, insert on registry.%I to jingtu_service', one);
    end loop;
end
$$;
"""


def upgrade() -> None:
    """Create the tables of divisions of farmland."""
    op.execute(TABLES)
    op.execute(RULES)
