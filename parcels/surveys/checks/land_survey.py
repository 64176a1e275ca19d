"""Do land-use parcels obey the rules that reviewers of a land survey apply? (core).

地类图斑 (DLTB). The rules are those of section 3.1 of the survey conventions: which
classes need an attribute of town and village (城镇村属性码), that a refinement
(图斑细化) agrees with its class, that areas add up (verified, except the refinements,
which are recalled). They ask for fields the register does not keep, so what breaks them
is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.layers import Kind
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.land_classes import BUILT, FARMLAND_21010
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.issues import Issues
from parcels.surveys.mapping import FieldMapping
from parcels.surveys.parsing import parse_column, to_text

Mask = npt.NDArray[np.bool_]

_MARKS: Final = frozenset({"TBBH", "TBYBH", "TBXHDM", "CZCSXM"})
"""Fields that only land-use parcels have."""
_TOWN: Final = "CZCSXM"
_NEEDS_TOWN: Final = r"^(0[5-9]|1004|1005|1201)"
_TOWN_BY_CLASS: Final = ((r"^(0602|0603|1201)", "204"), (r"^09", "205"))
_REFINEMENT: Final = "TBXHDM"
_CLASS_BY_REFINEMENT: Final = (
    ("HDGY|GTGY|MTGY|SNGY|BLGY|DLGY", "0601"),
    ("HDGD|HQGD|LQGD|MQGD", "01"),
)
"""Refinements of industry and of cultivated land (recalled); the class of landfills
(LJTM) is not known to us and not judged."""
_PLANTING: Final = "ZZSXDM"
_PLANTED: Final = "LS|FLS|LYFL|LLJZ|XG|WG"
"""Said of cultivated land only: grain and others, fallow, uncultivated (recalled)."""
_FACILITIES: Final = "1202"
"""Farm facilities, drawn as small as construction land."""
_DEDUCTED, _WHOLE, _NET = "KCMJ", "TBMJ", "TBDLMJ"
_ROUNDING_M2: Final = 0.015
"""Three figures of two decimals each."""


def names_land_survey(mapping: FieldMapping) -> bool:
    """Tell whether a file holds land-use parcels of a land survey, by its fields."""
    return not _MARKS.isdisjoint(name.upper() for name in mapping.unused)


def check_land_survey(
    candidates: Candidates, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each land-use parcel that breaks a rule of the land survey."""
    if _MARKS.isdisjoint(candidates.others):
        return
    land_use = _text(candidates, "DLBM")
    yield from _towns(candidates, land_use)
    yield from _refinements(candidates, land_use)
    yield from _planting(candidates, land_use)
    yield from _sums(candidates)
    yield from _small(candidates, land_use, tolerances)


def _names(candidates: Candidates) -> set[str]:
    return set(candidates.others) | {one.upper() for one in candidates.fields.values()}


def _text(candidates: Candidates, name: str) -> pa.Array:
    """Return a column of the file as text, whatever it fills; null without it."""
    if name in candidates.others:
        return to_text(candidates.others[name])
    for key, field in candidates.fields.items():
        if field.upper() == name:
            return candidates.raw[key]
    return pa.nulls(len(candidates), pa.string())


def _matches(text: pa.Array, pattern: str) -> Mask:
    found = pc.fill_null(pc.match_substring_regex(text, pattern), False)
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


def _towns(candidates: Candidates, land_use: pa.Array) -> Iterator[Issues]:
    if _TOWN not in _names(candidates):
        return
    town = _text(candidates, _TOWN)
    present = town.is_valid().to_numpy(zero_copy_only=False)
    needed = _matches(land_use, _NEEDS_TOWN) & ~present
    yield from _tell(candidates, "land_survey_town_missing", _TOWN, needed)
    for pattern, expected in _TOWN_BY_CLASS:
        wrong = _matches(land_use, pattern) & present
        wrong &= ~_matches(town, f"^{expected}")
        yield from _tell(
            candidates, "land_survey_town_contradicts", _TOWN, wrong, expected=expected
        )


def _refinements(candidates: Candidates, land_use: pa.Array) -> Iterator[Issues]:
    refinement = _text(candidates, _REFINEMENT)
    for codes, expected in _CLASS_BY_REFINEMENT:
        wrong = _matches(refinement, f"^({codes})$")
        wrong &= ~_matches(land_use, f"^{expected}")
        yield from _tell(
            candidates,
            "land_survey_refinement_contradicts",
            _REFINEMENT,
            wrong,
            expected=expected,
        )


def _planting(candidates: Candidates, land_use: pa.Array) -> Iterator[Issues]:
    planted = _matches(_text(candidates, _PLANTING), f"^({_PLANTED})$")
    wrong = planted & ~_matches(land_use, "^01")
    yield from _tell(
        candidates,
        "land_survey_refinement_contradicts",
        _PLANTING,
        wrong,
        expected="01",
    )


def _sums(candidates: Candidates) -> Iterator[Issues]:
    if not {_WHOLE, _DEDUCTED, _NET} <= _names(candidates):
        return
    whole, deducted, net = (
        parse_column(Kind.NUMBER, _text(candidates, name)).values.to_numpy(
            zero_copy_only=False
        )
        for name in (_WHOLE, _DEDUCTED, _NET)
    )
    left = whole - np.nan_to_num(deducted)
    wrong = np.abs(left - net) > _ROUNDING_M2
    expected = [f"{one:.2f}" for one in left[wrong]]
    yield from _tell(
        candidates, "land_survey_areas_disagree", _NET, wrong, expected=expected
    )


def _small(
    candidates: Candidates, land_use: pa.Array, tolerances: Tolerances
) -> Iterator[Issues]:
    """Note what is smaller than a land survey draws (最小上图面积)."""
    area = candidates.mapped_area_m2
    if area is None:
        return
    least = np.full(len(area), tolerances.least_other_m2)
    least[_matches(land_use, FARMLAND_21010)] = tolerances.least_farmland_m2
    built = f"({BUILT['gbt21010_2017']}|^{_FACILITIES})"
    least[_matches(land_use, built)] = tolerances.least_construction_m2
    least[land_use.is_null().to_numpy(zero_copy_only=False)] = 0.0
    small = np.flatnonzero(area < least)
    if len(small):
        yield Issues(
            "area_below_minimum",
            candidates.rows[small],
            details={
                "area_m2": round_all(area[small]),
                "least_m2": least[small],
            },
        )


def _tell(
    candidates: Candidates, kind: str, name: str, bad: Mask, **details: object
) -> Iterator[Issues]:
    indices = np.flatnonzero(bad)
    if len(indices):
        chosen = pa.array(indices)
        classes = _text(candidates, "DLBM").take(chosen).to_pylist()
        yield Issues(
            kind,
            candidates.rows[indices],
            name,
            _text(candidates, name).take(chosen).to_pylist(),
            {"land_use": classes, **details},
        )
