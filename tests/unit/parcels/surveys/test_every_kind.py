"""No dead kinds of issue: each is given by some check and expected by some test.

Read from the sources: a kind that no check names can never be told, and one that no
test with an assertion names has never been seen.
"""

import ast
from pathlib import Path

import pytest

from parcels.surveys import issues as catalogue

ROOT = Path(__file__).parents[4]
KINDS = sorted(catalogue._SEVERITIES)
CATALOGUE = {"issues.py", "issue_text.py", "refusals.py", "reading_refusals.py"}


def texts(tree):
    """Return every string that stands in a tree as a whole."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def named_by_checks():
    found = set()
    for path in (ROOT / "parcels/surveys").rglob("*.py"):
        if path.name not in CATALOGUE and not path.name.endswith("_texts.py"):
            found |= texts(ast.parse(path.read_text(encoding="utf-8")))
    return found


def asserts(node):
    return any(isinstance(one, ast.Assert) for one in ast.walk(node))


def expected_by_tests():
    found = set()
    for folder in ("unit/parcels/surveys", "integration/imports"):
        for path in (ROOT / "tests" / folder).rglob("test_*.py"):
            if path.name in (Path(__file__).name, "test_issues.py"):
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and asserts(node):
                    found |= texts(node)
    return found


@pytest.mark.parametrize(
    "find", [named_by_checks, expected_by_tests], ids=lambda one: one.__name__
)
def test_every_kind_is_given_by_a_check_and_expected_by_a_test(find):
    assert sorted(set(KINDS) - find()) == []
