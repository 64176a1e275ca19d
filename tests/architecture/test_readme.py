"""What the README says is so."""

import re
import tomllib
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_named(name):
    assert f"JINGTU_{name.upper()}" in README


def test_every_setting_named_exists():
    named = set(re.findall(r"JINGTU_[A-Z_]+", README))
    assert named == {f"JINGTU_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", re.findall(r"`((?:[a-z]+/)+)`", README))
def test_every_folder_named_exists(path):
    assert (ROOT / path).is_dir()


@pytest.mark.parametrize("path", re.findall(r"(scripts/[a-z]+)\s", README))
def test_every_command_named_can_be_run(path):
    assert (ROOT / path).stat().st_mode & 0o111


def test_question_asks_a_parcel_of_the_sample_county():
    code = re.search(r'"parcel_code": "(\w+)"', README).group(1)
    table = (ROOT / "data/samples/named_parcels.toml").read_text("utf-8")
    asked = {
        case["request"]["subject"].get("parcel_code")
        for case in tomllib.loads(table)["case"]
    }
    assert code in asked


def test_it_stays_on_one_screen():
    assert len(README.splitlines()) <= 80
