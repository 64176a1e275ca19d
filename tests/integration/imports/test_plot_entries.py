"""Files of plots bring stages only from published registers, events and lists along."""

import json
from datetime import date

import pytest
from shapely.geometry import box, mapping

from parcels.plots.event_papers import NewDocument
from parcels.plots.events import EventReport, record_event
from parcels.plots.timeline import list_timeline, standing_at
from parcels.register.layers import PLOT
from parcels.register.repository import Moment, find_version
from parcels.surveys.refusals import FileRefused
from parcels.surveys.reports import list_issues
from parcels.surveys.reverting import revert_upload
from tests.integration.imports.import_steps import (
    FIRST,
    SECOND,
    open_versions,
    request,
    sheet,
)
from tests.integration.imports.import_steps import kinds as told
from tests.plot_builders import make_details

ENTRY = ("LRML", "LRPC", "LRWJ", "LRRQ")
PUBLISHED = ("2024年第1批", "净环函〔2024〕8号", "20240401")


def plots(*rows, more=(), place=("X", "Y")):
    """A sheet of plots: code, stage, list, further columns."""
    head = ["DKBM", "JD", *ENTRY, *more, *place]
    lines = []
    for row in rows:
        code, stage, listed, *rest = row
        entry = (listed, *PUBLISHED) if listed else (None,) * 4
        lines.append([code, stage, *entry, *rest, 3846000, 38500000])
    return sheet(head, *lines)


def declared(valid_from=FIRST, **more):
    return request(valid_from, layer="plot", encoding="utf-8", **more)


def shown(connection, code, day):
    moment = Moment(day)
    plot = find_version(connection, PLOT, code, moment)
    standing = standing_at(connection, plot, moment)
    events = [one.values["event"] for one in list_timeline(connection, plot, moment)]
    return standing.stage, set(standing.lists), events


def test_a_published_register_loads_with_event_and_list(service, send):
    data = plots(("DK-1", "contaminated", "污染地块名录"), ("DK-2", "candidate", None))
    with service() as connection:
        upload = send(connection, data, declared(), "名录.csv")
        assert upload.state == "committed"
        assert shown(connection, "DK-1", FIRST) == (
            "contaminated",
            {"contaminated"},
            ["published_entry"],
        )
        assert shown(connection, "DK-2", FIRST) == ("candidate", set(), [])
        (membership,) = open_versions(connection, "plot_list_membership")
    assert (membership.batch, membership.source_document) == PUBLISHED[:2]


def test_the_next_published_register_moves_a_plot_on(service, send):
    with service() as connection:
        send(connection, plots(("DK-1", "suspected", "suspected")), declared(), "a.csv")
        later = plots(("DK-1", "rcr_listed", "rcr"))
        send(connection, later, declared(SECOND), "b.csv")
        assert shown(connection, "DK-1", FIRST)[:2] == ("suspected", {"suspected"})
        assert shown(connection, "DK-1", SECOND) == (
            "rcr_listed",
            {"rcr"},
            ["published_entry"] * 2,
        )


def test_a_candidate_on_a_listed_plot_is_told_and_not_refused(service, send):
    with service(role="registrar") as connection:
        listed = plots(("DK-1", "suspected", "suspected"), ("DK-2", "candidate", None))
        send(connection, listed, declared(), "a.csv")
        data = plots(("DK-3", "candidate", None), ("DK-4", "suspected", "suspected"))
        upload = send(connection, data, declared(SECOND), "b.csv")
        found = list_issues(connection, upload.id)
    assert upload.state == "committed"
    (issue,) = [one for one in found if one.kind == "plot_on_listed"]
    assert (issue.severity, issue.row, issue.value) == ("info", 1, "DK-3")
    assert "DK-1." in issue.message("en")
    assert "DK-2" not in issue.message("zh")


@pytest.mark.parametrize(
    ("east_of_it", "is_told"), [(0.0, True), (0.0004, True), (0.0006, False)]
)
def test_a_candidate_is_told_from_half_of_its_ground_on(
    service, send, east_of_it, is_told
):
    def drawn(code, stage, listed, west):
        named = zip(ENTRY, (listed, *PUBLISHED), strict=True)
        entry = dict(named) if listed else {}
        square = box(west, 34.7, west + 0.001, 34.701)
        properties = {"DKBM": code, "JD": stage, **entry}
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": mapping(square),
        }
        return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()

    with service(role="registrar") as connection:
        listed = drawn("DK-1", "suspected", "suspected", 114.0)
        send(connection, listed, declared(crs=4490), "a.geojson")
        lead = drawn("DK-3", "candidate", None, 114.0 + east_of_it)
        upload = send(connection, lead, declared(SECOND, crs=4490), "b.geojson")
    assert ("plot_on_listed" in told(upload)) == is_told


def test_a_stage_that_nothing_explains_is_an_error(service, send):
    data = plots(("DK-1", "cleared", None), ("DK-2", "removed", "suspected"))
    with service() as connection:
        upload = send(connection, data, declared(), "a.csv")
        issues = list_issues(connection, upload.id)
    assert upload.state == "checked"
    assert {"plot_entry_missing": 1, "plot_entry_contradicts": 1}.items() <= told(
        upload
    ).items()
    missing = next(one for one in issues if one.kind == "plot_entry_missing")
    assert (missing.row, missing.field, missing.value) == (1, "JD", "cleared")


def test_a_file_does_not_move_a_plot_that_events_have_moved(service, send):
    with service(role="registrar") as connection:
        send(connection, plots(("DK-1", "candidate", None)), declared(), "a.csv")
        papers = (NewDocument({"document_type": "listing_form"}),)
        report = EventReport("listed", FIRST, (), papers, make_details("listed", FIRST))
        record_event(connection, "DK-1", "999901", report, actor="t", scope="999901")
        later = plots(("DK-1", "removed", "rcr"))
        upload = send(connection, later, declared(SECOND), "b.csv")
        assert "plot_stage_by_event" in told(upload)
        same = plots(("DK-1", "suspected", None, "新名"), more=("DKMC",))
        assert send(connection, same, declared(SECOND), "c.csv").state == "committed"


def test_no_file_ends_a_plot(service, send):
    with service() as connection:
        send(connection, plots(("DK-1", "candidate", None)), declared(), "a.csv")
        ending = plots(("DK-1", "candidate", None, "20250601"), more=("失效日期",))
        upload = send(connection, ending, declared(SECOND), "b.csv")
        assert "plot_end_by_event" in told(upload)
    with pytest.raises(FileRefused, match="not updated as a whole"):
        declared(update="whole")


def test_a_reverted_register_leaves_neither_event_nor_list(service, send):
    with service() as connection:
        data = plots(("DK-1", "contaminated", "contaminated"))
        upload = send(connection, data, declared(), "a.csv")
        revert_upload(connection, upload.id, actor="t", reason="误传")
        for layer in ("plot", "plot_event", "plot_list_membership"):
            assert open_versions(connection, layer) == []


def test_unknown_uses_and_fields_are_told(service, send):
    data = plots(
        ("DK-1", "candidate", None, "ydyh_2023:0701;homes", "name;contact"),
        more=("FMQD", "GKZD"),
    )
    with service() as connection:
        upload = send(connection, data, declared(), "a.csv")
    found = told(upload)
    assert found["plot_use_unknown"] == found["plot_field_not_publishable"] == 1


def test_a_list_in_degrees_minutes_and_seconds_loads(service, send):
    data = sheet(
        ["地块编码", "JD", *ENTRY, "中心坐标", "MJ"],
        ["DK-1", "contaminated", "contaminated", *PUBLISHED, PLACE, 12000],
        ["DK-2", "candidate", None, None, None, None, "34度46分，114度19分", 800],
    )
    with service() as connection:
        upload = send(connection, data, declared(crs=4490), "名录.csv")
        assert upload.state == "committed", list_issues(connection, upload.id)
        first = find_version(connection, PLOT, "DK-1", Moment(FIRST))
        second = find_version(connection, PLOT, "DK-2", Moment(FIRST))
    assert first.geometry.x == pytest.approx(114 + 18 / 60 + 36.56 / 3600)
    assert first.geometry.y == pytest.approx(34 + 45 / 60 + 47.62 / 3600)
    assert first.values["stated_area_m2"] == 12000
    assert second.geometry.y == pytest.approx(34 + 46 / 60)
    assert first.values["entry_published_on"] == date(2024, 4, 1)


PLACE = "34°45′47.62″ N, 114°18′36.56″ E"


def test_a_pair_that_is_no_place_is_told(service, send):
    data = sheet(["DKBM", "JD", "中心坐标"], ["DK-1", "candidate", "在村东头"])
    with service() as connection:
        upload = send(connection, data, declared(crs=4490), "a.csv")
    assert "position_unreadable" in told(upload)


def test_a_file_does_not_move_a_listed_plot(service, send):
    with service() as connection:
        send(connection, plots(("DK-1", "suspected", "suspected")), declared(), "a.csv")
        moved = plots(("DK-1", "suspected", None))
        moved = moved.replace(b"3846000", b"3846100")
        upload = send(connection, moved, declared(SECOND), "b.csv")
        issues = {one.kind: one for one in list_issues(connection, upload.id)}
        assert issues["plot_correction"].details["attribute"] == "geometry"
        assert shown(connection, "DK-1", SECOND)[2] == [
            "published_entry",
            "correction_proposed",
        ]
        (plot,) = open_versions(connection, "plot")
        assert (plot.valid_from, plot.entry_batch) == (FIRST, PUBLISHED[0])


def test_what_no_correction_could_change_is_an_error(service, send):
    with service() as connection:
        closed = plots(("DK-1", "closed_error", "suspected"))
        send(connection, closed, declared(), "a.csv")
        moved = plots(("DK-1", "closed_error", None))
        moved = moved.replace(b"3846000", b"3846100")
        upload = send(connection, moved, declared(SECOND), "b.csv")
        assert upload.state == "checked" and told(upload)["plot_kept"] == 1


def listed(connection, send, code="DK-1"):
    """A plot that an event of this system has put on the list of the suspected."""
    send(connection, plots((code, "candidate", None)), declared(), "a.csv")
    papers = (NewDocument({"document_type": "listing_form"}),)
    report = EventReport("listed", FIRST, (), papers, make_details("listed", FIRST))
    record_event(connection, code, "999901", report, actor="t", scope="999901")
    (membership,) = open_versions(connection, "plot_list_membership")
    return membership


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ((), ("DK-1-new", "DK-1", "contaminated")),
        (("失效日期",), ("{own}", "DK-1", "suspected", "20250601")),
        ((), ("{own}", "DK-1", "contaminated")),
    ],
    ids=["put on another", "ended", "made another"],
)
def test_no_file_changes_the_lists_of_a_plot_that_events_have_moved(
    service, send, more, row
):
    with service(role="registrar") as connection:
        own = listed(connection, send).code
        filled = [value.format(own=own) for value in row]
        data = sheet(["MLBH", "DKBM", "ML", *more], filled)
        asked = request(
            SECOND, layer="plot_list_membership", encoding="utf-8", crs=None
        )
        upload = send(connection, data, asked, "b.csv")
        assert told(upload)["plot_list_by_event"] == 1
        assert upload.state == "checked"
        assert shown(connection, "DK-1", SECOND)[1] == {"suspected"}


def test_a_file_may_say_what_is_on_record_of_a_list(service, send):
    with service(role="registrar") as connection:
        own = listed(connection, send).code
        data = sheet(["MLBH", "DKBM", "ML"], [own, "DK-1", "suspected"])
        asked = request(
            SECOND, layer="plot_list_membership", encoding="utf-8", crs=None
        )
        upload = send(connection, data, asked, "b.csv")
        assert "plot_list_by_event" not in told(upload)
        assert upload.state == "committed"


def test_a_file_loads_lists_of_plots_that_no_event_has_moved(service, send):
    with service(role="registrar") as connection:
        send(connection, plots(("DK-1", "candidate", None)), declared(), "a.csv")
        data = sheet(["MLBH", "DKBM", "ML"], ["M-1", "DK-1", "suspected"])
        asked = request(
            SECOND, layer="plot_list_membership", encoding="utf-8", crs=None
        )
        assert send(connection, data, asked, "b.csv").state == "committed"
        assert shown(connection, "DK-1", SECOND)[1] == {"suspected"}


def test_no_file_rewrites_an_event_that_moved_a_plot(service, send):
    with service(role="registrar") as connection:
        listed(connection, send)
        (event,) = open_versions(connection, "plot_event")
        asked = request(SECOND, layer="plot_event", encoding="utf-8", crs=None)
        head = ["SJBH", "DKBM", "SJ", "XJD"]
        other = sheet(head, [event.code, "DK-1", event.event, "cleared"])
        upload = send(connection, other, asked, "b.csv")
        assert told(upload)["plot_event_on_record"] == 1
        assert upload.state == "checked"


@pytest.mark.parametrize("layer", ["plot_event", "plot_list_membership"])
def test_nothing_of_a_plots_history_ends_because_a_file_lacks_it(layer):
    with pytest.raises(FileRefused, match="not updated as a whole"):
        request(SECOND, layer=layer, encoding="utf-8", crs=None, update="whole")
