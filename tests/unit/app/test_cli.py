"""The command line on terminals of every kind."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "latin-1", "ascii"])
def test_a_terminal_without_chinese_letters_ends_no_command(encoding):
    end = subprocess.run(
        [sys.executable, "-m", "app.cli", "--help"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert end.returncode == 0, end.stderr
    written = end.stdout.decode(encoding)
    assert ("净土" if encoding in ("utf-8", "gb18030") else "\\u51c0") in written
