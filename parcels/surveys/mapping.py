"""Which field of the file fills which attribute of the layer? (core).

What the uploader says comes first, then the survey's usual field names, then the
attribute's own name (as we export it) and its Chinese title. Case does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parcels.register.layers import Layer
from parcels.surveys.issues import Issues
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest

DIVISION_FIELDS: Final = ("XZQDM", "division_code", "行政区代码")
VALID_FROM_FIELDS: Final = ("valid_from", "生效日期")
VALID_TO_FIELDS: Final = ("valid_to", "失效日期")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Fields of the file by what they fill (字段对应); names as the file writes them.

    Attributes
    ----------
    code
        Field of the business key; None when the file has none.
    attributes
        Attribute name → field.
    division, valid_from, valid_to
        Fields of the row's own division and days, None when there are none.
    unused
        Fields that fill nothing, in the order of the file.
    """

    code: str | None
    attributes: Mapping[str, str]
    division: str | None
    valid_from: str | None
    valid_to: str | None
    unused: tuple[str, ...]


def map_fields(fields: Sequence[str], request: UploadRequest) -> FieldMapping:
    """Return what each field of a file fills in the requested layer.

    Raises
    ------
    FileRefused
        If the request maps an attribute to a field that the file does not have.
    """
    layer = request.register_layer
    names = {name.upper(): name for name in fields}
    chosen = {
        attribute: _declared(field, names, fields)
        for attribute, field in (request.mapping or {}).items()
    }
    code = (
        chosen.pop("code", None)
        or chosen.pop(layer.code_name, None)
        or _first(names, (*layer.code_fields, layer.code_name, "code"))
    )
    for attribute in layer.attributes:
        usual = (*attribute.survey_fields, attribute.name, attribute.title_zh)
        found = None if attribute.computed else _first(names, usual)
        if found is not None:
            chosen.setdefault(attribute.name, found)
    division = _first(names, DIVISION_FIELDS)
    begin, end = _first(names, VALID_FROM_FIELDS), _first(names, VALID_TO_FIELDS)
    used = {code, *chosen.values(), division, begin, end}
    unused = tuple(name for name in fields if name not in used)
    return FieldMapping(code, chosen, division, begin, end, unused)


def check_fields(mapping: FieldMapping, layer: Layer) -> list[Issues]:
    """Return an issue for each required attribute that no field fills."""
    missing = []
    if mapping.code is None:
        missing.append(("编码", layer.code_name, layer.code_fields))
    for one in layer.attributes:
        if one.required and not one.computed and one.name not in mapping.attributes:
            missing.append((one.title_zh, one.title_en, one.survey_fields))
    return [
        Issues(
            "field_missing",
            None,
            details={"title_zh": zh, "title_en": en, "expected": ", ".join(usual)},
        )
        for zh, en, usual in missing
    ]


def _declared(field: str, names: Mapping[str, str], fields: Iterable[str]) -> str:
    if field.upper() not in names:
        raise FileRefused(
            "mapping_field_missing", field=field, fields=", ".join(fields)
        )
    return names[field.upper()]


def _first(names: Mapping[str, str], usual: Iterable[str]) -> str | None:
    for name in usual:
        if name.upper() in names:
            return names[name.upper()]
    return None
