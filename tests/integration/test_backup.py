"""A backup holds everything, restores into an empty directory, and proves itself."""

import io
import stat
import tarfile
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from app.backup import BackupUnusable, write_backup
from app.cli import cli
from app.cluster import Cluster
from app.commands.asker import BadArgument
from app.database import Database
from app.migration import upgrade
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


@pytest.mark.parametrize("damage", ["cut", "other", "dump"])
def test_what_is_no_backup_leaves_the_directory_empty(
    run, file, make_data_dir, tmp_path, damage
):
    bad = tmp_path / "bad.tar"
    if damage == "cut":
        bad.write_bytes(file.read_bytes()[:20_000])
    elif damage == "other":
        bad.write_bytes(b"PK\x03\x04 nothing of ours")
    else:
        with tarfile.open(file) as whole, tarfile.open(bad, "w") as tar:
            for entry in whole.getmembers():
                content = whole.extractfile(entry)
                if entry.name == "database.dump":
                    entry.size = 3000
                tar.addfile(entry, content)
    fresh = make_data_dir()
    result = run(fresh, "restore", bad)
    assert isinstance(result.exception, BackupUnusable), result.exception
    assert ("pg_restore failed" in str(result.exception)) == (damage == "dump")
    left = {one.name for one in fresh.iterdir()}
    assert left <= {"lock", "database-passwords.json"}
