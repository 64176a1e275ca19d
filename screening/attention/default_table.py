"""The score table shipped with the program (shell: reads a file).

`default_table.csv` holds the verified tree of indicators with scores that are a project
default throughout (`score_status`), and with the bounds of what can be measured.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

from parcels.texts import Text
from screening.attention.table import Option, ScoreTable, TableRow, build_table

_FILE: Final = Path(__file__).with_name("default_table.csv")
NAME: Final = "project-default-2026-11"
SOURCE: Final = Text(
    "项目默认值，非官方赋分表；指标树见环办土壤〔2017〕67号（文号凭记忆）",
    "project default, not the official scores; indicators after 环办土壤〔2017〕67号"
    " (number recalled)",
)


@cache
def read_default_table() -> ScoreTable:
    """Return the shipped table.

    Raises
    ------
    TableNotWhole
        If the shipped file was damaged.
    """
    with _FILE.open(encoding="utf-8", newline="") as file:
        return build_table(NAME, SOURCE, [_row(line) for line in csv.DictReader(file)])


def _row(line: dict[str, str]) -> TableRow:
    option = Option(
        int(line["option_number"]),
        Text(line["option_zh"], line["option_en"]),
        float(line["score"]),
        line["unknown"] == "yes",
        float(line["at_least"]) if line["at_least"] else None,
        float(line["below"]) if line["below"] else None,
    )
    return TableRow(
        line["scheme"],
        line["medium"],
        line["group_name"],
        line["indicator"],
        Text(line["indicator_zh"], line["indicator_en"]),
        float(line["max_score"]),
        option,
    )
