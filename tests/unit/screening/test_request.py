"""Reading a gate request: every fault is named at once, nothing is converted."""

from datetime import date

import pytest

from screening.industries import Industry
from screening.land_use import LandUse
from screening.request import Crop, InvalidGateRequest, parse_gate_request
from screening.request_fields import (
    FIELDS,
    FIELDS_BY_TRANSACTION,
    planned_use_need,
)
from screening.vocabulary import Transaction

DAY = date(2026, 3, 1)
HOMES = {"scheme": "ydyh_2023", "code": "070101"}


def faults_of(**body: object) -> dict[str, tuple[str, ...]]:
    with pytest.raises(InvalidGateRequest) as refused:
        parse_gate_request({"transaction": "grant", **body}, DAY)
    assert all(fault.text.zh and fault.text.en for fault in refused.value.faults)
    return {fault.field: fault.allowed for fault in refused.value.faults}


def test_request_with_every_field_is_read() -> None:
    request = parse_gate_request(
        {
            "transaction": "grant",
            "planned_use": HOMES,
            "reference": "郑出2026-1",
            "project": {
                "type": "remediation",
                "redline_activity": 10,
                "approved": True,
            },
            "declared": {
                "current_use": {"scheme": "GB/T 21010-2017", "code": "0601"},
                "former_use": [{"industry_code": "C2614", "to_year": 2010}],
                "pollutants_at_risk": ["镉"],
                "crop": {"name": "水稻", "edible": True},
            },
        },
        DAY,
    )
    assert request.transaction is Transaction.GRANT
    assert request.as_of == DAY
    assert request.planned_use == LandUse("ydyh_2023", "070101")
    assert request.project.redline_activity == 10
    assert request.declared.current_use == LandUse("gbt21010_2017", "0601")
    assert request.declared.former_use == (Industry("C2614", None, None, 2010),)
    assert request.declared.crop == Crop("水稻", True)


def test_subject_and_dry_run_are_left_to_the_shell() -> None:
    body = {"transaction": "transfer", "subject": {"parcel_code": "x"}, "dry_run": True}
    assert parse_gate_request(body, DAY).planned_use is None


def test_null_counts_as_not_sent() -> None:
    body = {"transaction": "transfer", "planned_use": None, "project": {"type": None}}
    assert parse_gate_request(body, DAY).project.type is None


def test_missing_required_use_is_no_fault() -> None:
    assert parse_gate_request({"transaction": "grant"}, DAY).planned_use is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"transaction": "sell"}, "transaction"),
        ({"transaction": None}, "transaction"),
        ({"transaction": ["grant"]}, "transaction"),
        ({"planned": HOMES}, "planned"),
        ({"planned_use": "0701"}, "planned_use"),
        ({"planned_use": {"code": "0701"}}, "planned_use"),
        ({"planned_use": {"scheme": "ydyh_2023", "code": "ZZ"}}, "planned_use"),
        ({"planned_use": {**HOMES, "name": "x"}}, "planned_use.name"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 201}, "reference"),
        ({"reference": "a\x00b"}, "reference"),
        ({"reference": "\ud800"}, "reference"),
        ({"project": []}, "project"),
        ({"project": {"kind": 1}}, "project.kind"),
        ({"project": {"type": "Remediation"}}, "project.type"),
        ({"project": {"approved": "true"}}, "project.approved"),
        ({"project": {"approved": 1}}, "project.approved"),
        ({"project": {"redline_activity": 0}}, "project.redline_activity"),
        ({"project": {"redline_activity": 11}}, "project.redline_activity"),
        ({"project": {"redline_activity": True}}, "project.redline_activity"),
        ({"project": {"redline_activity": 1.5}}, "project.redline_activity"),
        ({"project": {"industry_code": "chem"}}, "project.industry_code"),
        ({"project": {"industry_code": 2614}}, "project.industry_code"),
        ({"project": {"facility": "park"}}, "project.facility"),
        ({"declared": {"former_use": {}}}, "declared.former_use"),
        ({"declared": {"former_use": [{}]}}, "declared.former_use[0].industry_code"),
        (
            {"declared": {"former_use": [{"industry_code": "chem"}]}},
            "declared.former_use[0].industry_code",
        ),
        (
            {
                "declared": {
                    "former_use": [{"industry_code": "26", "industry_edition": "20"}]
                }
            },
            "declared.former_use[0].industry_edition",
        ),
        (
            {"declared": {"former_use": [{"industry_code": "26", "from_year": "x"}]}},
            "declared.former_use[0].from_year",
        ),
        (
            {
                "declared": {
                    "former_use": [
                        {"industry_code": "26", "from_year": 1980, "to_year": 1979}
                    ]
                }
            },
            "declared.former_use[0].to_year",
        ),
        (
            {"declared": {"former_use": [{"industry_code": "26", "edition": "2017"}]}},
            "declared.former_use[0].edition",
        ),
        ({"declared": {"pollutants_at_risk": "镉"}}, "declared.pollutants_at_risk"),
        ({"declared": {"crop": {"edible": "yes"}}}, "declared.crop.edible"),
        ({"declared": {"crop": {"name": 5}}}, "declared.crop.name"),
        ({"declared": {"transferee": "firm"}}, "declared.transferee"),
        (
            {"declared": {"state_council_approval": 1}},
            "declared.state_council_approval",
        ),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(body: dict, field: str) -> None:
    assert list(faults_of(**body)) == [field]


def test_every_fault_is_named_at_once() -> None:
    faults = faults_of(
        transaction="sell", extra=1, project={"approved": "yes", "nothing": 1}
    )
    assert set(faults) == {
        "transaction",
        "extra",
        "project.nothing",
        "project.approved",
    }


def test_fault_says_what_is_allowed() -> None:
    allowed = faults_of(project={"build": "newly"})["project.build"]
    assert allowed == ("new", "extension", "rebuild")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"planned_use": "0701"}, '"scheme": "ydyh_2023", "code": "0701"'),
        ({"planned_use": {**HOMES, "name": "x"}}, "scheme, code"),
        ({"project": []}, "type, industry_code"),
        ({"project": {"kind": 1}}, "type, industry_code"),
        ({"declared": {"crop": "水稻"}}, "name, edible"),
        ({"declared": {"former_use": ["3211"]}}, "industry_code, industry_edition"),
    ],
)
def test_fault_says_what_to_send_instead(body: dict, expected: str) -> None:
    with pytest.raises(InvalidGateRequest) as refused:
        parse_gate_request({"transaction": "grant", **body}, DAY)
    (fault,) = refused.value.faults
    assert expected in fault.text.en
    assert expected.replace(", ", "、") in fault.text.zh or expected in fault.text.zh


def test_a_transaction_in_chinese_is_told_its_code() -> None:
    with pytest.raises(InvalidGateRequest) as refused:
        parse_gate_request({"transaction": "出让"}, DAY)
    (fault,) = refused.value.faults
    assert "grant（出让）" in fault.text.zh and "take_back" in fault.text.en


def test_name_and_value_from_outside_can_always_be_written() -> None:
    with pytest.raises(InvalidGateRequest) as refused:
        parse_gate_request({"transaction": "grant", "\ud800" * 500: "\ud800"}, DAY)
    fault = refused.value.faults[0]
    assert len(fault.field) <= 80
    (fault.field + fault.value + refused.value.zh).encode()


# Section 9 of the rule table: transactions by the need of a planned use.
NEEDS = {
    "optional": {"acquire", "take_back", "purchase", "reserve"},
    "default": {"transfer"},
}


@pytest.mark.parametrize("transaction", list(Transaction))
def test_need_of_a_planned_use(transaction: Transaction) -> None:
    expected = next(
        (n for n, names in NEEDS.items() if transaction in names), "required"
    )
    assert planned_use_need(transaction) == expected
    first = FIELDS_BY_TRANSACTION[transaction][0]
    assert (first.field.path, first.need) == ("planned_use", expected)


@pytest.mark.parametrize(
    ("transaction", "path"),
    [
        ("grant", "declared.new_supply"),
        ("grant", "project.heavily_pollutes_water"),
        ("allocate", "project.approved"),
        ("transfer", "declared.current_use"),
        ("use_change", "declared.former_use"),
        ("farm_circulate", "declared.transferee"),
        ("reclaim_to_arable", "declared.crop"),
        ("project_approval", "declared.existing_supplied_land"),
        ("land_plan_permit", "declared.current_use"),
        ("construction_start", "project.discharges_pollutants"),
        ("eia", "project.discharge_outlet"),
        ("siting", "project.industry_code"),
    ],
)
def test_field_is_asked_where_section_9_says(transaction: str, path: str) -> None:
    uses = {
        use.field.path: use for use in FIELDS_BY_TRANSACTION[Transaction(transaction)]
    }
    assert uses[path].need == "when"


@pytest.mark.parametrize("transaction", list(Transaction))
def test_exceptions_can_be_claimed_everywhere(transaction: Transaction) -> None:
    paths = [use.field.path for use in FIELDS_BY_TRANSACTION[transaction]]
    assert {"project.type", "declared.state_council_approval"} <= set(paths)
    assert len(paths) == len(set(paths))


def test_every_field_is_used_by_some_transaction() -> None:
    used = {u.field.path for uses in FIELDS_BY_TRANSACTION.values() for u in uses}
    assert used == set(FIELDS)
