"""In which language does a page speak, and what is the text of a key? (shell).

One catalogue serves templates and scripts: ``catalogue/<language>/*.json``, flat
keys, the same in every language; the files only keep the keys in groups. Chinese
comes first: it is the language when nothing else is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from parcels.refusal import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
LANGUAGE_COOKIE = "jingtu_language"
"""Cookie that remembers the language a person switched to; it holds nothing else."""

_FOLDER = Path(__file__).parent / "catalogue"


class DuplicateKey(Exception):
    """A key stands in two files of one language's catalogue."""


@cache
def read_catalogue(language: Language) -> Mapping[str, str]:
    """Return every text of a language by its key.

    Raises
    ------
    DuplicateKey
        If a key stands in two files.
    """
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.json")):
        part = json.loads(file.read_text(encoding="utf-8"))
        if twice := texts.keys() & part.keys():
            raise DuplicateKey(f"{file.name}: {', '.join(sorted(twice))}")
        texts.update(part)
    return texts


def translate(language: Language, key: str, **values: object) -> str:
    """Return the text of `key` with its ``{name}`` places filled in.

    Raises
    ------
    KeyError
        If the catalogue has no such key, or the text has a place without a value.

    Examples
    --------
    >>> translate("en", "format.mu", value="1.50")
    '1.50 mu'
    """
    return read_catalogue(language)[key].format(**values)


def choose_language(
    asked: str | None, remembered: str | None, accepted: str | None
) -> Language:
    """Return the language of a page.

    Parameters
    ----------
    asked
        ``?lang=`` of the address; it wins.
    remembered
        Cookie of an earlier switch.
    accepted
        ``Accept-Language``; the first language of ours in it, by order of quality.

    Examples
    --------
    >>> choose_language(None, None, "fr;q=0.9, en;q=0.8, zh;q=0.5")
    'en'
    >>> choose_language("zh", "en", None)
    'zh'
    >>> choose_language("tlh", None, None)
    'zh'
    """
    for wish in (asked, remembered):
        for language in LANGUAGES:
            if wish == language:
                return language
    return _first_accepted(accepted or "") or LANGUAGES[0]


def _first_accepted(header: str) -> Language | None:
    ranked = sorted(
        (_quality(entry) for entry in header.split(",") if entry.strip()),
        key=lambda pair: -pair[0],
    )
    for quality, tag in ranked:
        for language in LANGUAGES:
            if quality > 0 and tag.split("-")[0] == language:
                return language
    return None


def _quality(entry: str) -> tuple[float, str]:
    tag, *parameters = (part.strip().lower() for part in entry.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:]), tag
            except ValueError:
                return 0.0, tag
    return 1.0, tag
