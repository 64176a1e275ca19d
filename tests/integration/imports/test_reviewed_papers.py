"""A file does not make a paper that is relied on say otherwise, nor end it."""

import pytest

from parcels.surveys.reports import list_issues
from tests.integration.imports.import_steps import (
    FIRST,
    SECOND,
    kinds,
    open_versions,
    request,
    sheet,
)

HEAD = ["ZLBH", "ZLLX", "PSJL", "TRJL"]


def papers(*row, more=()):
    return sheet([*HEAD, *more], row)


def declared(day=FIRST):
    return request(day, layer="plot_document", encoding="utf-8", crs=None)


@pytest.mark.parametrize(
    ("row", "more", "kind", "field"),
    [
        (("initial_survey", "passed", "met"), (), "paper_kept", "TRJL"),
        (("initial_survey", "returned", "not_met"), (), "paper_kept", "PSJL"),
        (("initial_survey", "passed", None), (), "paper_kept", "TRJL"),
        (
            ("initial_survey", "passed", "not_met", "20250601"),
            ("失效日期",),
            "paper_end",
            "失效日期",
        ),
    ],
    ids=["another finding", "review returned", "finding left blank", "ended"],
)
def test_a_reviewed_report_stays_as_it_is(service, send, row, more, kind, field):
    with service(role="registrar") as connection:
        filed = papers("R-1", "initial_survey", "passed", "not_met")
        assert send(connection, filed, declared(), "a.csv").state == "committed"
        data = papers("R-1", *row, more=more)
        upload = send(connection, data, declared(SECOND), "b.csv")
        assert upload.state == "checked" and kinds(upload) == {kind: 1}
        (issue,) = list_issues(connection, upload.id)
        assert (issue.row, issue.field) == (1, field)
        (kept,) = open_versions(connection, "plot_document")
    assert (kept.review_outcome, kept.soil_standard) == ("passed", "not_met")
    assert kept.valid_to is None


def test_a_report_that_was_returned_is_filed_anew_when_it_passes(service, send):
    with service(role="registrar") as connection:
        filed = papers("R-1", "initial_survey", "returned", "not_met")
        assert send(connection, filed, declared(), "a.csv").state == "committed"
        data = papers("R-1", "initial_survey", "passed", "met")
        upload = send(connection, data, declared(SECOND), "b.csv")
        assert (upload.state, kinds(upload)) == ("committed", {})
