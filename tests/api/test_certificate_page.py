"""What is laid out on a certificate."""

import json

import pytest
import typst
from rasterio.io import MemoryFile

from app.pages.i18n import read_catalogue
from screening.certificate.page import write_page
from tests.api.bodies import OURS, entry, new_code, parcel_code, square
from tests.closing_words import FOLDER, check_closing, inputs

QUESTION = {"transaction": "transfer", "subject": {"parcel_code": parcel_code(2)}}


def page_of(record, language):
    """Return what is laid out of a record."""
    texts = read_catalogue(language)
    return write_page(
        record,
        texts,
        language,
        divisions={OURS: f"净土示范县 {OURS}"},
        digest="0" * 64,
        verify_at="",
        form="",
        signed=False,
    )


def record_of(api, decision):
    return api.get(decision["links"]["record"]).json()


TEMPLATE = (FOLDER / "certificate.typ").read_bytes()


def ink_right_of_the_facts(page):
    """Return where the first sheet is dark right of the column of facts.

    A4 less margin, map and gutter: 210 - 18 - 80 - 4 = 108 mm.
    """
    made = typst.compile(
        TEMPLATE, root=FOLDER, format="png", ppi=72, sys_inputs=inputs(page)
    )
    with MemoryFile(made[0] if isinstance(made, list) else made) as file:
        with file.open() as image:
            dark = image.read([1, 2, 3]).min(axis=0) < 128
    return dark[:, round(108 / 25.4 * 72) :]


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
@pytest.mark.parametrize(
    "reference", ["W" * 60, "案" * 60, "i\u0301" * 60, f"{'W' * 19} {'W' * 40}"]
)
def test_a_long_reference_stays_in_its_column(api, reference):
    asked = QUESTION | {"reference": "short"}
    decision = api.post("/v1/gate/decisions", asked).json()
    page = page_of(record_of(api, decision), "en")
    short = ink_right_of_the_facts(page)
    (line,) = [fact for fact in page["facts"] if fact[1] == "short"]
    line[1] = reference
    assert short.any() and (ink_right_of_the_facts(page) == short).all()


def test_a_ground_without_an_article_ends_in_no_comma(api):
    decision = api.post("/v1/gate/decisions", QUESTION).json()
    page = page_of(record_of(api, decision), "en")
    grounds = [basis["text"] for one in page["findings"] for basis in one["basis"]]
    assert "design of this system" in grounds


@pytest.fixture(scope="module")
def on_a_plot(_register):
    """The record of a decision about contaminated land."""
    ground = square(114.083, 34.683, 0.001)
    plot = {"plot_code": new_code(), "division_code": OURS, "stage": "contaminated"}
    plot |= entry("contaminated")
    _register.create(
        "/v1/plots", plot | {"valid_from": "2024-01-01", "geometry": ground}
    )
    question = {"transaction": "grant", "subject": {"geometry": ground}}
    return record_of(_register, _register.post("/v1/gate/decisions", question).json())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "自 2017-07-01 起（已核对：《污染地块土壤环境管理办法（试行）》"),
        ("en", "since 2017-07-01 (verified: Order 42 of 2016"),
    ],
)
def test_a_certificate_says_since_when_a_rule_holds(on_a_plot, language, said):
    record = json.loads(json.dumps(on_a_plot))
    told = [one["in_force"] for one in page_of(record, language)["findings"]]
    assert any(one.startswith(said) for one in told), told
    # Records made before rules told it are still laid out.
    for finding in record["decision"]["findings"]:
        finding[language].pop("in_force", None)
    assert {one["in_force"] for one in page_of(record, language)["findings"]} == {""}


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        ("within", "What the findings rest on lies in other divisions"),
        ("on", "What the findings rest on lies in other divisions"),
        ("declared", "No rule refers to a thing"),
        ("no_coverage", "No rule refers to a thing"),
        ("stale", "No rule refers to a thing"),
    ],
)
def test_an_empty_table_says_whether_all_lies_across_a_border(
    on_a_plot, relation, said
):
    assert page_of(on_a_plot, "en")["hits"]
    record = json.loads(json.dumps(on_a_plot))
    for finding in record["decision"]["findings"]:
        for piece in finding["evidence"]:
            piece |= {"feature": None, "relation": relation}
    page = page_of(record, "en")
    assert page["hits"] == []
    assert page["no_hits"].startswith(said)


@pytest.mark.parametrize(("language", "word"), [("zh", "凭记忆"), ("en", "recalled")])
def test_a_recalled_day_or_number_is_called_so_once(on_a_plot, language, word):
    """By its mark; the source says it too where it stands alone."""
    record = json.loads(json.dumps(on_a_plot))
    finding = next(
        one for one in record["decision"]["findings"] if one[language].get("in_force")
    )
    source = f"GB 1-2020（{word}）" if language == "zh" else f"GB 1-2020 ({word})"
    recalled = {"confidence": "recalled", "source": source}
    finding[language] |= {
        "in_force": {"from": "2020-01-01", "to": None, **recalled},
        "parameters": [{"id": "p1", "value": "5", "unit": "m", **recalled}],
    }
    told = next(
        one
        for one in page_of(record, language)["findings"]
        if "GB 1-2020" in one["in_force"]
    )
    for said in (told["in_force"], told["parameters"]):
        assert said.count(word) == 1 and "GB 1-2020" in said, said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "名录内既有住宅的转售（RESALE_ON_REGISTER）：征求意见（"),
        ("en", "a home that stands on the register (RESALE_ON_REGISTER): the opinion"),
    ],
)
def test_a_parameter_is_told_by_its_name_and_its_key(on_a_plot, language, said):
    record = json.loads(json.dumps(on_a_plot))
    switch = {"id": "resale_on_register", "value": "consult", "unit": ""}
    figure = {**switch, "confidence": "proposed", "source": "S"}
    for finding in record["decision"]["findings"]:
        finding[language]["parameters"] = [figure]
    found = page_of(record, language)["findings"]
    assert all(said in finding["parameters"] for finding in found)
    assert found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "规划 城镇住宅用地 0701（GB/T 21010-2017）。"),
        ("en", "planned Urban residential land 0701 (GB/T 21010-2017)."),
    ],
)
def test_a_class_of_land_in_a_reason_is_told_by_its_name(on_a_plot, language, said):
    record = json.loads(json.dumps(on_a_plot))
    before = {"zh": "规划 ", "en": "planned "}[language]
    end = {"zh": "。", "en": "."}[language]
    for finding in record["decision"]["findings"]:
        finding[language]["reason"] = f"{before}gbt21010_2017 0701{end}"
    found = page_of(record, language)["findings"]
    assert found and {finding["reason"] for finding in found} == {said}


def test_divisions_are_told_by_name_and_code(on_a_plot):
    page = page_of(on_a_plot, "zh")
    named = f"净土示范县 {OURS}"
    assert ["所在区划", named] in page["facts"]
    assert named in page["themes"]["of"]


@pytest.mark.parametrize(("language", "between"), [("zh", "；"), ("en", "; ")])
def test_documents_that_hold_commas_are_told_apart(on_a_plot, language, between):
    record = json.loads(json.dumps(on_a_plot))
    asked = {"zh": ["甲、乙", "丙"], "en": ["a, b", "c"]}[language]
    for finding in record["decision"]["findings"]:
        finding[language]["required_documents"] = asked
    told = {finding["documents"] for finding in page_of(record, language)["findings"]}
    assert told == {between.join(asked)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sheet_has_the_closing_words_alone(on_a_plot, language):
    page = page_of(on_a_plot, language)
    (finding, *_) = page["findings"]
    check_closing("certificate", page, "findings", [n * [finding] for n in range(22)])


def test_codes_of_the_interface_are_told_in_words(on_a_plot):
    record = json.loads(json.dumps(on_a_plot))
    for finding in record["decision"]["findings"]:
        finding["zh"]["lifts_when"] = "经申明（project.type = remediation）"
        finding["zh"]["note"] = "见 project.safety_rebuild，向 999901 核实"
        finding["zh"]["reason"] = "对象 999901-ST106、999901001003GB00249，区划 999901"
    told = page_of(record, "zh")["findings"]
    assert {one["lifts_when"] for one in told} == {
        "经申明（申报事项“项目类型：风险管控或修复工程”）"
    }
    named = f"净土示范县 {OURS}"
    assert {one["note"] for one in told} == {
        f"见 申报事项“提升安全的改建”，向 {named} 核实"
    }
    assert {one["reason"] for one in told} == {
        f"对象 999901-ST106、999901001003GB00249，区划 {named}"
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("theme farmland_unit", "theme Farmland category"),
        (
            "themes yangtze_main_shoreline, yangtze_tributary_shoreline",
            "themes Yangtze main-stem shoreline, Yangtze tributary shoreline",
        ),
        ("theme former_use, plot record", "theme Former use, plot record"),
        ("overlap with a theme is a sliver", "overlap with a theme is a sliver"),
    ],
)
def test_a_layer_is_told_by_its_name(on_a_plot, source, said):
    record = json.loads(json.dumps(on_a_plot))
    missing = {"fact": "x", "reason": "X", "source": source, "effect": "blocks"}
    record["decision"]["missing_facts"] = [{"en": missing, "zh": missing}]
    assert [one["source"] for one in page_of(record, "en")["missing"]] == [said]


def test_a_thing_across_the_border_is_told_with_its_distance(on_a_plot):
    record = json.loads(json.dumps(on_a_plot))
    (piece, *_) = (
        piece
        for finding in record["decision"]["findings"]
        for piece in finding["evidence"]
    )
    across = {"feature": None, "relation": "within", "distance_m": "100.00"}
    across |= {"theme": "plot", "division_code": "999902", "area_m2": None}
    piece |= across | {"share": None, "category": None}
    things = [one["things"] for one in page_of(record, "en")["findings"]]
    said = "“Contaminated or suspected plot” of division 999902 (nearby, within 100 m)"
    assert any(said in one for one in things), things


def test_what_is_not_judged_is_not_called_unmatched(on_a_plot):
    record = json.loads(json.dumps(on_a_plot))
    record["decision"]["findings"] = [record["decision"]["findings"][0]]
    (finding,) = record["decision"]["findings"]
    finding |= {"status": "not_matched", "evidence": []}
    finding["zh"] |= {"status": "not_matched"}
    assert page_of(record, "zh")["no_findings"] == "没有规则成立。"
    finding["status"] = "unknown"
    finding["zh"] |= {"status": "unknown", "reason": "R", "would_be": "deny"}
    page = page_of(record, "zh")
    assert "不能判断的规则见第四部分" in page["no_findings"]
    assert page["findings"] == [] and len(page["waiting"]) == 1


def test_drawn_land_is_told_by_its_centre(on_a_plot):
    facts = dict(page_of(on_a_plot, "en")["facts"])
    assert "centre 114.08350°E, 34.68350°N, 4 vertices" in facts["Land"]


def test_many_parcels_are_all_listed(on_a_plot):
    record = json.loads(json.dumps(on_a_plot))
    codes = [f"999901001003GB{number:05}" for number in range(7)]
    record["subject"]["parcel_codes"] = codes
    page = page_of(record, "en")
    assert page["all_codes"] == codes
    assert dict(page["facts"])["Parcel code"] == "7 parcels, listed below"
    record["subject"]["parcel_codes"] = codes[:6]
    page = page_of(record, "en")
    assert page["all_codes"] == []
    assert dict(page["facts"])["Parcel code"] == ", ".join(codes[:6])


@pytest.mark.parametrize(
    ("things", "said"),
    [(1, "编号 1"), (2, "编号 1、2"), (5, "编号 1–5")],
)
def test_numbers_in_a_row_are_told_as_a_range(on_a_plot, things, said):
    record = json.loads(json.dumps(on_a_plot))
    finding = next(
        one for one in record["decision"]["findings"] if one["status"] == "matched"
    )
    record["decision"]["findings"] = [finding]
    (piece, *_) = [one for one in finding["evidence"] if one["feature"]]
    finding["evidence"] = [piece | {"feature": f"P{i}"} for i in range(things)]
    (told,) = page_of(record, "zh")["findings"]
    assert told["things"] == said


@pytest.mark.parametrize(
    ("theme", "category", "said"),
    [
        ("former_use", "2614", "行业代码（GB/T 4754）2614"),
        ("plot_document", "initial_survey", "初步调查报告"),
        ("plot", "suspected", "疑似污染地块"),
        ("flood_detention_area", "flood_detention_area", "蓄滞洪区"),
    ],
)
def test_a_class_of_a_thing_is_told_in_words(on_a_plot, theme, category, said):
    record = json.loads(json.dumps(on_a_plot))
    for finding in record["decision"]["findings"]:
        for piece in finding["evidence"]:
            piece |= {"theme": theme, "category": category}
    hits = page_of(record, "zh")["hits"]
    assert hits and {one["category"] for one in hits} == {said}
