"""Passwords of the private cluster's roles, in one file that only we can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.refusals import DatabaseUnusable


@dataclass(frozen=True, slots=True)
class Passwords:
    """One random password (256 bits) for each role of the private cluster."""

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    service: str = field(repr=False)


def passwords_file(data_dir: Path) -> Path:
    """Return the path of the file, mode 600."""
    return data_dir / "database-passwords.json"


def find_passwords(data_dir: Path) -> Passwords | None:
    """Return the passwords of this data directory, or None when there are none.

    Raises
    ------
    DatabaseUnusable
        If the file cannot be read by this user.
    """
    path = passwords_file(data_dir)
    try:
        return Passwords(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise DatabaseUnusable(
            f"{path} cannot be read by this user. Start as the user the data directory"
            " belongs to, or choose another with JINGTU_DATA_DIR."
        ) from error
    except (ValueError, TypeError):
        return None


def make_passwords(data_dir: Path) -> Passwords:
    """Make new passwords and write them so that no half file is ever seen."""
    passwords = Passwords(*(secrets.token_urlsafe(32) for _ in range(3)))
    path = passwords_file(data_dir)
    write_private(path, json.dumps(asdict(passwords), indent=1) + "\n")
    return passwords


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 600, whole or not at all, and have it on disk."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
