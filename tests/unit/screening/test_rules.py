"""Rules as data: what stands beside each, and that it says what the rule table says."""

import csv
import re
from pathlib import Path

import pytest

from parcels.texts import Text
from screening.facts.catalogue import FACTS
from screening.parameters import PARAMETER_IDS
from screening.rules import RULES
from screening.rules.instruments import article, articles, liangshan, zhengzhou
from screening.rules.rule import Finding, Rule, explain
from screening.themes import THEMES
from screening.truth import Evidence, Missing
from screening.vocabulary import Outcome, Status, Transaction
from tests.gate_builders import DAY, changed_rules, decide_case, rule_sets

TABLE = Path(__file__).parents[2] / "specification" / "rule_table.csv"
ROWS = {row["rule_id"]: row for row in csv.DictReader(TABLE.open(encoding="utf-8"))}
BY_ID = {rule.id: rule for rule in RULES}
HAN = re.compile(r"[\u4e00-\u9fff]")


def every_text(rule: Rule) -> list[Text]:
    citations = [t for c in rule.legal_basis for t in (c.document, c.confidence)]
    optional = [text for text in (rule.lifts_when, rule.note) if text]
    documents = [*rule.required_documents, *rule.consult]
    return [rule.title, rule.reason, *citations, *optional, *documents]


def test_rules_stand_in_legal_order_once() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert set(ids) == set(ROWS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_asked_where_the_table_says(rule: Rule) -> None:
    named = ROWS[rule.id]["transactions"]
    expected = set(Transaction) if named == "all" else set(named.split("|"))
    assert rule.transactions == expected
    assert rule.outcome == ROWS[rule.id]["outcome"]
    assert rule.marks == set(ROWS[rule.id]["marks"].split("|"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_says_everything_in_both_languages(rule: Rule) -> None:
    for text in every_text(rule):
        assert HAN.search(text.zh), text
        assert text.en and text.en != text.zh


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_cites_a_ground_with_its_verification(rule: Rule) -> None:
    assert rule.legal_basis
    for citation in rule.legal_basis:
        assert citation.verification in {"verified", "recalled", "design_choice"}


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r.outcome in {"deny", "consult"}], ids=lambda r: r.id
)
def test_rule_that_stops_says_what_lifts_it_and_whom_to_ask(rule: Rule) -> None:
    assert rule.lifts_when
    assert rule.consult


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_names_themes_and_parameters_that_exist(rule: Rule) -> None:
    assert set(rule.themes) <= {spec.theme for spec in THEMES}
    assert set(rule.parameters) <= set(PARAMETER_IDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_function_is_named_as_a_statement_and_documented(rule: Rule) -> None:
    function = rule.condition or rule.closing
    assert function is not None and function.__doc__
    assert (rule.condition is None) != (rule.closing is None)


# Where the table's last column says "recalled", the answer has to say so.
RECALLED = {
    "A04": "Order 42",
    "A07": "GB 36600",
    "B01": "Order 42",
    "B03": "Order 42",
    "B09": "Order 42",
    "C01": "Order 42",
    "C03": "Order 3",
    "C10": "Order 3",
    "G08": "HJ 338",
}


@pytest.mark.parametrize(("rule_id", "instrument"), RECALLED.items())
def test_recalled_stays_marked_in_every_answer(rule_id: str, instrument: str) -> None:
    for rule_set in rule_sets().sets:
        shown = BY_ID[rule_id].seen_from(rule_set.marks).texts("en")
        (cited,) = [c for c in shown["legal_basis"] if instrument in c["document"]]
        assert cited["verification"] == "recalled"
        assert cited["verification_text"] == "recalled, check before quoting"


def test_plan_of_another_place_is_cited_as_followed_by_design() -> None:
    seen = {
        rule_set.ref.id: BY_ID["C02"].seen_from(rule_set.marks).legal_basis
        for rule_set in rule_sets().sets
    }
    marks = {
        name: [citation.verification for citation in basis]
        for name, basis in seen.items()
    }
    assert marks["zhengzhou"] == ["verified", "design_choice"]
    assert marks["liangshan"] == ["design_choice", "verified"]
    assert marks["national"] == ["design_choice", "design_choice"]


@pytest.mark.parametrize("rule_id", ["D06", "H01", "H02"])
def test_law_of_another_province_is_followed_by_design(rule_id: str) -> None:
    """No rule set is of Anhui or Guangdong."""
    cited = [
        citation
        for citation in BY_ID[rule_id].legal_basis
        if citation.document.zh.startswith(("安徽", "《广东"))
    ]
    assert [citation.verification for citation in cited] == ["design_choice"]


@pytest.mark.parametrize(
    ("rule_id", "article"),
    [
        ("A02", "第九十一条第四项"),
        ("A01", "第六十一条第二款"),
        ("E08", "第二十六条第二款"),
    ],
)
def test_items_and_paragraphs_are_told_apart(rule_id: str, article: str) -> None:
    cited = [citation.article.zh for citation in BY_ID[rule_id].legal_basis]
    assert article in cited


def test_draft_for_comment_can_be_switched_on() -> None:
    rules = changed_rules(rule_sets().find(["999901"]).at(DAY), {}, ["C05"])
    given = {
        "transaction": "use_change",
        "planned_use": "ydyh_2023 080403",
        "current_use": "ydyh_2023 070101",
    }
    decision = decide_case(given, rules=rules)
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS


def test_resale_on_the_register_can_be_barred_by_a_deployment() -> None:
    rules = rule_sets().find(["999901"]).at(DAY)
    barred = changed_rules(rules, {"resale_on_register": "deny"})
    given = {"transaction": "transfer", "current_use": "ydyh_2023 070101"}
    listed = {**given, "plots": [{"stage": "rcr_listed"}]}
    assert decide_case(listed, rules=rules).outcome is Outcome.CONSULT
    assert decide_case(listed, rules=barred).outcome is Outcome.DENY
    assert decide_case(given, rules=barred).outcome is Outcome.ALLOW


def test_term_of_the_initial_survey_is_that_of_the_rule_set() -> None:
    rules = rule_sets().find(["999901"]).at(DAY)
    given = {"transaction": "eia", "plots": [{"stage": "suspected"}]}

    def reason(months: int | None, language: str) -> str:
        set_here = changed_rules(rules, {"initial_survey_term_months": months})
        found = decide_case(given, rules=set_here).findings
        (finding,) = [one for one in found if one.rule.id == "C01"]
        return finding.texts(language)["reason"]

    assert reason(3, "en").endswith(" It is due 3 months after the written notice.")
    assert reason(3, "zh").endswith("书面通知后3个月内完成。")
    assert reason(None, "zh").endswith("须先完成初步调查并通过评审。")


def test_articles_are_cited_in_either_language() -> None:
    assert article(61, 2) == ("第六十一条第二款", "Art. 61(2)")
    assert article(59, 2, 3) == ("第五十九条第二款、第三款", "Art. 59(2)(3)")
    assert articles(10, 20, 45) == ("第十条、第二十条、第四十五条", "Art. 10, 20, 45")
    assert liangshan(13, 14).article == ("第13、14项", "items 13, 14")
    assert zhengzhou("三(三)2").article.en == "section 三(三)2"


class TestFindingTexts:
    """A finding in words, as the HTTP contract has it."""

    evidence = Evidence("plot", "P1", "on", "rcr_listed", 12.5, 0.125, 0.0)

    def test_matched_rule_tells_everything(self) -> None:
        shown = Finding(BY_ID["A01"], Status.MATCHED, (self.evidence,)).texts("zh")
        assert shown["rule"] == "A01"
        assert shown["outcome"] == "deny"
        assert shown["legal_basis"][0]["article"] == "第六十一条第二款"
        assert shown["evidence"][0]["feature"] == "P1"
        assert {"title", "reason", "required_documents", "consult"} <= set(shown)

    def test_detail_follows_the_reason(self) -> None:
        detail = Text("甲。", " A.")
        finding = Finding(BY_ID["A01"], Status.MATCHED, detail=detail)
        assert finding.texts("en")["reason"].endswith(" A.")
        again = Finding(BY_ID["A01"], Status.MATCHED)
        assert not again.texts("en")["reason"].endswith(" A.")

    def test_rule_that_did_not_match_tells_its_title(self) -> None:
        shown = Finding(BY_ID["A01"], Status.NOT_MATCHED).texts("en")
        assert set(shown) == {"rule", "status", "outcome", "title"}
        assert shown["outcome"] is None

    def test_unknown_rule_names_what_it_waits_for_and_whom_to_ask(self) -> None:
        waiting = (Missing("plot_stage", "border", "plot", "410122"),)
        finding = Finding(BY_ID["A01"], Status.UNKNOWN, missing=waiting)
        assert "410122" in finding.texts("zh")["reason"]
        assert "ask 410122" in finding.texts("en")["reason"]
        assert finding.texts("en")["would_be"] == "deny"
        assert finding.texts("en")["missing"] == ["plot_stage"]

    @pytest.mark.parametrize(
        "cause",
        ["no_coverage", "stale", "border", "not_on_record", "not_declared"]
        + ["not_comparable"],
    )
    def test_every_cause_has_words(self, cause: str) -> None:
        for fact in FACTS:
            words = explain(Missing(fact, cause))  # type: ignore[arg-type]
            assert HAN.search(words.zh) and words.en
