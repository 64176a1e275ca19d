"""In which form is a certificate printed? (shell: reads its own files once).

A record never changes; the words, the layout and the program that set it may, with an
upgrade. Two prints of one record are the same byte for byte as long as their form is
the same, with the same fonts and public address. So the form has a mark (版式号): it
stands on every page, and `/verify` tells the one in use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from parcels.refusal import Language
from screening.certificate.saying import Catalogue
from screening.facts.catalogue import FACTS
from screening.record import DISCLAIMER
from screening.request_fields import FIELDS

WORDS: Final = frozenset(
    {
        "ask",
        "category",
        "certificate",
        "choice",
        "confidence",
        "decision",
        "document_type",
        "extract",
        "finding",
        "format",
        "outcome",
        "outcome_means",
        "parameter",
        "parameter_unit",
        "parameter_value",
        "relation",
        "role",
        "rule_set",
        "scheme",
        "status",
        "theme",
        "transaction",
        "use",
    }
)
"""Groups of the catalogue that a certificate takes its words from."""

_FOLDER: Final = Path(__file__).parent
_DIGITS: Final = 12
_LIBRARIES: Final = ("typst", "segno", "shapely")


def describe_form(texts: Mapping[Language, Catalogue]) -> str:
    """Return the mark of the form: twelve digits of a SHA-256, hexadecimal.

    It is over the words of both languages that a certificate may say, its template, the
    paper of all documents, the sources of this folder, and the libraries that draw and
    set. Fonts are not in it.
    """
    digest = hashlib.sha256(_written([_words(texts), *map(version, _LIBRARIES)]))
    templates = [_FOLDER / "certificate.typ", _FOLDER / "paper.typ"]
    for path in [*templates, *sorted(_FOLDER.glob("*.py"))]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_DIGITS]


def _words(texts: Mapping[Language, Catalogue]) -> dict[str, Any]:
    named = {
        **{path: field.title for path, field in FIELDS.items()},
        **{f"fact {name}": fact.name for name, fact in FACTS.items()},
        "disclaimer": DISCLAIMER,
    }
    return {
        language: {
            **{key: text for key, text in said.items() if key.split(".")[0] in WORDS},
            **{key: text.of(language) for key, text in named.items()},
        }
        for language, said in texts.items()
    }


def _written(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
