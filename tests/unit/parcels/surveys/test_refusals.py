"""Every reason a file is refused for is one that something gives."""

import ast
from pathlib import Path

import pytest

from parcels.surveys import refusals

PARCELS = Path(refusals.__file__).parents[1]
WORDS = {
    node.value
    for path in PARCELS.rglob("*.py")
    if "refusals" not in path.name
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
BUILT = {"coordinates_small", "coordinates_other", "coordinates_web_mercator"}
"""Named after what the coordinates look like."""


@pytest.mark.parametrize("reason", sorted(refusals._TEXTS))
def test_reason_is_given_by_something(reason):
    assert reason in WORDS | BUILT


@pytest.mark.parametrize("reason", sorted(refusals._TEXTS))
def test_both_languages_name_the_same_figures(reason):
    zh, en = refusals._TEXTS[reason]
    plain = [
        {part.removesuffix("_zh").removesuffix("_en") for part in _parts(text)}
        for text in (zh, en)
    ]
    assert plain[0] == plain[1]


def _parts(text):
    return {node.split("!")[0].split("}")[0] for node in text.split("{")[1:]}
