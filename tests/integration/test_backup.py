"""A backup holds everything, restores into an empty directory, and proves itself."""

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import tarfile
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from app.backup import write_backup
from app.backup_file import DUMP, MANIFEST, SUMS, BackupUnusable
from app.backup_folder import working_folder
from app.cli import cli
from app.cluster import Cluster
from app.cluster.place import find_place
from app.cluster.processes import running_server
from app.commands.asker import BadArgument
from app.database import Database
from app.migration import upgrade
from app.refusals import DatabaseUnusable, DiskFull
from app.sealing import Sealer, find_ledger_folder
from app.security.principals import Principal
from app.settings import Settings
from app.uploads import find_archive
from parcels.surveys.imports import import_file
from tests.integration.imports.import_steps import request
from tests.survey_files import parcels_zip

COUNT = "select count(*) from registry.parcel"


@pytest.fixture
def run(monkeypatch):
    """Run a command on a data directory."""
    monkeypatch.delenv("JINGTU_DATABASE_URL", raising=False)

    def command(data_dir, *words):
        monkeypatch.setenv("JINGTU_DATA_DIR", str(data_dir))
        return CliRunner().invoke(cli, [str(word) for word in words])

    return command


@pytest.fixture(scope="module")
def kept(make_data_dir):
    """A data directory with three parcels of one survey file, sealed."""
    settings = Settings(data_dir=make_data_dir())
    cluster = Cluster(settings.data_dir, durable=False)
    urls = cluster.start()
    upgrade(urls.owner, urls.superuser)
    database = Database(urls.service, pool_size=1)
    surveyor = Principal(uuid4(), "测绘院", "surveyor", "999901")
    with database.transaction(surveyor) as connection:
        source = io.BytesIO(parcels_zip())
        import_file(
            connection,
            find_archive(settings),
            source,
            "宗地.zip",
            request(),
            actor="测绘院",
            reason="试验",
        )
    Sealer(database, find_ledger_folder(settings)).seal_all()
    database.close()
    cluster.stop()
    return settings.data_dir


@pytest.fixture(scope="module")
def file(kept, tmp_path_factory):
    """The file of a backup of it."""
    path = tmp_path_factory.mktemp("backup") / "a.tar"
    write_backup(Settings(data_dir=kept, database_url=None), path)
    return path


def test_backup_is_restored_whole_and_its_ledger_is_intact(run, file, make_data_dir):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    fresh = make_data_dir()
    result = run(fresh, "restore", file)
    assert result.exit_code == 0, (result.output, result.exception)
    verified = run(fresh, "ledger", "verify")
    assert verified.exit_code == 0, verified.output
    assert "The ledger is intact" in verified.output
    assert "1 kept outside" in verified.output
    cluster = Cluster(fresh, durable=False)
    urls = cluster.start()
    try:
        with psycopg.connect(urls.superuser) as connection:
            assert connection.execute(COUNT).fetchone() == (3,)
            leakproof = "select proleakproof from pg_proc where oid ="
            leakproof += " 'geometry_overlaps(geometry, geometry)'::regprocedure"
            assert connection.execute(leakproof).fetchone() == (True,)
        with psycopg.connect(urls.service) as connection:
            # Row-level security stands: nobody named, nothing seen.
            assert connection.execute(COUNT).fetchone() == (0,)
    finally:
        cluster.stop()
    (survey,) = [p for p in (fresh / "uploads" / "bytes").rglob("*") if p.is_file()]
    assert survey.read_bytes() == parcels_zip()


def test_nothing_is_overwritten(run, file, kept):
    assert isinstance(run(kept, "backup", file).exception, BadArgument)
    assert isinstance(run(kept, "restore", file).exception, BackupUnusable)


@pytest.mark.parametrize("name", ["../a", "/tmp/a", "ledger/../../a", "b/a"])
def test_names_that_lead_elsewhere_are_refused(
    run, file, make_data_dir, tmp_path, name
):
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    fresh = make_data_dir()
    result = run(fresh, "restore", bad)
    assert isinstance(result.exception, BackupUnusable)
    assert "unexpected entry" in str(result.exception)


def altered(file, target, change=lambda name, content: content):
    """Write a backup whose parts are what a function makes of them; None leaves out."""
    with tarfile.open(file) as whole, tarfile.open(target, "w") as tar:
        for entry in whole.getmembers():
            content = change(entry.name, whole.extractfile(entry).read())
            if content is not None:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    return target


def as_before_sums(name, content):
    """Make it a backup of the first form."""
    if name == SUMS:
        return None
    return content.replace(b"backup/2", b"backup/1") if name == MANIFEST else content


def refuse(run, make_data_dir, bad):
    """Restore what cannot be, into a directory that stays empty; return the text."""
    fresh = make_data_dir()
    result = run(fresh, "restore", bad)
    assert isinstance(result.exception, BackupUnusable), result.exception
    left = {one.name for one in fresh.iterdir()}
    assert left <= {"lock", "database-passwords.json"}
    return str(result.exception)


def test_what_is_no_backup_is_refused(run, make_data_dir, tmp_path):
    bad = tmp_path / "bad.tar"
    bad.write_bytes(b"PK\x03\x04 nothing of ours")
    assert "no whole backup" in refuse(run, make_data_dir, bad)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_backup_that_was_cut_off_is_refused(
    run, file, make_data_dir, tmp_path, share
):
    bad = tmp_path / "bad.tar"
    bad.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    assert "no whole backup" in refuse(run, make_data_dir, bad)


def test_a_backup_that_was_cut_off_between_two_parts_is_refused(
    run, file, make_data_dir, tmp_path
):
    bad = tmp_path / "bad.tar"
    with tarfile.open(file) as whole:
        last = whole.getmembers()[-2]
    bad.write_bytes(file.read_bytes()[: last.offset])
    assert "the end was cut off" in refuse(run, make_data_dir, bad)


@pytest.mark.parametrize("part", ["uploads/", DUMP, "ledger/heads.jsonl", MANIFEST])
def test_a_part_that_was_altered_is_named(run, file, make_data_dir, tmp_path, part):
    def alter(name, content):
        return content + b"\n" if name.startswith(part) else content

    bad = altered(file, tmp_path / "bad.tar", alter)
    told = refuse(run, make_data_dir, bad)
    assert part in told
    assert "is not what was written" in told


def test_a_part_that_was_taken_out_is_named(run, file, make_data_dir, tmp_path):
    bad = altered(
        file, tmp_path / "bad.tar", lambda n, c: None if "signing" in n else c
    )
    assert "ledger/signing-key.pem is not" in refuse(run, make_data_dir, bad)


def test_a_dump_that_cannot_be_read_leaves_the_directory_empty(
    run, file, make_data_dir, tmp_path
):
    def alter(name, content):
        return content[:3000] if name == DUMP else as_before_sums(name, content)

    bad = altered(file, tmp_path / "bad.tar", alter)
    assert "pg_restore failed" in refuse(run, make_data_dir, bad)


def test_a_backup_of_the_first_form_is_still_restored(
    run, file, make_data_dir, tmp_path
):
    old = altered(file, tmp_path / "old.tar", as_before_sums)
    fresh = make_data_dir()
    assert run(fresh, "restore", old).exit_code == 0
    assert run(fresh, "ledger", "verify").exit_code == 0


def test_a_restore_that_was_killed_is_not_served_and_is_begun_anew(
    run, file, make_data_dir
):
    fresh = make_data_dir()
    killed = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "restore", str(file)],
        env={**os.environ, "JINGTU_DATA_DIR": str(fresh)},
        stdout=subprocess.PIPE,
        text=True,
    )
    while "Reading the database back" not in killed.stdout.readline():
        assert killed.poll() is None
    killed.kill()
    killed.communicate()
    refused = run(fresh, "ledger", "verify")
    assert isinstance(refused.exception, DatabaseUnusable)
    assert "half a register" in str(refused.exception)
    again = run(fresh, "restore", file)
    assert again.exit_code == 0, (again.output, again.exception)
    assert "A restore was cut off here" in again.output
    assert run(fresh, "ledger", "verify").exit_code == 0


def test_a_full_disk_is_told_and_leaves_no_half_backup(
    run, kept, tmp_path, monkeypatch
):
    def fill(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.backup._pack", fill)
    result = run(kept, "backup", tmp_path / "b.tar")
    assert isinstance(result.exception, DiskFull)
    assert list(tmp_path.iterdir()) == []


SLOW_BACKUP = """
import sys, time
import app.backup
from app.cli import main

def pack(*arguments):
    print("packing", flush=True)
    time.sleep(60)

app.backup._pack = pack
main()
"""


def begin(data_dir, target):
    """Begin a backup in a process of its own that packs without an end."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_BACKUP, "backup", str(target)],
        env={**os.environ, "JINGTU_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs the tests under nohup ignores it, and so would the backup.
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),
    )
    assert process.stdout.readline() == "packing\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_backup_that_is_stopped_leaves_nothing_behind(run, kept, tmp_path, number):
    stopped = begin(kept, tmp_path / "b.tar")
    stopped.send_signal(number)
    stopped.communicate()
    assert stopped.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []
    assert running_server(find_place(kept) / "data") is None


def test_what_a_killed_backup_left_is_cleared_away_by_the_next(run, kept, tmp_path):
    other = tmp_path / ".backup-of-another-register"
    other.mkdir()
    killed = begin(kept, tmp_path / "b.tar")
    killed.kill()
    killed.communicate()
    assert len(list(tmp_path.iterdir())) == 2
    result = run(kept, "backup", tmp_path / "c.tar")
    assert result.exit_code == 0, (result.output, result.exception)
    assert set(tmp_path.iterdir()) == {other, tmp_path / "c.tar"}


def test_a_folder_that_cannot_be_written_to_is_told(run, kept, tmp_path, monkeypatch):
    def refuse(**arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    result = run(kept, "backup", tmp_path / "b.tar")
    assert isinstance(result.exception, BackupUnusable)
    assert "cannot be written: [Errno 13] Permission denied" in str(result.exception)


def test_a_second_backup_at_the_same_time_is_refused(run, kept, tmp_path):
    with working_folder(kept, tmp_path / "a.tar") as first:
        result = run(kept, "backup", tmp_path / "b.tar")
        assert isinstance(result.exception, BackupUnusable)
        assert "Another backup" in str(result.exception)
        assert list(tmp_path.iterdir()) == [first]


def test_a_restore_that_is_stopped_leaves_the_directory_empty(file, make_data_dir):
    fresh = make_data_dir()
    stopped = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "restore", str(file)],
        env={**os.environ, "JINGTU_DATA_DIR": str(fresh)},
        stdout=subprocess.PIPE,
        text=True,
    )
    while "Reading the database back" not in stopped.stdout.readline():
        assert stopped.poll() is None
    stopped.terminate()
    stopped.communicate()
    assert stopped.returncode == 128 + signal.SIGTERM
    left = {one.name for one in fresh.iterdir()}
    assert left <= {"lock", "database-passwords.json"}
