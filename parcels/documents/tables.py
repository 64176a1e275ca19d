"""The tables of documents and listed firms as SQLAlchemy sees them (shell)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from parcels.register.tables import metadata


def _id() -> sa.Column[object]:
    return sa.Column(
        "id",
        UUID(as_uuid=True),
        primary_key=True,
        server_default=sa.func.gen_random_uuid(),
    )


document = sa.Table(
    "document",
    metadata,
    _id(),
    sa.Column("division_code", sa.Text(collation="C"), nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("scanned", sa.Boolean, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("client_id", UUID(as_uuid=True)),
    sa.Column(
        "received_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.func.clock_timestamp(),
    ),
)

firm_listing = sa.Table(
    "firm_listing",
    metadata,
    _id(),
    sa.Column("division_code", sa.Text(collation="C"), nullable=False),
    sa.Column("firm", sa.Text, nullable=False),
    sa.Column("firm_key", sa.Text(collation="C"), nullable=False),
    sa.Column("firm_code", sa.Text(collation="C")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("listed_on", sa.Date, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("ended_by", sa.Text),
    sa.Column(
        "recorded_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.func.clock_timestamp(),
    ),
)
