"""The shell part of the set-up, where it can be tried without a bare machine."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SETUP = CHECKOUT / "scripts" / "setup.sh"
TOOLS = (
    "bash cat cut date df dirname env find flock grep head id mkdir mktemp mv printf"
    " readlink rm sed sha256sum sleep sort stat tail tr xargs"
).split()


@pytest.fixture
def bare_path(tmp_path) -> Path:
    """A PATH with the tools of a bare machine only: no apt, curl, node or browser."""
    for name in TOOLS:
        for folder in ("/usr/bin", "/bin"):
            if os.path.exists(f"{folder}/{name}"):
                (tmp_path / name).symlink_to(f"{folder}/{name}")
                break
    return tmp_path


def run(script: str, *, folder: Path, path: str | None = None):
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", f". {SETUP}\n{script}"],
        cwd=folder,
        env={**os.environ, "PATH": path or os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_apt_what_is_missing_is_named_with_its_packages(bare_path, tmp_path):
    end = run("meet_needs chromium node", folder=tmp_path, path=str(bare_path))
    assert end.returncode == 1
    assert "no apt" in end.stderr
    assert "Debian: chromium" in end.stderr
    assert "nodejs npm" in end.stderr
    assert "Install these (as root)" in end.stderr


def test_what_only_a_part_needs_is_no_hindrance(bare_path, tmp_path):
    end = run("meet_needs curl; echo went on", folder=tmp_path, path=str(bare_path))
    assert end.returncode == 0
    assert "curl" in end.stderr
    assert "went on" in end.stdout


def test_nothing_is_said_or_done_when_nothing_is_missing(tmp_path):
    end = run("meet_needs python database", folder=tmp_path)
    assert (end.returncode, end.stdout, end.stderr) == (0, "", "")


def test_the_words_for_a_missing_database_name_both_ways_out(tmp_path):
    words = run("need_in_words database", folder=tmp_path).stdout
    assert "postgresql-15-postgis-3" in words
    assert "JINGTU_DATABASE_URL" in words


def ready(folder: Path) -> bool:
    """Whether the environment in that folder would be used as it is."""
    return run("environment_is_ready", folder=folder).returncode == 0


@pytest.fixture
def finished(tmp_path) -> Path:
    """A checkout whose environment was built to its end."""
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "jingtu"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    assert run("environment_stamp >.venv/jingtu-stamp", folder=tmp_path).returncode == 0
    assert ready(tmp_path)
    return tmp_path


def test_an_environment_cut_off_before_its_stamp_is_not_used(finished):
    (finished / ".venv" / "jingtu-stamp").unlink()
    assert not ready(finished)


def test_an_environment_without_our_command_is_not_used(finished):
    (finished / ".venv" / "bin" / "jingtu").unlink()
    assert not ready(finished)


def test_an_environment_whose_python_does_not_run_is_not_used(finished):
    (finished / ".venv" / "bin" / "python").write_text("#!/nonexistent/python\n")
    assert not ready(finished)


def test_other_pins_make_the_environment_old(finished):
    (finished / "requirements.lock").write_text("others")
    assert not ready(finished)


def test_a_copied_checkout_does_not_use_the_environment_of_the_first(
    finished, tmp_path_factory
):
    copy = tmp_path_factory.mktemp("copy")
    subprocess.run(["cp", "-a", f"{finished}/.", str(copy)], check=True)
    assert not ready(copy)


def test_a_stop_signal_ends_the_step_under_way(tmp_path):
    script = f". {SETUP}\nrun_step sh -c 'echo $$ >step; exec sleep 60'"
    shell = subprocess.Popen(["/bin/bash", "-c", script], cwd=tmp_path)
    step = tmp_path / "step"
    while not (step.exists() and step.read_text().strip()):
        assert shell.poll() is None
        time.sleep(0.02)
    shell.send_signal(signal.SIGTERM)
    assert shell.wait(30) == 143
    deadline = time.monotonic() + 30
    while _is_alive(int(step.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def test_a_failing_step_shows_the_end_of_its_output(tmp_path):
    (tmp_path / "build").mkdir()
    script = "run_logged 'Trying' sh -c 'echo the reason; exit 3'"
    end = run(script, folder=tmp_path)
    assert end.returncode == 1
    assert "the reason" in end.stderr
    assert "Trying failed" in end.stderr


def test_a_step_that_succeeds_is_quiet(tmp_path):
    (tmp_path / "build").mkdir()
    end = run("run_logged 'Trying' echo noise", folder=tmp_path)
    assert (end.returncode, end.stdout, end.stderr) == (0, "", "")
