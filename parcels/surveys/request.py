"""What does a bureau declare about a file it sends? (core).

Layer, division and day of validity are always declared; coordinate system, encoding,
layer of the file and fields may be left open. What is open is taken from what the file
states, or proposed and confirmed (`proposing`), never silently guessed. Two uploads are
the same when bytes and declaration are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Literal, get_args

from parcels.codes import normalise_division
from parcels.crs import DatumNotConvertible, get_crs
from parcels.register.layers import LAYER_BY_NAME, LAYERS, Layer, Shape
from parcels.surveys.checks.repairs import REPAIRS
from parcels.surveys.encodings import parse_encoding
from parcels.surveys.refusals import FileRefused

Update = Literal["partial", "whole"]

NEVER_WHOLE: Final = frozenset(
    {"plot", "plot_event", "plot_list_membership", "plot_document"}
)
"""Layers of which nothing ends because a file lacks it: events move plots and lists,
and rest on papers."""

ROW_FACTS: Final = ("division_code", "valid_from", "valid_to")
"""What a field may fill beside the attributes of a layer."""


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """The declaration that comes with a file (上传声明); checked when made.

    Attributes
    ----------
    layer
        Name of the register's layer.
    division_code
        Division the file is about, without trailing zeros; every row lies in it.
    valid_from
        Day from which the file's rows hold, unless a row says another.
    crs
        EPSG number of the coordinates; None where it is left open, and for layers
        without geometry.
    encoding
        Of text in shapefiles and CSV; None where it is left open, and for formats
        that know their own.
    member
        Layer or sheet to read, where the file holds several; None is open.
    mapping
        Attribute (or ``code``, ``east``, ``north``, `ROW_FACTS`) → field of the file,
        beyond the usual names. None is open: required attributes that find no field
        are asked for.
    update
        ``partial``: the file speaks of its own objects only (局部更新). ``whole``: it
        is all there is in the division (整体更新), and what it lacks ends on
        `valid_from`.
    repairs
        Kinds of repair asked for (`checks.repairs.REPAIRS`); none unless asked.

    Raises
    ------
    FileRefused, InvalidCode, UnknownCrs, DatumNotConvertible
        If a part of the declaration cannot be used.
    """

    layer: str
    division_code: str
    valid_from: date
    crs: int | None = None
    encoding: str | None = None
    member: str | None = None
    mapping: Mapping[str, str] | None = field(default_factory=dict)
    update: Update = "partial"
    repairs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.layer not in LAYER_BY_NAME:
            known = ", ".join(layer.name for layer in LAYERS)
            raise FileRefused("layer_unknown", layer=self.layer, known=known)
        object.__setattr__(
            self, "division_code", normalise_division(self.division_code)
        )
        if self.encoding is not None:
            object.__setattr__(self, "encoding", parse_encoding(self.encoding))
        if self.update not in get_args(Update):
            raise FileRefused("update_unknown", update=self.update)
        if self.layer in NEVER_WHOLE and self.update == "whole":
            raise FileRefused("plots_not_whole")
        _check_crs(self.register_layer, self.crs)
        check_mapping(self.register_layer, self.mapping or {})
        object.__setattr__(self, "repairs", _checked_repairs(self.repairs))

    @property
    def register_layer(self) -> Layer:
        """The layer of the register that the file is for."""
        return LAYER_BY_NAME[self.layer]

    def as_json(self) -> dict[str, Any]:
        """Return the declaration as plain values; `from_json` takes it back."""
        return {
            **asdict(self),
            "valid_from": self.valid_from.isoformat(),
            "mapping": None
            if self.mapping is None
            else dict(sorted(self.mapping.items())),
            "repairs": list(self.repairs),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> UploadRequest:
        """Return the declaration that `as_json` wrote."""
        return cls(**{**values, "valid_from": date.fromisoformat(values["valid_from"])})

    def digest(self) -> bytes:
        """Return SHA-256 over the declaration: equal when nothing differs."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).digest()


def _check_crs(layer: Layer, srid: int | None) -> None:
    if layer.shape is Shape.NONE:
        if srid is not None:
            raise FileRefused("crs_fits_no_text", layer=layer.name)
        return
    if srid is None:
        return
    crs = get_crs(srid)
    if crs.way == "refused":
        raise DatumNotConvertible(crs)


def check_mapping(layer: Layer, mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names an attribute no file can fill.

    Raises
    ------
    FileRefused
        If an attribute is unknown or computed, or a field has no name.
    """
    fillable = {"code", layer.code_name, *ROW_FACTS}
    if layer.shape is not Shape.NONE:
        fillable |= {"east", "north"}
    fillable |= {one.name for one in layer.attributes if not one.computed}
    for attribute, name in mapping.items():
        if attribute not in fillable:
            raise FileRefused("mapping_unknown", attribute=attribute, layer=layer.name)
        if not isinstance(name, str) or not name.strip() or "\0" in name:
            raise FileRefused("mapping_empty", attribute=attribute)


def _checked_repairs(repairs: Sequence[str]) -> tuple[str, ...]:
    """Return the repairs in the order they are done."""
    for name in repairs:
        if name not in REPAIRS:
            raise FileRefused("repair_unknown", repair=name, known=", ".join(REPAIRS))
    return tuple(name for name in REPAIRS if name in repairs)
