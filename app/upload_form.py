"""What does the form of an upload declare? Read into the survey's own terms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.problems import Fault
from app.request_errors import InvalidRequest
from app.schemas.days import DayNotMeant, NotADay, parse_recorded_day
from app.security.permissions import LAYERS_WRITTEN
from app.security.principals import Principal
from app.security.scope import check_inside
from parcels.codes import WHOLE_COUNTRY, normalise_division
from parcels.register.layers import LAYER_BY_NAME, LAYERS, Layer
from parcels.surveys.errors import LayerNotWritable
from parcels.surveys.imports import find_today
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.saved_mappings import get_mapping
from parcels.surveys.stated_crs import find_declared_srid
from parcels.texts import Text

_BY_PATH = {layer.path: layer for layer in LAYERS if layer.path}


def find_layer(text: str) -> Layer:
    """Return the layer of a name: ``parcel`` as in data, ``parcels`` as in URLs.

    Raises
    ------
    FileRefused
        If there is none.
    """
    name = text.strip()
    found = LAYER_BY_NAME.get(name.replace("-", "_")) or _BY_PATH.get(
        name.replace("_", "-")
    )
    if found is None:
        known = ", ".join(layer.path or layer.name for layer in LAYERS)
        raise FileRefused("layer_unknown", layer=name[:60], known=known)
    return found


def check_before_file(asker: Principal, fields: Mapping[str, str]) -> None:
    """Refuse what the fields before a file already forbid, before its bytes come.

    Raises
    ------
    LayerNotWritable, OutsideDivision, FileRefused, InvalidCode
    """
    if "layer" in fields:
        layer = find_layer(fields["layer"])
        if layer.name not in LAYERS_WRITTEN[asker.role]:
            raise LayerNotWritable(layer.name)
    if fields.get("division", "").strip():
        check_inside(asker, normalise_division(fields["division"].strip()))


def read_declaration(
    connection: sa.Connection, asker: Principal, fields: Mapping[str, str]
) -> UploadRequest:
    """Return what a form declares.

    Parameters
    ----------
    fields
        Texts as sent; an empty one counts as not sent.

    Raises
    ------
    InvalidRequest, OutsideDivision
    FileRefused, InvalidCode, UnknownCrs, DatumNotConvertible, MappingNotFound
    """
    sent = {name: text.strip() for name, text in fields.items() if text.strip()}
    if "layer" not in sent:
        raise _fault("layer", "missing", _NO_LAYER)
    layer = find_layer(sent["layer"])
    division = _division(asker, sent)
    return UploadRequest(
        layer=layer.name,
        division_code=division,
        valid_from=_day(sent) or find_today(connection),
        crs=_srid(sent),
        encoding=sent.get("encoding"),
        member=sent.get("member"),
        mapping=_mapping(connection, division, layer, sent),
        update=sent.get("update", "partial"),  # type: ignore[arg-type]
        repairs=tuple(re.split(r"[\s,]+", sent["repairs"]))
        if "repairs" in sent
        else (),
    )


_NO_LAYER = Text(
    "缺失；请给出图层，如 parcels。", "is missing; name a layer, such as parcels."
)
_NO_DIVISION = Text(
    "缺失；您的管辖范围是全国，请给出行政区划代码。",
    "is missing; your part is the whole country, so name a division.",
)
_NO_CRS = Text("应为 EPSG 编号，如 4526。", "must be an EPSG number such as 4526.")
_NO_DAY = Text("应为日期，如 2024-05-01。", "must be a day such as 2024-05-01.")
_NO_MAPPING = Text(
    '应为 JSON 对象“属性 → 字段名”，如 {"code": "ZDDM"}。',
    'must be a JSON object of attribute to field, such as {"code": "ZDDM"}.',
)
_TWO_MAPPINGS = Text(
    "与 mapping 只能给出其一。", "cannot be sent together with mapping."
)


def _fault(name: str, reason: str, text: Text, found: str = "") -> InvalidRequest:
    return InvalidRequest([Fault("body", f"/{name}", reason, text, found[:80] or None)])


def _division(asker: Principal, sent: Mapping[str, str]) -> str:
    if "division" not in sent:
        if asker.scope == WHOLE_COUNTRY:
            raise _fault("division", "missing", _NO_DIVISION)
        return asker.scope
    division = normalise_division(sent["division"])
    check_inside(asker, division)
    return division


def _day(sent: Mapping[str, str]) -> date | None:
    if "valid_from" not in sent:
        return None
    try:
        return parse_recorded_day(sent["valid_from"])
    except NotADay:
        raise _fault("valid_from", "date", _NO_DAY, sent["valid_from"]) from None
    except DayNotMeant as refusal:
        text = Text(refusal.zh, refusal.en)
        raise _fault("valid_from", refusal.reason, text, sent["valid_from"]) from None


def _srid(sent: Mapping[str, str]) -> int | None:
    if "crs" not in sent:
        return None
    srid = find_declared_srid(sent["crs"])
    if srid is None:
        raise _fault("crs", "crs", _NO_CRS, sent["crs"])
    return srid


def _mapping(
    connection: sa.Connection, division: str, layer: Layer, sent: Mapping[str, str]
) -> Mapping[str, str] | None:
    if "saved_mapping" in sent:
        if "mapping" in sent:
            raise _fault("saved_mapping", "twice", _TWO_MAPPINGS)
        name = sent["saved_mapping"]
        return get_mapping(connection, division, layer.name, name).mapping
    if "mapping" not in sent:
        return None
    try:
        found: Any = json.loads(sent["mapping"])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(
        isinstance(value, str) for value in found.values()
    ):
        raise _fault("mapping", "mapping", _NO_MAPPING, sent["mapping"])
    return found
