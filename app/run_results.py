"""Files of a run's rows, written for a caller (shell)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from app.pages.i18n import read_catalogue, translate
from parcels.refusal import Language
from parcels.register.division_names import describe_divisions
from parcels.register.repository import Moment
from screening.runs.files import Result
from screening.runs.kinds import KINDS
from screening.runs.repository import ResultRow, Run, list_results
from screening.runs.row import Words

_AT_ONCE = 5000
_INDUSTRY = re.compile("[0-9]{4}")
"""A class of GB/T 4754, as the register keeps it."""


def result_of(connection: sa.Connection, run: Run, language: Language) -> Result:
    """Return a run that is done with its rows, read as they are walked."""
    rows = walk_results(connection, run.id)
    words = words_in(language, _divisions_then(connection, run, language))
    return Result(run, KINDS[run.kind], rows, language, words)


def _divisions_then(
    connection: sa.Connection, run: Run, language: Language
) -> Callable[[str], str]:
    """Return what describes a division as it was called when the run was made."""
    moment = Moment(run.as_of, run.known_at)

    @cache
    def describe(code: str) -> str:
        return describe_divisions(connection, [code], language, moment).get(code, code)

    return describe


def walk_results(connection: sa.Connection, run_id: UUID) -> Iterator[ResultRow]:
    """Yield every row of a run, read some thousand at once."""
    after = 0
    while page := list_results(connection, run_id, after=after, limit=_AT_ONCE):
        yield from page
        after = page[-1].number


def words_in(language: Language, division: Callable[[str], str] | None = None) -> Words:
    """Return what puts coded values into words of the catalogue.

    The class of a restriction area is its theme, that of a former use the code of its
    industry. `division` describes divisions, of which the catalogue has no names.
    """
    catalogue = read_catalogue(language)

    def find(group: str, value: str) -> str:
        if group == "division" and division is not None:
            return division(value)
        if group != "category" or f"category.{value}" in catalogue:
            return catalogue.get(f"{group}.{value}", value)
        if _INDUSTRY.fullmatch(value):
            return translate(language, "format.industry_code", code=value)
        return catalogue.get(f"theme.{value}", value)

    return find


def result_name(run: Run, form: str, folder: Path) -> Path:
    """Return the path of a file for a run's rows."""
    return folder / f"jingtu-{run.kind}-{run.id}.{form}"
