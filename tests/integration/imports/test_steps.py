"""Step by step and several at once: all of a file or nothing."""

import io
import threading

import pytest
import sqlalchemy as sa

from parcels.register import filling
from parcels.surveys.committing import commit_upload
from parcels.surveys.errors import (
    RegisterMovedSince,
    StagedRowsLost,
    UploadNotFound,
    UploadNotReady,
)
from parcels.surveys.imports import check_upload, receive_upload
from parcels.surveys.reports import list_issues
from parcels.surveys.repository import get_upload
from parcels.surveys.tables import upload
from tests.integration.imports.import_steps import (
    CODE,
    SECOND,
    open_versions,
    receive,
    request,
    sheet,
    versions,
)
from tests.survey_files import (
    parcel_row_of_squares,
    parcel_rows,
    parcels_zip,
    square_at,
)


def test_the_same_bytes_and_declaration_are_one_open_upload(service, archive):
    data = parcels_zip()
    with service() as connection:
        one = receive(connection, archive, data)
        same = receive(connection, archive, data)
        other = receive(connection, archive, data, request(SECOND))
    assert one.state == "received"
    assert same.id == one.id
    assert other.id != one.id


def test_another_division_neither_sees_an_upload_nor_meets_it(registry, archive):
    data = parcels_zip()
    with registry.service() as connection:
        ours = receive(connection, archive, data)
    with registry.service(scope="999902") as connection:
        theirs = receive(connection, archive, data, request(division="999902"))
        assert theirs.id != ours.id
        with pytest.raises(UploadNotFound):
            get_upload(connection, ours.id)
        with pytest.raises(UploadNotFound):
            commit_upload(connection, archive, ours.id, actor="x")
        assert list_issues(connection, ours.id) == []


def test_steps_may_be_transactions_of_their_own(registry, archive):
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
    with registry.service() as connection:
        assert check_upload(connection, archive, upload.id).state == "staged"
    with registry.service() as connection:
        assert versions(connection) == []
        done = commit_upload(connection, archive, upload.id, actor="b")
    with registry.service() as connection:
        assert get_upload(connection, upload.id) == done
        assert len(open_versions(connection)) == 3


def test_committed_upload_is_not_committed_again(registry, archive):
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        check_upload(connection, archive, upload.id)
        commit_upload(connection, archive, upload.id, actor="b")
    with registry.service() as connection, pytest.raises(UploadNotReady):
        commit_upload(connection, archive, upload.id, actor="b")


def test_upload_with_errors_is_not_committed(registry, archive):
    data = parcels_zip([square_at(0, 0)], [("12345", "a", 100.0)])
    with registry.service() as connection:
        upload = receive(connection, archive, data)
        check_upload(connection, archive, upload.id)
        with pytest.raises(UploadNotReady, match="1 error"):
            commit_upload(connection, archive, upload.id, actor="b")


def test_staged_rows_that_were_altered_are_not_committed(registry, archive):
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        check_upload(connection, archive, upload.id)
    rows = archive.staged_path(upload.id)
    rows.write_bytes(rows.read_bytes()[:-1] + b"x")
    with registry.service() as connection, pytest.raises(StagedRowsLost):
        commit_upload(connection, archive, upload.id, actor="b")


@pytest.mark.parametrize("least_rows", [1, 50_000])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.9])
def test_staged_rows_damaged_anywhere_are_lost_rows(
    registry, archive, monkeypatch, place, least_rows
):
    monkeypatch.setattr(filling, "LEAST_ROWS", least_rows)
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        check_upload(connection, archive, upload.id)
    rows = archive.staged_path(upload.id)
    whole = rows.read_bytes()
    first = int(len(whole) * place)
    rows.write_bytes(whole[:first] + bytes([255]) * 200 + whole[first + 200 :])
    with pytest.raises(StagedRowsLost), registry.service() as connection:
        commit_upload(connection, archive, upload.id, actor="b")
    with registry.service() as connection:
        assert versions(connection) == []


def test_commit_that_fails_leaves_nothing(registry, archive):
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        check_upload(connection, archive, upload.id)

    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), registry.service() as connection:
        commit_upload(connection, archive, upload.id, actor="b")
        raise PowerCut
    with registry.service() as connection:
        assert versions(connection) == []
        assert get_upload(connection, upload.id).state == "staged"
        commit_upload(connection, archive, upload.id, actor="b")
        assert len(open_versions(connection)) == 3


def _staged(registry, archive, data, declared=None):
    with registry.service() as connection:
        upload = receive(connection, archive, data, declared)
        return check_upload(connection, archive, upload.id)


def test_upload_checked_before_another_commit_must_be_checked_again(registry, archive):
    one = _staged(registry, archive, parcels_zip())
    rows = [(CODE, "另一版", 100.0)]
    other = _staged(registry, archive, parcels_zip([square_at(0, 0)], rows))
    with registry.service() as connection:
        commit_upload(connection, archive, one.id, actor="b")
    with registry.service() as connection, pytest.raises(RegisterMovedSince):
        commit_upload(connection, archive, other.id, actor="b")
    with registry.service() as connection:
        check_upload(connection, archive, other.id)
        done = commit_upload(connection, archive, other.id, actor="b")
    assert done.comparison["changed"] == 1


def test_change_of_another_layer_does_not_stand_in_the_way(registry, archive, send):
    parcels = _staged(registry, archive, parcels_zip())
    data = sheet(["FGDM", "ZT", "SJRQ"], ["1", "plot", "2024-05-01"])
    declared = request(layer="theme_coverage", crs=None, encoding="utf-8")
    with registry.service() as connection:
        send(connection, data, declared, "a.csv")
    with registry.service() as connection:
        assert (
            commit_upload(connection, archive, parcels.id, actor="b").state
            == "committed"
        )


def test_of_two_commits_at_once_one_wins_whole(registry, archive):
    geometries = parcel_row_of_squares(200)
    uploads = [
        _staged(
            registry,
            archive,
            parcels_zip(
                geometries, [(code, name, area) for code, _, area in parcel_rows(200)]
            ),
        )
        for name in ("甲", "乙")
    ]
    ends, start = [], threading.Barrier(2)

    def commit(upload):
        start.wait()
        try:
            with registry.service() as connection:
                commit_upload(connection, archive, upload.id, actor="b")
            ends.append("committed")
        except RegisterMovedSince:
            ends.append("moved")

    threads = [threading.Thread(target=commit, args=(one,)) for one in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["committed", "moved"]
    with registry.service() as connection:
        found = open_versions(connection)
    assert len(found) == 200
    assert len({one.location for one in found}) == 1


def test_issues_are_replaced_when_a_file_is_checked_again(registry, archive):
    data = parcels_zip([square_at(0, 0)], [("12345", "a", 100.0)])
    with registry.service() as connection:
        upload = receive(connection, archive, data)
        check_upload(connection, archive, upload.id)
        check_upload(connection, archive, upload.id)
        assert len(list_issues(connection, upload.id)) == 1


def test_declaration_of_an_upload_cannot_be_altered(registry, archive):
    with registry.service() as connection:
        receive(connection, archive, parcels_zip())
    for column in ("sha256", "layer", "division_code", "request"):
        statement = sa.update(upload).values({column: upload.c[column]})
        with registry.service() as connection, pytest.raises(sa.exc.ProgrammingError):
            connection.execute(statement)


def test_committed_upload_never_goes_back(registry, archive, send):
    with registry.service() as connection:
        send(connection, parcels_zip())
    with registry.service() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("update upload set state = 'staged'"))


def test_file_name_is_kept_without_folders_and_control_characters(service, archive):
    source = io.BytesIO(b"x")
    name = "C:\\成果\\宗\0地\n.zip"
    with service() as connection:
        upload = receive_upload(connection, archive, source, name, request(), actor="a")
    assert upload.filename == "宗地.zip"
