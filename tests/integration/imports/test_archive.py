"""Bytes are kept once, under their digest, for nobody else to read or alter."""

import hashlib
import io
import os
import stat

import pytest

from parcels.surveys.archive import Archive


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "uploads"


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_bytes_are_found_again_by_their_digest(folder):
    archive = Archive(folder)
    kept = archive.keep(io.BytesIO(b"survey"))
    assert kept.sha256 == hashlib.sha256(b"survey").digest()
    assert kept.size == 6
    assert archive.path(kept.sha256).read_bytes() == b"survey"


def test_the_same_bytes_are_kept_once(folder):
    archive = Archive(folder)
    one, again = (archive.keep(io.BytesIO(b"survey")) for _ in range(2))
    assert one == again
    assert len(files(folder)) == 1


def test_nobody_else_can_read_and_nobody_write(folder):
    archive = Archive(folder)
    kept = archive.path(archive.keep(io.BytesIO(b"survey")).sha256)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o440
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_stream_that_breaks_off_leaves_nothing(folder):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Archive(folder).keep(Broken())
    assert files(folder) == []


def test_scratch_is_removed_however_the_work_ends(folder):
    archive = Archive(folder)
    with pytest.raises(ValueError), archive.scratch() as scratch:
        (scratch / "half").write_bytes(b"x")
        raise ValueError
    assert files(folder) == []


def test_scratch_of_a_killed_process_is_swept_when_it_is_old(folder):
    archive = Archive(folder)
    old, young = folder / "scratch" / "old", folder / "scratch" / "young"
    for left in (old, young):
        left.mkdir()
        (left / "half").write_bytes(b"x")
    os.utime(old, (0, 0))
    archive.sweep()
    assert [path.parent.name for path in files(folder)] == ["young"]
