"""What was sampled: land of a point, medium, produce and horizon of a result.

Why: the limits of GB 15618 depend on the land, those of GB 2762 on the produce; crops
are sampled at soil points, so a result names its own medium; a depth may come as a word
(表层). The triggers that keep a version as it was written name their columns, so both
are made anew.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = """
alter table registry.monitoring_point
    add column land_type text check (land_type in (
        'paddy', 'dry_land', 'orchard', 'rotation', 'other', 'class_1', 'class_2'
    ));
alter table registry.sample_result
    add column medium text check (medium in (
        'soil', 'crop', 'irrigation', 'surface_water', 'ground_water'
    )),
    add column food text check (food in (
        'rice', 'paddy_rice', 'brown_rice', 'white_rice', 'wheat', 'maize',
        'other_cereal', 'other_food'
    )),
    add column horizon text;
"""
KEPT = """
drop trigger kept_as_written on registry.monitoring_point;
create trigger kept_as_written before update of
    version_id, object_id, code, division_code, valid_from, valid_to, opened_by,
    name, point_class, level, medium, land_type, accuracy_m, stated_area_m2,
    coord_source, geom
on registry.monitoring_point
for each statement execute function registry.refuse();

drop trigger kept_as_written on registry.sample_result;
create trigger kept_as_written before update of
    version_id, object_id, code, division_code, valid_from, valid_to, opened_by,
    point_code, sample_code, campaign, sampled_on, depth_from_m, depth_to_m, analyte,
    value, unit, non_detect, detection_limit, raw_value, laboratory, method, qc_status,
    medium, food, horizon
on registry.sample_result
for each statement execute function registry.refuse();
"""


def upgrade() -> None:
    """Add what the limits depend on."""
    op.execute(COLUMNS)
    op.execute(KEPT)
