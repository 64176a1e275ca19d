"""Start and stop the private database server, whatever the last run left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from app.cluster.account import Account, choose_account
from app.cluster.binaries import Binaries, choose_binaries, list_binaries
from app.cluster.configuration import ACCESS_RULES, INCLUDES, PORT, server_settings
from app.cluster.machine import memory_mb
from app.cluster.passwords import Passwords, find_passwords, make_passwords
from app.cluster.place import (
    check_belonging,
    choose_socket_folder,
    digest_of,
    find_place,
    forget_place,
    make_data_directory,
    make_place,
    make_socket_folder,
)
from app.cluster.processes import (
    RunningServer,
    end_orphans,
    pid_went_to_another,
    running_server,
    wait_for_server_begun,
)
from app.cluster.provision import provision
from app.cluster.urls import SUPERUSER, ClusterUrls, private_urls
from app.refusals import DatabaseUnusable, DiskFull

MB = 1024 * 1024
SPACE_FOR_NEW_MB = 400
"""Free disk asked for before a cluster is made: 60 MB of files and its first WAL."""
SPACE_TO_START_MB = 50
"""Free disk below which a cluster is not started: it would stop at the next write."""
LITTLE_DISK_MB = 1024
"""Free disk below which the administrator is told; a project default."""
RECOVERY_S = 900
"""Longest wait for a server that recovers after a crash."""
ORPHANS_S = 30
"""Longest wait for processes of a killed server to end."""
_TELLING = re.compile("FATAL|PANIC|ERROR|HINT|DETAIL|No space left")
_ROUTINE = re.compile("skipping missing|redirecting log|Future log output")
_STILL_HELD = "pre-existing shared memory block"


class Cluster:
    """The private cluster of one data directory.

    Parameters
    ----------
    data_dir
        Absolute path; made when missing. The caller holds its lock.
    say
        Takes one line of progress in plain words.
    durable
        False only for tests (no fsync).
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        say: Callable[[str], None] = lambda line: None,
        durable: bool = True,
    ) -> None:
        self.data_dir = data_dir
        self._say = say
        self._durable = durable
        self._place: Path | None = None
        self._account: Account | None = None

    @property
    def place(self) -> Path:
        """Folder that holds the server's data, socket and start-up log."""
        if self._place is None:
            raise DatabaseUnusable("The cluster was not started.")
        return self._place

    @property
    def account(self) -> Account:
        """User the server runs as."""
        if self._account is None:
            raise DatabaseUnusable("The cluster was not started.")
        return self._account

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.place / "data"

    @property
    def name(self) -> str:
        """What the server's processes carry in their titles."""
        return f"jingtu-{digest_of(self.place)}"

    @property
    def log(self) -> Path:
        """What the server writes while it starts; later lines are in `data/log/`."""
        return self.place / "start.log"

    def server(self) -> RunningServer | None:
        """Return the running server, or None."""
        return running_server(self.data)

    def start(self) -> ClusterUrls:
        """Have the server running, provisioned and reachable; return its URLs.

        Makes the cluster when there is none; adopts a server that a killed supervisor
        left running; recovers one that was killed itself.

        Raises
        ------
        CannotRun
            With what is wrong: disk full, wrong owner, other version, no PostgreSQL, …
        """
        self._find_or_make_place()
        passwords = find_passwords(self.data_dir)
        renewed = passwords is None
        passwords = passwords or make_passwords(self.data_dir)
        binaries = choose_binaries(self._data_version(), list_binaries())
        if self._data_version() is None:
            self._make_data(binaries, passwords)
        elif renewed:
            self._renew_superuser(binaries, passwords)
        socket_folder = choose_socket_folder(self.place, self.account)
        make_socket_folder(socket_folder, self.account)
        self._run_server(binaries, socket_folder)
        self._provision(socket_folder, binaries, passwords)
        return private_urls(socket_folder, passwords)

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, all else is on disk."""
        if self._place is None or self.server() is None:
            return
        binaries = choose_binaries(self._data_version(), list_binaries())
        if self._pg_ctl(binaries, "stop", "-m", "fast", "-t", "60").returncode != 0:
            self._pg_ctl(binaries, "stop", "-m", "immediate", "-t", "20")

    def remove(self) -> None:
        """Stop the server at once and delete its files. There is no way back."""
        self._place = find_place(self.data_dir)
        if self._place is None:
            return
        check_belonging(self.data_dir, self._place)
        self._account = choose_account(self._place)
        if self.server() is not None:
            binaries = choose_binaries(self._data_version(), list_binaries())
            self._pg_ctl(binaries, "stop", "-m", "immediate", "-t", "20")
        end_orphans(self.name)
        forget_place(self.data_dir, self._place)

    def _find_or_make_place(self) -> None:
        make_data_directory(self.data_dir)
        place = find_place(self.data_dir)
        if place is not None:
            check_belonging(self.data_dir, place)
        self._account = choose_account(place)
        self._place = place or make_place(self.data_dir, self._account)
        if self._place.parent != self.data_dir and place is None:
            self._say(
                f"The database runs as {self._account.name}, who cannot enter"
                f" {self.data_dir}; its files are in {self._place}."
            )

    def _data_version(self) -> int | None:
        """Return the PostgreSQL version that made the data, None when there is none."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def _make_data(self, binaries: Binaries, passwords: Passwords) -> None:
        """Make the data under another name first: half a cluster is never used."""
        self._require_space(SPACE_FOR_NEW_MB)
        self._say(
            f"Creating the database (PostgreSQL {binaries.version}) in {self.data} ..."
        )
        new, word = self.place / "data.new", self.place / "password.new"
        self.account.run(["rm", "-rf", str(new), str(word)])
        self._write(word, passwords.superuser)
        end = self.account.run(
            [binaries.program("initdb"), "-D", str(new), "-U", SUPERUSER]
            + ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
            + ["--auth=scram-sha-256", f"--pwfile={word}"]
            + ([] if self._durable else ["--no-sync"]),
            timeout_s=RECOVERY_S,
        )
        self.account.run(["rm", "-f", str(word)])
        if end.returncode != 0:
            self.account.run(["rm", "-rf", str(new)])
            self._refuse("The database could not be created", end.stdout)
        settings = self.account.run(["cat", str(new / "postgresql.conf")]).stdout
        self._write(new / "postgresql.conf", settings + INCLUDES)
        self.account.run(["mv", "-T", str(new), str(self.data)])

    def _run_server(self, binaries: Binaries, socket_folder: Path) -> None:
        settings = server_settings(
            self.name, socket_folder, memory_mb(), durable=self._durable
        )
        if self.server() is not None:
            if self._configuration() == (settings, ACCESS_RULES):
                self._say("The database was left running; it is taken over.")
                return
            self.stop()
        self._require_space(SPACE_TO_START_MB)
        self._clear_the_way(socket_folder)
        self._write(self.data / "jingtu.conf", settings)
        self._write(self.data / "pg_hba.conf", ACCESS_RULES)
        output = self._start_server(binaries)
        if output is not None:
            self._refuse("The database did not start", output)

    def _clear_the_way(self, socket_folder: Path) -> None:
        """End what a killed server left behind, and remove files that mislead.

        No server runs on this data. Its pid file goes only when the number now
        belongs to another program, or to a dead process that nobody has buried: else
        PostgreSQL's own look at it is one more guard.
        """
        end_orphans(self.name)
        stale = [socket_folder / f".s.PGSQL.{PORT}{end}" for end in ("", ".lock")]
        if pid_went_to_another(self.data):
            stale.append(self.data / "postmaster.pid")
        self.account.run(["rm", "-f", *map(str, stale)])

    def _start_server(self, binaries: Binaries) -> str | None:
        """Start the server; return None, or what it wrote when it did not start.

        Processes of a killed server that we may not look at (a container without the
        right to) still hold its memory: they end by themselves, so it is tried again.
        """
        deadline = time.monotonic() + ORPHANS_S
        while True:
            self.account.run(["rm", "-f", str(self.log)])
            try:
                end = self._pg_ctl(
                    binaries, "start", "-l", str(self.log), "-t", str(RECOVERY_S)
                )
            except BaseException:
                # Asked to stop in the middle: what pg_ctl has begun must be known
                # before it can be stopped.
                wait_for_server_begun(self.data)
                raise
            if end.returncode == 0:
                return None
            output = f"{end.stdout}\n{self._log_tail()}"
            if _STILL_HELD not in output or time.monotonic() > deadline:
                return output
            time.sleep(0.5)

    def _configuration(self) -> tuple[str, str]:
        files = (self.data / "jingtu.conf", self.data / "pg_hba.conf")
        texts = [
            file.read_text(encoding="utf-8") if file.exists() else "" for file in files
        ]
        return texts[0], texts[1]

    def _renew_superuser(self, binaries: Binaries, passwords: Passwords) -> None:
        """Give the superuser a new password by single-user mode: the file was lost."""
        self._say("The database's passwords were lost; new ones are set.")
        self.stop()
        end_orphans(self.name)
        end = self.account.run(
            [binaries.program("postgres"), "--single", "-D", str(self.data)]
            + ["postgres"],
            text=f"alter role {SUPERUSER} password '{passwords.superuser}'\n",
            timeout_s=RECOVERY_S,
        )
        if end.returncode != 0:
            self._refuse("The database's passwords could not be renewed", end.stdout)

    def _provision(
        self, socket_folder: Path, binaries: Binaries, passwords: Passwords
    ) -> None:
        url = private_urls(socket_folder, passwords, database="postgres").superuser
        try:
            self._provision_at(str(url), passwords)
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                self._refuse("The database does not answer", str(error))
            self._renew_superuser(binaries, passwords)
            self._run_server(binaries, socket_folder)
            self._provision_at(str(url), passwords)

    def _provision_at(self, url: str, passwords: Passwords) -> None:
        with psycopg.connect(url, autocommit=True, connect_timeout=60) as connection:
            provision(connection, passwords)

    def _pg_ctl(
        self, binaries: Binaries, action: str, *options: str
    ) -> subprocess.CompletedProcess[str]:
        return self.account.run(
            [binaries.program("pg_ctl"), "-s", "-w", "-D", str(self.data)]
            + [*options, action],
            timeout_s=RECOVERY_S + 60,
        )

    def _write(self, path: Path, text: str) -> None:
        """Write a file as the server's user: root writes nothing in his folders."""
        end = self.account.run(
            ["sh", "-c", 'umask 077; cat > "$1.tmp" && mv "$1.tmp" "$1"', "sh"]
            + [str(path)],
            text=text,
        )
        if end.returncode != 0:
            self._refuse(f"{path} could not be written", end.stdout)

    def _log_tail(self) -> str:
        """Return what the server wrote last that is more than routine."""
        files = sorted(
            self.data.glob("log/*.log"), key=lambda file: file.stat().st_mtime
        )
        lines = [line for line in _lines(files[-1:]) if _TELLING.search(line)][-4:]
        lines += [line for line in _lines([self.log]) if not _ROUTINE.search(line)][-4:]
        return "\n".join([*lines, f"(log: {self.data / 'log'} and {self.log})"])

    def _require_space(self, needed_mb: int) -> None:
        free_mb = shutil.disk_usage(self.place).free // MB
        if free_mb < needed_mb:
            raise DiskFull(
                f"The disk that holds {self.place} has {free_mb} MB free; the database"
                f" needs {needed_mb} MB. Make room there, or choose another folder with"
                " JINGTU_DATA_DIR."
            )

    def _refuse(self, what: str, output: str) -> None:
        """Raise the refusal that fits what PostgreSQL wrote."""
        if "No space left on device" in output:
            free_mb = shutil.disk_usage(self.place).free // MB
            raise DiskFull(
                f"{what}: the disk that holds {self.place} is full ({free_mb} MB free)."
                " Make room there and start again; nothing that was recorded is lost."
            )
        raise DatabaseUnusable(f"{what}.\n{output.strip()}")


def _lines(files: list[Path]) -> list[str]:
    return [
        line
        for file in files
        if file.exists()
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
