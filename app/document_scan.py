"""May this file be kept? Asked of the bureau's own scanner, if it has set one.

The command gets the path of the file as its last argument. Whatever it answers but 0
refuses the file; a command that cannot be run, or does not end, keeps nothing either.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

from app.refusals import InvalidSettings
from parcels.documents.refusals import DocumentRefusedByScan, ScanNotPossible

log = logging.getLogger(__name__)

LONGEST_S: Final = 120
"""Seconds a scan may take; a project default."""


def check_scanner(command: str) -> None:
    """Refuse a command that cannot be found: every document would be refused.

    Raises
    ------
    InvalidSettings
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InvalidSettings(f"JINGTU_SCAN_COMMAND: {error}.") from error
    if words and shutil.which(words[0]) is None:
        raise InvalidSettings(f"JINGTU_SCAN_COMMAND: {words[0]} is not to be found.")


def scan_file(command: str, path: Path) -> bool:
    """Ask the scanner about a file; return False where no command is set.

    Raises
    ------
    DocumentRefusedByScan, ScanNotPossible
    """
    if not command.strip():
        return False
    try:
        ended = subprocess.run(
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_S,
            # Passwords of the environment are none of the scanner's business.
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.error("the scan of a document could not be run: %s", error)
        raise ScanNotPossible from error
    if ended.returncode != 0:
        told = ended.stdout[:500].decode(errors="replace")
        log.warning("a document was refused (%s): %s", ended.returncode, told)
        raise DocumentRefusedByScan
    return True
