"""Which field of the file fills which attribute of the layer? (core).

What the uploader says comes first, then the survey's usual field names, then the
attribute's own name (as we export it) and its Chinese title. Case does not matter. A
name that a .dbf has cut is recognised by what is left of it, and a person confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from parcels.register.layers import Attribute, Layer
from parcels.surveys.issues import Issues
from parcels.surveys.points import CoordinateFields
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest

CODE_TITLE: Final = "编码"
"""What a report calls the business key; a field so named is taken for it."""
DIVISION_FIELDS: Final = ("XZQDM", "division_code", "行政区代码", "行政区划代码")
VALID_FROM_FIELDS: Final = ("valid_from", "生效日期")
VALID_TO_FIELDS: Final = ("valid_to", "失效日期")
MU_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "registered_area_m2": (
        "SCMJM",
        "MJ_MU",
        "HTMJM",
        "MJM",
        "registered_area_mu",
        "登记面积（亩）",
        "实测面积（亩）",
        "面积（亩）",
        "亩数",
    ),
    "stated_area_m2": ("stated_area_mu", "公布面积（亩）", "面积（亩）", "亩数"),
}
"""Area attribute → fields that deliver it in mu (MJ_MU of farmland categories; SCMJM
and HTMJM of contracted plots: recalled); asked after the fields in square metres."""

_CUT_BYTES: Final = 10
_LEAST_CUT: Final = 8


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
    coordinates
        Columns of the coordinates where the uploader named them.
    in_mu
        Area attributes whose field is in mu; 亩 = 2000/3 m².
    """

    code: str | None
    attributes: Mapping[str, str]
    division: str | None
    valid_from: str | None
    valid_to: str | None
    unused: tuple[str, ...]
    coordinates: CoordinateFields | None = None
    in_mu: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, str]:
        """Return what fills what, as a declaration could say it."""
        named = {
            "code": self.code,
            "division_code": self.division,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            **(self.coordinates._asdict() if self.coordinates else {}),
        }
        filled = {key: name for key, name in named.items() if name is not None}
        return {**self.attributes, **filled}


def map_fields(fields: Sequence[str], request: UploadRequest) -> FieldMapping:
    """Return what each field of a file fills in the requested layer.

    Raises
    ------
    FileRefused
        If the request maps an attribute to a field that the file does not have.
    """
    layer = request.register_layer
    names = {_plain(name): name for name in reversed(fields)}
    declared = {
        key: _declared(field, names, fields)
        for key, field in (request.mapping or {}).items()
    }
    code = (
        declared.pop("code", None)
        or declared.pop(layer.code_name, None)
        or _first(names, (*layer.code_fields, layer.code_name, "code", CODE_TITLE))
    )
    east, north = declared.pop("east", None), declared.pop("north", None)
    division = declared.pop("division_code", None) or _first(names, DIVISION_FIELDS)
    begin = declared.pop("valid_from", None) or _first(names, VALID_FROM_FIELDS)
    end = declared.pop("valid_to", None) or _first(names, VALID_TO_FIELDS)
    chosen = {**_usual(layer, names), **declared}
    used = {code, *chosen.values(), division, begin, end, east, north}
    return FieldMapping(
        code=code,
        attributes=chosen,
        division=division,
        valid_from=begin,
        valid_to=end,
        unused=tuple(name for name in fields if name not in used),
        coordinates=CoordinateFields(east, north) if east and north else None,
        in_mu=frozenset(key for key, name in chosen.items() if _is_mu(key, name)),
    )


def of_the_file(request: UploadRequest, fields: Sequence[str]) -> UploadRequest:
    """Return a declaration that maps fields of the file only, none made of values."""
    if request.mapping is None:
        return request
    names = {_plain(name) for name in fields}
    own = {key: one for key, one in request.mapping.items() if _plain(one) in names}
    return replace(request, mapping=own)


def _usual(layer: Layer, names: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that a field with a usual name fills."""
    found = {
        one.name: _first(names, usual_names(one))
        for one in layer.attributes
        if not one.computed
    }
    return {key: name for key, name in found.items() if name is not None}


def usual_names(attribute: Attribute) -> tuple[str, ...]:
    """Return the names by which a field of an attribute is known, most usual first."""
    return (
        *attribute.survey_fields,
        attribute.name,
        attribute.title_zh,
        *MU_FIELDS.get(attribute.name, ()),
    )


def check_fields(mapping: FieldMapping, layer: Layer) -> list[Issues]:
    """Return an issue for each required attribute that no field fills."""
    return [
        Issues(
            "field_missing",
            None,
            details={"title_zh": zh, "title_en": en, "expected": ", ".join(usual)},
        )
        for zh, en, usual in list_unfilled(mapping, layer)
    ]


def list_unfilled(
    mapping: FieldMapping, layer: Layer
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what no field fills but must be: both titles, and its usual fields."""
    missing = []
    if mapping.code is None:
        missing.append((CODE_TITLE, layer.code_name, layer.code_fields))
    for one in layer.attributes:
        if one.required and not one.computed and one.name not in mapping.attributes:
            missing.append((one.title_zh, one.title_en, one.survey_fields))
    return missing


def find_cut_names(mapping: FieldMapping, layer: Layer) -> dict[str, str]:
    """Return attributes that a field may fill whose name a .dbf has cut.

    Ten bytes hold five Chinese characters in GBK and three in UTF-8. A field counts
    if it is the beginning of the names of one open attribute only.
    """
    found: dict[str, str] = {}
    for name in mapping.unused:
        fitting = [
            one.name
            for one in layer.attributes
            if not one.computed
            and one.name not in mapping.attributes
            and any(_is_cut(name, usual) for usual in usual_names(one))
        ]
        if len(fitting) == 1:
            found.setdefault(fitting[0], name)
    return found


def _is_cut(name: str, usual: str) -> bool:
    if not usual.upper().startswith(name.upper()) or len(name) == len(usual):
        return False
    lengths = {len(name.encode(one)) for one in ("utf-8", "gb18030")}
    return any(_LEAST_CUT <= length <= _CUT_BYTES for length in lengths)


def _is_mu(attribute: str, field: str) -> bool:
    plain = {_plain(name) for name in MU_FIELDS.get(attribute, ())}
    return _plain(field) in plain or (attribute in MU_FIELDS and "亩" in field)


def _declared(field: str, names: Mapping[str, str], fields: Iterable[str]) -> str:
    if _plain(field) not in names:
        raise FileRefused(
            "mapping_field_missing", field=field, fields=", ".join(fields)
        )
    return names[_plain(field)]


def _first(names: Mapping[str, str], usual: Iterable[str]) -> str | None:
    for name in usual:
        if _plain(name) in names:
            return names[_plain(name)]
    return None


def _plain(name: str) -> str:
    return name.strip().upper().replace("(", "（").replace(")", "）")
