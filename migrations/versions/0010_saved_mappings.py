"""Field mappings that an office keeps.

Why: an office's program names its fields in its own way, the same in every file. Who
has said once which field fills which attribute should not have to say it again.

A mapping is a convenience, not a record: it is written over and removed freely. What
a file was read with stands in its own upload. It is its division's, under row-level
security, and only who may write a layer keeps mappings for it.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MAPPINGS = """
create table registry.field_mapping (
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    layer text not null,
    name text not null check (length(name) between 1 and 100),
    mapping jsonb not null check (jsonb_typeof(mapping) = 'object'),
    actor text not null,
    saved_at timestamptz not null default clock_timestamp(),
    primary key (division_code, layer, name)
);
comment on table registry.field_mapping is
    'Attribute (or code) to field of the file, kept by an office under a name.';
"""

SCOPES = """
alter table registry.field_mapping enable row level security;
create policy read_scope on registry.field_mapping for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.field_mapping
    using (registry.in_scope(division_code) and registry.may_write(layer))
    with check (registry.in_scope(division_code) and registry.may_write(layer));
"""

GRANTS = """
grant select, insert, delete, update (mapping, actor, saved_at)
    on registry.field_mapping to jingtu_service;
"""


def upgrade() -> None:
    """Create the table of saved mappings."""
    for part in (MAPPINGS, SCOPES, GRANTS):
        op.execute(part)
