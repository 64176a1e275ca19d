"""What is the land used for today? (core).

The parcel's record goes first; a statement fills the gap where there is none, and never
overrides a record.
"""

from __future__ import annotations

from typing import cast

from parcels.land_use_codes import Scheme
from screening.extract import Extract, ParcelRecord
from screening.facts.model import Difference
from screening.land_use import LandUse, LandUseTest
from screening.request import Declared
from screening.truth import NO, Missing, Truth, unknown

_NOT_ON_RECORD = unknown(Missing("current_use", "not_on_record"))


def recorded_uses(extract: Extract) -> tuple[LandUse | None, ...]:
    """Return the recorded class of every parcel, None where the record has none."""
    return tuple(_recorded_use(parcel) for parcel in extract.subject.parcels)


def _recorded_use(parcel: ParcelRecord) -> LandUse | None:
    if not parcel.land_use_scheme or not parcel.land_use_code:
        return None
    return LandUse(cast(Scheme, parcel.land_use_scheme), parcel.land_use_code)


def recorded_uses_all(extract: Extract, test: LandUseTest) -> bool:
    """Whether every parcel has a use on record and each passes the test."""
    uses = recorded_uses(extract)
    return bool(uses) and all(use is not None and test(use) for use in uses)


def current_uses(
    extract: Extract, declared: Declared
) -> tuple[tuple[LandUse, ...], Truth]:
    """Return the classes known, and whether there may be others.

    A polygon somebody drew has no record: its use is what is declared.
    """
    recorded = recorded_uses(extract)
    known = [use for use in recorded if use is not None]
    if recorded and len(known) == len(recorded):
        return tuple(dict.fromkeys(known)), NO
    if declared.current_use is not None:
        return tuple(dict.fromkeys([*known, declared.current_use])), NO
    return tuple(dict.fromkeys(known)), _NOT_ON_RECORD


def use_difference(extract: Extract, declared: Declared) -> tuple[Difference, ...]:
    """Return the difference between a declared use and a complete record."""
    recorded = [use for use in recorded_uses(extract) if use is not None]
    stated = declared.current_use
    if stated is None or len(recorded) < max(1, len(extract.subject.parcels)):
        return ()
    if stated in recorded:
        return ()
    on_record = ", ".join(str(use) for use in dict.fromkeys(recorded))
    return (Difference("current_use", on_record, str(stated)),)
