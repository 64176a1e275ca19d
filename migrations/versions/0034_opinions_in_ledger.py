"""An opinion is entered into the ledger when it is given.

Why: an opinion is a part of the next decision and proved through it. Where the question
cannot be asked again, as of a parcel split since, there is no next decision: what the
department said was lost. It is now an entry of its own, with and without one.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KIND = """
alter table registry.ledger_entry
    drop constraint ledger_entry_kind_check,
    add constraint ledger_entry_kind_check check (kind in (
        'decision', 'decision_event', 'change', 'query', 'task_event',
        'indicator_snapshot', 'opinion'));
"""


def upgrade() -> None:
    """Let the ledger hold opinions."""
    op.execute(KIND)
