"""A page of corrections goes on after what it leaves out."""

from types import SimpleNamespace

from parcels.plots import correction_list
from parcels.register.repository import PageKey


def test_a_page_of_proposals_that_name_nothing_still_goes_on(monkeypatch):
    events = [
        SimpleNamespace(
            division_code="999901",
            code=f"E{number}",
            values={"plot_code": "P", "details": None, "event": "correction_proposed"},
        )
        for number in (1, 2, 3)
    ]
    monkeypatch.setattr(
        correction_list, "list_versions", lambda *_, limit, **__: events[:limit]
    )
    assert correction_list.list_corrections(None, None, limit=2) == (
        [],
        PageKey("999901", "E2"),
    )
    assert correction_list.list_corrections(None, None, limit=3) == ([], None)
