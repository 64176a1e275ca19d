"""The tables of the domain notes, which lie beside the project, not in it."""

import csv
from pathlib import Path

import pytest

TABLES = Path(__file__).resolve().parents[2] / "shared" / "domain"
WITH_TABLES = pytest.mark.skipif(
    not TABLES.is_dir(), reason="the domain tables are not here"
)


def read_table(name):
    """Return the rows of a table."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
