"""What OPERATIONS.md says is so."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli import cli
from app.metrics import _TYPES
from app.settings import OF_OTHERS, Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "OPERATIONS.md").read_text("utf-8")


def test_every_setting_named_exists():
    known = {f"JINGTU_{name.upper()}" for name in Settings.model_fields} | OF_OTHERS
    assert set(re.findall(r"JINGTU_[A-Z_]+", TEXT)) <= known


def test_every_figure_named_is_told():
    named = set(re.findall(r"`(jingtu_\w+)`", TEXT))
    assert named
    assert named <= set(_TYPES)


COMMANDS = re.findall(
    r"(?:^    |`)jingtu ((?:keys |users |ledger )?[a-z][a-z-]+)",
    TEXT,
    flags=re.MULTILINE,
)


@pytest.mark.parametrize("words", sorted(set(COMMANDS)))
def test_every_command_named_exists(words):
    command = get_command(cli)
    for word in words.split():
        assert word in getattr(command, "commands", {}), words
        command = command.commands[word]


@pytest.mark.parametrize(
    "path", re.findall(r"(?:^| |/opt/jingtu/)(scripts/[\w.-]+)", TEXT)
)
def test_every_script_named_exists(path):
    assert (ROOT / path).exists()
