"""Certificates of the named parcels: everything a decision says stands on the page."""

import json
import tomllib
from pathlib import Path

import pytest

from app.pages.i18n import LANGUAGES, read_catalogue
from screening.certificate.page import write_page
from screening.certificate.things import list_hits

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NAMED = tomllib.loads((SAMPLES / "named_parcels.toml").read_text("utf-8"))["case"]
CASES = [case for case in NAMED if "under" not in case]
SOME = [
    next(case for case in CASES if case["expect"] == outcome)
    for outcome in sorted({case["expect"] for case in CASES})
]


@pytest.fixture(params=SOME, ids=lambda case: case["expect"])
def record(request, county):
    """The record of one decision for each outcome."""
    case = request.param
    role = case.get("role", "planner")
    answer = county.send("POST", "/v1/gate/decisions", role, json=case["request"])
    assert answer.status_code == 201, answer.text
    link = answer.json()["links"]
    document = county.send("GET", link["certificate"], role)
    assert document.content.startswith(b"%PDF-1.7"), document.text
    return json.loads(county.send("GET", link["record"], role).content)


def page(record, language):
    return write_page(
        record,
        read_catalogue(language),
        language,
        divisions={},
        digest="0" * 64,
        verify_at="http://localhost/verify",
        form="",
        signed=False,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_matched_rule_stands_there_with_its_ground(record, language):
    written = {one["rule"]: one for one in page(record, language)["findings"]}
    for finding in record["decision"]["findings"]:
        if finding["status"] == "matched":
            said = finding[language]
            shown = written.pop(finding["rule"])
            # From the first class of land on it has names where the record has codes.
            words, *uses = said["reason"].split("gbt21010_2017")
            assert shown["reason"].startswith(words)
            assert uses or shown["reason"] == words
            assert len(shown["basis"]) == len(said["legal_basis"])
            marks = [basis["verification_text"] for basis in said["legal_basis"]]
            assert [basis["mark"] for basis in shown["basis"]] == marks
    assert not written


def test_every_rule_that_waits_stands_there(record):
    waiting = [one["rule"] for one in page(record, "zh")["waiting"]]
    unknown = [
        finding["rule"]
        for finding in record["decision"]["findings"]
        if finding["status"] == "unknown"
    ]
    assert waiting == unknown


def test_every_missing_fact_condition_and_theme_stands_there(record):
    written = page(record, "en")
    decision = record["decision"]
    missing = {entry["en"]["reason"] for entry in decision["missing_facts"]}
    assert len(written["missing"]) == len(missing)
    assert len(written["conditions"]) == len(decision["conditions"])
    assert len(written["themes"]["lines"]) == len(record["themes"])


def test_what_two_layers_of_a_county_lack_is_said_once_and_blocks(record):
    lacking = {"fact": "x", "reason": "X", "source": "Y"}
    record["decision"]["missing_facts"] = [
        {"en": lacking | {"effect": effect, "theme": theme}}
        for effect, theme in (("warns", "plot"), ("blocks", "receptor"))
    ]
    (only,) = page(record, "en")["missing"]
    told = "X (stops the transaction until supplied)"
    assert only == {"text": told, "source": "Y"}


def test_every_thing_has_one_number(record):
    hits = list_hits(record)
    assert [hit.number for hit in hits] == list(range(1, len(hits) + 1))
    assert len({(hit.theme, hit.feature) for hit in hits}) == len(hits)
    numbers = [line["number"] for line in page(record, "zh")["hits"]]
    assert numbers == [str(hit.number) for hit in hits]


def test_the_page_says_what_was_asked(record):
    facts = dict(page(record, "en")["facts"])
    assert facts["Parcel code"] == ", ".join(record["subject"]["parcel_codes"])
    assert facts["Valid until"] == record["valid_until"]
