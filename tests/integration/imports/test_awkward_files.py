"""Every fault and trap of the survey conventions has a file, and gets its answer.

The files go the way of an upload: through the reading process, whose folder must be
empty afterwards. What they stand for is read from the conventions themselves where
those are there.
"""

import ast
import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from parcels.refusal import Refusal
from parcels.surveys.archive import Archive
from parcels.surveys.confinement import Examination, run_examination
from parcels.surveys.issues import Issue
from parcels.surveys.limits import Limits
from parcels.surveys.proposing import Proposal
from parcels.surveys.request import UploadRequest
from tests.integration.imports import awkward_places, awkward_shapes, awkward_texts
from tests.integration.imports.awkward_files import GROUND

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
CONVENTIONS = TESTS.parents[1] / "shared" / "domain" / "survey_data_conventions.md"
CASES = (*awkward_shapes.CASES, *awkward_places.CASES, *awkward_texts.CASES)
FAULTS = tomllib.loads((HERE / "conventions.toml").read_text(encoding="utf-8"))["fault"]
PLACELESS = {
    "geometry_missing": "there is no shape",
    "geometry_record_damaged": "there is no shape",
    "geometry_outside_crs": "no place belongs to the numbers, which are told",
    "number_comma": "the field is named",
    "number_unreadable": "the field is named",
}
"""Kinds that a row without any usable coordinate may have without a place."""


@pytest.fixture
def examine(tmp_path):
    """Send an awkward file; give what comes back, and see that nothing stays behind."""
    archive = Archive(tmp_path / "uploads")

    def run(case):
        declared = {"crs": 4526, "encoding": "gbk"} | dict(case.declared)
        path = tmp_path / "sent"
        path.write_bytes(case.data())
        with archive.scratch() as scratch:
            request = UploadRequest(case.layer, "999901", date(2024, 1, 1), **declared)
            return run_examination(
                path, case.filename, request, GROUND, Limits(), scratch
            )

    yield run
    assert list((tmp_path / "uploads" / "scratch").iterdir()) == []


def said(found):
    """Return an answer in the words of `Awkward.answer`."""
    if isinstance(found, Proposal):
        asked = [f"{name}={getattr(found, name)}" for name in found.must_confirm]
        return " ".join(("asked", *asked))
    assert isinstance(found, Examination)
    told = {
        f"{one['kind']}@{one['row']}" if one["row"] else one["kind"]
        for one in found.issues.to_pylist()
    }
    return " ".join(("told", *sorted(told))) if told else "clean"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_awkward_file_gets_its_answer(examine, case):
    try:
        found = examine(case)
    except Refusal as refusal:
        assert f"refused {refusal.reason}" == case.answer
        assert refusal.zh and refusal.en and refusal.zh != refusal.en
        return
    assert said(found) == case.answer
    if isinstance(found, Examination):
        for one in found.issues.to_pylist():
            if one["row"] is not None and one["longitude"] is None:
                assert one["kind"] in PLACELESS
            issue = as_issue(one)
            assert issue.message("zh") != issue.message("en")
            assert issue.advice("zh") != issue.advice("en")


def as_issue(one):
    """An issue of a table as it is read from the database."""
    details = json.loads(one["details"])
    names = ("kind", "severity", "row", "field", "value")
    return Issue(1, *(one[name] for name in names), details, None)


def sections():
    """Return the text of each numbered section of the conventions."""
    text = CONVENTIONS.read_text(encoding="utf-8")
    parts = re.split(r"(?m)^#{2,3} (\d(?:\.\d)?)\.? .*$", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text):
    """Return the first cell of each line of tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    heads = {
        before
        for before, after in zip(text.splitlines(), text.splitlines()[1:], strict=False)
        if after.startswith("| ---")
    }
    return [
        line.split("|")[1].strip()
        for line in lines
        if line not in heads and not line.startswith("| ---")
    ]


needs_conventions = pytest.mark.skipif(
    not CONVENTIONS.exists(), reason="the conventions are not here"
)


@needs_conventions
@pytest.mark.parametrize("section", ["1.4", "1.5", "5", "6"])
def test_every_line_of_a_table_of_faults_has_a_case(section):
    listed = {one["says"] for one in FAULTS if one["section"] == section}
    cells = first_cells(sections()[section])
    assert cells
    assert [cell for cell in cells if cell not in listed] == []


@needs_conventions
def test_every_fault_stands_in_the_conventions():
    texts = sections()
    strange = [
        (one["section"], one["says"])
        for one in FAULTS
        if one["section"] and one["says"] not in texts[one["section"]]
    ]
    assert strange == []


@needs_conventions
def test_every_section_that_names_faults_has_cases():
    named = {one["section"] for one in FAULTS}
    assert {"1.1", "1.2", "1.3", "2", "3.1", "3.3", "3.4", "4"} <= named


def exists(test):
    """Tell whether file::name below the tests is a test function."""
    file, _, name = test.partition("::")
    path = TESTS / file
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one["says"][:30])
def test_every_fault_has_cases_that_exist(fault):
    files, tests = fault.get("files", []), fault.get("tests", [])
    assert files or tests
    assert set(files) <= {case.name for case in CASES}
    assert [test for test in tests if not exists(test)] == []


def test_every_file_stands_for_a_fault_and_has_a_name_of_its_own():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert set(names) <= {name for one in FAULTS for name in one.get("files", [])}
