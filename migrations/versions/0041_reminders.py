"""Reminders of consultations stand in the history of their tasks.

Why: a department that does not answer holds up the transaction. It is reminded before
its last day and once after it; that it was is a step of the task like any other, so
nobody is reminded twice of one thing, however often the worker comes round.
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

REMINDED = """
alter table registry.task_event
    drop constraint task_event_kind_check,
    add constraint task_event_kind_check check (kind in (
        'opened', 'assigned', 'evidence_added', 'reported_done', 'returned',
        'struck_off', 'withdrawn', 'due_day_set', 'reminded'));
"""


def upgrade() -> None:
    """Let a task's history tell that its bureau was reminded."""
    op.execute(REMINDED)
