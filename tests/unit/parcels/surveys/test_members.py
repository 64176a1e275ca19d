"""Of several layers in a file the one that suits the register's layer is proposed."""

import pytest

from parcels.surveys.members import FoundLayer, choose_member
from parcels.surveys.refusals import FileRefused
from tests.unit.parcels.surveys.test_mapping import request

PARCELS = FoundLayer("ZD", ("ZDDM", "ZL"), 10, "MultiPolygon")
POINTS = FoundLayer("JZD", ("ZDDM", "JZDH", "ZL"), 40, "Point")
OTHER = FoundLayer("DLTB", ("BSM",), 99, "MultiPolygon")


def chosen(*found, **more):
    finding = choose_member(found, request(**more))
    return finding.value, finding.origin


def test_only_layer_is_taken():
    assert chosen(PARCELS) == ("ZD", "stated")


def test_geometry_counts_before_fields_and_fields_before_rows():
    assert chosen(POINTS, OTHER, PARCELS) == ("ZD", "guessed")


def test_layer_without_rows_is_passed_over():
    assert chosen(FoundLayer("a", (), 0), PARCELS) == ("ZD", "stated")


@pytest.mark.parametrize("name", ["JZD", "jzd", "JZD.shp"])
def test_declared_layer_is_taken(name):
    assert chosen(PARCELS, POINTS, member=name) == ("JZD", "declared")


@pytest.mark.parametrize(
    ("found", "member", "reason"),
    [((), None, "no_layer"), ((PARCELS,), "JZD", "layer_not_in_file")],
)
def test_missing_layer_is_refused(found, member, reason):
    with pytest.raises(FileRefused) as refused:
        choose_member(found, request(member=member))
    assert refused.value.reason == reason


def test_evidence_names_every_layer():
    finding = choose_member((PARCELS, POINTS), request())
    assert "ZD, JZD" in finding.evidence[0].en
    assert [one["value"] for one in finding.alternatives] == ["JZD"]
