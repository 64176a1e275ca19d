"""Problem documents and the language they speak."""

import pytest

from app.problems import Fault, Problem, preferred_language
from parcels.texts import Text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh;q=0.8,en;q=0.9", "en"),
        ("en;q=0.9,zh;q=0.9", "zh"),
        ("en;q=0", "zh"),
        ("fr,de;q=0.5", "zh"),
        ("en;q=nonsense", "zh"),
        ("," * 1000, "zh"),
    ],
)
def test_chinese_unless_english_is_preferred(header, language):
    assert preferred_language(header) == language


PROBLEM = Problem(
    422,
    "invalid-request",
    Text("请求有误", "Not valid"),
    faults=[Fault("body", "/a", "missing", Text("缺", "missing"))],
    members={"successors": ["1"], "status": 999},
)


def test_a_problem_speaks_one_language():
    assert PROBLEM.document("en")["title"] == "Not valid"
    assert PROBLEM.document("zh")["errors"][0]["message"] == "缺"


def test_members_of_the_standard_cannot_be_overridden():
    assert PROBLEM.document("zh")["status"] == 422
    assert PROBLEM.document("zh")["successors"] == ["1"]


def test_a_place_in_the_body_is_a_pointer_and_elsewhere_a_name():
    text = Text("", "")
    assert "pointer" in Fault("body", "/a", "x", text).document("zh")
    assert "parameter" in Fault("query", "limit", "x", text).document("zh")
