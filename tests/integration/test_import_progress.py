"""`jingtu import` on a terminal: how far it is, on standard error alone."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.survey_files import parcels_zip

SIZED = ("COLUMNS", "LINES")
"""Settings that would overrule the terminal's own size."""
TOLD = """
from app.commands.import_progress import shown_progress
from parcels.surveys.progress import Progress
with shown_progress() as watch:
    watch(Progress("check", rows=3600, check="topology", checks_done=1, checks=4))
"""


def run_with(arguments, errors, **settings):
    """Run Python; return exit code, standard output, standard error.

    Standard error is what ``errors()`` makes: the two ends of a pseudo-terminal or of a
    pipe.
    """
    environment = {k: v for k, v in os.environ.items() if k not in SIZED}
    environment |= {"TERM": "xterm", **settings}
    reader, writer = errors()
    with subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=writer,
    ) as run:
        os.close(writer)
        drawn = read_to_end(reader)
        told = run.stdout.read().decode()
    os.close(reader)
    return run.returncode, told, drawn


def read_to_end(reader: int) -> str:
    """Return what is written until nobody can write any more."""
    pieces = []
    while True:
        try:
            piece = os.read(reader, 65536)
        except OSError:
            break  # A pseudo-terminal ends with an error, not with an empty read.
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces).decode()


def plain(drawn: str) -> str:
    """Return what is drawn without the terminal's own marks."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)


@pytest.fixture
def jingtu_import(fresh_database_urls, tmp_path: Path):
    """Import three good parcels."""
    file = tmp_path / "宗地.zip"
    file.write_bytes(parcels_zip())
    settings = {
        "JINGTU_DATABASE_URL": fresh_database_urls.service,
        "JINGTU_DATA_DIR": str(tmp_path / "data"),
    }
    declared = ("--division", "999901", "--crs", "4526", "--encoding", "GBK")
    arguments = ["-m", "app.cli", "import", str(file), "--layer", "parcel", *declared]

    def run(errors):
        return run_with([*arguments, "--language", "en"], errors, **settings)

    return run


def test_a_terminal_is_shown_how_far_the_import_is(jingtu_import):
    code, told, drawn = jingtu_import(pty.openpty)
    assert code == 0, drawn
    assert "staged, 3 rows, 0 errors" in told
    assert "读取 reading" in plain(drawn)
    # The bar is gone in the end: its line is cleared, the cursor is back.
    assert drawn.rindex("\x1b[2K") > drawn.rindex("行 rows")
    assert "\x1b[?25h" in drawn


def test_where_there_is_no_terminal_nothing_is_drawn(jingtu_import):
    code, told, drawn = jingtu_import(os.pipe)
    assert code == 0, drawn
    assert "staged, 3 rows, 0 errors" in told
    assert "reading" not in drawn and "\x1b" not in drawn


def test_the_bar_tells_the_step_and_the_rows():
    code, _, drawn = run_with(["-c", TOLD], pty.openpty)
    assert code == 0, drawn
    assert "检查 checking" in plain(drawn)
    assert "3,600 行 rows" in plain(drawn)
