"""What an object of a layer looks like over HTTP: made from the layer's definition.

An attribute is named once, in `parcels.register.layers`; bodies, answers, filters and
the API document follow from it. Areas are rounded to 0.01 m² (the last place of a
land register); everything else is as stored, coordinates in full double precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from app.geojson import write_geometry
from app.schemas.attributes import order_of, type_of
from app.schemas.codes import check_code
from app.schemas.days import RecordedDay
from app.schemas.geometry import (
    EXAMPLES,
    GEOMETRY_TYPES,
    Crs,
    GeometryModel,
    PositionText,
)
from app.schemas.judgements import JUDGED
from parcels.area import round_area
from parcels.exports.columns import in_milliseconds
from parcels.register.layer import LONGEST_TEXT
from parcels.register.layers import (
    RESTRICTION_THEMES,
    Attribute,
    Kind,
    Layer,
    Shape,
)
from parcels.register.repository import Version

LONGEST_CODE: Final = 100
_AREAS: Final = frozenset({"mapped_area_m2", "registered_area_m2", "stated_area_m2"})

_LAND_USE: Final = "land_use_code"

_CONFIG = ConfigDict(extra="forbid")
READ_ONLY: Final = frozenset(
    {"version", "change", "recorded_at", "source", "valid_to", "mapped_area_m2"}
    | {"survey_srid", "judgement", "land_use"}
)
"""Members of an answer that may be sent back in a body; they are not read."""

DivisionCode = Annotated[
    str,
    Field(
        pattern=r"^[1-9][0-9]{1,11}$",
        description="行政区划代码 (GB/T 2260), trailing zeros of lower levels allowed",
        examples=["999901"],
    ),
]


@dataclass(frozen=True, slots=True)
class LayerModels:
    """The models of one layer: `item` is answered, `create` and `revise` are sent."""

    item: type[BaseModel]
    page: type[BaseModel]
    create: type[BaseModel]
    revise: type[BaseModel]


class LayerBody(BaseModel):
    """What every body of a layer shares."""

    model_config = _CONFIG

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_ours(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return {name: body[name] for name in body if name not in READ_ONLY}


class Ending(BaseModel):
    """The end of an object in law (失效)."""

    model_config = _CONFIG

    on: RecordedDay = Field(
        description="First day on which it no longer holds", examples=["2026-07-01"]
    )
    reason: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        description="Why it ends; kept with the change",
        examples=["注销登记"],
    )


class Ended(BaseModel):
    """What a request to end an object answers, beside the object's own code."""

    division_code: str
    valid_to: date
    change: int


@cache
def models_of(layer: Layer) -> LayerModels:
    """Return the models of a layer."""
    stem = "".join(part.capitalize() for part in layer.name.split("_"))
    item: Any = _item_model(layer, stem)
    page = create_model(
        f"{stem}Page",
        __doc__=f"A page of {layer.title_en.lower()} ({layer.title_zh}).",
        items=(list[item], ...),
        next=(str | None, Field(description="Cursor for `after`; null at the end")),
    )
    same = "Must be that of the path's object when sent"
    revise = _body_model(
        layer,
        f"{stem}Revision",
        {
            layer.code_name: (str | None, Field(None, description=same)),
            "division_code": (str | None, Field(None, description=same)),
        },
    )
    identity: dict[str, Any] = {
        layer.code_name: (_code_type(layer), ...),
        "division_code": (DivisionCode, ...),
    }
    return LayerModels(item, page, _body_model(layer, f"{stem}New", identity), revise)


def _code_type(layer: Layer) -> Any:
    return Annotated[
        str,
        AfterValidator(check_code),
        Field(
            min_length=1,
            max_length=LONGEST_CODE,
            strict=True,
            description=f"Code of the {layer.title_en.lower()} ({layer.title_zh}代码)",
        ),
    ]


def _item_model(layer: Layer, stem: str) -> type[BaseModel]:
    fields: dict[str, Any] = {
        layer.code_name: (_code_type(layer), ...),
        "division_code": (DivisionCode, ...),
    }
    for attribute in layer.attributes:
        kind = type_of(attribute)
        needed = attribute.required
        fields[attribute.name] = (kind if needed else kind | None, ...)
    fields |= {
        "valid_from": (date, Field(description="生效日: first day it holds")),
        "valid_to": (date | None, Field(description="失效日: first day it no longer")),
        "version": (int, Field(description="Number of this version; also the ETag")),
        "change": (int, Field(description="Number of the change that recorded it")),
        "recorded_at": (datetime, Field(description="入库时间: time of that change")),
        "source": (str, Field(description="`upload:<id>` or `actor:<name>`")),
    }
    if _has_land_use(layer):
        said = "地类 as one text (`gbt21010_2017:0601`); written as scheme and code"
        fields["land_use"] = (str | None, Field(description=said))
    if layer.name in JUDGED:
        fields["judgement"] = (JUDGED[layer.name] | None, Field(None))
    if layer.shape is not Shape.NONE:
        optional = layer.shape is Shape.AREA_OR_NONE
        fields["geometry"] = (GeometryModel | None if optional else GeometryModel, ...)
    return create_model(
        stem, __doc__=f"{layer.title_en} ({layer.title_zh}), one version.", **fields
    )


def _body_model(layer: Layer, name: str, fields: dict[str, Any]) -> type[BaseModel]:
    fields = dict(fields)
    for attribute in layer.attributes:
        if attribute.computed:
            continue
        kind = type_of(attribute)
        sent = kind if attribute.required else kind | None
        if order := order_of(layer, attribute.name, fields):
            sent = Annotated[sent, *order]
        fields[attribute.name] = (sent, ... if attribute.required else None)
    fields["valid_from"] = (
        RecordedDay | None,
        Field(None, description="First day it holds; default today (Asia/Shanghai)"),
    )
    if layer.shape is not Shape.NONE:
        optional = layer.shape is Shape.AREA_OR_NONE
        fields["geometry"] = (
            _geometry_type(layer.shape, optional=optional),
            _geometry_field(layer.shape, optional=optional),
        )
        fields["crs"] = (Crs | None, None)
    return create_model(
        name,
        __base__=_base(name, example_body(layer, fields)),
        __doc__=f"{layer.title_en} ({layer.title_zh}) as it shall hold from a day on.",
        **fields,
    )


def _geometry_type(shape: Shape, *, optional: bool) -> Any:
    """Return what a body gives a place as; points also in degrees and minutes."""
    if shape in (Shape.PLACE, Shape.POINT):
        return dict[str, Any] | PositionText
    return dict[str, Any] | None if optional else dict[str, Any]


def _geometry_field(shape: Shape, *, optional: bool) -> Any:
    listed = f"GeoJSON: {', '.join(GEOMETRY_TYPES[shape])}"
    if shape in (Shape.PLACE, Shape.POINT):
        return Field(..., description=f"{listed}; or a point as 度分秒")
    schema = GeometryModel.model_json_schema()
    default = None if optional else ...
    return Field(default, description=listed, json_schema_extra=schema)


def _base(name: str, example: dict[str, Any]) -> type[LayerBody]:
    config = ConfigDict(json_schema_extra={"examples": [example]})
    return type(f"{name}Base", (LayerBody,), {"model_config": config})


def example_body(layer: Layer, names: Iterable[str]) -> dict[str, Any]:
    """Return a body with those members that the layer accepts."""
    body: dict[str, Any] = {
        layer.code_name: _EXAMPLE_CODES.get(layer.name, f"{layer.name}-1"),
        "division_code": "999901",
        **{a.name: _example(a) for a in layer.attributes if not a.computed},
        # A new plot is a candidate, of no published register.
        "entry_list": None,
        "valid_from": "2026-01-01",
        "geometry": EXAMPLES.get(layer.shape),
    }
    return {name: body[name] for name in names if body.get(name) is not None}


_EXAMPLE_CODES: Final = {"parcel": "999901001001GB09999", "division": "999901999"}


def _example(attribute: Attribute) -> Any:
    if attribute.values:
        return attribute.values[0]
    if attribute.name in _EXAMPLES_BY_NAME:
        return _EXAMPLES_BY_NAME[attribute.name]
    return _EXAMPLES_BY_KIND.get(attribute.kind) if attribute.required else None


_EXAMPLES_BY_NAME: Final = {
    "theme": RESTRICTION_THEMES[0],
    "analyte": "cd",
    "unit": "mg/kg",
    "land_use_code": "0701",
    "registered_area_m2": 10175.0,
    "data_date": "2026-01-01",
    "year": 2026,
}
_EXAMPLES_BY_KIND: Final = {
    Kind.TEXT: "示例",
    Kind.INTEGER: 1,
    Kind.NUMBER: 1.0,
    Kind.BOOLEAN: True,
    Kind.DATE: "2026-01-01",
}


def read_values(layer: Layer, body: BaseModel) -> dict[str, Any]:
    """Return the attributes a body gives, by column."""
    return {
        attribute.name: getattr(body, attribute.name)
        for attribute in layer.attributes
        if not attribute.computed
    }


def write_item(
    version: Version, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a version as it is answered, with what is said of it; geometry last."""
    item = write_attributes(version, said)
    if version.layer.shape is not Shape.NONE:
        item["geometry"] = write_geometry(version.geometry)
    return item


def write_attributes(
    version: Version, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a version as `write_item` does, without its geometry."""
    layer = version.layer
    item: dict[str, Any] = {
        layer.code_name: version.code,
        "division_code": version.division_code,
        **_rounded(version.values),
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "version": version.version_id,
        "change": version.change_number,
        "recorded_at": version.recorded_at,
        "source": version.source,
        **(said or {}),
    }
    if _LAND_USE in version.values:
        item["land_use"] = _land_use(version.values)
    return item


def _has_land_use(layer: Layer) -> bool:
    return any(attribute.name == _LAND_USE for attribute in layer.attributes)


def _land_use(values: Mapping[str, Any]) -> str | None:
    """Return the use on record as one text, as ``gbt21010_2017:0601``."""
    scheme, code = values["land_use_scheme"], values[_LAND_USE]
    return f"{scheme}:{code}" if scheme and code else code


def write_feature(
    version: Version, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a version as a GeoJSON Feature."""
    properties = write_attributes(version, said)
    properties["recorded_at"] = in_milliseconds(version.recorded_at)
    return {
        "type": "Feature",
        "id": f"{version.layer.name}.{version.version_id}",
        "geometry": write_geometry(version.geometry),
        "properties": properties,
    }


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round_area(value) if name in _AREAS and value is not None else value
        for name, value in values.items()
    }
