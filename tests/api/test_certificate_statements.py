"""What a certificate repeats of what the caller said."""

import json

import pytest

from screening.request_fields import FIELDS
from tests.api.bodies import parcel_code
from tests.api.test_certificate_page import page_of, record_of

HOMES = {"scheme": "gbt21010_2017", "code": "0701"}
SAID = {
    "land_use": HOMES,
    "boolean": True,
    "text": "国函〔2025〕1号",
    "texts": ["镉", "铅"],
    "industries": [
        {"industry_code": "C3211", "industry_edition": "2017", "from_year": 1990},
        {"industry_code": "2511"},
    ],
    "industry": "C2611",
    "crop": {"name": "水稻", "edible": True},
    "integer": 3,
}


def ask(api, **body):
    question = {"transaction": "transfer", "subject": {"parcel_code": parcel_code(2)}}
    answer = api.post("/v1/gate/decisions", question | body)
    assert answer.status_code == 201, answer.text
    return record_of(api, answer.json())


def fact(record, language, name):
    return dict(page_of(record, language)["facts"]).get(name)


def every_field():
    """Return a body that states every field of the request but the planned use."""
    body = {}
    for path, field in FIELDS.items():
        section, _, name = path.partition(".")
        if name:
            said = field.allowed[-1] if field.kind == "choice" else SAID[field.kind]
            body.setdefault(section, {})[name] = said
    return body


@pytest.mark.parametrize(("language", "line"), [("zh", "申报事项"), ("en", "Stated")])
def test_every_statement_is_repeated_under_its_name(api, language, line):
    told = fact(ask(api, **every_field()), language, line)
    colon = {"zh": "：", "en": ": "}[language]
    for path, field in FIELDS.items():
        if path != "planned_use":
            assert field.title.of(language) + colon in told, told


@pytest.mark.parametrize(
    ("language", "line", "parts"),
    [
        (
            "zh",
            "申报事项",
            [
                "项目类型：风险管控或修复工程",
                "排放污染物：否",
                "现状用途：城镇住宅用地 0701（GB/T 21010-2017）",
                "原有行业：C3211（GB/T 4754-2017） 1990–、2511（GB/T 4754）",
                "拟种作物：水稻、食用",
            ],
        ),
        (
            "en",
            "Stated",
            ["discharges pollutants: No", "crop to be grown: 水稻, edible"],
        ),
    ],
)
def test_a_statement_is_told_in_words(api, language, line, parts):
    project = {"type": "remediation", "discharges_pollutants": False}
    declared = {
        name: SAID[kind]
        for name, kind in (
            ("current_use", "land_use"),
            ("former_use", "industries"),
            ("crop", "crop"),
        )
    }
    told = fact(ask(api, project=project, declared=declared), language, line)
    assert [part for part in parts if part not in told] == []


def test_who_said_nothing_is_not_quoted(api):
    assert fact(ask(api), "zh", "申报事项") is None


@pytest.mark.parametrize(
    ("transaction", "told"),
    [
        ("transfer", "未申报，按现状用途比对"),
        ("take_back", "未申报"),
        ("grant", "未申报；确定规划用途后须重新核查"),
    ],
)
def test_a_use_that_was_not_stated_is_called_so(api, transaction, told):
    assert fact(ask(api, transaction=transaction), "zh", "规划用途") == told


def test_a_difference_from_the_record_is_told_in_words(api):
    record = json.loads(json.dumps(ask(api)))
    record["decision"]["differences"] = [
        {
            "fact": "current_use",
            "recorded": "gbt21010_2017 0701",
            "declared": "gbt21010_2017 0601",
        },
        {"fact": "former_industry", "recorded": "–", "declared": "3360, C2651"},
        {
            "fact": "existing_supplied_land",
            "recorded": "False",
            "declared": "True",
        },
    ]
    notes = page_of(record, "zh")["notes"]
    assert notes[-3:] == [
        "现状用途：登记为 城镇住宅用地 0701（GB/T 21010-2017），"
        "申报为 工业用地 0601（GB/T 21010-2017）。",
        "原有行业：登记为 无，申报为 3360（GB/T 4754）、C2651（GB/T 4754）。",
        "已供存量用地：登记为 否，申报为 是。",
    ]
