"""Rule sets: which rules and numbers hold where and when, and what a digest covers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from screening.parameters import PARAMETER_IDS, marked_source, source_beside_mark
from screening.rule_set import InvalidRuleSet, SubjectInTwoRuleSets
from screening.rule_sets.loader import FOLDER, read_rule_sets
from screening.rules import RULES
from screening.rules.rule import Finding
from screening.vocabulary import Status, Transaction

SETS = read_rule_sets()
DAY = date(2026, 3, 1)


def asked(division: str, transaction: str, on: date = DAY) -> set[str]:
    rules = SETS.find([division]).at(on).asked[Transaction(transaction)]
    return {rule.id for rule in rules}


def write_set(folder: Path, change: str, old: str = "") -> Path:
    """Copy the shipped sets; put a change at the end of `national`, or in place."""
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if path.stem == "national":
            assert old in text
            text = text.replace(old, change, 1) if old else text + change
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("division", "name"),
    [
        ("513425", "liangshan"),
        ("513401", "liangshan"),
        ("510104", "national"),
        ("410122", "zhengzhou"),
        ("410221", "national"),
        ("999901", "national"),
    ],
)
def test_longest_prefix_of_the_division_wins(division: str, name: str) -> None:
    assert SETS.find([division]).ref.id == name


def test_counties_of_one_place_share_their_set() -> None:
    assert SETS.find(["513425", "513401"]).ref.id == "liangshan"


def test_subject_across_two_places_is_asked_in_parts() -> None:
    with pytest.raises(SubjectInTwoRuleSets) as refused:
        SETS.find(["513425", "510104"])
    assert "liangshan" in refused.value.zh


@pytest.mark.parametrize(
    ("rule_id", "division", "transaction"),
    [
        ("C08", "513425", "grant"),
        ("C07", "513425", "project_approval"),
        ("C10", "513425", "grant"),
        ("D05", "513425", "farm_convert"),
        ("D13", "513425", "reclaim_to_arable"),
        ("E01", "513425", "siting"),
        ("E04", "513425", "eia"),
        ("B03", "410122", "take_back"),
        ("D03", "410122", "farm_convert"),
    ],
)
def test_local_rule_holds_in_its_place_alone(
    rule_id: str, division: str, transaction: str
) -> None:
    places = {"513425", "410122", "999901"}
    holding = {place for place in places if rule_id in asked(place, transaction)}
    assert holding == {division}


def test_draft_is_in_no_set() -> None:
    for rule_set in SETS.sets:
        span = rule_set.at(DAY)
        assert "C05" not in {r.id for rules in span.asked.values() for r in rules}


def test_rules_of_other_places_are_shown_as_not_applicable() -> None:
    others = SETS.find(["999901"]).at(DAY).not_applicable[Transaction.GRANT]
    assert {"C08", "C10", "D03", "I05"} == {finding.rule.id for finding in others}


def test_every_rule_of_a_set_has_a_date_or_is_always_in_force() -> None:
    span = SETS.find(["999901"]).at(DAY)
    held = {r.id for rules in span.asked.values() for r in rules}
    national = {r.id for r in RULES if "national" in r.marks}
    assert held == national


# Day on which a rule begins: the day before it is not asked, on the day it is.
BEGINS = [
    ("A01", "999901", "grant", date(2019, 1, 1)),
    ("B01", "999901", "grant", date(2017, 7, 1)),
    ("C03", "999901", "take_back", date(2019, 1, 1)),
    ("C06", "999901", "take_back", date(2017, 1, 1)),
    ("C09", "999901", "grant", date(2021, 9, 1)),
    ("C09", "513425", "grant", date(2017, 7, 20)),
    ("D01", "999901", "grant", date(2020, 1, 1)),
    ("C08", "513425", "grant", date(2017, 7, 20)),
    ("D05", "513425", "farm_convert", date(2018, 1, 1)),
    ("B03", "410122", "take_back", date(2019, 4, 3)),
    ("D03", "410122", "grant", date(2019, 4, 3)),
    ("D07", "999901", "farm_circulate", date(2019, 1, 1)),
    ("D08", "999901", "farm_circulate", date(2019, 1, 1)),
    ("D09", "999901", "farm_circulate", date(2019, 1, 1)),
    ("D09", "513425", "farm_circulate", date(2017, 7, 20)),
    ("D10", "999901", "farm_circulate", date(2019, 1, 1)),
    ("D11", "999901", "reclaim_to_arable", date(2019, 1, 1)),
    ("D12", "999901", "reclaim_to_arable", date(2019, 1, 1)),
    ("D13", "513425", "reclaim_to_arable", date(2017, 7, 20)),
    ("D14", "999901", "reclaim_to_arable", date(2019, 1, 1)),
    ("D15", "999901", "farm_circulate", date(2020, 1, 1)),
    ("D16", "999901", "farm_circulate", date(2019, 1, 1)),
    ("D17", "999901", "farm_circulate", date(2019, 1, 1)),
    ("F01", "999901", "grant", date(2022, 8, 16)),
    ("F01", "513425", "grant", date(2017, 7, 20)),
    ("F02", "999901", "transfer", date(2022, 8, 16)),
    ("F02", "513425", "transfer", date(2017, 7, 20)),
    ("E01", "513425", "siting", date(2017, 7, 20)),
    ("E03", "999901", "siting", date(2019, 1, 1)),
    ("E05", "999901", "siting", date(2020, 9, 1)),
    ("E07", "999901", "siting", date(2021, 3, 1)),
    ("E08", "999901", "siting", date(2023, 4, 1)),
    ("G01", "999901", "grant", date(2018, 1, 1)),
    ("G08", "999901", "grant", date(2018, 7, 1)),
    ("H03", "999901", "grant", date(2019, 1, 1)),
    ("H04", "999901", "farm_circulate", date(2019, 1, 1)),
    ("I05", "410122", "eia", date(2019, 4, 3)),
    ("I05", "513425", "eia", date(2017, 7, 20)),
]


@pytest.mark.parametrize(("rule_id", "division", "transaction", "begins"), BEGINS)
def test_rule_begins_on_its_day(
    rule_id: str, division: str, transaction: str, begins: date
) -> None:
    before = begins.fromordinal(begins.toordinal() - 1)
    assert rule_id not in asked(division, transaction, before)
    assert rule_id in asked(division, transaction, begins)


def test_what_matched_says_since_when_it_holds_and_how_sure_the_day_is() -> None:
    rules = SETS.find(["999901"]).at(DAY).asked[Transaction("farm_convert")]
    d04 = next(rule for rule in rules if rule.id == "D04")
    shown = Finding(d04, Status.MATCHED).texts("en")["in_force"]
    assert shown == {
        "from": "2020-01-01",
        "to": None,
        "confidence": "recalled",
        "source": "Land Management Law as amended 2019, in force 2020-01-01 (recalled)",
    }
    assert "in_force" not in Finding(d04, Status.NOT_MATCHED).texts("en")


@pytest.mark.parametrize(
    ("division", "on", "bars"),
    [
        ("999901", DAY, "consult"),
        ("410122", DAY, "consult"),
        ("513425", date(2017, 7, 19), "consult"),
        ("513425", date(2017, 7, 20), "deny"),
    ],
)
def test_liangshan_bars_edible_crops_on_strict_control_land(
    division: str, on: date, bars: str
) -> None:
    parameters = SETS.find([division]).at(on).parameters
    assert parameters.edible_crop_on_strict_control == bars


def test_liangshan_lists_more_industries() -> None:
    names = {s.ref.id: s.at(DAY).parameters.listed_industries.name for s in SETS.sets}
    assert names == {"national": "H6", "liangshan": "H1+H6", "zhengzhou": "H6"}


def test_numbers_of_the_rule_table() -> None:
    values = SETS.find(["999901"]).at(DAY).parameters
    assert (values.sliver_area_m2, values.sliver_width_m) == (1.0, 0.10)
    assert (values.buf_plot_m, values.buf_key_unit_m) == (100.0, 500.0)
    assert (values.buf_landfill_m, values.buf_waste_yard_m) == (500.0, 500.0)
    assert (values.buf_tailings_m, values.buf_smelter_farm_m) == (1000.0, 1000.0)
    assert values.buf_other_farm_m == 200.0
    assert (values.buf_siting_receptor_m, values.buf_siting_consult_m) == (
        500.0,
        1000.0,
    )
    assert (values.yangtze_chemical_m, values.yangtze_tailings_main_m) == (1e3, 3e3)
    assert (values.yangtze_tailings_tributary_m, values.overhead_pond_m) == (1e3, 1e3)
    assert values.survey_validity_months is None
    assert values.initial_survey_term_months == 6
    assert values.resale_on_register == "consult"


def test_every_number_names_unit_source_and_confidence() -> None:
    for rule_set in SETS.sets:
        for parameter in rule_set.at(DAY).parameters.sources.values():
            assert parameter.source.zh and parameter.source.en
            assert parameter.confidence in {"verified", "recalled", "proposed"}


def test_term_of_the_survey_begins_with_order_42() -> None:
    national = SETS.find(["999901"])
    assert national.at(date(2017, 6, 30)).parameters.initial_survey_term_months is None
    assert national.at(date(2017, 7, 1)).parameters.initial_survey_term_months == 6


def test_digests_differ_between_sets_and_repeat() -> None:
    again = {s.ref.id: s.ref.sha256 for s in read_rule_sets().sets}
    assert again == {s.ref.id: s.ref.sha256 for s in SETS.sets}
    assert len(set(again.values())) == len(again)


def test_digest_follows_a_changed_number(tmp_path: Path) -> None:
    changed = write_set(tmp_path, "value = 120.0", "value = 100.0")
    before = SETS.find(["999901"]).ref
    after = read_rule_sets(changed).find(["999901"]).ref
    assert (before.id, before.version) == (after.id, after.version)
    assert before.sha256 != after.sha256


def test_new_value_begins_where_the_old_one_ends(tmp_path: Path) -> None:
    """Half-open dates: on the day of the change the new value holds."""
    entry = 'id = "survey_validity_months"\nvalue = {}\nconfidence = "proposed"\n'
    texts = 'unit = "months"\nsource_zh = "本地"\nsource_en = "local"\n'
    first = "[[parameter]]\n" + entry.format(24) + texts + "valid_to = 2026-01-01\n"
    second = "[[parameter]]\n" + entry.format(36) + texts + "valid_from = 2026-01-01\n"
    national = read_rule_sets(write_set(tmp_path, f"\n{first}\n{second}")).find(["11"])
    months = [
        national.at(on).parameters.survey_validity_months
        for on in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert months == [24, 36]


@pytest.mark.parametrize(
    ("change", "old", "message"),
    [
        ("\n[[parameter]\n", "", "national.toml"),
        ('id = "buf_plot"', 'id = "buf_plot_m"', "no rule reads buf_plot"),
        ("", 'version = "2026.11"', "version"),
        ('rules = ["A99"]', 'rules = ["C13"]', "no such rule: A99"),
        ("rules = []", 'rules = ["C13"]', "give a date of effect for C13"),
        ('value = ["H9"]', 'value = ["H6"]', "no such industry list"),
        ('id = "buf_plot_m"', 'id = "buf_key_unit_m"', "twice"),
        ('value = "100"', "value = 100.0", "buf_plot_m cannot be '100'"),
        ("value = -1", "value = 100.0", "buf_plot_m cannot be -1"),
        ("value = true", "value = 2019", "cannot be True"),
        ("value = 6.5", "value = 6", "cannot be 6.5"),
        ('value = "ask"', 'value = "consult"', "cannot be 'ask'"),
        ('valid_from = "2019-01-01"', "valid_from = 2019-01-01", "is no day"),
        ('"all", "henan"', '"all", "national"', "no rule bears henan"),
        ('confidence = "sure"', 'confidence = "verified"', "no such confidence"),
    ],
)
def test_faulty_rule_set_is_not_loaded(
    tmp_path: Path, change: str, old: str, message: str
) -> None:
    with pytest.raises(InvalidRuleSet, match=message):
        read_rule_sets(write_set(tmp_path, change, old))


def test_number_nobody_gives_is_missed(tmp_path: Path) -> None:
    change = 'id = "sliver_width_m"\nvalid_to = 2020-01-01'
    with pytest.raises(InvalidRuleSet, match="sliver_width_m"):
        read_rule_sets(write_set(tmp_path, change, 'id = "sliver_width_m"'))


def test_unknown_base_is_refused(tmp_path: Path) -> None:
    folder = write_set(tmp_path, "")
    local = (folder / "zhengzhou.toml").read_text(encoding="utf-8")
    (folder / "zhengzhou.toml").write_text(local.replace('"national"', '"henan"'))
    with pytest.raises(InvalidRuleSet, match="henan"):
        read_rule_sets(folder)


def test_parameters_are_all_in_the_national_set() -> None:
    given = SETS.find(["999901"]).at(DAY).parameters.sources
    assert set(PARAMETER_IDS) - set(given) == {"survey_validity_months"}


def test_parameters_cannot_be_changed() -> None:
    parameters = SETS.find(["999901"]).at(DAY).parameters
    with pytest.raises(AttributeError):
        parameters.buf_plot_m = 1.0  # type: ignore[misc]
    assert replace(parameters, buf_plot_m=1.0).buf_plot_m == 1.0


FIGURES = [
    (source, figure.confidence)
    for rule_set in SETS.sets
    for span in rule_set.spans
    for figure in (
        *span.parameters.sources.values(),
        *(r.in_force for rules in span.asked.values() for r in rules if r.in_force),
    )
    for source in figure.source
]


def test_a_recalled_figure_is_called_so_once_beside_its_mark() -> None:
    told = {
        source_beside_mark(*figure) for figure in FIGURES if figure[1] == "recalled"
    }
    assert told and not [one for one in told if "recalled" in one or "凭记忆" in one]
    assert "第42号令第十四条（把握较高）：自通知送达起六个月" in told
    assert "Regulation on the Land Management Law, in force 2021-09-01" in told
    assert "自然资发〔2022〕142号" in told


def test_a_figure_with_its_mark_says_once_how_sure_it_is() -> None:
    marks = {
        "verified": ("已核对", "verified"),
        "recalled": ("凭记忆", "recalled"),
        "proposed": ("产品默认值", "project default"),
    }
    for rule_set in SETS.sets:
        for span in rule_set.spans:
            for one in span.parameters.sources.values():
                told = marked_source(one.source, one.confidence)
                for text, mark in zip(told, marks[one.confidence], strict=True):
                    assert text.count(mark) == 1, text


def test_of_other_figures_the_source_stays_as_it_is() -> None:
    others = [figure for figure in FIGURES if figure[1] != "recalled"]
    assert [source_beside_mark(*each) for each in others] == [s for s, _ in others]
    assert any("(recalled)" in source for source, _ in others)
