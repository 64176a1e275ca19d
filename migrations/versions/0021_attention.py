"""The screening of enterprise plots: score table, answers, corrections.

Why: the level of attention of an enterprise (关注度) rests on what its survey form
says, on a score table that an office may replace by the official one, and on what a
review corrected, with its reason. Each of them has a history like everything else that
a list rests on, so they are layers of the register.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LAYERS = ("attention_option", "attention_answer", "attention_correction")

OPTIONS = """
create table registry.attention_option (
    like registry.version_columns
        including defaults including constraints including identity,
    table_name text not null,
    scheme text not null check (scheme in ('in_production', 'closed_relocated')),
    medium text not null check (medium in ('soil', 'groundwater')),
    group_name text not null,
    indicator text not null,
    indicator_zh text,
    indicator_en text,
    max_score double precision not null check (max_score between 0 and 100),
    option_number integer not null check (option_number > 0),
    option_zh text,
    option_en text,
    score double precision not null check (score >= 0),
    unknown boolean,
    at_least double precision,
    below double precision,
    confidence text,
    table_source text not null
);
"""

ANSWERS = """
create table registry.attention_answer (
    like registry.version_columns
        including defaults including constraints including identity,
    enterprise_code text collate "C" not null,
    indicator text not null,
    option_number integer not null check (option_number > 0),
    answered_on date,
    evidence text
);
"""

CORRECTIONS = """
create table registry.attention_correction (
    like registry.version_columns
        including defaults including constraints including identity,
    enterprise_code text collate "C" not null,
    level text not null check (level in ('high', 'medium', 'low')),
    reason text not null check (reason <> ''),
    reviewer text not null,
    reviewed_on date not null
);
"""

INDEXES = """
create index attention_answer_enterprise
    on registry.attention_answer (enterprise_code) where closed_by is null;
create index attention_correction_enterprise
    on registry.attention_correction (enterprise_code) where closed_by is null;
"""


def upgrade() -> None:
    """Add the three layers."""
    for part in (OPTIONS, ANSWERS, CORRECTIONS):
        op.execute(part)
    for layer in LAYERS:
        op.execute(f"call registry.keep_versions('{layer}')")
        op.execute(
            f"create index {layer}_list on registry.{layer} (division_code, code)"
        )
        op.execute(
            "insert into registry.role_right (role, layer, may_write)"
            f" values ('registrar', '{layer}', true)"
        )
    op.execute(INDEXES)
