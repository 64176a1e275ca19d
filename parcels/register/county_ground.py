"""May a county end or be drawn elsewhere, with what belongs to it? (shell).

Without its outline no drawn question there has an answer. So a county with objects in
force ends only where others take its ground: a new division of the country enters the
new counties from a day, and then ends the old one on that day. Nor is it drawn away
from them farther than a single object may lie beyond its county.

Asked of what a change has written, whether by hand, by a file or by taking one back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.codes import COUNTY_DIGITS
from parcels.crs import STORAGE_SRID
from parcels.local_plane import LocalPlane
from parcels.refusal import Refusal
from parcels.register.history import Change
from parcels.register.layers import DIVISION, LAYERS, Layer, Shape
from parcels.register.tables import TABLES, in_force_on

FAR_M: Final = 10_000.0
"""How far beyond its county an object may lie that is written by hand, and may be left
when the county is drawn anew, metres; a project default: outlines are drawn roughly."""
_LEFT_SHARE: Final = 0.001
"""Share of the ground that no other county need take: outlines of two that were drawn
apart do not fit to a hair. A project default."""

_ENDS: Final = (
    "{county} 在 {on} 仍有有效对象（{left}），且其范围没有其他有效的县覆盖，不能失效；"
    "区划调整请先登记自该日起生效的新县，否则请先终止这些对象。",
    "{county} still has objects in force on {on} ({left}), and no other county takes"
    " its ground; it cannot end. Enter the counties that follow it from that day, or"
    " end the objects first.",
)
_MOVES: Final = (
    "{county} 自 {on} 起的新界线使有效对象（{left}）位于界外 {far_km} 公里以远，且该处"
    "没有其他有效的县覆盖；请核对界线。区划调整请先登记接管该处的县，否则请先终止"
    "或撤回这些对象。",
    "The new outline of {county} from {on} leaves objects in force ({left}) more than"
    " {far_km} km beyond it, and no other county takes that ground; check the outline."
    " Enter the county that takes it, or end or revert the objects first.",
)


class CountyInUse(Refusal):
    """Objects in force belong to a county, and no other one takes their ground."""

    def __init__(
        self, texts: tuple[str, str], county: str, on: date, left: dict[Layer, int]
    ) -> None:
        zh = "、".join(f"{layer.title_zh} {count}" for layer, count in left.items())
        en = ", ".join(
            f"{layer.title_en.lower()} {count}" for layer, count in left.items()
        )
        super().__init__(
            "county_in_use",
            *(
                text.format(county=county, on=on, left=said, far_km=f"{FAR_M / 1e3:g}")
                for text, said in zip(texts, (zh, en), strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class _County:
    """A version of a county; `outline` is EPSG:4490."""

    code: str
    object_id: int
    valid_from: date
    valid_to: date | None
    outline: BaseGeometry


def check_counties(connection: sa.Connection, change: Change) -> None:
    """Refuse a change that leaves objects of a county without its ground.

    Divisions below a county end and move freely: questions are placed by county.

    Parameters
    ----------
    change
        Written and not yet numbered; what it closed is compared with what holds now.

    Raises
    ------
    CountyInUse
    """
    division = TABLES[DIVISION.name].c
    for before in _read(connection, division.closed_by == change.id):
        now = _read(
            connection, division.code == before.code, division.closed_by.is_(None)
        )
        for day, outline in _list_followers(before, now):
            if outline is None:
                _check_end(connection, before, day)
            elif not outline.equals(before.outline):
                _check_move(connection, before, day, outline)


def _read(
    connection: sa.Connection, *wanted: sa.ColumnElement[bool]
) -> Sequence[_County]:
    """Return versions of counties by the day they begin."""
    division = TABLES[DIVISION.name].c
    rows = connection.execute(
        sa.select(
            division.code,
            division.object_id,
            division.valid_from,
            division.valid_to,
            sa.func.ST_AsBinary(division.geom),
        )
        .where(sa.func.length(division.code) == COUNTY_DIGITS, *wanted)
        .order_by(division.valid_from)
    )
    return [
        _County(code, number, begins, ends, shapely.from_wkb(bytes(wkb)))
        for code, number, begins, ends, wkb in rows
    ]


def _list_followers(
    before: _County, now: Sequence[_County]
) -> Iterator[tuple[date, BaseGeometry | None]]:
    """Give what holds in the days of a closed version: from when, and which outline."""
    day, end = before.valid_from, before.valid_to or date.max
    for one in now:
        until = one.valid_to or date.max
        if until <= day or end <= one.valid_from:
            continue
        if day < one.valid_from:
            yield day, None
        yield max(day, one.valid_from), one.outline
        day = until
    if day < end:
        yield day, None


def _check_end(connection: sa.Connection, county: _County, on: date) -> None:
    if _find_untaken(connection, county.code, county.outline, on) is not None:
        _refuse_if_any(connection, county, on, _ENDS, lambda _: sa.true())


def _check_move(
    connection: sa.Connection, county: _County, on: date, outline: BaseGeometry
) -> None:
    plane = LocalPlane.around(outline)
    near = plane.to_lonlat(plane.to_plane(outline).buffer(FAR_M))
    lost = shapely.difference(county.outline, near)
    rest = _find_untaken(connection, county.code, lost, on)
    if rest is None:
        return
    left_ground, drawn = _bound(rest), _bound(outline)

    def is_left(table: sa.Table) -> sa.ColumnElement[bool]:
        # The boxes are named as well: row-level security lets them alone use the index.
        return sa.and_(
            table.c.geom.op("&&")(left_ground),
            sa.func.ST_Intersects(table.c.geom, left_ground),
            ~sa.func.ST_Intersects(table.c.geom, drawn),
        )

    _refuse_if_any(connection, county, on, _MOVES, is_left)


def _bound(ground: BaseGeometry) -> sa.Function[Any]:
    return sa.func.ST_GeomFromWKB(shapely.to_wkb(ground), STORAGE_SRID)


def _find_untaken(
    connection: sa.Connection, code: str, ground: BaseGeometry, on: date
) -> BaseGeometry | None:
    """Return the ground that no other county in force on a day covers, if there is."""
    if ground.is_empty:
        return None
    division = TABLES[DIVISION.name].c
    # Not by `list_touching`: it reads changes, and those of other counties are hidden.
    others = connection.scalars(
        sa.select(sa.func.ST_AsBinary(division.geom)).where(
            sa.func.length(division.code) == COUNTY_DIGITS,
            division.code != code,
            in_force_on(TABLES[DIVISION.name], on),
            division.geom.op("&&")(_bound(ground)),
        )
    )
    taken = shapely.union_all([shapely.from_wkb(bytes(one)) for one in others])
    rest = shapely.difference(ground, taken)
    left_m2: float = measure_area(rest)
    whole_m2: float = measure_area(ground)
    return None if left_m2 <= _LEFT_SHARE * whole_m2 else rest


def _refuse_if_any(
    connection: sa.Connection,
    county: _County,
    on: date,
    texts: tuple[str, str],
    is_left: Callable[[sa.Table], sa.ColumnElement[bool]],
) -> None:
    """Refuse if objects of a county are left, in force on a day or beginning later."""
    left: dict[Layer, int] = {}
    for layer in LAYERS:
        if layer.shape is Shape.NONE:
            continue
        table = TABLES[layer.name]
        count = connection.scalar(
            sa.select(sa.func.count(table.c.object_id.distinct())).where(
                table.c.division_code.startswith(county.code, autoescape=True),
                table.c.closed_by.is_(None),
                sa.or_(table.c.valid_to.is_(None), table.c.valid_to > on),
                table.c.object_id != county.object_id,
                is_left(table),
            )
        )
        if count:
            left[layer] = count
    if left:
        raise CountyInUse(texts, county.code, on, left)
