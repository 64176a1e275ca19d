"""What is sent with an upload, and on what terms it is committed or reverted."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from parcels.surveys.checks.repairs import REPAIRS

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]

FORM: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "layer"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "layer": {
                        "type": "string",
                        "description": "Layer, as in URLs (parcels) or singular",
                    },
                    "division": {
                        "type": "string",
                        "description": "行政区划代码; the caller's own by default",
                    },
                    "valid_from": {
                        "type": "string",
                        "format": "date",
                        "description": "Day from which the rows hold; default today",
                    },
                    "crs": {"type": "string", "description": "EPSG number; else asked"},
                    "encoding": {
                        "type": "string",
                        "description": "UTF-8, GBK or UTF-16; else found or asked",
                    },
                    "mapping": {
                        "type": "string",
                        "description": "JSON object: attribute (or code) → field",
                    },
                    "saved_mapping": {
                        "type": "string",
                        "description": "Name of a mapping the office keeps",
                    },
                    "member": {
                        "type": "string",
                        "description": "Layer or sheet, where the file holds several",
                    },
                    "repairs": {
                        "type": "string",
                        "description": "Repairs that are asked for, by comma: "
                        + ", ".join(REPAIRS)
                        + "; each repaired row is an issue with its area before and"
                        " after",
                    },
                    "update": {
                        "enum": ["partial", "whole"],
                        "description": "whole: what the file lacks in the division"
                        " ends on valid_from",
                    },
                },
            }
        }
    },
}
"""The form of an upload; fields may come before or after the file."""
FORM_FIELDS: Final = frozenset(
    FORM["content"]["multipart/form-data"]["schema"]["properties"]
) - {"file"}


class Confirmation(BaseModel):
    """What a person says to a proposal; what is left out is as proposed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"crs": 4526}]}
    )

    crs: int | None = Field(None, description="EPSG number of the coordinates")
    encoding: str | None = Field(
        None, max_length=40, description="UTF-8, GBK or UTF-16"
    )
    mapping: dict[str, str] | None = Field(
        None, description="Attribute (or code) → field of the file"
    )
    member: str | None = Field(None, max_length=200)


class CommitTerms(BaseModel):
    """On what terms an upload is committed (入库)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "面积差异已与外业核对"}]},
    )

    reason: Reason | None = Field(None, description="Why the warnings are accepted")
    accept: list[str] | None = Field(
        None, description="Kinds of warning that are accepted; all when left out"
    )
    set_aside: bool = Field(
        False,
        description="Leave the faulty rows out; without it errors block. Of rows that"
        " overlap or share a code all stay out: nobody has said which is right",
    )


class RevertTerms(BaseModel):
    """Why an upload is taken back (撤回)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "误用旧版成果"}]}
    )

    reason: Reason
