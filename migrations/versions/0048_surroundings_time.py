"""When what lies around land was last changed.

Why: a decision reads everything within a kilometre of a parcel, and mostly nothing of
it has changed since the question before. `change_head.surroundings_at` is the time of
the last change to any layer that is read around a subject, of any county: what was read
under the rights of a caller holds for him until it moves.

Times of changes only grow, also where the register was set back to a backup and goes on
from there: a number would come again with other contents. So `ground_number` (0022)
becomes `ground_at`.

The layers that were not marked yet, because no map shows them, are marked from now on.

Where no cell of a search is another division's, `border_hits` looks no farther (0022).
`cells_of_others` tells those cells of a box, so that it need not be asked at all.
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NEWLY_MARKED = ("plot_list_membership", "plot_document", "key_unit_list")
SURROUNDINGS = (
    *NEWLY_MARKED,
    "plot",
    "former_use",
    "enterprise",
    "facility",
    "receptor",
    "water_source",
    "restriction_area",
    "farmland_unit",
    "water_zone",
    "river",
)

TIMES = f"""
alter table registry.change_head
    drop column ground_number,
    add column ground_at timestamptz,
    add column surroundings_at timestamptz;
update registry.change_head set ground_at = recorded_at, surroundings_at = recorded_at;
alter table registry.change_head
    alter column ground_at set not null,
    alter column surroundings_at set not null;
comment on column registry.change_head.ground_at is
    'When divisions or what they cover were last changed.';
comment on column registry.change_head.surroundings_at is
    'When a layer that is read around a subject was last changed.';

create or replace function registry.number_change(change_id bigint) returns bigint
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    new_number bigint;
    new_time timestamptz;
    numbered change;
    touched constant text[] := array(
        select m.layer from layer_mark m where m.change_id = number_change.change_id);
begin
    -- The row lock is held until commit: numbers and times follow commit order.
    select h.number + 1,
        greatest(clock_timestamp(), h.recorded_at + interval '1 microsecond')
    into new_number, new_time
    from change_head h
    for update;
    update change_head
    set number = new_number,
        recorded_at = new_time,
        ground_at = case when touched && array['division', 'theme_coverage']
            then new_time else ground_at end,
        surroundings_at = case when touched && array{list(SURROUNDINGS)}
            then new_time else surroundings_at end;
    update registry.change
    set number = new_number, recorded_at = new_time
    where id = change_id and number is null
    returning change.* into numbered;
    if not found then
        raise exception 'change % is not open', change_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform append_change(numbered);
    return new_number;
end
$$;
"""

CELLS = """
create function registry.cells_of_others(box geometry) returns setof bigint
language sql stable
security definer
set search_path = registry, public, pg_temp
begin atomic
    select distinct p.cell
    from registry.border_presence p
    where p.cell = any(registry.grid_cells(box) || -1::bigint)
        and coalesce(current_setting('jingtu.scope', true), '') not in ('', '*')
        and not starts_with(p.division_code, current_setting('jingtu.scope', true));
end;
comment on function registry.cells_of_others is
    'Cells of the grid in a box in which other divisions than the caller''s have, or
    had, something; -1 where something of theirs lies everywhere.';
revoke execute on function registry.cells_of_others from public;
grant execute on function registry.cells_of_others to jingtu_service;
"""


def upgrade() -> None:
    """Mark every layer that is read around a subject, and keep when it was changed."""
    for layer in NEWLY_MARKED:
        op.execute(f"call registry.keep_mark('{layer}')")
    op.execute(TIMES)
    op.execute(CELLS)
