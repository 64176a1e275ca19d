"""Chinese words of a survey become the values of the register, and only those."""

import pyarrow as pa
import pytest

from parcels.register.layers import LAYERS, RESTRICTION_THEMES
from parcels.surveys.value_words import WORDS, translate_values
from tests.unit.parcels.surveys.candidate_rows import candidates, told

ATTRIBUTES = [one for layer in LAYERS for one in layer.attributes]
PLAIN = {
    "land_use_scheme",
    "current_use_scheme",
    "planned_use_scheme",
    "industry_edition",
}


def attribute(layer, name):
    return next(one for one in LAYERS if one.name == layer).attribute(name)


def translated(layer, name, *texts):
    column = pa.array(texts, pa.string())
    return translate_values(attribute(layer, name), column).to_pylist()


@pytest.mark.parametrize(
    "value",
    sorted({v for one in ATTRIBUTES if one.name not in PLAIN for v in one.values}),
)
def test_every_value_has_a_chinese_word(value):
    assert WORDS[value]


def test_every_theme_that_rules_know_has_a_word():
    assert all(WORDS[theme] for theme in RESTRICTION_THEMES)


def test_every_word_is_for_a_value_that_exists():
    known = {value for one in ATTRIBUTES for value in one.values}
    assert set(WORDS) <= known | set(RESTRICTION_THEMES)


@pytest.mark.parametrize("one", [a for a in ATTRIBUTES if a.values], ids=str)
def test_no_word_means_two_values_of_one_attribute(one):
    words = [word for value in one.values for word in WORDS.get(value, ())]
    assert len(words) == len(set(words))


def test_words_are_found_whatever_their_width_and_blanks():
    assert translated(
        "farmland_unit", "category", "优先保护类", " 安全 利用", "safe_use", None, "甲"
    ) == ["priority_protection", "safe_use", "safe_use", None, "甲"]
    assert translated("plot", "coord_source", "ＧＣＪ－02", "bd09") == ["gcj02", "bd09"]


def test_titles_of_schemes_are_known_for_every_use_of_a_plot():
    for name in ("current_use_scheme", "planned_use_scheme"):
        assert translated("plot", name, "GB/T 21010-2017") == ["gbt21010_2017"]


def test_same_word_means_what_its_attribute_allows():
    assert translated("plot", "stage", "疑似污染地块") == ["suspected"]
    assert translated("plot_list_membership", "list", "疑似污染地块名单") == [
        "suspected"
    ]
    assert translated("plot", "soil_standard", "未超标") == ["met"]
    assert translated("plot", "stage", "未超标") == ["cleared"]


def test_titles_of_schemes_and_editions_are_known():
    titles = ("GB/T 21010-2017", "用地用海分类指南", "三调")
    assert translated("parcel", "land_use_scheme", *titles) == [
        "gbt21010_2017",
        "ydyh_2023",
        "三调",
    ]
    editions = ("GB/T 4754-2017", "2011年", "2017", "1994")
    assert translated("enterprise", "industry_edition", *editions) == [
        "2017",
        "2011",
        "2017",
        "1994",
    ]


def test_theme_is_known_by_its_chinese_name_and_any_other_stays():
    names = ("生态保护红线", "某市自定专题")
    assert translated("restriction_area", "theme", *names) == [
        "ecological_redline",
        "某市自定专题",
    ]


def test_free_text_is_left_alone():
    assert translated("parcel", "location", "其他") == ["其他"]


def test_chinese_category_of_a_file_needs_no_correction():
    found, issues = candidates("farmland_unit", LBBM=["1"], ZLLB=["严格管控"])
    assert found.values["category"].to_pylist() == ["strict_control"]
    assert found.raw["category"].to_pylist() == ["严格管控"]
    assert told(issues) == {}


def test_dumps_and_their_waste_are_known_by_the_words_of_the_plans():
    kinds = ("非正规垃圾堆放点", "非法倾倒填埋点", "垃圾填埋场")
    assert translated("facility", "kind", *kinds) == [
        "informal_dump",
        "illegal_dump",
        "landfill",
    ]
    waste = ("危险废物", "建筑垃圾", "生活垃圾", "污泥")
    assert translated("facility", "waste", *waste) == [
        "hazardous",
        "construction",
        "household",
        "sludge",
    ]
