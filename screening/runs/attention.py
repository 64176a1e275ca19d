"""The kind `attention`: scores and levels of attention of enterprises (shell)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from psycopg.rows import dict_row, tuple_row

from parcels.codes import WHOLE_COUNTRY, division_contains
from parcels.register.statements import Statements, as_known_now, as_known_then, fetch
from parcels.texts import Text
from screening.attention.default_table import read_default_table
from screening.attention.scoring import HIGH_FROM, MEDIUM_FROM
from screening.attention.spatial import RAINFALL_THEME, SEARCH_M, TARGET_THEMES
from screening.attention.table import Option, ScoreTable, TableRow, build_table
from screening.neighbourhood import Feature
from screening.runs.asked import ParameterFault
from screening.runs.attention_rows import (
    COLUMNS,
    LEVELS,
    AttentionMaterial,
    Correction,
    Subject,
    rate_enterprises,
    tally_levels,
)
from screening.runs.border import list_near_border, read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.coverage import list_covered
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Choice, Field
from screening.runs.tiles import LayerRead, Tile, plan_tiles, read_around, read_tile

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "run_attention.sql")
_LOOKED_FOR: Final = (
    LayerRead("receptor"),
    LayerRead("water_source"),
    LayerRead("farmland_unit"),
    LayerRead("river"),
    LayerRead("restriction_area", ("nature_reserve", RAINFALL_THEME)),
)
Answers = dict[tuple[str, str], dict[str, list[int]]]
Corrections = dict[tuple[str, str], Correction]
Tables = dict[str, ScoreTable]


def _enterprises(order: RunOrder) -> tuple[LayerRead, ...]:
    codes = order.parameters.get("enterprises")
    return (LayerRead("enterprise", None, tuple(codes) if codes else None),)


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, _enterprises(order))


def _read(connection: sa.Connection, order: RunOrder, tile: Tile) -> AttentionMaterial:
    enterprises = read_tile(connection, order, tile, _enterprises(order))
    codes = sorted({enterprise.code for enterprise in enterprises})
    answers, corrections = _said_of(connection, order, codes)
    tables = _read_tables(connection, order)
    covered = list_covered(connection, order, TARGET_THEMES)
    near_border = list_near_border(connection, order, enterprises, SEARCH_M)
    open_sided = {enterprise.version_id for enterprise in near_border}
    across = _across(connection, order, enterprises)
    subjects = [
        Subject(
            enterprise,
            _table_of(tables, enterprise.division_code),
            answers.get((enterprise.division_code, enterprise.code), {}),
            corrections.get((enterprise.division_code, enterprise.code)),
            # Who knows what lies beyond the border is not asked here: open.
            ()
            if enterprise.version_id in open_sided
            else covered.get(enterprise.division_code, ()),
            across.get(enterprise.version_id, ()),
        )
        for enterprise in enterprises
    ]
    parameters = order.parameters
    return AttentionMaterial(
        subjects,
        read_around(connection, order, enterprises, SEARCH_M, _LOOKED_FOR),
        parameters["high_from"],
        parameters["medium_from"],
        tuple(parameters["listed_levels"]),
    )


def _check(parameters: Mapping[str, Any]) -> Sequence[ParameterFault]:
    """Return that medium attention begins above high, where it would be nobody's."""
    medium, high = parameters["medium_from"], parameters["high_from"]
    if medium <= high:
        return ()
    text = Text(
        f"不应大于高度关注起始分（{high:g}）；请更正其中之一。",
        f"must not be more than high attention from ({high:g}); correct one of them.",
    )
    where = "/parameters/medium_from"
    return (ParameterFault(where, "order_reversed", text, medium),)


def _across(
    connection: sa.Connection, order: RunOrder, enterprises: Sequence[Feature]
) -> dict[int | None, Collection[str]]:
    found: dict[int | None, Collection[str]] = {}
    for one in read_border(connection, order, enterprises, SEARCH_M, TARGET_THEMES):
        version = one.feature.version_id
        found[version] = {*found.get(version, ()), one.hit.theme}
    return found


def _said_of(
    connection: sa.Connection, order: RunOrder, codes: list[str]
) -> tuple[Answers, Corrections]:
    """Return answers and corrections by division and enterprise."""
    answers: Answers = {}
    for division, code, indicator, number in _fetch(
        connection, order, "answers", codes=codes
    ):
        said = answers.setdefault((division, code), {})
        said.setdefault(indicator, []).append(number)
    corrections = {
        (division, code): Correction(level, reason, reviewer, day.isoformat())
        for division, code, level, reason, reviewer, day in _fetch(
            connection, order, "corrections", codes=codes
        )
    }
    return answers, corrections


def _read_tables(connection: sa.Connection, order: RunOrder) -> Tables:
    """Return the offices' own score tables by division.

    Raises
    ------
    TableNotWhole
        If one does not add up.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in _fetch(connection, order, "options", dict_row):
        rows.setdefault(row["division_code"], []).append(row)
    return {division: _build(found) for division, found in rows.items()}


def _build(rows: list[dict[str, Any]]) -> ScoreTable:
    names = sorted({row["table_name"] for row in rows})
    sources = sorted({row["table_source"] for row in rows})
    source = "; ".join(sources)
    return build_table(
        "; ".join(names), Text(source, source), [_table_row(row) for row in rows]
    )


def _table_row(row: dict[str, Any]) -> TableRow:
    option = Option(
        row["option_number"],
        Text(row["option_zh"], row["option_en"]),
        row["score"],
        row["unknown"],
        row["at_least"],
        row["below"],
    )
    return TableRow(
        row["scheme"],
        row["medium"],
        row["group_name"],
        row["indicator"],
        Text(row["indicator_zh"], row["indicator_en"]),
        row["max_score"],
        option,
    )


def _table_of(tables: Tables, division: str) -> ScoreTable:
    """Return the table of the narrowest office that has one, else the shipped one."""
    holders = [holder for holder in tables if division_contains(holder, division)]
    if not holders:
        return read_default_table()
    return tables[max(holders, key=len)]


def _fetch(
    connection: sa.Connection,
    order: RunOrder,
    name: str,
    row_factory: Any = tuple_row,
    **more: Any,
) -> list[Any]:
    known = as_known_now if order.moment.known_at is None else as_known_then
    values = {
        "division": "" if order.scope == WHOLE_COUNTRY else order.scope,
        "as_of": order.moment.as_of,
        "known_at": order.moment.known_at,
        **more,
    }
    return fetch(connection, known(_SQL[name]), values, row_factory)


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return TARGET_THEMES


_LEVEL_CHOICES: Final = tuple(Choice(name, text) for name, text in LEVELS.items())
_RECALLED: Final = Text(
    "凭记忆，未找到出处；可按官方规定调整",
    "recalled, no source found; adjust it to the official rule",
)

ATTENTION: Final = Kind(
    "attention",
    Text("企业地块风险筛查", "Attention levels of enterprises"),
    Text(
        "按指标体系计算企业地块的土壤、地下水得分和关注度，生成注明日期的初步采样名单。"
        "所附赋分表为项目默认值，非官方数值。",
        "Scores enterprise plots for soil and groundwater, gives each a level of"
        " attention and a dated list for initial sampling. The score table shipped is a"
        " project default, not the official one.",
    ),
    (
        DIVISION_FIELD,
        Field("enterprises", Text("企业代码", "Enterprise codes"), "codes"),
        Field(
            "listed_levels",
            Text("列入初步采样名单的关注度", "Levels put on the sampling list"),
            "choices",
            default=("high",),
            choices=_LEVEL_CHOICES,
            hint=Text("项目默认：高度关注", "project default: high attention"),
        ),
        Field(
            "high_from",
            Text("高度关注起始分", "High attention from"),
            "number",
            default=HIGH_FROM,
            most=100.0,
            hint=_RECALLED,
        ),
        Field(
            "medium_from",
            Text("中度关注起始分", "Medium attention from"),
            "number",
            default=MEDIUM_FROM,
            most=100.0,
            hint=_RECALLED,
        ),
    ),
    COLUMNS,
    _plan,
    _read,
    rate_enterprises,
    tally_levels,
    _themes,
    check=_check,
)
