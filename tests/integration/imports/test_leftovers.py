"""Nothing is left on disk of an upload that ended, and nothing needed is removed."""

import io
import os
import time
import uuid

import pytest

from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.imports import check_upload
from parcels.surveys.leftovers import remove_leftovers
from parcels.surveys.orders import withdraw
from parcels.surveys.repository import record_failure
from parcels.surveys.reverting import revert_upload
from tests.integration.imports.import_steps import receive
from tests.survey_files import parcels_zip

ROWS, REJECTED, SHOWN, DIFFERENCES = "rows", "rejected", "shown", "differences"


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "uploads")


@pytest.fixture
def checked(registry, archive):
    """An upload that waits for its commit, committed to the database itself."""
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        return check_upload(connection, archive, upload.id)


def made(archive, upload):
    paths = {
        ROWS: archive.staged_path,
        REJECTED: archive.rejected_path,
        SHOWN: archive.shown_path,
        DIFFERENCES: archive.differences_path,
    }
    return {name for name, path in paths.items() if path(upload.id).exists()}


def clear(registry, archive, **more):
    return remove_leftovers(archive, registry.service, **more)


def commit(connection, archive, upload):
    commit_upload(connection, archive, upload.id, actor="t")


def test_an_upload_that_waits_keeps_all_of_it(registry, archive, checked):
    assert clear(registry, archive, youngest_s=-60) == 0
    assert made(archive, checked) == {ROWS, REJECTED, SHOWN, DIFFERENCES}
    assert archive.path(checked.file.sha256).exists()


def test_a_committed_upload_keeps_what_it_changed(registry, archive, checked):
    with registry.service() as connection:
        commit(connection, archive, checked)
    assert clear(registry, archive) == 3
    assert made(archive, checked) == {DIFFERENCES}


def test_a_reverted_upload_keeps_what_it_had_changed(registry, archive, checked):
    with registry.service() as connection:
        commit(connection, archive, checked)
    with registry.service() as connection:
        revert_upload(connection, checked.id, actor="t", reason="误传")
    clear(registry, archive)
    assert made(archive, checked) == {DIFFERENCES}


def test_a_withdrawn_upload_leaves_nothing_but_its_bytes(registry, archive, checked):
    with registry.service() as connection:
        withdraw(connection, checked.id)
    assert clear(registry, archive, youngest_s=-60) == 4
    assert made(archive, checked) == set()
    assert archive.path(checked.file.sha256).exists()


def test_an_upload_that_failed_leaves_no_rows(registry, archive, checked):
    from app.work_rows import GaveUp

    with registry.service() as connection:
        record_failure(connection, checked.id, GaveUp())
    assert clear(registry, archive) == 4
    assert made(archive, checked) == set()


def test_files_of_a_transaction_under_way_are_left_alone(registry, archive):
    with registry.service() as connection:
        upload = receive(connection, archive, parcels_zip())
        upload = check_upload(connection, archive, upload.id)
        assert clear(registry, archive) == 0
        assert made(archive, upload) == {ROWS, REJECTED, SHOWN, DIFFERENCES}
    assert clear(registry, archive, youngest_s=-60) == 0


def test_what_no_upload_speaks_of_goes_when_it_is_old(registry, archive):
    archive.staged_path(uuid.uuid4()).write_bytes(b"rows")
    kept = archive.keep(io.BytesIO(b"a survey whose upload was never recorded"))
    assert clear(registry, archive) == 0
    assert clear(registry, archive, youngest_s=-60) == 2
    assert not archive.path(kept.sha256).exists()
    assert archive.count_files() == 0


def test_bytes_that_are_sent_again_are_not_removed_as_old(archive):
    kept = archive.keep(io.BytesIO(b"survey"))
    path = archive.path(kept.sha256)
    long_ago = time.time() - 100_000
    os.utime(path, (long_ago, long_ago))
    archive.keep(io.BytesIO(b"survey"))
    archive.drop_bytes(kept.sha256, time.time() - 90_000)
    assert path.read_bytes() == b"survey"
    os.utime(path, (long_ago, long_ago))
    archive.drop_bytes(kept.sha256, time.time() - 90_000)
    assert not path.exists()


def test_other_files_in_the_folder_end_no_turn(registry, archive, tmp_path):
    (tmp_path / "uploads" / "staged" / "README").write_text("x")
    folder = tmp_path / "uploads" / "bytes" / "aa"
    folder.mkdir()
    (folder / "notes").write_text("x")
    assert clear(registry, archive, youngest_s=-60) == 0
