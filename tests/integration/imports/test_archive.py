"""Bytes are kept once, under their digest, for nobody else to read or alter."""

import hashlib
import io
import stat
import subprocess
import sys

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


def test_scratch_of_a_killed_process_is_swept_and_others_are_not(folder):
    program = (
        "import sys, pathlib;"
        "from parcels.surveys.archive import Archive;"
        "using = Archive(pathlib.Path(sys.argv[1])).scratch();"
        "(using.__enter__() / 'half').write_bytes(b'x');"
        "print('made', flush=True);"
        "sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        archive = Archive(folder)
        with archive.scratch() as ours:
            (ours / "half").write_bytes(b"x")
            archive.sweep()
            assert len(files(folder)) == 2
            other.kill()
            other.wait()
            archive.sweep()
            assert files(folder) == [ours / "half"]
