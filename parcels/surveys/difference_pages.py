"""One page of what an upload would change, with what is said before and after (shell).

What a row says before is looked up in the register, what it says after in the accepted
rows, or once they are committed in the register: for the page that is read alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.plots.guarded import GEOMETRY as GUARDED_PLACE
from parcels.register import tables
from parcels.register.layers import Kind, Layer
from parcels.surveys.archive import Archive
from parcels.surveys.differences import FATES, SCHEMA, Fate
from parcels.surveys.repository import Upload
from parcels.surveys.staged_file import GEOMETRY, open_staged
from parcels.surveys.tables import upload_issue


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that an upload says something of, or, if missing, does not.

    Attributes
    ----------
    row
        Row of the file; None for what it lacks.
    before, after
        Attributes in the register and in the file; None where there is none.
    geometry_before, geometry
        EPSG:4490; None where there is none.
    predecessor_code
        Of a split, merge or renumbering.
    """

    fate: Fate
    row: int | None
    code: str
    division_code: str
    area_before_m2: float | None
    area_after_m2: float | None
    predecessor_code: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    geometry_before: BaseGeometry | None
    geometry: BaseGeometry | None

    @property
    def changed(self) -> list[str]:
        """Names of the attributes that the file says otherwise."""
        if self.before is None or self.after is None:
            return []
        return [
            name for name, value in self.after.items() if self.before[name] != value
        ]


def list_differences(
    connection: sa.Connection,
    archive: Archive,
    upload: Upload,
    fate: Fate | None,
    *,
    after: int = 0,
    limit: int,
) -> list[Difference]:
    """Return a page of what an upload would change or has changed.

    Parameters
    ----------
    after
        How many of that fate (or of all) came before.
    """
    path = archive.differences_path(upload.id)
    if not path.exists():
        return []
    page = _page(path, upload, fate, after, limit)
    known = [one for one in page["version_id"].to_pylist() if one is not None]
    before = _read_versions(connection, upload, known)
    said = _said(archive, upload, page)
    if said is None:
        said = _committed(connection, upload, page)
    if upload.request.layer == "plot":
        _leave_to_two(connection, upload, page, before, said)
    per_line = int((upload.facts or {}).get("results_per_row", 1))
    return [_difference(row, before, said, per_line) for row in page.to_pylist()]


def _page(
    path: Path, upload: Upload, fate: Fate | None, after: int, limit: int
) -> pa.Table:
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        table = reader.read_all()
        start, stop = 0, len(table)
        if fate is not None:
            places = table["fate"].to_numpy()
            start, stop = np.searchsorted(
                places, [FATES.index(fate), FATES.index(fate) + 1]
            )
        first = min(int(start) + after, int(stop))
        # Taken out of the mapped file, which is closed after this.
        page = table.slice(first, min(limit, int(stop) - first))
        return pa.Table.from_pylist(page.to_pylist(), schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class _Said:
    """Attributes and geometry of one row."""

    values: Mapping[str, Any]
    geometry: BaseGeometry | None


def _difference(
    row: Mapping[str, Any],
    before: Mapping[int, _Said],
    after: Mapping[Any, _Said],
    per_line: int,
) -> Difference:
    old = before.get(row["version_id"])
    new = after.get((row["code"], row["division_code"])) if row["row"] else None
    names = new.values if new else ()
    return Difference(
        FATES[row["fate"]],
        None if row["row"] is None else row["row"] // per_line,
        row["code"],
        row["division_code"],
        row["area_before_m2"],
        row["area_after_m2"],
        row["predecessor_code"],
        None if old is None else {n: old.values[n] for n in names or old.values},
        None if new is None else new.values,
        None if old is None else old.geometry,
        None if new is None else new.geometry,
    )


def _said(
    archive: Archive, upload: Upload, page: pa.Table
) -> dict[tuple[str, str], _Said] | None:
    """Return what accepted rows say; None when they are not kept any more."""
    path = archive.staged_path(upload.id)
    if not path.exists():
        return None
    wanted = [one for one in page["row"].to_pylist() if one is not None]
    with _staged(path) as table:
        rows = table["row"].to_numpy()
        places = np.searchsorted(rows, np.unique(np.asarray(wanted, dtype=np.int32)))
        chosen = table.take(pa.array(places)).to_pylist() if len(rows) else []
    layer = upload.request.register_layer
    return {
        (row["code"], row["division_code"]): _Said(
            _said_values(layer, row), _geometry(row.get(GEOMETRY))
        )
        for row in chosen
    }


def _leave_to_two(
    connection: sa.Connection,
    upload: Upload,
    page: pa.Table,
    before: Mapping[int, _Said],
    said: dict[tuple[str, str], _Said],
) -> None:
    """Show the register's value where a file only proposes its own."""
    rows = [one for one in page["row"].to_pylist() if one is not None]
    issue = upload_issue.c
    kept = connection.execute(
        sa.select(issue.row_number, issue.details["attribute"].as_string()).where(
            issue.upload_id == upload.id,
            issue.kind == "plot_correction",
            issue.row_number.in_(rows),
        )
    ).all()
    for row in page.to_pylist():
        key = (row["code"], row["division_code"])
        old, new = before.get(row["version_id"]), said.get(key)
        names = {name for number, name in kept if number == row["row"]}
        if names and old is not None and new is not None:
            values = {
                n: old.values[n] if n in names else v for n, v in new.values.items()
            }
            place = old.geometry if GUARDED_PLACE in names else new.geometry
            said[key] = _Said(values, place)


@contextmanager
def _staged(path: Path) -> Iterator[pa.Table]:
    with open_staged(path) as reader:
        yield reader.read_all()


def _said_values(layer: Layer, row: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for attribute in layer.attributes:
        if attribute.name in row and not attribute.computed:
            value = row[attribute.name]
            if attribute.kind is Kind.TEXT_LIST and value is not None:
                value = value.split(";")
            values[attribute.name] = value
    return values


def _read_versions(
    connection: sa.Connection, upload: Upload, version_ids: Sequence[int]
) -> dict[int, _Said]:
    layer = tables.TABLES[upload.request.layer]
    condition = layer.c.version_id.in_(version_ids)
    rows = _select(connection, upload, condition) if version_ids else []
    return {row["version_id"]: _of_version(upload, dict(row)) for row in rows}


def _committed(
    connection: sa.Connection, upload: Upload, page: pa.Table
) -> dict[tuple[str, str], _Said]:
    """Return what the versions say that the upload's commit opened."""
    layer = tables.TABLES[upload.request.layer]
    codes = sorted(set(page["code"].to_pylist()))
    rows = _select(
        connection,
        upload,
        sa.and_(layer.c.code.in_(codes), layer.c.opened_by == upload.change_id),
    )
    # Of one object the earlier part was written again too: the later one is new.
    rows = sorted(rows, key=lambda row: row["valid_from"])
    return {
        (row["code"], row["division_code"]): _of_version(upload, dict(row))
        for row in rows
    }


def _select(
    connection: sa.Connection, upload: Upload, condition: sa.ColumnElement[bool]
) -> list[sa.RowMapping]:
    layer = tables.TABLES[upload.request.layer]
    columns: list[Any] = [column for column in layer.c if column.name != GEOMETRY]
    if GEOMETRY in layer.c:
        columns.append(sa.func.ST_AsBinary(layer.c.geom).label(GEOMETRY))
    statement = sa.select(*columns).where(condition)
    return list(connection.execute(statement).mappings().all())


def _of_version(upload: Upload, row: Mapping[str, Any]) -> _Said:
    attributes = upload.request.register_layer.attributes
    values = {one.name: row[one.name] for one in attributes if not one.computed}
    return _Said(values, _geometry(row.get(GEOMETRY)))


def _geometry(wkb: Any) -> BaseGeometry | None:
    return None if wkb is None else shapely.from_wkb(bytes(wkb))
