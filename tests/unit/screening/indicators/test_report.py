"""A report names its targets in the reader's language, from older snapshots too."""

from screening.indicators.account import write_target
from screening.indicators.loader import read_targets
from screening.indicators.periods import parse_period
from screening.indicators.report import _namer, _targets
from screening.indicators.targets import applicable


def figures(**changed):
    (target,) = applicable(
        read_targets(), "safe_use_area", "410122", parse_period("2019")
    )
    told = write_target(target) | {"verdict_text": {"zh": "无", "en": "none"}} | changed
    amount = {"title": {"zh": "面积", "en": "area"}, "targets": [told]}
    return {"rates": [], "amounts": [amount]}


def test_source_and_note_are_told_in_both_languages():
    (zh,), (en,) = _targets(figures(), "zh").rows, _targets(figures(), "en").rows
    assert zh[1] == "郑州市2019年土壤污染防治攻坚战实施方案 三(二)3"
    assert en[1] == "Zhengzhou implementation plan of 2019, section 三(二)3"
    assert (zh[2], en[2]) == ("指标另行下达", "amount issued separately")


def test_figures_that_were_kept_before_are_told_as_they_were():
    kept = figures(note="amount issued separately")
    del kept["amounts"][0]["targets"][0]["source_text"]
    (row,) = _targets(kept, "en").rows
    assert row[1:3] == [
        "郑州市2019年土壤污染防治攻坚战实施方案 三(二)3",
        "amount issued separately",
    ]


def test_the_whole_country_is_told_in_words():
    assert _namer({"names": {}}, "zh")("*") == "全国"
    assert _namer({"names": {}}, "en")("*") == "whole country"
