"""Documents and listed firms over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.schemas.days import RecordedDay
from app.schemas.pages import DivisionQuery, cursor_of, pack_cursor
from parcels.documents.content import MediaType
from parcels.documents.firms import Listing
from parcels.documents.repository import StoredDocument

_CONFIG: Final = ConfigDict(extra="forbid")
FORM_FIELDS: Final = frozenset({"division"})
FORM: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "PDF, OFD, JPEG, PNG, TIFF or ZIP",
                    },
                    "division": {
                        "type": "string",
                        "description": "Division the document belongs to; the caller's"
                        " own by default",
                    },
                },
            }
        }
    },
}


class DocumentModel(BaseModel):
    """A file on record (文件)."""

    id: UUID
    division_code: str
    filename: str
    media_type: MediaType = Field(description="As the content shows")
    size_bytes: int
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    scanned: bool = Field(description="Whether a scan for viruses has passed it")
    actor: str
    received_at: datetime


FirmText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]


class ListingRequest(BaseModel):
    """A firm on a negative list, as an office enters it (失信、负面清单)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "firm": "某某环境检测有限公司",
                    "reason": "出具虚假监测报告",
                    "source": "省生态环境厅通报，2026年第3号",
                    "listed_on": "2026-02-01",
                }
            ]
        },
    )

    firm: FirmText
    firm_code: Annotated[str, Field(pattern="^[0-9A-Z]{18}$")] | None = Field(
        None, description="统一社会信用代码 (credit code)"
    )
    division: DivisionQuery = Field(
        None, description="For whom it counts; the caller's own division by default"
    )
    reason: LongText
    source: LongText = Field(description="Who published it, and where")
    listed_on: RecordedDay


class ListingEnd(BaseModel):
    """When a firm left the list."""

    model_config = _CONFIG

    on: RecordedDay


class ListingModel(BaseModel):
    """A firm on a negative list."""

    id: UUID
    division_code: str
    firm: str
    firm_code: str | None
    reason: str
    source: str
    listed_on: date
    ended_on: date | None = Field(description="First day it no longer counts")
    actor: str
    ended_by: str | None
    recorded_at: datetime


class ListingPage(BaseModel):
    """Listings, the latest first."""

    items: list[ListingModel]
    next: str | None


def write_document(document: StoredDocument) -> dict[str, Any]:
    """Return a file on record as it is answered."""
    return {
        "id": document.id,
        "division_code": document.division_code,
        "filename": document.filename,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "sha256": document.sha256.hex(),
        "scanned": document.scanned,
        "actor": document.actor,
        "received_at": document.received_at,
    }


def write_listing(listing: Listing) -> dict[str, Any]:
    """Return a listing as it is answered."""
    return {name: getattr(listing, name) for name in ListingModel.model_fields}


def _read_key(day: str, number: str) -> tuple[date, UUID]:
    return date.fromisoformat(day), UUID(number)


def write_listing_key(last: Listing) -> str:
    """Return the cursor for the page after a listing."""
    return pack_cursor(last.listed_on, str(last.id))


ListingCursor = cursor_of(tuple, _read_key)
