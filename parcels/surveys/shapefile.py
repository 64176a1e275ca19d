"""Is this shapefile whole, and what does it hold? (shell).

Sizes, counts and offsets of .shp, .shx and .dbf are compared before GDAL sees them:
GDAL reads a cut or mixed set without a word. GDAL gives the geometry, `dbf` the
attributes. Format: ESRI Shapefile Technical Description (1998).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.surveys.dbf import DbfTable, read_field_names
from parcels.surveys.encodings import decide_encoding
from parcels.surveys.limits import Limits
from parcels.surveys.members import FoundLayer
from parcels.surveys.raw import BATCH_ROWS, RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.shp import ShpFile
from parcels.surveys.shp_records import tell_damage
from parcels.surveys.simple_polygons import keep_rings
from parcels.surveys.unpack import Member, ZipArchive

Indices = npt.NDArray[np.int64]

_MAGIC: Final = 9994
_TYPES: Final = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint"}
"""Type in the header without its Z or M → name."""
_DBF_HEAD: Final = 32 + 32 * 255
_HEADER: Final = 100
NEEDED: Final = (".shp", ".shx", ".dbf")
ATTRIBUTES: Final = "attributes.dbf"
CRS_WORDS: Final = "crs.txt"
ENCODING_WORDS: Final = "encoding.txt"
_RENAMED: Final = (
    (".dbf", ATTRIBUTES),
    (".prj", CRS_WORDS),
    (".cpg", ENCODING_WORDS),
)
_WORDS_LENGTH: Final = 10_000
"""Characters of a .prj or .cpg that are read; more is neither."""


@dataclass(frozen=True, slots=True)
class ShapefileSet:
    """The members of one shapefile in an archive, by extension in lower case."""

    name: str
    members: dict[str, Member]


def list_shapefiles(archive: ZipArchive) -> tuple[ShapefileSet, ...]:
    """Return the shapefiles of an archive: every .shp with what belongs to it."""
    sets: dict[str, dict[str, Member]] = {}
    names: dict[str, str] = {}
    for member in archive.members:
        key = member.stem.lower()
        sets.setdefault(key, {})[member.suffix] = member
        if member.suffix == ".shp":
            names[key] = member.stem
    return tuple(ShapefileSet(names[key], sets[key]) for key in sorted(names))


def describe_shapefile(archive: ZipArchive, one: ShapefileSet) -> FoundLayer:
    """Return what the headers say of a shapefile, good enough to choose by."""
    fields: tuple[str, ...] = ()
    rows, geometry = None, None
    if ".dbf" in one.members:
        head = archive.head(one.members[".dbf"], _DBF_HEAD)
        rows = int.from_bytes(head[4:8], "little")
        fields = tuple(read_field_names(head))
    if ".shp" in one.members:
        head = archive.head(one.members[".shp"], _HEADER)
        kind = int.from_bytes(head[32:36], "little") % 10
        geometry = _TYPES.get(kind)
    return FoundLayer(one.name, fields, rows, geometry)


def extract_shapefile(archive: ZipArchive, one: ShapefileSet, folder: Path) -> Path:
    """Unpack a shapefile as ``layer.shp`` etc.; return the path without extension.

    The .cpg and .prj come along to be asked when nothing was declared, and compared
    when something was.
    """
    wanted = []
    for suffix in (*NEEDED, ".prj", ".cpg"):
        if suffix in one.members:
            wanted.append((one.members[suffix], folder / f"layer{suffix}"))
        elif suffix in NEEDED:
            raise FileRefused("member_missing", name=one.name, member=suffix)
    archive.extract_all(wanted)
    # GDAL must not find these beside the shapes: it would drop deleted records,
    # decode what nobody asks it for, and stop at a .prj it does not understand.
    for suffix, name in _RENAMED:
        found = folder / f"layer{suffix}"
        if found.exists():
            found.rename(folder / name)
    return folder / "layer"


def read_shapefile(
    stem: Path, name: str, declared_encoding: str | None, limits: Limits
) -> RawLayer:
    """Return the layer of an unpacked shapefile.

    Without a declared encoding all text is tried first; where nothing fits, the rows
    are read as GB 18030, good enough to show.

    Raises
    ------
    FileRefused
        If the set is cut short, its members do not belong together, or its .cpg names
        an encoding that the text contradicts.
    """
    cpg = _words(stem.with_name(ENCODING_WORDS))
    table = DbfTable(stem.with_name(ATTRIBUTES), f"{name}.dbf", cpg)
    encoding = decide_encoding(declared_encoding, table.text_facts)
    table.use_encoding(encoding.value or "gb18030")
    starts, lengths = _check_shapes(stem, name)
    shapes = len(starts)
    if shapes != table.count:
        raise _damaged(
            f"{name}.dbf",
            f"有 {table.count} 条记录，而 .shp 有 {shapes} 个图形。",
            f"it has {table.count} records, the .shp has {shapes} shapes.",
        )
    if shapes > limits.rows:
        raise FileRefused("too_many_rows", found=shapes, limit=limits.rows)
    return RawLayer(
        fields=tuple(one.name for one in table.fields),
        has_geometry=True,
        batches=_read_batches(
            ShpFile(stem.with_suffix(".shp"), starts, lengths), table
        ),
        crs=_words(stem.with_name(CRS_WORDS)),
        names_cut=True,
        findings=(encoding,),
        count=table.count,
    )


def extract_table(archive: ZipArchive, table: Member, folder: Path) -> Path:
    """Unpack an attribute table that has no shapes; return the path without ending."""
    archive.extract(table, folder / ATTRIBUTES)
    for one in archive.members:
        if one.suffix == ".cpg" and one.stem.lower() == table.stem.lower():
            archive.extract(one, folder / ENCODING_WORDS)
    return folder / "layer"


def read_table(
    stem: Path, name: str, declared_encoding: str | None, limits: Limits
) -> RawLayer:
    """Return the rows of an unpacked table without shapes; encoding as for shapefiles.

    Raises
    ------
    FileRefused
        If it is cut short, too long, or its .cpg is contradicted by the text.
    """
    cpg = _words(stem.with_name(ENCODING_WORDS))
    table = DbfTable(stem.with_name(ATTRIBUTES), f"{name}.dbf", cpg)
    encoding = decide_encoding(declared_encoding, table.text_facts)
    table.use_encoding(encoding.value or "gb18030")
    if table.count > limits.rows:
        raise FileRefused("too_many_rows", found=table.count, limit=limits.rows)
    return RawLayer(
        fields=tuple(one.name for one in table.fields),
        has_geometry=False,
        batches=_read_rows(table),
        crs=None,
        names_cut=True,
        findings=(encoding,),
        count=table.count,
    )


def _read_rows(table: DbfTable) -> Iterator[RawBatch]:
    for first in range(0, table.count, BATCH_ROWS):
        last = min(first + BATCH_ROWS, table.count)
        batch, deleted = table.read(first, last), table.deleted[first:last]
        yield _kept(batch, ~deleted) if deleted.any() else batch


def _words(path: Path) -> str | None:
    """Return what a .prj or .cpg says; None where there is none or it is empty."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        raw = file.read(_WORDS_LENGTH)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # A system that an office has named itself is named in GBK.
        text = raw.decode("gb18030", errors="replace")
    return text.removeprefix("\ufeff").strip() or None


def _read_batches(shp: ShpFile, table: DbfTable) -> Iterator[RawBatch]:
    for first in range(0, table.count, BATCH_ROWS):
        last = min(first + BATCH_ROWS, table.count)
        shapes = shp.read(first, last)
        read = table.read(first, last)
        batch = dataclasses.replace(
            read,
            issues=(*read.issues, *tell_damage(shapes.damage, read.rows)),
            geometry=shapes.others,
            rings=shapes.rings,
            heights=shapes.heights,
        )
        yield _without_deleted(batch, table.deleted[first:last])


def _without_deleted(batch: RawBatch, deleted: np.ndarray) -> RawBatch:
    if not deleted.any():
        return batch
    assert batch.geometry is not None and batch.rings is not None
    places = np.cumsum(~deleted) - 1
    rings = keep_rings(batch.rings, ~deleted[batch.rings.owner])
    return dataclasses.replace(
        _kept(batch, ~deleted),
        geometry=batch.geometry.filter(pa.array(~deleted)),
        rings=rings._replace(owner=places[rings.owner]),
        heights=batch.heights,
    )


def _kept(batch: RawBatch, kept: np.ndarray) -> RawBatch:
    """Return the rows that are kept, and their issues, without geometry."""
    rows, mask = batch.rows[kept], pa.array(kept)
    return RawBatch(
        rows=rows,
        columns={name: one.filter(mask) for name, one in batch.columns.items()},
        geometry=None,
        issues=tuple(filter(len, (one.within(rows) for one in batch.issues))),
    )


def _check_shapes(stem: Path, name: str) -> tuple[Indices, Indices]:
    """Return where each shape begins and its length, after comparing .shp and .shx."""
    shp, shx = stem.with_suffix(".shp"), stem.with_suffix(".shx")
    size = _check_header(shp, f"{name}.shp")
    index_size = _check_header(shx, f"{name}.shx")
    count = (index_size - _HEADER) // 8
    entries = np.fromfile(shx, ">i4", 2 * count, offset=_HEADER).astype(np.int64)
    starts, lengths = entries[0::2] * 2, entries[1::2] * 2
    beyond = (starts < _HEADER) | (lengths < 4) | (starts + 8 + lengths > size)
    if beyond.any():
        row = int(np.flatnonzero(beyond)[0]) + 1
        raise _damaged(
            f"{name}.shp",
            f"第 {row} 个图形超出文件末尾。",
            f"shape {row} lies beyond the end of the file.",
        )
    return starts, lengths


def _check_header(path: Path, name: str) -> int:
    """Return the file's size in bytes if its header tells the same or less."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    size = path.stat().st_size
    if len(header) < _HEADER or int.from_bytes(header[:4], "big") != _MAGIC:
        raise _damaged(name, "不是 Shapefile。", "it is no shapefile.")
    told = int.from_bytes(header[24:28], "big") * 2
    if size < told:
        raise _damaged(
            name,
            f"应为 {told} 字节，实为 {size} 字节（文件被截断）。",
            f"it should have {told} bytes, it has {size}: it was cut short.",
        )
    return size


def _damaged(member: str, zh: str, en: str) -> FileRefused:
    return FileRefused("member_damaged", member=member, detail_zh=zh, detail_en=en)
