"""The private cluster on a real PostgreSQL, through everything that can happen to it.

Each test gets a data directory of its own; what it starts is stopped at the end.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.cluster import Cluster, NoRegister, database_urls, running_database
from app.cluster import place as places
from app.cluster import server as servers
from app.cluster.passwords import find_passwords, passwords_file
from app.refusals import DatabaseUnusable, DiskFull
from app.settings import Settings


@pytest.fixture(scope="module")
def pristine(make_data_dir) -> Path:
    """A data directory with a cluster that was started once and stopped."""
    data_dir = make_data_dir()
    cluster = Cluster(data_dir, durable=False)
    cluster.start()
    cluster.stop()
    return data_dir


@pytest.fixture
def data_dir(pristine, make_data_dir) -> Iterator[Path]:
    """A copy of it: making a cluster takes a second, copying it a tenth."""
    folder = make_data_dir()
    subprocess.run(["cp", "-a", f"{pristine}/.", str(folder)], check=True)
    yield folder
    Cluster(folder).remove()


@pytest.fixture
def cluster(data_dir) -> Cluster:
    return Cluster(data_dir, durable=False)


def ask(url: str, statement: str):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def kill_server(cluster: Cluster) -> int:
    pid = cluster.server().pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while cluster.server() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return pid


# --- what it is ---------------------------------------------------------------------


def test_every_role_reaches_the_database_as_itself(cluster):
    urls = cluster.start()
    assert ask(urls.superuser, "select current_user::text") == "postgres"
    assert ask(urls.owner, "select current_user::text") == "jingtu_owner"
    assert ask(urls.service, "select current_user::text") == "jingtu_service"


def test_neither_owner_nor_service_bypasses_row_level_security(cluster):
    strong = (
        "select count(*) from pg_roles where rolname in ('jingtu_owner',"
        " 'jingtu_service') and (rolsuper or rolbypassrls or rolcreaterole"
        " or rolcreatedb or rolreplication)"
    )
    assert ask(cluster.start().superuser, strong) == 0


def test_the_service_cannot_become_the_owner(cluster):
    urls = cluster.start()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.service, "set role jingtu_owner")


def test_the_service_reaches_no_other_database(cluster):
    urls = cluster.start()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        ask(urls.service.replace("@/jingtu?", "@/postgres?"), "select 1")


def test_a_wrong_password_opens_nothing(cluster):
    urls = cluster.start()
    password = find_passwords(cluster.data_dir).owner
    with pytest.raises(psycopg.OperationalError, match="password authentication"):
        ask(urls.owner.replace(password, "wrong"), "select 1")


def test_no_network_port_is_open_and_no_other_user_can_reach_the_socket(cluster):
    urls = cluster.start()
    assert ask(urls.superuser, "show listen_addresses") == ""
    folder = cluster.server().socket_folder.stat()
    assert folder.st_mode & 0o777 == 0o700
    assert folder.st_uid == cluster.account.uid != 0


def test_text_is_utf8_in_code_point_order_and_pages_have_checksums(cluster):
    urls = cluster.start()
    assert ask(urls.owner, "show server_encoding") == "UTF8"
    assert ask(urls.owner, "select datcollate from pg_database limit 1") == "C.UTF-8"
    assert ask(urls.owner, "show data_checksums") == "on"


def test_it_is_durable_unless_a_test_asks_otherwise(data_dir):
    urls = Cluster(data_dir).start()
    assert ask(urls.owner, "show fsync") == "on"
    assert ask(urls.owner, "show synchronous_commit") == "on"
    assert ask(urls.owner, "show full_page_writes") == "on"


def test_settings_of_the_bureaus_own_come_last(cluster):
    cluster.start()
    cluster.stop()
    cluster.account.run(
        ["tee", str(cluster.data / "local.conf")], text="max_connections = 42\n"
    )
    assert ask(cluster.start().owner, "show max_connections") == "42"


def test_the_environment_of_the_starter_does_not_reach_the_server(cluster, monkeypatch):
    monkeypatch.setenv("LC_ALL", "nonsense")
    assert ask(cluster.start().superuser, "show lc_messages") == "C.UTF-8"


# --- what the last run left behind --------------------------------------------------


def test_data_outlive_a_stop_and_a_start(cluster):
    ask(cluster.start().owner, "create table kept as select 7 as seven")
    cluster.stop()
    assert cluster.server() is None
    assert ask(cluster.start().owner, "select seven from kept") == 7


def test_what_was_committed_outlives_a_killed_server(data_dir):
    cluster = Cluster(data_dir)
    ask(cluster.start().owner, "create table kept as select 7 as seven")
    kill_server(cluster)
    assert ask(cluster.start().owner, "select seven from kept") == 7


def test_a_server_left_running_is_taken_over(cluster, data_dir):
    cluster.start()
    left = cluster.server()
    said: list[str] = []
    Cluster(data_dir, durable=False, say=said.append).start()
    assert cluster.server() == left
    assert said == ["The database was left running; it is taken over."]


def test_a_server_left_running_with_other_settings_is_restarted(cluster, data_dir):
    cluster.start()
    left = cluster.server()
    urls = Cluster(data_dir, durable=True).start()
    assert cluster.server().pid != left.pid
    assert ask(urls.owner, "show fsync") == "on"


def test_a_statement_of_a_killed_server_does_not_block_the_next(cluster):
    urls = cluster.start()
    busy = psycopg.connect(urls.owner)
    busy.pgconn.send_query(
        b"select count(*) from generate_series(1, 4000000000) a"
        b" where sqrt(a) + sqrt(a + 1) < 0"
    )
    kill_server(cluster)
    assert ask(cluster.start().owner, "select 1") == 1
    busy.close()


def test_a_pid_file_whose_number_went_to_another_program_does_not_matter(cluster):
    cluster.start()
    kill_server(cluster)
    stranger = subprocess.Popen(
        ["sleep", "60"],
        **({"user": cluster.account.uid} if os.geteuid() == 0 else {}),
    )
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    text = "\n".join([str(stranger.pid), *lines[1:]]) + "\n"
    cluster.account.run(["tee", str(pid_file)], text=text)
    try:
        assert ask(cluster.start().owner, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_cluster_that_was_half_made_is_made_again(make_data_dir):
    cluster = Cluster(make_data_dir(), durable=False)
    place = cluster.data_dir / "cluster"
    half = place / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    for folder in (place, half):
        folder.chmod(0o700)
        shutil.chown(folder, *_server_user())
    assert ask(cluster.start().owner, "select 1") == 1
    assert not half.exists()


def _server_user() -> tuple[int, int]:
    from app.cluster.account import choose_account

    account = choose_account(None)
    return account.uid, account.gid


@pytest.mark.parametrize("running", [True, False])
def test_lost_passwords_are_made_anew(cluster, data_dir, running):
    ask(cluster.start().owner, "create table kept as select 7 as seven")
    if not running:
        cluster.stop()
    passwords_file(data_dir).unlink()
    urls = Cluster(data_dir, durable=False).start()
    assert ask(urls.owner, "select seven from kept") == 7


def test_passwords_that_are_not_the_servers_are_corrected(cluster, data_dir):
    passwords_file(data_dir).write_text(
        '{"superuser": "a", "owner": "b", "service": "c"}'
    )
    assert ask(cluster.start().service, "select 1") == 1


def test_a_role_that_was_given_too_much_is_cut_back(cluster):
    urls = cluster.start()
    ask(urls.superuser, "alter role jingtu_service superuser bypassrls")
    cluster.start()
    weak = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    assert ask(urls.service, weak) is False


# --- where it lies ------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as another user")
def test_a_checkout_its_user_cannot_enter_keeps_the_files_elsewhere(
    make_data_dir, monkeypatch
):
    base = make_data_dir()
    monkeypatch.setattr(places, "SYSTEM_FOLDER", base / "var-lib")
    closed = base / "home"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    cluster = Cluster(closed / "x" / ".jingtu", durable=False, say=said.append)
    try:
        assert ask(cluster.start().owner, "select 1") == 1
        assert cluster.place.parent.parent == base / "var-lib"
        assert "cannot enter" in said[0]
        assert cluster.account.uid != 0
    finally:
        cluster.remove()


def test_a_path_too_long_for_a_socket_is_no_hindrance(make_data_dir):
    cluster = Cluster(make_data_dir() / ("long" * 30), durable=False)
    try:
        assert ask(cluster.start().owner, "select 1") == 1
        folder = cluster.server().socket_folder
        assert len(f"{folder}/.s.PGSQL.5432") <= 107
    finally:
        cluster.remove()
    assert not folder.exists()


def test_blanks_quotes_and_chinese_in_the_path_are_no_hindrance(make_data_dir):
    cluster = Cluster(make_data_dir() / "it's 净土 data", durable=False)
    try:
        assert ask(cluster.start().owner, "select 1") == 1
    finally:
        cluster.remove()


# --- refusals -----------------------------------------------------------------------


def test_a_disk_too_full_for_a_cluster_is_told_before_anything_is_written(
    make_data_dir, monkeypatch
):
    monkeypatch.setattr(servers, "SPACE_FOR_NEW_MB", 10**9)
    cluster = Cluster(make_data_dir(), durable=False)
    with pytest.raises(DiskFull, match="MB free"):
        cluster.start()
    assert not cluster.data.exists()


def test_data_of_another_version_are_refused_and_left_as_they_are(cluster):
    cluster.start()
    cluster.stop()
    cluster.account.run(["tee", str(cluster.data / "PG_VERSION")], text="9\n")
    with pytest.raises(DatabaseUnusable, match="were made by PostgreSQL 9"):
        cluster.start()
    assert (cluster.data / "global" / "pg_control").exists()


def test_a_server_that_does_not_start_is_told_with_its_own_words(cluster):
    cluster.start()
    cluster.stop()
    cluster.account.run(
        ["tee", str(cluster.data / "local.conf")], text="max_connections = none\n"
    )
    with pytest.raises(DatabaseUnusable, match='invalid value for parameter "max_conn'):
        cluster.start()


# --- for commands beside the service ------------------------------------------------


def test_a_command_starts_the_database_for_itself_and_stops_it(cluster, data_dir):
    settings = Settings(data_dir=data_dir)
    with running_database(settings) as urls:
        assert ask(urls.service, "select 1") == 1
        assert database_urls(settings) == urls
    with pytest.raises(DatabaseUnusable, match="is not running"):
        database_urls(settings)


def test_a_command_in_the_wrong_folder_makes_no_register(tmp_path):
    settings = Settings(data_dir=tmp_path / "mistyped")
    with pytest.raises(NoRegister, match="no register in .*mistyped.*JINGTU_DATA_DIR"):
        with running_database(settings):
            pass
    assert list(tmp_path.iterdir()) == []


HOLD = """
import sys
from pathlib import Path
from app.cluster import Cluster, DataDirectoryLock
with DataDirectoryLock(Path(sys.argv[1])):
    cluster = Cluster(Path(sys.argv[1]))
    cluster.start()
    print("running", flush=True)
    sys.stdin.read()
    cluster.stop()
"""


def test_a_command_uses_the_database_of_a_running_service(data_dir):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as service:
        assert service.stdout.readline() == b"running\n"
        settings = Settings(data_dir=data_dir)
        with running_database(settings) as urls:
            assert ask(urls.service, "select 1") == 1
        assert ask(database_urls(settings).service, "select 1") == 1
        service.stdin.close()
