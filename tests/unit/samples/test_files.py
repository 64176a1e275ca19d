"""The shipped files: what the generator writes, byte for byte, in a survey's form."""

import tomllib
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from generate import main

from tests.unit.samples.conftest import SAMPLES


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Every file, written again by the generator."""
    folder = tmp_path_factory.mktemp("samples")
    main(folder)
    return folder


@pytest.fixture(scope="module")
def manifest():
    return tomllib.loads((SAMPLES / "manifest.toml").read_text("utf-8"))


def files_below(folder):
    suffixes = (".zip", ".csv", ".xlsx", ".tif", ".toml", ".md")
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.suffix in suffixes
    }


def members(path):
    """Return name, date, flags and bytes of each member of an archive."""
    with zipfile.ZipFile(path) as archive:
        return [
            (info.filename, info.date_time, info.flag_bits, archive.read(info))
            for info in archive.infolist()
        ]


def test_generating_again_gives_the_shipped_files(written):
    shipped, again = files_below(SAMPLES), files_below(written)
    assert set(shipped) - {"cases.toml"} == set(again)
    for name, path in again.items():
        if path.suffix in (".zip", ".xlsx"):
            assert members(path) == members(shipped[name]), name
        else:
            assert path.read_bytes() == shipped[name].read_bytes(), name


def test_all_files_together_are_small():
    assert sum(p.stat().st_size for p in files_below(SAMPLES).values()) < 3_000_000


def test_the_manifest_names_every_survey_file(manifest):
    named = {entry["path"] for entry in manifest["file"]}
    named |= {entry["path"] for entry in manifest["raster"]}
    shipped = {
        name
        for name, path in files_below(SAMPLES).items()
        if path.suffix in (".zip", ".csv", ".xlsx", ".tif")
    }
    assert named == shipped


def test_gbk_sets_have_no_cpg_and_member_names_in_gbk(manifest):
    for entry in manifest["file"]:
        if entry["path"].endswith(".zip") and entry["encoding"] == "gbk":
            for name, _, flags, _ in members(SAMPLES / entry["path"]):
                assert not name.endswith(".cpg")
                assert not flags & 0x800
                assert name.encode("cp437").decode("gbk")


def test_prefix_no_prefix_and_degrees_all_occur(manifest):
    systems = {entry["crs"] for entry in manifest["file"] if "crs" in entry}
    assert systems == {4526, 4547, 4490}


def test_the_utf8_set_says_so(manifest):
    sets = [
        entry
        for entry in manifest["file"]
        if entry["path"].endswith(".zip") and entry["encoding"] == "utf-8"
    ]
    assert [entry["crs"] for entry in sets] == [4490]
    names = {name.rpartition(".")[2]: data for name, _, _, data in members_of(sets[0])}
    assert names["cpg"] == b"UTF-8"


def members_of(entry):
    return members(SAMPLES / entry["path"])


@pytest.mark.parametrize("county", ["999901", "999902"])
def test_parcels_read_back_from_the_file_still_tile(manifest, county, tmp_path):
    entry = next(e for e in manifest["file"] if e["path"] == f"{county}/宗地.zip")
    for name, _, _, data in members_of(entry):
        (tmp_path / f"parcels.{name.rpartition('.')[2]}").write_bytes(data)
    frame = pyogrio.read_dataframe(tmp_path / "parcels.shp", encoding="GBK")
    assert len(frame) == entry["rows"]
    assert shapely.coverage_is_valid(frame.geometry.values)
    assert frame["ZL"].str.contains("示范县").all()
    assert np.allclose(frame["ZDMJ"], frame.geometry.area, rtol=1e-4)


def test_prj_is_written_as_arcgis_does(manifest):
    names = {4526: "CGCS2000_3_Degree_GK_Zone_38", 4547: "CGCS2000_3_Degree_GK_CM_114E"}
    for entry in manifest["file"]:
        if entry.get("crs") in names and entry["path"].endswith(".zip"):
            prj = next(d for n, _, _, d in members_of(entry) if n.endswith(".prj"))
            assert names[entry["crs"]].encode() in prj
