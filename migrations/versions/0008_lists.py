"""Lists go through the register division by division.

Why: row-level security cannot use an index for "division begins with the caller's".
A county with few parcels in a country with many read them all to list its own: 1.2 s
over a million. Lists are in the order of division and code now, and ask for the range
of divisions as well as being held to it: comparing text reveals nothing (the operators
are leakproof), so this index is used under row-level security. Decisions are listed
the latest first.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LAYERS = (
    "division",
    "parcel",
    "parcel_lineage",
    "plot",
    "plot_event",
    "plot_document",
    "plot_list_membership",
    "farmland_unit",
    "enterprise",
    "key_unit_list",
    "water_source",
    "water_zone",
    "facility",
    "receptor",
    "restriction_area",
    "former_use",
    "river",
    "monitoring_point",
    "sample_result",
    "theme_coverage",
)


def upgrade() -> None:
    """Index every layer by division and code."""
    for layer in LAYERS:
        # Of all versions: lists of the past are ranges of divisions as well.
        op.execute(
            f"create index {layer}_list on registry.{layer} (division_code, code)"
        )
    op.execute(
        "create index decision_latest on registry.decision (recorded_at desc, id desc)"
    )
