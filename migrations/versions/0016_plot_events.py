"""The life of a plot: what an event rested on stands beside it.

Why: an event says which step of the life cycle it was, on which papers and details it
rested, and, where plots were split or merged, which others it concerns. Steps need
papers that had no type yet. The triggers that keep a version as it was written name
their columns, so the one of events is made anew with the new ones.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

EVENTS = """
alter table registry.plot_event
    add column step text,
    add column documents text[],
    add column related_codes text[],
    add column details jsonb;
comment on column registry.plot_event.step is
    'Row of the table of transitions; null for an event brought by an upload.';

drop trigger kept_as_written on registry.plot_event;
create trigger kept_as_written before update of
    version_id, object_id, code, division_code, valid_from, valid_to, opened_by,
    plot_code, event, from_stage, to_stage, note, step, documents, related_codes,
    details
on registry.plot_event
for each statement execute function registry.refuse();
"""

PAPERS = """
alter table registry.plot_document
    drop constraint plot_document_document_type_check,
    add constraint plot_document_document_type_check check (document_type in (
        'initial_survey', 'detailed_survey', 'baseline_survey',
        'key_unit_survey', 'risk_assessment', 'risk_control_plan',
        'remediation_plan', 'effect_evaluation', 'removal_decision',
        'review_opinion', 'dismantling_plan', 'listing_form', 'notice',
        'register_entry', 'transport_plan', 'removal_application',
        'aftercare_plan', 'control_area_approval', 'isolation_measures',
        'correction_approval', 'other'
    ));
"""


def upgrade() -> None:
    """Keep what an event rested on, and the papers of every step."""
    op.execute(EVENTS)
    op.execute(PAPERS)
