"""The tables of uploads as SQLAlchemy sees them (shell)."""

from __future__ import annotations

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB, UUID

from parcels.crs import STORAGE_SRID
from parcels.register.tables import metadata

upload = sa.Table(
    "upload",
    metadata,
    sa.Column(
        "id",
        UUID(as_uuid=True),
        primary_key=True,
        server_default=sa.func.gen_random_uuid(),
    ),
    sa.Column("division_code", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="received"),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("request", JSONB, nullable=False),
    sa.Column("request_sha256", sa.LargeBinary, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("client_id", UUID(as_uuid=True)),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("row_count", sa.Integer),
    sa.Column("accepted_count", sa.Integer),
    sa.Column("issue_counts", JSONB, nullable=False),
    sa.Column("error_count", sa.Integer, nullable=False),
    sa.Column("facts", JSONB(none_as_null=True)),
    sa.Column("failure", JSONB(none_as_null=True)),
    sa.Column("staged_sha256", sa.LargeBinary),
    sa.Column("seen_change", sa.BigInteger),
    sa.Column("comparison", JSONB(none_as_null=True)),
    sa.Column("change_id", sa.BigInteger),
    sa.Column("proposed", JSONB(none_as_null=True)),
    sa.Column("confirmed", JSONB(none_as_null=True)),
    sa.Column("progress", JSONB(none_as_null=True)),
    sa.Column("warning_count", sa.Integer, nullable=False),
    sa.Column("whole_file_errors", sa.Integer, nullable=False),
    sa.Column("order_kind", sa.Text),
    sa.Column("order_terms", JSONB(none_as_null=True)),
    sa.Column("ordered_by", UUID(as_uuid=True)),
    sa.Column("ordered_at", sa.DateTime(timezone=True)),
    sa.Column("refusal", JSONB(none_as_null=True)),
    sa.Column("acceptance", JSONB(none_as_null=True)),
    sa.Column("revert_change_id", sa.BigInteger),
)

upload_issue = sa.Table(
    "upload_issue",
    metadata,
    sa.Column("upload_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("division_code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("row_number", sa.Integer),
    sa.Column("field", sa.Text),
    sa.Column("value", sa.Text),
    sa.Column("details", JSONB, nullable=False),
    sa.Column("geom", Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False)),
)
