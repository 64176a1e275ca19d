"""Who asked what, when, and what was the soil result? (shell).

查询留痕: whoever acquires, takes back or reserves land has to record the day and the
result of the query of the contaminated plots (土十条 ZZ 三(三)2). Every question that
is answered about land leaves an entry in the ledger, in the transaction that answers
it: an extract, a decision that was only tried, a look-up. A recorded decision is an
entry of its own kind.

Whoever pulls plots for another system, by the feed of changes or as a file, is entered
as well (M27 四(四), R-A12): who, when and which part, once a pull. What he was told
follows from it: versions are never altered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol
from uuid import UUID

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.codes import WHOLE_COUNTRY, division_contains
from parcels.exports.export import Wanted
from parcels.ledger.append import append_entry, new_entry_id, salted_entry
from parcels.register.feed import VersionEvent
from parcels.register.layers import Layer
from parcels.register.repository import (
    Moment,
    Version,
    last_change,
    transaction_time,
)
from screening.extract import Extract
from screening.neighbourhood import Subject

QueryKind = Literal["extract", "dry_run", "lookup", "changes", "export"]


class Asking(Protocol):
    """Whoever asks (查询人)."""

    @property
    def client_id(self) -> UUID:
        """His number among the callers."""

    @property
    def name(self) -> str:
        """His name as it is written."""

    @property
    def role(self) -> str:
        """The role he acts in."""

    @property
    def scope(self) -> str:
        """His division prefix; ``*`` is the whole country."""


def keeping_division(subject: Subject, scope: str) -> str:
    """Return the county that keeps what is answered: the caller's with most of it."""
    codes = [parcel.division_code for parcel in subject.parcels]
    codes += subject.division_codes
    return next(code for code in codes if division_contains(scope, code))


def log_extract(
    connection: sa.Connection,
    asking: Asking,
    extract: Extract,
    kind: QueryKind = "extract",
    **more: Any,
) -> UUID:
    """Enter the question behind an extract and its soil result; return the entry.

    `more` are further members of the entry: texts, integers, lists and objects of them.
    """
    body = {
        **_asked(extract.subject),
        "as_of": extract.as_of.isoformat(),
        "change": extract.known_at,
        "result": _soil_result(extract),
        **more,
    }
    division = keeping_division(extract.subject, asking.scope)
    return _log(connection, asking, kind, division, body)


def log_lookup(
    connection: sa.Connection,
    asking: Asking,
    asked: str | BaseGeometry,
    moment: Moment,
    found: Sequence[Version],
) -> UUID:
    """Enter a look-up of parcels by code or place and what it found."""
    by = {"code": asked} if isinstance(asked, str) else _written(asked)
    body = {
        "asked": by,
        "as_of": moment.as_of.isoformat(),
        "change": moment.known_at,
        "result": {"parcel_codes": [version.code for version in found]},
    }
    division = found[0].division_code if found else asking.scope
    return _log(connection, asking, "lookup", division, body)


def log_changes(
    connection: sa.Connection,
    asking: Asking,
    layer: Layer,
    division: str | None,
    told: Sequence[VersionEvent],
) -> UUID:
    """Enter a page of the feed of changes: its part, and the first and last event.

    `told` is not empty. `division` is a prefix, None for the whole country.
    """
    first, last = told[0], told[-1]
    body = {
        "asked": _part(layer, division),
        "result": {
            "versions": len(told),
            "first": {"change": first.number, "version": first.version_id},
            "last": {"change": last.number, "version": last.version_id},
        },
    }
    return _log(connection, asking, "changes", division or asking.scope, body)


def log_export(
    connection: sa.Connection,
    asking: Asking,
    wanted: Wanted,
    form: str,
    rows: int,
) -> UUID:
    """Enter that objects of a layer were taken away as a file of a format."""
    moment = wanted.moment
    asked = {
        **_part(wanted.layer, wanted.division),
        "format": form,
        "filters": dict(wanted.equals),
    }
    if wanted.bbox:
        asked["bbox"] = [str(side) for side in wanted.bbox]
    known_at = moment.known_at or last_change(connection)
    body = {
        "asked": asked,
        "as_of": moment.as_of.isoformat(),
        "change": known_at,
        "result": {"objects": rows},
    }
    return _log(connection, asking, "export", wanted.division or asking.scope, body)


def _part(layer: Layer, division: str | None) -> dict[str, Any]:
    return {"layer": layer.name, "division": division or WHOLE_COUNTRY}


def _log(
    connection: sa.Connection,
    asking: Asking,
    kind: QueryKind,
    division_code: str,
    body: Mapping[str, Any],
) -> UUID:
    time = transaction_time(connection)
    asker = {
        "actor": asking.name,
        "client": str(asking.client_id),
        "role": asking.role,
        "scope": asking.scope,
    }
    entry_id = new_entry_id(time)
    whole = {"query": kind, "asked_by": asker, **body}
    append_entry(
        connection, salted_entry(entry_id, "query", division_code, time, whole)
    )
    return entry_id


def _asked(subject: Subject) -> dict[str, Any]:
    if subject.parcels:
        return {"asked": {"parcel_codes": [parcel.code for parcel in subject.parcels]}}
    return {"asked": _written(subject.geometry)}


def _written(geometry: BaseGeometry) -> dict[str, str]:
    """Return a place as it was asked: WKB in hex, EPSG:4490."""
    return {"geometry_wkb": shapely.to_wkb(geometry, hex=True)}


def _soil_result(extract: Extract) -> dict[str, Any]:
    """Return the status of every theme and the plots found, with their stage."""
    plots = extract.themes.get("plot")
    return {
        "themes": {name: theme.status for name, theme in extract.themes.items()},
        "plots": [
            {
                "code": item.feature.code,
                "stage": item.feature.category,
                "relation": item.relation,
            }
            for item in (plots.items if plots else ())
        ],
    }
