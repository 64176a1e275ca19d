"""What an upload would change, row by row, for a person to read (shell).

Kept as one Arrow file beside the accepted rows: fate by fate, each in the order of the
file. `difference_pages` reads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import sqlalchemy as sa

from parcels.register import tables
from parcels.register.statements import driver
from parcels.surveys.archive import Archive
from parcels.surveys.comparing import Comparison
from parcels.surveys.lineage import LINEAGE
from parcels.surveys.repository import Upload
from parcels.surveys.staged_file import open_staged, read_batches
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
