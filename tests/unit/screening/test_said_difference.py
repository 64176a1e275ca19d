"""How whoever asked is told that a change makes their answer another."""

import pytest

from screening.impact.answer import say_difference

A_HIT = {"rule": "B01", "before": "not_matched", "after": "matched"}
A_LIFTED = {"rule": "C04", "before": "matched", "after": "not_applicable"}
GONE = {
    "reason": "parcel_not_found",
    "zh": "宗地已分割。",
    "en": "The parcel was split.",
}


def difference(before, after, *rules, members=(), impossible=None):
    return {
        "outcome": {"before": before, "after": after},
        "rules": list(rules),
        "members": list(members),
        "impossible": impossible,
    }


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (
            difference("allow", "deny", A_HIT, members=["outcome"]),
            "通过 → 不予通过；新符合规则 B01",
            "allowed → denied; now matched: B01",
        ),
        (
            difference("deny", "deny", A_LIFTED, A_HIT | {"rule": "A01"}, A_HIT),
            "仍为不予通过；新符合规则 A01、B01；不再符合规则 C04",
            "still denied; now matched: A01, B01; matched no more: C04",
        ),
        (
            difference("consult", "consult", members=["missing_facts"]),
            "仍为征求生态环境部门意见；缺失事实有变",
            "still ask the ecology-environment department; other missing facts",
        ),
        (
            difference("allow", None, impossible=GONE),
            "通过 → 无法核查；宗地已分割",
            "allowed → nothing can be decided; The parcel was split",
        ),
    ],
)
def test_a_difference_is_said_in_both_languages_without_codes_of_ours(found, zh, en):
    told = say_difference(found)
    assert (told.zh, told.en) == (zh, en)
