from pathlib import Path

import pytest

from app.cluster.binaries import Binaries, choose_binaries, list_binaries
from app.refusals import DatabaseUnusable


@pytest.fixture
def install(tmp_path):
    """Lay out a PostgreSQL version as Debian does, with or without PostGIS."""

    def make(version: str, *, postgis: bool = True) -> None:
        programs = tmp_path / "lib" / version / "bin"
        programs.mkdir(parents=True)
        (programs / "initdb").touch()
        extension = tmp_path / "share" / version / "extension"
        extension.mkdir(parents=True)
        (extension / "postgis.control").touch()
        if postgis:
            library = tmp_path / "lib" / version / "lib"
            library.mkdir()
            (library / "postgis-3.so").touch()

    return make


def versions(tmp_path: Path) -> list[int]:
    found = list_binaries(tmp_path / "lib", tmp_path / "share")
    return [binaries.version for binaries in found]


def test_the_newest_version_comes_first_by_number_not_by_letter(install, tmp_path):
    for version in ("15", "17", "16"):
        install(version)
    assert versions(tmp_path) == [17, 16, 15]


def test_a_version_with_only_the_scripts_of_postgis_does_not_count(install, tmp_path):
    install("15")
    install("17", postgis=False)
    assert versions(tmp_path) == [15]


def test_a_version_older_than_15_does_not_count(install, tmp_path):
    install("14")
    install("9.6")
    assert versions(tmp_path) == []


def test_new_data_get_the_newest_version():
    installed = [Binaries(17, Path("/17")), Binaries(15, Path("/15"))]
    assert choose_binaries(None, installed).version == 17


def test_existing_data_get_the_version_that_made_them():
    installed = [Binaries(17, Path("/17")), Binaries(15, Path("/15"))]
    assert choose_binaries(15, installed).version == 15


def test_data_of_a_version_that_is_not_installed_are_refused_by_package_name():
    with pytest.raises(DatabaseUnusable, match="postgresql-15-postgis-3"):
        choose_binaries(15, [Binaries(17, Path("/17"))])


def test_a_machine_without_postgresql_is_told_both_ways_out():
    with pytest.raises(DatabaseUnusable) as refusal:
        choose_binaries(None, [])
    assert "postgresql-15-postgis-3" in str(refusal.value)
    assert "JINGTU_DATABASE_URL" in str(refusal.value)
