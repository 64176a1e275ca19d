import os
from pathlib import Path

import pytest

from app.cluster import place as places
from app.cluster.account import own_account
from app.cluster.place import (
    check_belonging,
    choose_socket_folder,
    find_place,
    make_data_directory,
    make_place,
    make_socket_folder,
    socket_fits,
)
from app.refusals import CannotRun, DatabaseUnusable


class ShutOut:
    """A user who cannot enter the data directory."""

    uid, gid, name = os.geteuid(), os.getegid(), "shut out"

    def can_enter(self, folder: Path) -> bool:
        return False


@pytest.fixture(autouse=True)
def system_folder(monkeypatch, tmp_path):
    folder = tmp_path / "var-lib"
    monkeypatch.setattr(places, "SYSTEM_FOLDER", folder)
    return folder


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    make_data_directory(folder)
    return folder


def test_a_new_data_directory_lets_others_pass_but_not_look(data_dir):
    assert data_dir.stat().st_mode & 0o777 == 0o711


def test_a_file_in_the_place_of_the_data_directory_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match="JINGTU_DATA_DIR"):
        make_data_directory(tmp_path / "file")


def test_the_cluster_lies_in_the_data_directory_when_its_user_can_enter(data_dir):
    place = make_place(data_dir, own_account())
    assert place == data_dir / "cluster"
    assert place.stat().st_mode & 0o777 == 0o700
    assert find_place(data_dir) == place


def test_it_lies_in_the_systems_folder_when_he_cannot(data_dir, system_folder):
    place = make_place(data_dir, ShutOut())
    assert place.parent.parent == system_folder
    assert find_place(data_dir) == place


def test_a_moved_data_directory_takes_its_cluster_along(data_dir, tmp_path):
    place = make_place(data_dir, ShutOut())
    moved = data_dir.rename(tmp_path / "moved")
    check_belonging(moved, find_place(moved))
    check_belonging(moved, find_place(moved))
    assert find_place(moved) == place


def test_a_new_data_directory_does_not_get_the_cluster_of_one_moved_away(
    data_dir, tmp_path
):
    place = make_place(data_dir, ShutOut())
    moved = data_dir.rename(tmp_path / "moved")
    check_belonging(moved, place)
    make_data_directory(data_dir)
    assert make_place(data_dir, ShutOut()) != place


def test_a_copied_data_directory_does_not_share_the_cluster(data_dir, tmp_path):
    place = make_place(data_dir, ShutOut())
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "cluster-place").write_text(f"{place}\n")
    with pytest.raises(DatabaseUnusable, match="is a copy"):
        check_belonging(copy, find_place(copy))


def test_a_start_cut_off_before_it_wrote_the_pointer_is_taken_up(data_dir):
    place = make_place(data_dir, ShutOut())
    (data_dir / "cluster-place").unlink()
    assert make_place(data_dir, ShutOut()) == place


def test_a_cluster_that_is_gone_is_told_and_not_made_anew(data_dir):
    place = make_place(data_dir, ShutOut())
    place.rmdir()
    with pytest.raises(DatabaseUnusable, match="does not exist"):
        check_belonging(data_dir, find_place(data_dir))


@pytest.mark.parametrize(("length", "fits"), [(93, True), (94, False)])
def test_a_socket_path_has_107_bytes_at_most(length, fits):
    folder = Path("/" + "a" * (length - 1))
    assert len(f"{folder}/.s.PGSQL.5432") == length + 14
    assert socket_fits(folder) is fits


def test_the_socket_path_is_counted_in_bytes():
    assert not socket_fits(Path("/" + "净" * 40))


def test_a_folder_name_that_would_break_the_configuration_is_avoided():
    assert not socket_fits(Path("/it's"))


def test_a_long_path_gets_a_short_socket_folder():
    folder = choose_socket_folder(Path("/" + "a" * 200), own_account())
    assert socket_fits(folder)
    assert str(own_account().uid) in folder.name


def test_the_socket_folder_is_closed_to_others(tmp_path):
    folder = tmp_path / "socket"
    folder.mkdir(mode=0o755)
    make_socket_folder(folder, own_account())
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_in_the_place_of_the_socket_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseUnusable, match="somebody else made it"):
        make_socket_folder(tmp_path / "socket", own_account())


def test_a_data_directory_that_is_closed_is_told_with_owner_and_mode(
    data_dir, monkeypatch
):
    make_data_directory(data_dir)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(CannotRun, match=r"it belongs to \w+ \(d[rwx-]{9}\)"):
        make_data_directory(data_dir)
