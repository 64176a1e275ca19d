"""The tables of tasks as SQLAlchemy sees them (shell)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from parcels.register.tables import metadata

task = sa.Table(
    "task",
    metadata,
    sa.Column(
        "id",
        UUID(as_uuid=True),
        primary_key=True,
        server_default=sa.func.gen_random_uuid(),
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("division_code", sa.Text(collation="C"), nullable=False),
    sa.Column("bureau", sa.Text, nullable=False),
    sa.Column("subject_theme", sa.Text),
    sa.Column("subject_code", sa.Text(collation="C")),
    sa.Column("decision_id", UUID(as_uuid=True)),
    sa.Column("facts", JSONB, nullable=False),
    sa.Column("basis", JSONB, nullable=False),
    sa.Column("origin", sa.Text(collation="C")),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("due_term", JSONB(none_as_null=True)),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
)

task_event = sa.Table(
    "task_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("task_id", UUID(as_uuid=True), nullable=False),
    sa.Column("division_code", sa.Text(collation="C"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("documents", ARRAY(UUID(as_uuid=True))),
    sa.Column("due_on", sa.Date),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("client_id", UUID(as_uuid=True)),
    sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
)

work_calendar = sa.Table(
    "work_calendar",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("days_off", ARRAY(sa.Date), nullable=False),
    sa.Column("days_worked", ARRAY(sa.Date), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)
