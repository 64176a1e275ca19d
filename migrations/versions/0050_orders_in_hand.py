"""What one client has in hand at the worker, found without reading what has ended.

Why: it is counted with every order, and with every turn of a batch. Of the rows that an
office gathers over the years a handful are under way.
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

IN_HAND = """
create index gate_batch_in_hand on registry.gate_batch (client_id)
    where state in ('waiting', 'running');
create index screening_run_in_hand on registry.screening_run (client_id)
    where state in ('waiting', 'running');
create index upload_in_hand on registry.upload (ordered_by)
    where order_kind is not null;
"""


def upgrade() -> None:
    """Create the indexes."""
    op.execute(IN_HAND)
