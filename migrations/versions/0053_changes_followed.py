"""What a change opened and closed in a layer is found by the change.

Why: other systems follow the register (M27 四(四)): they ask a layer for what has
changed since the change they saw last. A survey opens a million versions in one change,
which are told page by page: each page begins where the one before ended.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
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
    "plot_pollutant",
    "plot_party",
    "farmland_unit",
    "farmland_measure",
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
    "attention_option",
    "attention_answer",
    "attention_correction",
    "theme_coverage",
)

INDEXES = """
create index {layer}_opened on registry.{layer} (opened_by, version_id)
    with (deduplicate_items = off);
create index {layer}_closed on registry.{layer} (closed_by, version_id)
    with (deduplicate_items = off)
    where closed_by is not null;
"""


def upgrade() -> None:
    """Index every layer by the changes that opened and closed its versions."""
    for layer in LAYERS:
        op.execute(INDEXES.format(layer=layer))
