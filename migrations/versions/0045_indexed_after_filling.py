"""A layer that holds nothing at all is filled first and indexed after.

Why: of a county's first million parcels half the time went into finding each row's
place in the indexes, one by one; made of all rows at once they take a fifth of that.
Only an empty table allows it: nobody waits for rows that are not there, and a reader
who does look waits until the rows are in. A table that somebody is using is left as it
is.

Indexes that were set aside stand again before the transaction commits, or it does not.
The list's index also no longer looks for equal keys to store once: there are hardly any
among open versions.
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = """
create table registry.index_aside (
    layer text primary key,
    definitions text[] not null
);
comment on table registry.index_aside is
    'Indexes of a layer that a transaction has set aside; holds no row between them.';
-- No policy: only the functions below read it.
alter table registry.index_aside enable row level security;

create function registry.refuse_index_aside() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
begin
    if exists (select from index_aside a where a.layer = new.layer) then
        raise exception 'the indexes of % were not restored before commit', new.layer
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;
create constraint trigger index_is_restored
after insert on registry.index_aside
deferrable initially deferred
for each row execute function registry.refuse_index_aside();
"""

SET_ASIDE = """
create function registry.set_indexes_aside(layer text) returns boolean
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
declare
    filled constant regclass := format('registry.%I', layer);
    held boolean;
    definitions text[];
    one regclass;
begin
    if not may_write(layer) or not exists (
        select from pg_trigger t
        where t.tgrelid = filled and t.tgname = 'versions_open')
    then
        raise exception 'not a layer to write: %', layer
            using errcode = 'insufficient_privilege';
    end if;
    execute format('select exists (select from %s)', filled) into held;
    if held then
        return false;
    end if;
    begin
        execute format('lock table %s in access exclusive mode nowait', filled);
        execute format('select exists (select from %s)', filled) into held;
        if held then
            -- Leaving the block by an error gives the lock back.
            raise lock_not_available;
        end if;
    exception when lock_not_available then
        return false;
    end;
    definitions := '{}';
    for one in
        select i.indexrelid from pg_index i
        where i.indrelid = filled and not i.indisprimary
            -- Rows that are opened do not go into the indexes of closed versions.
            and pg_get_expr(i.indpred, i.indrelid)
                is distinct from '(closed_by IS NOT NULL)'
            and not exists (
                select from pg_constraint c where c.conindid = i.indexrelid)
        order by i.indexrelid
    loop
        definitions := definitions || pg_get_indexdef(one);
        execute format('drop index %s', one);
    end loop;
    insert into index_aside values (layer, definitions);
    return true;
end
$$;
comment on function registry.set_indexes_aside is
    'Drop the indexes of a layer that holds nothing and that nobody uses; false if it
    is not so. The caller fills it and restores them in the same transaction.';

create function registry.restore_indexes(layer text) returns void
language plpgsql
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_variable
declare
    definition text;
    restored index_aside;
begin
    delete from index_aside a where a.layer = layer returning a.* into restored;
    if not found then
        raise exception 'no indexes of % are set aside', layer
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    foreach definition in array restored.definitions loop
        execute definition;
    end loop;
end
$$;
comment on function registry.restore_indexes is
    'Make the indexes anew that `set_indexes_aside` dropped in this transaction.';
"""

GRANTS = """
revoke execute on function
    registry.refuse_index_aside, registry.set_indexes_aside, registry.restore_indexes
from public;
grant execute on function registry.set_indexes_aside, registry.restore_indexes
to jingtu_service;
"""


def upgrade() -> None:
    """Create what sets the indexes of an empty layer aside and restores them."""
    for part in (TABLE, SET_ASIDE, GRANTS):
        op.execute(part)
    op.execute("alter index registry.parcel_list set (deduplicate_items = off)")
    op.execute("alter index registry.farmland_unit_list set (deduplicate_items = off)")
