"""Where the cluster's files and its socket lie, and whether that is safe.

The files are in `cluster/` of the data directory. When the server's user cannot enter
that (a checkout in root's home), they are in `/var/lib/jingtu/<digest>/cluster`, and
the file `cluster-place` in the data directory names it.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import stat
from pathlib import Path

from app.cluster.account import Account, account_of
from app.cluster.configuration import PORT
from app.refusals import CannotRun, DatabaseUnusable

SYSTEM_FOLDER = Path("/var/lib/jingtu")
SOCKET_PATH_LIMIT = 107
"""Bytes a Unix socket's path may have on Linux (`sun_path` less its final zero)."""

_POINTER = "cluster-place"
_RESTORING = "restore-unfinished"
_BELONGS_TO = "belongs-to"


def make_data_directory(data_dir: Path) -> None:
    """Make the data directory; others may pass through it but not look into it.

    Raises
    ------
    CannotRun
        If it cannot be made or written to.
    """
    try:
        data_dir.mkdir(mode=0o711, parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise CannotRun(_cannot_write(data_dir, error.strerror)) from error
    if not data_dir.is_dir():
        raise CannotRun(_cannot_write(data_dir, "it is not a folder"))
    if not os.access(data_dir, os.W_OK | os.X_OK):
        found = data_dir.stat()
        owner, mode = account_of(found.st_uid).name, stat.filemode(found.st_mode)
        raise CannotRun(_cannot_write(data_dir, f"it belongs to {owner} ({mode})"))


def _cannot_write(data_dir: Path, reason: str | None) -> str:
    return (
        f"The data directory {data_dir} cannot be written to: {reason}. Start as the"
        " user it belongs to, or choose another folder with JINGTU_DATA_DIR."
    )


def begin_restore(data_dir: Path) -> None:
    """Mark the data directory: what is in it now is half a register."""
    (data_dir / _RESTORING).touch(mode=0o600)


def end_restore(data_dir: Path) -> None:
    """Take the mark away."""
    (data_dir / _RESTORING).unlink(missing_ok=True)


def restore_was_cut_off(data_dir: Path) -> bool:
    """Whether a restore began here and neither ended nor cleared away after itself."""
    return (data_dir / _RESTORING).exists()


def refuse_half_restored(data_dir: Path) -> None:
    """Refuse to work on half a register. The caller holds the directory's lock.

    Raises
    ------
    DatabaseUnusable
        If a restore was cut off here.
    """
    if restore_was_cut_off(data_dir):
        raise DatabaseUnusable(
            f"A restore into {data_dir} was cut off: what is there is half a register."
            " Run jingtu restore again; it clears that away first."
        )


def find_place(data_dir: Path) -> Path | None:
    """Return the folder of the cluster of this data directory, or None."""
    pointer = data_dir / _POINTER
    if pointer.exists():
        return _read_path(pointer)
    near = data_dir / "cluster"
    return near if near.exists() else None


def make_place(data_dir: Path, account: Account) -> Path:
    """Make the folder of a new cluster where its user can reach it; return it."""
    if account.can_enter(data_dir):
        place = data_dir / "cluster"
        _make_private_folder(place, account)
        return place
    place = _make_system_folder(data_dir) / "cluster"
    _make_private_folder(place, account)
    (data_dir / _POINTER).write_text(f"{place}\n", encoding="utf-8")
    return place


def _make_system_folder(data_dir: Path) -> Path:
    """Make the folder of this data directory under `/var/lib`.

    One left by a start that was cut off is used again; one that went along with a
    data directory that was moved away from here is not ours any more.
    """
    for number in itertools.count(1):
        suffix = f"-{number}" if number > 1 else ""
        folder = SYSTEM_FOLDER / f"{digest_of(data_dir)}{suffix}"
        belongs_to = folder / _BELONGS_TO
        if not folder.exists():
            folder.mkdir(mode=0o755, parents=True)
            belongs_to.write_text(f"{data_dir}\n", encoding="utf-8")
        if belongs_to.exists() and _read_path(belongs_to) == data_dir:
            return folder
    raise AssertionError("unreachable")


def _read_path(file: Path) -> Path:
    return Path(file.read_text(encoding="utf-8").strip())


def check_belonging(data_dir: Path, place: Path) -> None:
    """Refuse a cluster elsewhere that is another data directory's (a copied checkout).

    A data directory that was moved takes its cluster along.

    Raises
    ------
    DatabaseUnusable
        If the cluster is gone, or the data directory it belongs to still exists.
    """
    if not place.exists():
        raise DatabaseUnusable(
            f"{data_dir / _POINTER} says that the database is in {place}, which does"
            " not exist. Bring it back, or remove that file to begin with an empty"
            " register."
        )
    belongs_to = place.parent / _BELONGS_TO
    if place.parent == data_dir or not belongs_to.exists():
        return
    other = _read_path(belongs_to)
    if other == data_dir:
        return
    if (other / _POINTER).exists():
        raise DatabaseUnusable(
            f"{data_dir} is a copy: its database in {place} belongs to {other}. Remove"
            f" {data_dir / _POINTER} to begin with an empty register here."
        )
    belongs_to.write_text(f"{data_dir}\n", encoding="utf-8")


def forget_place(data_dir: Path, place: Path) -> None:
    """Delete the cluster's files, its socket folder, and what points to them."""
    for folder in (place, *_short_socket_folders(place)):
        if not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
    if place.parent.parent == SYSTEM_FOLDER:
        shutil.rmtree(place.parent, ignore_errors=True)
    (data_dir / _POINTER).unlink(missing_ok=True)


def digest_of(folder: Path) -> str:
    """Return 16 hexadecimal digits that stand for the folder's path."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]


def choose_socket_folder(place: Path, account: Account) -> Path:
    """Return the folder for the socket: beside the data, or one with a short path."""
    near = place / "socket"
    if socket_fits(near):
        return near
    base = Path("/run") if os.geteuid() == 0 else Path("/tmp")
    return base / f"jingtu-{account.uid}-{digest_of(place)}"


def _short_socket_folders(place: Path) -> list[Path]:
    name = f"jingtu-*-{digest_of(place)}"
    return [*Path("/run").glob(name), *Path("/tmp").glob(name)]


def socket_fits(folder: Path) -> bool:
    """Whether the server's socket in that folder has a path short enough."""
    path = os.fsencode(folder / f".s.PGSQL.{PORT}")
    return len(path) <= SOCKET_PATH_LIMIT and not {b"'"[0], b"\n"[0]} & set(path)


def make_socket_folder(folder: Path, account: Account) -> None:
    """Make the socket's folder, or check the one that is there.

    Raises
    ------
    DatabaseUnusable
        If it is a link, or another's: whoever owns it could answer in our place.
    """
    _make_private_folder(folder, account)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise DatabaseUnusable(
            f"The folder {folder} for the database's socket is not a folder of"
            f" {account.name}: somebody else made it. Remove it, or set JINGTU_DATA_DIR"
            " to a folder with a shorter path."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        account.run(["chmod", "700", str(folder)])


def _make_private_folder(folder: Path, account: Account) -> None:
    """Make a folder only that user can enter; it appears under its name when it is his.

    Does nothing when something of that name exists.
    """
    if os.path.lexists(folder):
        return
    if account.uid == os.geteuid():
        folder.mkdir(mode=0o700)
        return
    new = folder.with_name(f"{folder.name}.new")
    if os.path.lexists(new):
        new.rmdir()
    new.mkdir(mode=0o700)
    os.chown(new, account.uid, account.gid, follow_symlinks=False)
    new.rename(folder)
