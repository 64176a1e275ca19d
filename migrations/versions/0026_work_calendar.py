"""Which days are worked: the State Council's yearly notice of holidays.

Why: some terms count working days, and which days those are is fixed year by year. A
year that was not loaded is missing, and nothing is guessed. Rows are written once; the
latest of a year governs. A calendar is the same for everybody.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CALENDAR = """
create table registry.work_calendar (
    id bigint generated always as identity primary key,
    year integer not null check (year between 1949 and 2999),
    days_off date[] not null,
    days_worked date[] not null,
    source text not null check (length(source) between 1 and 500),
    actor text not null,
    recorded_at timestamptz not null default clock_timestamp()
);
create index work_calendar_year on registry.work_calendar (year, id desc);
create trigger never_altered before update or delete or truncate
on registry.work_calendar
for each statement execute function registry.refuse_rewriting();

alter table registry.work_calendar enable row level security;
create policy read_all on registry.work_calendar for select using (true);
create policy write_admin on registry.work_calendar for insert
    with check (current_setting('jingtu.role', true) = 'admin'
        and current_setting('jingtu.scope', true) = '*');
"""

GRANTS = """
grant select, insert on registry.work_calendar to jingtu_service;
"""


def upgrade() -> None:
    """Create the table of working days."""
    for part in (CALENDAR, GRANTS):
        op.execute(part)
