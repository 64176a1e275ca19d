"""What an upload would change, row by row, for a person to read (shell).

Kept as one Arrow file beside the accepted rows: fate by fate, each in the order of the
file. What a row says before and after is looked up for the page that is read: before
in the register, after in the accepted rows, or once they are committed in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.register import tables
from parcels.register.layers import Kind, Layer
from parcels.register.statements import driver
from parcels.surveys.archive import Archive
from parcels.surveys.comparing import Comparison
from parcels.surveys.lineage import LINEAGE
from parcels.surveys.repository import Upload
from parcels.surveys.staged_file import GEOMETRY, open_staged, read_batches
from parcels.surveys.staging import Staging

Fate = Literal[
    "new",
    "changed_geometry",
    "changed_attributes",
    "missing",
    "split",
    "merge",
    "renumber",
    "identical",
]
FATES: Final[tuple[Fate, ...]] = get_args(Fate)
"""In the order in which they are listed."""

SCHEMA: Final = pa.schema(
    [
        ("fate", pa.int8()),
        ("row", pa.int32()),
        ("code", pa.string()),
        ("division_code", pa.string()),
        ("version_id", pa.int64()),
        ("area_before_m2", pa.float64()),
        ("area_after_m2", pa.float64()),
        ("predecessor_code", pa.string()),
    ]
)
"""Columns of the file: `fate` is a place in `FATES`, `version_id` the version before,
`row` null for what the file lacks."""


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


def differences_of_new(rows: Path, faulty: npt.NDArray[np.int32]) -> pa.Table:
    """Return the differences of accepted rows that the register has none of."""
    with open_staged(rows) as reader:
        batches = read_batches(reader, faulty)
        table = pa.Table.from_batches(batches, schema=reader.schema)
        measured = "mapped_area_m2" in table.column_names
        area = (
            table["mapped_area_m2"] if measured else pa.nulls(len(table), pa.float64())
        )
        return pa.table(
            [
                pa.repeat(pa.scalar(0, pa.int8()), len(table)),
                table["row"],
                table["code"],
                table["division_code"],
                pa.nulls(len(table), pa.int64()),
                pa.nulls(len(table), pa.float64()),
                area,
                pa.nulls(len(table), pa.string()),
            ],
            schema=SCHEMA,
        )


def gather_differences(
    connection: sa.Connection, staging: Staging, comparison: Comparison, scratch: Path
) -> pa.Table:
    """Return the differences of compared rows; `scratch` is a file to write to."""
    every = sa.union_all(
        _of_rows(staging, comparison), _of_missing(staging, comparison), _of_lineage()
    ).subquery("every")
    table = sa.Table(
        "staged_differences",
        sa.MetaData(),
        *(sa.Column(column.name, column.type) for column in every.columns),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    connection.execute(sa.text("drop table if exists pg_temp.staged_differences"))
    table.create(connection)
    names = [column.name for column in every.columns]
    connection.execute(sa.insert(table).from_select(names, sa.select(every)))
    with driver(connection).cursor() as cursor, scratch.open("wb") as file:
        with cursor.copy(
            "copy (select * from pg_temp.staged_differences"
            " order by fate, row_number, code) to stdout (format csv)"
        ) as copy:
            for block in copy:
                file.write(block)
    return _read(scratch)


def _read(path: Path) -> pa.Table:
    if not path.stat().st_size:
        return SCHEMA.empty_table()
    names = SCHEMA.names
    return pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(column_names=names),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=SCHEMA,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _of_rows(staging: Staging, comparison: Comparison) -> sa.Select[Any]:
    rows, fates = staging.table, comparison.fates
    layer = tables.TABLES[staging.layer.name]
    place = sa.case(
        (fates.c.fate == "new", FATES.index("new")),
        (fates.c.fate == "identical", FATES.index("identical")),
        (fates.c.moved, FATES.index("changed_geometry")),
        else_=FATES.index("changed_attributes"),
    )
    return (
        sa.select(
            sa.cast(place, sa.Integer).label("fate"),
            rows.c.row_number,
            rows.c.code,
            rows.c.division_code,
            fates.c.version_id,
            _area(layer).label("area_before"),
            _area(rows).label("area_after"),
            sa.cast(sa.null(), sa.Text).label("predecessor_code"),
        )
        .join_from(rows, fates, fates.c.row_number == rows.c.row_number)
        .outerjoin(layer, layer.c.version_id == fates.c.version_id)
    )


def _of_missing(staging: Staging, comparison: Comparison) -> sa.Select[Any]:
    layer, ended = tables.TABLES[staging.layer.name], comparison.ended
    return sa.select(
        sa.literal(FATES.index("missing"), sa.Integer),
        sa.cast(sa.null(), sa.Integer),
        layer.c.code,
        layer.c.division_code,
        layer.c.version_id,
        _area(layer),
        sa.cast(sa.null(), sa.Double),
        sa.cast(sa.null(), sa.Text),
    ).join_from(layer, ended, ended.c.version_id == layer.c.version_id)


def _of_lineage() -> sa.Select[Any]:
    pair = LINEAGE.c
    places = {kind: FATES.index(kind) for kind in ("split", "merge", "renumber")}
    return sa.select(
        sa.cast(sa.case(places, value=pair.kind), sa.Integer),
        pair.row_number,
        pair.successor_code,
        pair.division_code,
        sa.cast(sa.null(), sa.BigInteger),
        sa.cast(sa.null(), sa.Double),
        sa.cast(sa.null(), sa.Double),
        pair.predecessor_code,
    )


def _area(table: sa.FromClause) -> sa.ColumnElement[Any]:
    if "mapped_area_m2" in table.c:
        return table.c.mapped_area_m2
    return sa.cast(sa.null(), sa.Double)


def sum_areas(differences: pa.Table) -> dict[str, dict[str, float | int]]:
    """Return fate → number of rows and their areas in m², before and after."""
    found: dict[str, dict[str, float | int]] = {}
    for place, fate in enumerate(FATES):
        chosen = differences.filter(pc.equal(differences["fate"], place))
        if len(chosen):
            found[fate] = {
                "count": len(chosen),
                "area_before_m2": _sum(chosen["area_before_m2"]),
                "area_after_m2": _sum(chosen["area_after_m2"]),
            }
    return found


def _sum(column: pa.ChunkedArray) -> float:
    return round(pc.sum(column).as_py() or 0.0, 2)


def keep_differences(archive: Archive, upload: Upload, differences: pa.Table) -> None:
    """Keep what an upload would change, until it is withdrawn."""
    with archive.scratch() as scratch:
        path = scratch / "differences"
        with pa.OSFile(str(path), "wb") as sink:
            with pa.ipc.new_file(sink, SCHEMA) as writer:
                writer.write_table(differences.combine_chunks())
        archive.keep_differences(upload.id, path)


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
    return [_difference(row, before, said) for row in page.to_pylist()]


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
    row: Mapping[str, Any], before: Mapping[int, _Said], after: Mapping[Any, _Said]
) -> Difference:
    old = before.get(row["version_id"])
    new = after.get((row["code"], row["division_code"])) if row["row"] else None
    names = new.values if new else ()
    return Difference(
        FATES[row["fate"]],
        row["row"],
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
    return {row["version_id"]: _of_version(upload, row) for row in rows}


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
        (row["code"], row["division_code"]): _of_version(upload, row) for row in rows
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
