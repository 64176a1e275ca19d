"""Files and commands that settings name are looked for at the start."""

import pytest

from app.document_scan import check_scanner
from app.elevation import check_elevation
from app.refusals import InvalidSettings
from app.settings import Settings


def test_an_elevation_model_that_is_not_there_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path, elevation=tmp_path / "dem.tif")
    with pytest.raises(InvalidSettings, match="^JINGTU_ELEVATION: .*dem.tif"):
        check_elevation(settings)
    (tmp_path / "dem.tif").touch()
    check_elevation(settings)


def test_without_a_setting_nothing_is_looked_for(tmp_path):
    check_elevation(Settings(data_dir=tmp_path, demo=False))
    check_scanner("")


@pytest.mark.parametrize("command", ["/nowhere/scan -q", "no-such-scan", '"unclosed'])
def test_a_scanner_that_cannot_be_run_is_refused(command):
    with pytest.raises(InvalidSettings, match="^JINGTU_SCAN_COMMAND: "):
        check_scanner(command)


def test_a_scanner_that_is_there_is_not_run():
    check_scanner("false --whatever")
