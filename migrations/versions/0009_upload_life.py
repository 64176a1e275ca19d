"""The rest of an upload's life: confirmation, revert, rows set aside."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""
