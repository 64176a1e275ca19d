"""The container files hold together, as far as can be seen without a container engine.

No engine builds the image here: these tests follow its steps on the checkout.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from app.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (CHECKOUT / "compose.yaml").read_text(encoding="utf-8")
IGNORE = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def stages() -> list[str]:
    return re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def copied(stage: str) -> list[tuple[list[str], str]]:
    """Return (sources, target) of each COPY from the checkout."""
    found = []
    for line in stage.splitlines():
        if line.startswith("COPY ") and "--from=" not in line:
            *sources, target = line.split()[1:]
            found.append((sources, target))
    return found


def test_everything_that_is_copied_exists_and_reaches_the_builder():
    sources = [
        source for stage in stages() for names, _ in copied(stage) for source in names
    ]
    assert sources
    for source in sources:
        assert (CHECKOUT / source).exists(), source
        assert f"!{Path(source).parts[0]}" in IGNORE, source


def test_every_stage_that_is_copied_from_exists():
    named = re.findall(r"^FROM \S+ AS (\w+)", DOCKERFILE, flags=re.MULTILINE)
    assert set(re.findall(r"--from=(\w+)", DOCKERFILE)) == set(named)


def test_the_service_does_not_run_as_root():
    users = re.findall(r"^USER (\w+)", stages()[-1], flags=re.MULTILINE)
    assert users == ["jingtu"]


@pytest.fixture
def image(tmp_path) -> Path:
    """What the last stage copies, and nothing else."""
    for sources, target in copied(stages()[-1]):
        for source in sources:
            place = tmp_path / target
            if (CHECKOUT / source).is_dir():
                ignored = shutil.ignore_patterns(
                    "static", "static.new", "node_modules", "__pycache__"
                )
                shutil.copytree(CHECKOUT / source, place, ignore=ignored)
            else:
                shutil.copy(CHECKOUT / source, place)
    return tmp_path


def test_what_is_copied_is_enough_to_make_the_application(image):
    program = (
        "import app, app.cli, app.jobs, app.worker, app.preparation, app.supervisor\n"
        "from app.main import create_app\n"
        "from app.migration import newest_revision\n"
        "assert app.__file__.startswith(sys.argv[1]), app.__file__\n"
        "assert newest_revision()\n"
        "create_app()\n"
    )
    end = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys\n{program}", str(image)],
        cwd="/",
        env={"PYTHONPATH": str(image), "JINGTU_DATA_DIR": str(image / "data")},
        capture_output=True,
        text=True,
    )
    assert end.returncode == 0, end.stderr


def test_the_running_packages_are_pinned_as_the_tested_ones():
    tested = set((CHECKOUT / "requirements.lock").read_text().splitlines())
    running = (CHECKOUT / "requirements-runtime.lock").read_text().splitlines()
    pins = [line for line in running if not line.lstrip().startswith("#")]
    # The last digest of a package ends without a backslash in both files.
    assert [line for line in pins if line not in tested] == []


def test_checkers_and_test_runners_stay_out_of_the_image():
    running = (CHECKOUT / "requirements-runtime.lock").read_text()
    for name in ("mypy", "pytest", "ruff", "hypothesis"):
        assert not re.search(rf"^{name}==", running, flags=re.MULTILINE)


def test_variables_of_the_service_are_settings_of_ours():
    known = {f"JINGTU_{name.upper()}" for name in Settings.model_fields}
    service = COMPOSE.partition("\n  service:")[2]
    used = set(re.findall(r"^ +(JINGTU_\w+):", service, flags=re.MULTILINE))
    baked_in = set(re.findall(r"^ +(JINGTU_\w+)=", DOCKERFILE, flags=re.MULTILINE))
    assert used
    assert baked_in
    assert used | baked_in <= known


NOT_PASSED: Final = {
    "JINGTU_SCAN_COMMAND",  # The image has no scanner.
}


def test_every_setting_of_an_installation_reaches_the_service():
    service = COMPOSE.partition("\n  service:")[2]
    passed = re.findall(r"^ +(JINGTU_\w+): \$\{(\w+):-\}", service, re.MULTILINE)
    assert all(name == variable for name, variable in passed)
    baked_in = set(re.findall(r"^ +(JINGTU_\w+)=", DOCKERFILE, flags=re.MULTILINE))
    known = {f"JINGTU_{name.upper()}" for name in Settings.model_fields}
    reached = {name for name, _ in passed} | baked_in | {"JINGTU_DATABASE_URL"}
    assert known - reached == NOT_PASSED


def test_what_is_passed_empty_is_as_by_default(monkeypatch):
    for name in re.findall(r"(JINGTU_\w+): \$\{\1:-\}", COMPOSE):
        monkeypatch.setenv(name, "")
    given = Settings().model_dump()
    for name in [one for one in os.environ if one.startswith("JINGTU_")]:
        monkeypatch.delenv(name)
    assert given == Settings().model_dump()


def test_files_of_an_installation_can_be_read_but_not_written():
    assert re.search(r"- \$\{JINGTU_FILES:-\./files\}:/etc/jingtu:ro$", COMPOSE, re.M)


def test_no_password_is_written_down():
    secrets = re.findall(r"((?:PASSWORD|SECRET)): (.*)", COMPOSE)
    assert len(secrets) == 4
    assert all(re.fullmatch(r"\$\{\w+:(-|\?.+)\}", value) for _, value in secrets)


def test_the_database_is_prepared_by_a_file_that_exists():
    mounted = re.search(r"- \./(\S+\.sql):/docker-entrypoint-initdb\.d/", COMPOSE)
    assert (CHECKOUT / mounted[1]).exists()
