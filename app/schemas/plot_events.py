"""An event of a plot as an officer reports it (shell)."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.schemas.days import RecordedDay
from app.schemas.one_of import OneOf
from app.schemas.ordered import not_less_than
from parcels.plots.event_papers import NewDocument
from parcels.plots.events import EventReport
from parcels.plots.occurrence import Details
from parcels.plots.transitions import TRANSITION_OF
from parcels.register.layers import PLOT_DOCUMENT

_CONFIG: Final = ConfigDict(extra="forbid")
LONGEST_TEXT: Final = 500
LONGEST_VALUE: Final = 500_000
"""Characters of a corrected value, which may be a boundary; a project default."""
MOST_PAPERS: Final = 50

EventName = Annotated[str, OneOf(TRANSITION_OF)]
DocumentType = Annotated[str, OneOf(PLOT_DOCUMENT.attribute("document_type").values)]
ShortText = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_TEXT)]
LongText = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_VALUE)]
Code = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


def _detail_type(name: str, hint: Any) -> Any:
    """Return a member's type as requests are checked: texts bounded, no coercion."""
    if name == "right_value":
        return LongText | None
    if hint in (str | None, bool | None):
        return (
            ShortText | None
            if hint == str | None
            else Annotated[bool | None, Field(strict=True)]
        )
    if getattr(hint, "__origin__", None) is tuple:
        entry = get_args(hint)[0]
        bounded: Any = ShortText if entry is str else entry
        return Annotated[tuple[bounded, ...], Field(max_length=100)]
    return hint


def _details_model() -> type[BaseModel]:
    hints = get_type_hints(Details)
    members: dict[str, Any] = {}
    for one in fields(Details):
        assert one.default is not MISSING
        words = one.metadata["words"]
        members[one.name] = (
            _detail_type(one.name, hints[one.name]),
            Field(one.default, description=f"{words.zh} ({words.en})"),
        )
    doc = "What the guards of an event ask for beside its papers (登记事项)."
    config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"listing_ground": "former_listed_industry"}]},
    )
    return create_model("PlotEventDetails", __config__=config, __doc__=doc, **members)


DetailsModel: Any = _details_model()


class NewDocumentModel(BaseModel):
    """A paper that comes with an event (随事件登记的资料)."""

    model_config = _CONFIG

    code: Code | None = Field(None, description="Code of the paper; made when null")
    document_type: DocumentType
    firm: ShortText | None = Field(None, description="编制单位 (firm)")
    firm_on_negative_list: bool | None = Field(None, strict=True)
    flagged_false: bool | None = Field(None, strict=True)
    dated_on: RecordedDay | None = Field(
        None, description="报告日期 (day of the paper)"
    )
    reviewed_on: Annotated[RecordedDay | None, not_less_than("dated_on")] = Field(
        None, description="评审日期 (day reviewed)"
    )
    review_outcome: Literal["passed", "returned"] | None = None
    assessed_class: Literal["class_1", "class_2"] | None = None
    soil_standard: Literal["met", "not_met"] | None = None
    firm_code: ShortText | None = Field(None, description="编制单位统一社会信用代码")
    signatories: list[ShortText] | None = Field(None, max_length=50)
    reviewer: ShortText | None = Field(None, description="评审组织单位")
    opinion: ShortText | None = Field(None, description="评审意见")
    review_level: Literal["county", "city", "province"] | None = None
    published_from: RecordedDay | None = None
    published_to: Annotated[RecordedDay | None, not_less_than("published_from")] = None
    file_id: ShortText | None = Field(
        None, description="Of a file sent to POST /v1/documents for the plot's division"
    )


class PlotEventRequest(BaseModel):
    """An event as an officer reports it (地块事件)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "event": "listed",
                    "on": "2026-03-02",
                    "documents": [{"document_type": "listing_form"}],
                    "details": {"listing_ground": "former_listed_industry"},
                }
            ]
        },
    )

    event: EventName
    on: RecordedDay | None = Field(
        None, description="Day it happened, not after today; default today"
    )
    documents: list[Code | NewDocumentModel] = Field(
        default_factory=list,
        max_length=MOST_PAPERS,
        description="Codes of papers on file for the plot, or papers to be entered",
    )
    details: DetailsModel = Field(default_factory=DetailsModel)
    note: ShortText | None = Field(None, description="说明 (note)")

    def report(self) -> EventReport:
        """Return it as the service takes it."""
        names = [one.name for one in fields(Details)]
        return EventReport(
            self.event,
            self.on,
            tuple(one for one in self.documents if isinstance(one, str)),
            tuple(
                NewDocument(one.model_dump(exclude={"code"}), one.code)
                for one in self.documents
                if isinstance(one, NewDocumentModel)
            ),
            Details(**{name: getattr(self.details, name) for name in names}),
            self.note,
        )
