"""What OPERATIONS and the README name exists, and both languages name the same."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli import cli
from app.metrics import _TYPES
from app.routing import all_routers
from app.settings import OF_OTHERS, Settings

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = "OPERATIONS.md", "OPERATIONS.zh.md"
TEXTS = {
    name: (ROOT / name).read_text("utf-8") for name in (ENGLISH, CHINESE, "README.md")
}
OPERATIONS = pytest.mark.parametrize("name", [ENGLISH, CHINESE])


@OPERATIONS
def test_every_setting_named_exists(name):
    known = {f"JINGTU_{one.upper()}" for one in Settings.model_fields} | OF_OTHERS
    assert set(re.findall(r"JINGTU_[A-Z_]+", TEXTS[name])) <= known


@OPERATIONS
def test_every_figure_named_is_told(name):
    named = set(re.findall(r"`(jingtu_\w+)`", TEXTS[name]))
    assert named
    assert named <= set(_TYPES)


def commands(text):
    """Return what stands after `jingtu` in blocks and between backticks."""
    found = re.findall(r"(?:^    |`)jingtu\s([^`#\n]+)", text, flags=re.MULTILINE)
    return [shlex.split(one) for one in found]


COMMANDS = sorted(
    {" ".join(words) for text in TEXTS.values() for words in commands(text)}
)


@pytest.mark.parametrize("written", COMMANDS)
def test_every_command_named_exists_with_its_options(written):
    command, words = get_command(cli), written.split()
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands"), "a group is no command"
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


SCRIPTS = sorted(
    {
        path
        for text in TEXTS.values()
        for path in re.findall(r"(?:^| |`|/opt/jingtu/)(scripts/[\w.-]+)", text)
    }
)


@pytest.mark.parametrize("path", SCRIPTS)
def test_every_script_named_exists(path):
    assert (ROOT / path).exists()


ROUTES = {
    re.sub(r"\{[^}]+\}", "x", route.path)
    for router in all_routers()
    for route in router.routes
}
ADDRESSES = sorted(
    {
        path
        for text in TEXTS.values()
        for path in re.findall(r"(?:`(?:GET )?|0\.1:8000)([/…][^\s`?'\\]*)", text)
        if not path.startswith(("/etc/", "/usr/", "/opt/"))
    }
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_named_is_served(address):
    """`…` before it stands for anything, else for one part, as a name in braces."""
    pattern = re.sub(r"\\\{\w+\\\}|…", "[^/]+", re.escape(address))
    if address.startswith("…"):
        pattern = f".*{pattern}"
    assert any(re.fullmatch(pattern, route) for route in ROUTES)


def blocks(text):
    """Return the lines of the blocks, without the comments behind them."""
    lines = re.findall(r"^    .*$", text, flags=re.MULTILINE)
    return [re.sub(r"\s{2,}# .*$", "", line).rstrip() for line in lines]


def test_both_languages_have_the_same_blocks():
    assert blocks(TEXTS[CHINESE]) == blocks(TEXTS[ENGLISH])


def test_both_languages_name_the_same_commands_settings_and_files():
    named = [
        set(re.findall(r"`([^`\n]+)`", TEXTS[name])) - {ENGLISH, CHINESE}
        for name in (ENGLISH, CHINESE)
    ]
    assert named[0] == named[1]


def test_both_languages_have_the_same_sections_and_tables():
    shapes = [
        [
            line.split(" ")[0] if line.startswith("#") else line.count("|")
            for line in TEXTS[name].splitlines()
            if line.startswith(("#", "|"))
        ]
        for name in (ENGLISH, CHINESE)
    ]
    assert shapes[0] == shapes[1]
