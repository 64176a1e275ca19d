"""Which user the database server runs as; PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.refusals import DatabaseUnusable

DEBIAN_ACCOUNT = "postgres"
OWN_ACCOUNT = "jingtu"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine, by number; the name is for messages."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: Sequence[str], *, timeout_s: float = 120, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user and return its end with all it wrote.

        The environment is a clean one: a caller's `PGHOST` or `LC_ALL` must not
        reach the server. Only root can become another user.
        """
        return subprocess.run(
            [*self._become(), *command],
            cwd="/",
            env={"PATH": _PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout_s,
        )

    def _become(self) -> list[str]:
        """Return what stands before a command to run it as this user.

        Python's own way there is a fork that runs on as this process for a moment, and
        stands still for ever where a thread of a library held a lock just then.
        """
        if os.geteuid() == self.uid:
            return []
        become = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return ["setpriv", *become, "--"]

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach what lies in the folder (asked of the kernel)."""
        return self.run(["test", "-x", str(folder)]).returncode == 0


def account_of(uid: int) -> Account:
    """Return the account with that number; one unknown to the machine has no name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(name=f"user {uid}", uid=uid, gid=uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def own_account() -> Account:
    """Return the user this process runs as."""
    return Account(account_of(os.geteuid()).name, os.geteuid(), os.getegid())


def choose_account(existing_data: Path | None) -> Account:
    """Return the user who is to run the server.

    An ordinary user runs it himself. For root it is the owner of the data that is
    already there, else Debian's `postgres`, else a system user made for it.

    Raises
    ------
    DatabaseUnusable
        If the data belongs to another user than the one who starts, or to root.
    """
    me = own_account()
    owner = account_of(existing_data.stat().st_uid) if existing_data else None
    if owner is not None and owner.uid == 0:
        raise DatabaseUnusable(
            f"The database files in {existing_data} belong to root, as whom PostgreSQL"
            " refuses to run. Give them to an unprivileged user:"
            f" chown -R {DEBIAN_ACCOUNT} '{existing_data}'"
        )
    if me.uid != 0:
        if owner is not None and owner.uid != me.uid:
            raise DatabaseUnusable(
                f"The database files in {existing_data} belong to {owner.name}, and"
                f" you are {me.name}. Start as {owner.name} or root, or choose another"
                " folder with JINGTU_DATA_DIR."
            )
        return me
    return owner or _system_account()


def _system_account() -> Account:
    for name in (DEBIAN_ACCOUNT, OWN_ACCOUNT):
        try:
            return account_of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    if shutil.which("useradd") is None:
        raise DatabaseUnusable(
            "PostgreSQL refuses to run as root, and there is no useradd to make a user"
            f" for it. Make a user named {OWN_ACCOUNT}, or start as an ordinary user."
        )
    subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home"]
        + ["--shell", "/usr/sbin/nologin", OWN_ACCOUNT],
        check=True,
        capture_output=True,
    )
    return account_of(pwd.getpwnam(OWN_ACCOUNT).pw_uid)
