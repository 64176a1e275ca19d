"""A printed report says of how many rows it prints all, or the first."""

import pytest

from screening.certificate.typesetting import Press
from screening.reports.document import Document, Table, count_rows, head
from screening.reports.write import MOST_PRINTED, write_report


@pytest.mark.parametrize("total", [0, 1, 500])
def test_rows_that_are_all_printed_are_counted_and_no_more(total):
    said = count_rows(total, total)
    assert (said.zh, said.en) == (f"共 {total} 行。", f"Rows: {total}.")


def test_rows_beyond_those_printed_are_told_to_be_in_the_workbook(monkeypatch):
    pages = []
    monkeypatch.setattr(
        Press, "typeset", lambda _press, page, *_: pages.append(page) or b""
    )
    rows = [[number] for number in range(MOST_PRINTED + 1)]
    tables = [Table("T", "", head("en", ("行", "Row", "count", 1)), rows)]
    made = Document("en", "R", "", "1", "2026-01-01T00:00:00+08:00", [], tables)
    write_report(made, "pdf", Press())
    (table,) = pages[0]["tables"]
    assert table["note"] == (
        "Rows: 301; the first 300 are printed, all are in the workbook."
    )
    assert len(table["rows"]) == MOST_PRINTED
